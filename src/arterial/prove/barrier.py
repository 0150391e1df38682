"""Why no routing does: sites that demands must leave, over links that are too narrow together.

The refuting prices of ``best_lp`` are turned into one set of sites where they can be: then what
must cross and what the links out of it may carry are sums that anybody can check. Where round trips
or several cuts at once refute, the prices themselves are told. Nothing is told that
``cut_excess``, which works from the plan's rows, does not confirm.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from arterial.prove.best_lp import best_routing
from arterial.prove.cases import Cases, paired
from arterial.prove.cut import cut_excess, ends_of, standing_arcs
from arterial.prove.feasible import required_gbps
from arterial.prove.promised import Promise
from arterial.prove.register import Register
from arterial.prove.sweep import Sweep
from arterial.prove.two_cut_gates import asked_gbps
from arterial.prove.two_cuts import Pairs
from arterial.prove.verifier import TOLERANCE

__all__ = ["Barrier", "Narrow", "barrier", "two_cut_barrier"]


class Narrow(Struct, frozen=True, kw_only=True):
    """A direction of a link that the barrier is made of."""

    link: str
    source: str
    target: str
    usable_gbps: float
    """What the policy lets traffic take of what stands."""
    price: float
    """Of a Gb/s over it, the dearest 1; 1 throughout in a cut."""


class Barrier(Struct, frozen=True, kw_only=True):
    """What refutes every routing in one case."""

    kind: Literal["cut", "prices", "no way"]
    """``cut``: traffic must cross over ``links``. ``prices``: demands cannot pay for the links that
    they need. ``no way``: links lead there, and no path within the round trip."""
    case: str
    gate: str
    sites: tuple[str, ...]
    """Of a cut: its side with fewer sites, of those where IP links end."""
    into: bool
    """Traffic must get into ``sites``, not out of them."""
    links: tuple[Narrow, ...]
    down: tuple[str, ...]
    """Links between the sides that do not stand."""
    usable_gbps: float
    """Of the links, each times its price."""
    must_gbps: float
    """Of the demands, each times its cheapest path; the whole of those without a way."""
    demands: tuple[str, ...]
    """That must cross, most traffic first."""


_Price = Mapping[tuple[str, bool], float]


def barrier(
    swept: Sweep, promises: Iterable[Promise], case: int, promise: Promise
) -> Barrier | None:
    """What refutes a promise in a case, with those that come before it; None if not settled."""
    failure = swept.cases.failures[case]
    asked = [
        one
        for one in promises
        if one.kind == (failure.kind if failure else None)
        and one.traffic_class.priority <= promise.traffic_class.priority
    ]
    required = required_gbps(swept, case, asked)
    price = best_routing(swept.tables, swept.cases, case, required).price
    named = {swept.tables.demands.names[k]: gbps for k, gbps in required.items() if gbps > 0.0}
    seen = _Seen(swept.book, swept.cases.only(case), named, two_cuts=False)
    return _refuting(seen, price, swept.cases.names[case], f"feasible: {promise.words}")


def two_cut_barrier(pairs: Pairs, promise: Promise, case: int) -> Barrier | None:
    """What refutes a promise after two cuts, with those that come before it."""
    required = asked_gbps(pairs, promise, case)
    one = paired(pairs.tables, pairs.singles, pairs.first[[case]], pairs.second[[case]])
    number = {name: k for k, name in enumerate(pairs.tables.demands.names)}
    asked = {number[name]: gbps for name, gbps in required.items()}
    price = best_routing(pairs.tables, one, 0, asked, two_cuts=True).price
    seen = _Seen(pairs.book, one, required, two_cuts=True)
    return _refuting(seen, price, pairs.name(case), f"feasible: {promise.words}")


def _refuting(seen: "_Seen", price: _Price | None, case: str, gate: str) -> Barrier | None:
    if price is None:
        return None
    if not price:
        return seen.no_way(case, gate)
    return seen.cut(price, case, gate) or seen.priced(price, case, gate)


class _Seen:
    """One case by its rows: what stands, and what must be carried."""

    def __init__(
        self, book: Register, one: Cases, required: Mapping[str, float], *, two_cuts: bool
    ) -> None:
        self._book = book
        self._out = one.outages[0]
        self._failed = one.failures[0] is not None
        self._required = required
        self._two_cuts = two_cuts
        usable = book.plan.network.policy.usable(failed=self._failed)
        self._arcs = {
            (link, forward): (start, end, usable * gbps)
            for link, forward, start, end, gbps in standing_arcs(book, self._out)
        }
        self._ends = {
            name: tuple(ends_of(book, self._out, book.demands[name], two_cuts=two_cuts))
            for name in required
        }

    def _excess(self, price: _Price, required: Mapping[str, float]) -> float:
        return cut_excess(
            self._book,
            self._out,
            required,
            price,
            failed=self._failed,
            two_cuts=self._two_cuts,
        )

    def no_way(self, case: str, gate: str) -> Barrier | None:
        """Demands that have no path by themselves."""
        lost = {
            name: gbps
            for name, gbps in self._required.items()
            if math.isinf(self._excess({}, {name: gbps}))
        }
        if not lost:
            return None
        return self._parted(lost, case, gate) or Barrier(
            kind="no way",
            case=case,
            gate=gate,
            sites=(),
            into=False,
            links=(),
            down=(),
            usable_gbps=0.0,
            must_gbps=math.fsum(lost.values()),
            demands=self._by_rate(lost),
        )

    def _parted(self, lost: Mapping[str, float], case: str, gate: str) -> Barrier | None:
        """The smallest set of sites that no link leads out of, and that some of them must leave."""
        starts = {start for name in lost for start, _ in self._ends[name]}
        sides = {tuple(sorted(self._reached(start, set(self._arcs)))) for start in starts}
        told = [(side, self._crossing(side)) for side in sides]
        told = [(side, must) for side, must in told if must and not self._leaving(side)]
        if not told:
            return None
        sites, must = min(told, key=lambda one: (len(one[0]), one[0]))
        return Barrier(
            kind="cut",
            case=case,
            gate=gate,
            sites=self._smaller(sites),
            into=self._smaller(sites) != sites,
            links=(),
            down=self._down(sites),
            usable_gbps=0.0,
            must_gbps=math.fsum(must.values()),
            demands=self._by_rate(must),
        )

    def _smaller(self, sites: tuple[str, ...]) -> tuple[str, ...]:
        """One side of a cut or the other, of the sites where links end."""
        ends = {end for link in self._book.links.values() for end in (link.a, link.z)}
        rest = tuple(sorted(ends.difference(sites)))
        return rest if rest and len(rest) < len(sites) else sites

    def _down(self, sites: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            name
            for name, link in self._book.links.items()
            if (link.a in sites) != (link.z in sites) and (name, True) not in self._arcs
        )

    def cut(self, price: _Price, case: str, gate: str) -> Barrier | None:
        """The set of sites near a source, by prices, that is short of most Gb/s on its way out."""
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        for sites in self._sides(price):
            room = math.fsum(arc[2] for arc in self._leaving(sites).values())
            short = math.fsum(self._crossing(sites).values()) - room
            if short > best[0] + TOLERANCE:
                best = short, sites
        sites = best[1]
        if not sites:
            return None
        links, must = self._leaving(sites), self._crossing(sites)
        flat = dict.fromkeys(links, 1.0)
        if self._excess(flat, self._required) <= TOLERANCE / 10.0:
            return None
        return Barrier(
            kind="cut",
            case=case,
            gate=gate,
            sites=self._smaller(sites),
            into=self._smaller(sites) != sites,
            links=self._narrow(flat),
            down=self._down(sites),
            usable_gbps=math.fsum(arc[2] for arc in links.values()),
            must_gbps=math.fsum(must.values()),
            demands=self._by_rate(must),
        )

    def priced(self, price: _Price, case: str, gate: str) -> Barrier | None:
        """The prices as they are."""
        dearest = max(price.values())
        scaled = {arc: value / dearest for arc, value in price.items()}
        excess = self._excess(scaled, self._required)
        if excess <= TOLERANCE / 10.0:
            return None
        links = self._narrow(scaled)
        worth = math.fsum(link.price * link.usable_gbps for link in links)
        paying = {n: g for n, g in self._required.items() if self._pays(scaled, n)}
        return Barrier(
            kind="prices",
            case=case,
            gate=gate,
            sites=(),
            into=False,
            links=links,
            down=(),
            usable_gbps=worth,
            must_gbps=worth / (1.0 - excess) if excess < 1.0 else math.inf,
            demands=self._by_rate(paying),
        )

    def _pays(self, price: _Price, name: str) -> bool:
        """The demand has no path that is free of price."""
        free = {arc for arc in self._arcs if price.get(arc, 0.0) <= 0.0}
        ends = self._ends[name]
        return not any(target in self._reached(source, free) for source, target in ends)

    def _reached(self, source: str, arcs: set[tuple[str, bool]]) -> set[str]:
        found, queue = {source}, [source]
        while queue:
            place = queue.pop()
            for arc in arcs:
                start, end, _ = self._arcs[arc]
                if start == place and end not in found:
                    found.add(end)
                    queue.append(end)
        return found

    def _sides(self, price: _Price) -> Iterator[tuple[str, ...]]:
        """Sites within each distance, by price, of each source."""
        tried: set[tuple[str, ...]] = set()
        for source in sorted({start for ends in self._ends.values() for start, _ in ends}):
            far = self._distances(source, price)
            for limit in sorted(set(far.values())):
                side = tuple(sorted(site for site, d in far.items() if d <= limit + 1e-12))
                if side not in tried:
                    tried.add(side)
                    yield side

    def _distances(self, source: str, price: _Price) -> dict[str, float]:
        out: dict[str, list[tuple[str, float]]] = {}
        for arc, (start, end, _) in self._arcs.items():
            out.setdefault(start, []).append((end, price.get(arc, 0.0)))
        far: dict[str, float] = {}
        queue = [(0.0, source)]
        while queue:
            distance, place = heapq.heappop(queue)
            if place not in far:
                far[place] = distance
                for end, more in out.get(place, ()):
                    heapq.heappush(queue, (distance + more, end))
        return far

    def _leaving(self, sites: tuple[str, ...]) -> dict[tuple[str, bool], tuple[str, str, float]]:
        inside = set(sites)
        return {
            arc: row for arc, row in self._arcs.items() if row[0] in inside and row[1] not in inside
        }

    def _crossing(self, sites: tuple[str, ...]) -> dict[str, float]:
        """Demands all of whose ends lie one inside and one outside."""
        inside = set(sites)
        return {
            name: self._required[name]
            for name, ends in self._ends.items()
            if ends and all(a in inside and z not in inside for a, z in ends)
        }

    def _narrow(self, price: _Price) -> tuple[Narrow, ...]:
        return tuple(
            Narrow(link=arc[0], source=start, target=end, usable_gbps=gbps, price=price[arc])
            for arc, (start, end, gbps) in sorted(self._arcs.items())
            if price.get(arc, 0.0) > 0.0
        )

    def _by_rate(self, rates: Mapping[str, float]) -> tuple[str, ...]:
        return tuple(sorted(rates, key=lambda name: (-rates[name], name)))
