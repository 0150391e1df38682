"""Any two fibres in use cut at once, for the classes of which a rule keeps something after that.

Cases that take the same from the tunnels of these classes are one state, routed and verified once.
Classes are served in order, so the witness of a state carries these and those before them alone:
what later classes would take, they do not get. A demand that no network could carry in time after
the two cuts (``demand.excepted``) is owed nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from arterial.demand.excepted import Pair, Trip, excepted, trips_of
from arterial.jobs.progress import Report
from arterial.plan.plan import Plan
from arterial.plan.verdict import Excepted
from arterial.prove.backup import installed, routed
from arterial.prove.cases import Cases, paired
from arterial.prove.outage import Outage
from arterial.prove.promised import Promise, after_two_cuts
from arterial.prove.register import Register
from arterial.prove.sweep import carried_by_name
from arterial.prove.tables import Tables
from arterial.prove.verifier import Check, verify_tunnels
from arterial.solve.program import BoolArray, IntArray

__all__ = ["Pairs", "State", "excepted_rows", "owed_nothing", "pairs_of", "states"]

_CHUNK = 512
"""States routed at once."""


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Every two fibres in use: F cases in U states."""

    tables: Tables
    book: Register
    singles: Cases
    promises: tuple[Promise, ...]
    first: IntArray
    """int (F,): rows of ``singles``."""
    second: IntArray
    state: IntArray
    """int (F,): which of the states it is."""
    example: IntArray
    """int (U,): a case in each state."""
    nothing: Mapping[Pair, frozenset[Trip]]
    """By two fibres: trips that are owed nothing."""
    trips: Mapping[str, Trip]
    """By demand of a class that is promised something."""

    def __len__(self) -> int:
        return len(self.first)

    def fibres(self, case: int) -> tuple[str, str]:
        """The two that are cut."""
        one, other = (self.singles.failures[int(rows[case])] for rows in (self.first, self.second))
        assert one is not None
        assert other is not None
        return one.fibres[0], other.fibres[0]

    def name(self, case: int) -> str:
        """What people call it."""
        return " + ".join(f"fibre {name}" for name in self.fibres(case))

    def outage(self, case: int) -> Outage:
        """What is out."""
        one, other = int(self.first[case]), int(self.second[case])
        return self.singles.outages[one] | self.singles.outages[other]

    def excused(self, case: int) -> frozenset[Trip]:
        """Trips that are owed nothing in a case."""
        return self.nothing.get(frozenset(self.fibres(case)), frozenset())

    def owing(self, state: int, demands: Collection[str]) -> int:
        """The first case in a state after which something is owed to one of some demands."""
        trips = {self.trips[name] for name in demands}
        cases = map(int, np.flatnonzero(self.state == state))
        return next(case for case in cases if not trips <= self.excused(case))


@dataclass(frozen=True, kw_only=True)
class State:
    """What the verifier says of a state, and the cases that are in it."""

    cases: tuple[int, ...]
    check: Check


def pairs_of(tables: Tables, book: Register, singles: Cases) -> Pairs | None:
    """The cases; None where no rule speaks of two cuts."""
    promises = after_two_cuts(tables.plan)
    if not promises:
        return None
    cut = singles.of_kind("fibre")
    one, other = np.triu_indices(len(cut), 1)
    state, example = _states(_taken(book, singles, cut, _served(book, promises)), one, other)
    return Pairs(
        tables=tables,
        book=book,
        singles=singles,
        promises=promises,
        first=cut[one],
        second=cut[other],
        state=state,
        example=example,
        nothing=owed_nothing(tables.plan),
        trips=_trips(tables.plan),
    )


def states(pairs: Pairs, report: Report) -> Iterator[State]:
    """Route every state as installed, and have every witness verified."""
    ready, tables = installed(pairs.tables), pairs.tables
    carries = _carries(tables, pairs.promises)
    order = np.argsort(pairs.state, kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(pairs.state))[:-1])
    for begin in range(0, len(pairs.example), _CHUNK):
        report("two cuts", begin, len(pairs.example))
        rows = pairs.example[begin : begin + _CHUNK]
        cases = paired(tables, pairs.singles, pairs.first[rows], pairs.second[rows])
        routing = routed(ready, cases)
        for place in range(len(rows)):
            carried = carried_by_name(tables, routing, place)
            told = {name: gbps for name, gbps in carried.items() if name in carries}
            check = verify_tunnels(pairs.book, cases.outages[place], told, failed=True)
            yield State(cases=tuple(groups[begin + place].tolist()), check=check)
    report("two cuts", len(pairs.example), len(pairs.example))


