"""The installed routing of a plan under any set of failure cases, summed up as other sweeps are.

What a case takes down is worked out from the plan's waves, as for a proof; nothing is verified
here. Cases that take out more than fibres and one site are compiled apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from arterial.fabric.failures import Failure
from arterial.fabric.ip_cases import CaseSet, Chunk
from arterial.model.network import Network
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency
from arterial.plan.plan import Plan
from arterial.prove.backup import Installed, Routing, installed, routed
from arterial.prove.cases import Cases, compile_cases
from arterial.prove.outage import Element, Outage
from arterial.prove.tables import compile_tables
from arterial.routing.sweep import NO_CASE, Outcome, joined, pieces
from arterial.routing.tally import parted
from arterial.solve.program import FloatArray, IntArray

__all__ = ["InstalledCases", "installed_cases"]


@dataclass(frozen=True, kw_only=True)
class InstalledCases:
    """A plan's tunnels, ready to be broken; call it with cases."""

    ready: Installed
    cases: CaseSet
    outages: tuple[Outage, ...]
    """What each element of the set takes out."""
    of_class: IntArray
    """(K,) class of each demand."""
    classes: int
    adjacency: Adjacency
    piece: IntArray
    """(N,) what holds together without failure."""

    def __call__(self, chunk: Chunk) -> Outcome:
        """Play cases with the tunnels as installed."""
        tables, count = self.ready.tables, len(chunk.sites)
        if chunk.start == NO_CASE:
            return self._summed(compile_cases(tables, ()), 0, NO_CASE)
        rows: list[Outcome] = []
        start = chunk.start
        for rest, group in groupby(self._failures(chunk.start, count), lambda case: case[1]):
            failures = [failure for failure, _ in group]
            rows.append(self._summed(compile_cases(tables, failures, rest), 1, start))
            start += len(failures)
        return joined(rows)

    def _failures(self, start: int, count: int) -> Iterator[tuple[Failure, Outage]]:
        """Each case as one failure and what is out besides."""
        first, flat = self.cases.members(start, start + count)
        for case in range(count):
            own = flat[first[case] : first[case + 1]].tolist()
            out: set[Element] = set()
            for element in own:
                out |= self.outages[int(element)]
            fibres = tuple(sorted(name for kind, name, _ in out if kind == "fibre"))
            rest = sorted(element for element in out if element[0] != "fibre")
            lost = next((one for one in reversed(rest) if one[0] in ("site", "router")), None)
            kind = "fibre" if lost is None else "site" if lost[0] == "site" else "router"
            _, site, router = lost or ("", "", 0)
            failure = Failure(
                name=str(start + case), kind=kind, fibres=fibres, site=site, router=router
            )
            yield failure, frozenset(one for one in rest if one != lost)

    def _summed(self, cases: Cases, begin: int, number: int) -> Outcome:
        """Rows of the states from ``begin`` on, of which the first has this number in the set."""
        tables, demands = self.ready.tables, self.ready.tables.demands
        routing = routed(self.ready, cases)
        gone = (cases.site_down.astype(np.float64) @ demands.own_end.T.astype(np.float64)) > 0.0
        wanted = self._by_class(routing.wanted_gbps, self.of_class[tables.tunnels.demand])
        carried = self._by_class(routing.carried_gbps, self.of_class[tables.tunnels.demand])
        ended = self._by_class(gone * demands.gbps, self.of_class)
        offered = self._by_class(demands.gbps[np.newaxis], self.of_class)
        dropped = offered - ended - wanted
        dropped[dropped <= 1e-9 * offered] = 0.0  # parts of a demand add up but for the last bits
        full, by_link = _utilisation(cases, routing)
        peak = by_link[begin:].max(axis=0, initial=0.0)
        return Outcome(
            carried=carried[begin:],
            dropped=dropped[begin:],
            ended=ended[begin:],
            overload=np.maximum(wanted - carried, 0.0)[begin:],
            latency_ms=self._latency_ms(routing)[begin:],
            utilisation=full.max(axis=1, initial=0.0)[begin:],
            arc=np.where(full.max(axis=1) > 0.0, full.argmax(axis=1), -1)[begin:],
            cut_off=self._cut_off(cases)[begin:],
            gap=np.full(len(full) - begin, np.nan),
            peak=peak,
            peak_case=np.where(peak > 0.0, by_link[begin:].argmax(axis=0) + number, NO_CASE),
        )

    def _by_class(self, rates: FloatArray, of_class: IntArray) -> FloatArray:
        """Sums by class, (F, ...) to (F, C)."""
        member = (of_class[:, np.newaxis] == np.arange(self.classes)).astype(np.float64)
        return np.asarray(rates @ member, dtype=np.float64)

    def _latency_ms(self, routing: Routing) -> FloatArray:
        """(F, C) half the round trip, access included."""
        tunnels = self.ready.tables.tunnels
        of_class = self.of_class[tunnels.demand]
        way_ms = tunnels.round_trip_ms / 2.0
        travel = np.where(routing.wanted_gbps > 0.0, routing.wanted_gbps * way_ms, 0.0)
        known = np.where(np.isnan(travel), 0.0, travel)
        unknown = self._by_class(np.isnan(travel).astype(np.float64), of_class) > 0.0
        wanted = self._by_class(routing.wanted_gbps, of_class)
        mean = np.divide(
            self._by_class(known, of_class),
            wanted,
            out=np.full_like(wanted, np.nan),
            where=wanted > 0.0,
        )
        return np.where(unknown, np.nan, mean)

    def _cut_off(self, cases: Cases) -> IntArray:
        lost = cases.left_gbps <= 0.0
        first = np.concatenate([[0], np.cumsum(lost.sum(axis=1))]).astype(np.int64)
        links = np.nonzero(lost)[1].astype(np.int64)
        return parted(*self.adjacency, self.piece, (first, links, cases.site_down))


