"""Flows asked for only what the links of a shape can keep.

A shape may leave a flow no way after some failures, or no two ways that fail apart. Such a flow is
asked for nothing in the cases that leave it no way within its bound; where that is not enough, for
nothing after any failure. Flows that have their place are left as they are.
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


def eased(chooser: Chooser, flows: Sequence[Flow]) -> Eased:
    """Ask stuck flows for less, as little less as lets them be placed."""
    reach = _Reach(chooser.instance)
    first = {flow.name for flow in stuck(chooser, flows)}
    partly = [_without(flow, reach.lost(flow)) if flow.name in first else flow for flow in flows]
    second = {flow.name for flow in stuck(chooser, [f for f in partly if f.name in first])}
    everything = np.ones(len(chooser.instance.failures), dtype=np.bool_)
    return Eased(
        flows=tuple(_without(f, everything) if f.name in second else f for f in partly),
        some=len(first - second),
        all=len(second),
    )


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
        for far in dict.fromkeys((flow.far, flow.backup_far)):
            if far != gone or (failure.kind == "edge" and not flow.market):
                yield far

    def _from(self, near: int, case: int) -> list[float]:
        if (near, case) not in self._known:
            dead = np.repeat(self._instance.dead[case], 2)
            weight = np.where(dead, inf, self._delay_ms).tolist()
            self._known[near, case] = distances(self._instance.graph, weight, near)
        return self._known[near, case]