def owed_nothing(plan: Plan) -> Mapping[Pair, frozenset[Trip]]:
    """By two routes, the trips of promised classes that no network could make without them."""
    return excepted(plan.network, _trips(plan).values())


def excepted_rows(plan: Plan) -> tuple[Excepted, ...]:
    """Double cuts of fibres in use after which somebody is owed nothing, in the tables' order."""
    trips = _trips(plan)
    nothing = excepted(plan.network, trips.values())
    ready = {link.name for link in plan.ip_links if link.waves == 0}
    used = {hop.fibre for hop in plan.lightpath_hops} | ready
    order = {
        route.name: number
        for number, route in enumerate((*plan.network.fibres, *plan.network.links))
    }
    rows: list[Excepted] = []
    for pair in sorted(nothing, key=lambda pair: sorted(order[name] for name in pair)):
        lost = [row for row in plan.demands if trips.get(row.name) in nothing[pair]]
        if pair <= used:
            rows.append(
                Excepted(
                    fibres=tuple(sorted(pair, key=order.__getitem__)),
                    names=tuple(dict.fromkeys(trips[row.name].name for row in lost)),
                    demands=len(lost),
                    gbps=sum(row.gbps for row in lost),
                )
            )
    return tuple(rows)


def _trips(plan: Plan) -> dict[str, Trip]:
    named = {promise.traffic_class.name for promise in after_two_cuts(plan)}
    asked = [demand for demand in plan.demands if demand.traffic_class in named]
    return trips_of(plan.network, asked, plan.replicas)


def _carries(tables: Tables, promises: tuple[Promise, ...]) -> frozenset[str]:
    """Tunnels of the promised classes, and of all that are served before the last of them."""
    last = max(promise.traffic_class.priority for promise in promises)
    served: BoolArray = tables.demands.priority[tables.tunnels.demand] <= last
    return frozenset(
        name for name, own in zip(tables.tunnels.names, served.tolist(), strict=True) if own
    )


def _served(book: Register, promises: tuple[Promise, ...]) -> frozenset[str]:
    """Links that tunnels of ``_carries`` ride, by name; told from the rows."""
    last = max(promise.traffic_class.priority for promise in promises)
    priority = {name: kind.priority for name, kind in book.classes.items()}
    return frozenset(
        link
        for name, tunnel in book.tunnels.items()
        if priority[book.demands[tunnel.demand].traffic_class] <= last
        for link, _ in book.routes[name]
    )


def _taken(
    book: Register, singles: Cases, cut: IntArray, links: frozenset[str]
) -> list[frozenset[str]]:
    """By cut, the waves of ``links`` that it takes, and those of them that need no light."""
    needs = {
        wave.name: book.needs[wave.name]
        for link in sorted(links)
        for wave in book.waves[link]
        if wave.name in book.needs
    }
    bare = {link for link in links if not book.links[link].waves}
    return [
        frozenset(name for name, all_ in needs.items() if not all_.isdisjoint(singles.outages[row]))
        | (bare & {name for _, name, _ in singles.outages[row]})
        for row in map(int, cut)
    ]


def _states(
    taken: list[frozenset[str]], one: IntArray, other: IntArray
) -> tuple[IntArray, IntArray]:
    """Number of each pair's state, (F,), and the first pair in each, (U,)."""
    number: dict[frozenset[str], int] = {}
    state = np.empty(len(one), dtype=np.int64)
    example: list[int] = []
    for case, (a, b) in enumerate(zip(map(int, one), map(int, other), strict=True)):
        both = taken[a] | taken[b]
        if both not in number:
            number[both] = len(example)
            example.append(case)
        state[case] = number[both]
    return state, np.array(example, dtype=np.int64)