def installed_cases(plan: Plan, cases: CaseSet, classes: tuple[str, ...]) -> InstalledCases:
    """Prepare a plan; ``classes`` numbers the classes of its demands.

    Raises
    ------
    DamagedError
        The plan breaks its own promises.
    """
    tables = compile_tables(plan)
    place = {name: number for number, name in enumerate(classes)}
    sites, ends = len(tables.sites), tables.link_end
    elements = cases.elements
    return InstalledCases(
        ready=installed(tables),
        cases=cases,
        outages=tuple(
            _outage(plan.network, kind, name)
            for kind, name in zip(elements.kinds, elements.names, strict=True)
        ),
        of_class=np.array([place[name] for name in tables.demands.traffic_class], dtype=np.int64),
        classes=max(1, len(classes)),
        adjacency=Adjacency.of(Graph.of(sites, ends[:, 0], ends[:, 1])),
        piece=pieces(sites, ends),
    )


def _outage(network: Network, kind: str, name: str) -> Outage:
    if kind == "srlg":
        routes = (*network.fibres, *network.links)
        return frozenset(("fibre", route.name, 0) for route in routes if name in route.risks)
    if kind == "router":
        site, _, number = name.rpartition("/")
        return frozenset({("router", site, int(number))})
    return frozenset({(kind, name, 0)})


def _utilisation(cases: Cases, routing: Routing) -> tuple[FloatArray, FloatArray]:
    """Of what is left: by arc (F, E), link l's arcs side by side; by link (F, L)."""
    count, links = cases.left_gbps.shape
    both = routing.load_gbps.reshape(count, 2, links).transpose(0, 2, 1)  # (F, L, 2)
    left = cases.left_gbps[:, :, np.newaxis]
    full = np.divide(both, left, out=np.zeros_like(both), where=left > 0.0)
    return full.reshape(count, 2 * links), full.max(axis=2)
