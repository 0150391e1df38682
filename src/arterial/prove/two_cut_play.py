"""All double cuts played on arrays, and played again without an element, where that matters.

Without an element a state runs as before unless what it asks of a link is more than is left there,
or a site or the replicas at one are down besides: only such states are routed anew. Nothing here
is verified unless it is told so; it says where to look, and how many waves a case needs.
"""

from dataclasses import dataclass, replace

import numpy as np

from arterial.fabric.failures import Failure
from arterial.prove.backup import Installed, Routing, installed, routed
from arterial.prove.cases import Cases, paired, without
from arterial.prove.in_time import share_in_time
from arterial.prove.outage import Outage
from arterial.prove.sweep import carried_by_name, demands_of
from arterial.prove.two_cut_sweep import owed_in
from arterial.prove.two_cuts import Pairs
from arterial.prove.verifier import TOLERANCE, Check, verify_tunnels
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["TwoCutPlay", "played"]

_CHUNK = 512
"""States routed at once."""


@dataclass(frozen=True, kw_only=True)
class TwoCutPlay:
    """U states, each by one of its cases."""

    pairs: Pairs
    cases: Cases
    ready: Installed
    """Of the promised classes and those that are served before them."""
    routing: Routing
    """Of these classes alone."""
    owed: BoolArray
    """bool (U, K)."""
    share: FloatArray
    """float (U, K): in time, of what is asked."""

    def changed(self, lost: Outage) -> tuple[IntArray, Cases]:
        """States that may run otherwise with more elements out, int (C,), and their cases so."""
        tables = self.pairs.tables
        weaker = without(tables, self.cases, lost)
        usable = tables.plan.network.policy.usable(failed=True)
        touched = weaker.left_gbps < self.cases.left_gbps
        room = np.where(touched, weaker.left_gbps * usable, np.inf)
        asked = self.ready.rides.T @ self.routing.wanted_gbps.T  # (E, U)
        short = asked > np.concatenate([room, room], axis=1).T
        down = (weaker.edge_down != self.cases.edge_down) | (
            weaker.site_down != self.cases.site_down
        )
        rows = np.flatnonzero(short.any(axis=0) | down.any(axis=1))
        return rows, weaker.rows(rows)

    def share_without(self, lost: Outage) -> FloatArray:
        """Float (U, K): what demands keep with more elements out."""
        rows, cases = self.changed(lost)
        share = self.share.copy()
        for begin in range(0, len(rows), _CHUNK):
            some = np.arange(begin, min(begin + _CHUNK, len(rows)))
            routing = routed(self.ready, cases.rows(some))
            share[rows[some]] = share_in_time(self.pairs.tables, routing)
        return share

    def broken_without(self, lost: Outage) -> BoolArray:
        """Bool (U, K): a demand gets less than its promise with more elements out."""
        return self._broken(self.share_without(lost) if lost else self.share)

    def checked(self, case: int, lost: Outage) -> Check:
        """What the verifier says of one case with more elements out."""
        pairs, tables = self.pairs, self.pairs.tables
        both = paired(tables, pairs.singles, pairs.first[[case]], pairs.second[[case]])
        one = without(tables, both, lost)
        carried = carried_by_name(tables, routed(self.ready, one), 0)
        return verify_tunnels(pairs.book, one.outages[0], carried, failed=True)

    def missed_gbps(self, lost: Outage) -> float:
        """What demands that miss a promise they had lose in their worst cases, in all."""
        share = self.share_without(lost)
        missed = self._broken(share) & ~self._broken(self.share)
        worst = np.where(missed, self.share - share, 0.0).max(axis=0, initial=0.0)
        return float(worst @ self.pairs.tables.demands.gbps)

    def _broken(self, share: FloatArray) -> BoolArray:
        broken = np.zeros(share.shape, dtype=np.bool_)
        for promise in self.pairs.promises:
            own = demands_of(self.pairs.tables, promise.traffic_class.name)
            broken |= own & self.owed & (share < promise.keep - TOLERANCE)
        return broken


def played(pairs: Pairs) -> TwoCutPlay:
    """Route every state as installed, the promised classes and those before them."""
    tables = pairs.tables
    last = max(promise.traffic_class.priority for promise in pairs.promises)
    served = tables.demands.priority[tables.tunnels.demand] <= last
    ready = installed(tables)
    ready = replace(ready, levels=tuple(own for own in ready.levels if served[own].all()))
    cases = _named(pairs)
    count = len(pairs.example)
    parts = [
        routed(ready, cases.rows(np.arange(begin, min(begin + _CHUNK, count))))
        for begin in range(0, max(count, 1), _CHUNK)
    ]
    routing = _joined(parts, served)
    return TwoCutPlay(
        pairs=pairs,
        cases=cases,
        ready=ready,
        routing=routing,
        owed=owed_in(pairs),
        share=share_in_time(tables, routing),
    )


def _named(pairs: Pairs) -> Cases:
    """A case of each state; one that owes something to most of those who are promised it."""
    order = sorted(range(len(pairs)), key=lambda case: len(pairs.excused(case)))
    first: dict[int, int] = {}
    for case in order:
        first.setdefault(int(pairs.state[case]), case)
    chosen = np.array([first[state] for state in range(len(pairs.example))], dtype=np.int64)
    cases = paired(pairs.tables, pairs.singles, pairs.first[chosen], pairs.second[chosen])
    return replace(
        cases,
        failures=tuple(
            Failure(name=pairs.name(case), kind="fibre2", fibres=pairs.fibres(case))
            for case in chosen.tolist()
        ),
    )


def _joined(parts: list[Routing], served: BoolArray) -> Routing:
    """Chunks one after the other; what is served after the promised classes asks for nothing."""
    return Routing(
        alive=np.concatenate([part.alive for part in parts]),
        wanted_gbps=np.concatenate([part.wanted_gbps for part in parts]) * served,
        carried_gbps=np.concatenate([part.carried_gbps for part in parts]),
        load_gbps=np.concatenate([part.load_gbps for part in parts]),
    )
