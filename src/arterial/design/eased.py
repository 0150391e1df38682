"""Flows asked for only what the links of a shape can keep.

A shape may leave a flow no way after some failures, or no two ways that fail apart. Such a flow is
asked for nothing in the cases that leave it no way within its bound; where that is not enough, for
nothing after two cuts; then for nothing after any failure. Flows that have their place are left as
they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.search import stuck
from arterial.paths.shortest import distances
from arterial.solve.program import BoolArray

__all__ = ["Eased", "eased"]


@dataclass(frozen=True, kw_only=True)
class Eased:
    """Flows to place, and how many were asked for less."""

    flows: tuple[Flow, ...]
    some: int
    """Flows asked for nothing in some cases."""
    all: int
    """Flows asked for nothing after any failure."""
    released: frozenset[str] = frozenset()
    """Names of flows asked for nothing after any two cuts, those of ``all`` among them."""


def eased(chooser: Chooser, flows: Sequence[Flow], released: frozenset[str] = frozenset()) -> Eased:
    """Ask stuck flows for less, as little less as lets them be placed.

    Parameters
    ----------
    released
        Names of flows that are asked for nothing after two cuts from the start.
    """
    instance = chooser.instance
    reach = _Reach(instance)
    asked = [_without(f, instance.double) if f.name in released else f for f in flows]
    first = _stuck(chooser, asked)
    partly = [_without(f, reach.lost(f)) if f.name in first else f for f in asked]
    second = _stuck(chooser, [f for f in partly if f.name in first])
    single = [_without(f, instance.double) if f.name in second else f for f in partly]
    third = _stuck(chooser, [f for f in single if f.name in second])
    everything = np.ones(len(instance.failures), dtype=np.bool_)
    return Eased(
        flows=tuple(_without(f, everything) if f.name in third else f for f in single),
        some=len((first | released) - third),
        all=len(third),
        released=released | second,
    )


def _stuck(chooser: Chooser, flows: Sequence[Flow]) -> frozenset[str]:
    return frozenset(flow.name for flow in stuck(chooser, flows))


def _without(flow: Flow, cases: BoolArray) -> Flow:
    return replace(flow, weight=np.where(cases, 0.0, flow.weight), must=flow.must & ~cases)


class _Reach:
    """Delays from a site in a case, remembered."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._delay_ms = np.repeat(instance.latency_ms + instance.hop_ms, 2)
        self._known: dict[tuple[int, int], list[float]] = {}

    def lost(self, flow: Flow) -> BoolArray:
        """(F,) cases that leave a flow no way within its bound."""
        cases = np.zeros(len(self._instance.failures), dtype=np.bool_)
        for case in np.flatnonzero(flow.must).tolist():
            reached = self._from(flow.near, case)
            least_ms = min((reached[far] for far in self._ends(flow, case)), default=inf)
            cases[case] = least_ms + self._instance.hop_ms > flow.limit_ms or least_ms == inf
        return cases

    def _ends(self, flow: Flow, case: int) -> Iterator[int]:
        """Where the flow may end in a case: a lost site answers nobody."""
        failure = self._instance.failures[case]
        index = self._instance.ground.site_index
        gone = index[failure.site] if failure.kind in ("site", "edge") else -1
        fars = flow.fars if self._instance.double[case] else (flow.far, flow.backup_far)
        for far in dict.fromkeys(fars):
            if far != gone or (failure.kind == "edge" and not flow.market):
                yield far

    def _from(self, near: int, case: int) -> list[float]:
        if (near, case) not in self._known:
            dead = np.repeat(self._instance.dead[case], 2)
            weight = np.where(dead, inf, self._delay_ms).tolist()
            self._known[near, case] = distances(self._instance.graph, weight, near)
        return self._known[near, case]
