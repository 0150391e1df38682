"""Routes on which cut light could come back, with what reaches over them; found once, then kept.

Candidates of a pair of ends are a few diverse routes over lit fibre of known light. Where none of
them stands, or none has room, the shortest that does joins them. Which modes reach between any two
ROADMs of a route, both ways, is worked out once a route; where light is regenerated depends on who
has regenerators where, and is found from that by a short dynamic programme.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import TypeVar

import msgspec
import numpy as np

from arterial.model.network import Network
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.reduced import Reduced
from arterial.optics.restore_reach import RouteReach, fewest
from arterial.optics.sections import BoolArray, FloatArray, Sections
from arterial.optics.spectrum import slot_count
from arterial.paths.graph import Graph
from arterial.paths.many import Fates, many_paths
from arterial.paths.tree import Adjacency, lightest_path

__all__ = ["Chain", "LitRoute", "ModuleMode", "RouteBook"]

Array = TypeVar("Array", BoolArray, FloatArray)

ROUTES = 6
"""Diverse candidates a pair of ends."""


@dataclass(frozen=True)
class ModuleMode:
    """A mode of the modules in use, of which every needed figure is known."""

    number: int
    """In the book's mode table."""
    name: str
    module: str
    rate_gbps: float
    slot_ghz: float
    slots: int
    osnr_db: float


@dataclass(frozen=True)
class Chain:
    """Where light of one mode is regenerated on a route, and how its worst segment fares."""

    stops: tuple[int, ...]
    """Places of regenerators on the route, from 1."""
    spare: tuple[int, ...]
    """Those of them that spare ones are used for."""
    margin_db: float
    gsnr_db: float


@dataclass(frozen=True, eq=False)
class LitRoute:
    """A route of H sections over H + 1 sites."""

    arcs: tuple[int, ...]
    fibres: tuple[int, ...]
    sites: tuple[int, ...]
    mask: int
    """Its fibres as bits."""
    length_km: float
    feasible: BoolArray
    """bool (Q, H + 1, H + 1): the mode reaches from one site to a later one, both ways."""
    margin_db: FloatArray
    gsnr_db: FloatArray
    chains: dict[tuple[int, int, int], Chain | None] = field(
        default_factory=dict[tuple[int, int, int], Chain | None]
    )

    def places(self, sites: frozenset[int]) -> int:
        """Places between the ends at which one of ``sites`` is passed, as bits."""
        found = 0
        for place in range(1, len(self.fibres)):
            if self.sites[place] in sites:
                found |= 1 << place
        return found

    def chain(self, mode: int, own: int, spare: int) -> Chain | None:
        """The chain with fewest spare regenerators, then fewest, then most margin; None without.

        Parameters
        ----------
        own, spare
            Places where a regenerator of the wave, or a spare one, stands, as bits.
        """
        key = (mode, own, spare & ~own)
        if key not in self.chains:
            self.chains[key] = _chain(self, *key)
        return self.chains[key]


def _chain(route: LitRoute, mode: int, own: int, spare: int) -> Chain | None:
    size = len(route.sites)
    feasible, margin = route.feasible[mode], route.margin_db[mode]
    if not own | spare:
        stops: tuple[int, ...] = ()
        if not feasible[0, -1]:
            return None
    else:
        stands = np.array([spare >> place & 1 or 2 * (own >> place & 1) for place in range(size)])
        before = fewest(feasible, margin, stands)
        if before[-1] < 0:
            return None
        stops = _stops(before.tolist())
    ends = list(pairwise((0, *stops, size - 1)))
    first, last = min(ends, key=lambda pair: margin[pair])
    return Chain(
        stops=stops,
        spare=tuple(stop for stop in stops if spare >> stop & 1),
        margin_db=float(margin[first, last]),
        gsnr_db=float(route.gsnr_db[mode, first, last]),
    )


def _stops(before: list[int]) -> tuple[int, ...]:
    """Places of the regenerators, from the place before each place."""
    stops: list[int] = []
    place = before[-1]
    while place:
        stops.insert(0, place)
        place = before[place]
    return tuple(stops)


class RouteBook:
    """Candidate routes of a network's lit fibre."""

    def __init__(
        self, network: Network, sections: Sections, modules: frozenset[str], lit: frozenset[int]
    ) -> None:
        modes = tuple(mode for mode in network.modes if mode.module in modules)
        self.network = network
        own = msgspec.structs.replace(network, modes=modes)
        self.table: ModeTable = mode_table(own, sections)
        self._reach = RouteReach(own, sections, self.table)
        index = {site.name: number for number, site in enumerate(network.sites)}
        fibres = network.fibres
        ends = [(index[fibre.a], index[fibre.z]) for fibre in fibres]
        self.graph = Graph.of(len(index), [a for a, _ in ends], [z for _, z in ends])
        self._adjacency = Adjacency.of(self.graph)
        known = sections.known.tolist()
        lengths = [fibre.length_km for fibre in fibres]
        self.weight = np.array(
            [
                length_km if m in lit and known[m] and length_km is not None else inf
                for m, length_km in enumerate(lengths)
                for _ in range(2)
            ],
            dtype=np.float64,
        )
        self._lit = lit
        self.dark = frozenset(m for m in lit if self.weight[2 * m] == inf)
        """Lit fibres of which nobody knows the light."""
        self._alike = _alike(sections)
        self.modes = tuple(self._modes())
        self._routes: dict[tuple[int, ...], LitRoute] = {}
        self._candidates: dict[tuple[int, int], tuple[LitRoute, ...]] = {}
        self._legs: dict[tuple[int, int], Reduced[tuple[int, ...] | None]] = {}

    def prepare(self, ends: Sequence[tuple[int, int]]) -> None:
        """Find the candidates of every pair of ends, at once."""
        wanted = sorted({(min(pair), max(pair)) for pair in ends if pair not in self._candidates})
        if not wanted:
            return
        open_links = np.flatnonzero(np.isfinite(self.weight[::2]))
        adjacency = Adjacency.of(
            Graph.of(
                self.graph.sites,
                [self.graph.arc_target[2 * int(m) + 1] for m in open_links],
                [self.graph.arc_target[2 * int(m)] for m in open_links],
            )
        )
        weight = np.repeat(np.maximum(self.weight[::2][open_links], 1e-3), 2)
        sources, targets = np.array(wanted, dtype=np.int64).T
        paths = many_paths(
            adjacency, weight, sources, targets, ROUTES, self._fates(open_links.tolist()), threads=1
        )
        found: list[list[LitRoute]] = [[] for _ in wanted]
        pairs: list[int] = paths.pair.tolist()
        for number, pair in enumerate(pairs):
            arcs: list[int] = paths.arc[paths.start[number] : paths.start[number + 1]].tolist()
            sections = tuple(2 * int(open_links[arc // 2]) + arc % 2 for arc in arcs)
            found[pair].append(self.route(sections))
        for (a, z), routes in zip(wanted, found, strict=True):
            ranked = sorted(routes, key=lambda route: (route.length_km, route.arcs))
            self._candidates[a, z] = tuple(ranked)
            self._candidates[z, a] = tuple(self.route(_turned(route.arcs)) for route in ranked)

    def candidates(self, a: int, z: int) -> tuple[LitRoute, ...]:
        """Diverse routes from a to z, shortest first."""
        self.prepare([(a, z)])
        return self._candidates[a, z]

    def around(self, a: int, z: int) -> Reduced[LitRoute | None]:
        """The shortest route off closed fibres, None without one."""
        leg = self._leg(a, z)

        def found(closed: int) -> tuple[int, LitRoute | None]:
            arcs = leg(closed)
            return (0, None) if arcs is None else (_mask(arcs), self.route(arcs))

        return Reduced(found)

    def through(self, a: int, sites: Sequence[int], z: int) -> Reduced[tuple[LitRoute, ...]]:
        """Routes off closed fibres by way of some sites: all of them in order, each alone.

        Shortest from one to the next; a route that would pass a site twice is none.
        """
        stops = dict.fromkeys((tuple(sites), *((site,) for site in sites))) if sites else {}
        ways = [[self._leg(*ends) for ends in pairwise((a, *way, z))] for way in stops]

        def found(closed: int) -> tuple[int, tuple[LitRoute, ...]]:
            routes: dict[tuple[int, ...], LitRoute] = {}
            passed = 0
            for way in ways:
                legs = [leg(closed) for leg in way]
                arcs = tuple(arc for leg in legs if leg for arc in leg)
                passed |= _mask(arcs)
                if all(legs) and len(set(self.graph.sites_of(arcs))) == len(arcs) + 1:
                    routes[arcs] = self.route(arcs)
            return passed, tuple(routes.values())

        return Reduced(found)

    def _leg(self, a: int, z: int) -> Reduced[tuple[int, ...] | None]:
        """Sections of the shortest way off closed fibres."""
        if (a, z) not in self._legs:

            def found(closed: int) -> tuple[int, tuple[int, ...] | None]:
                weight = self.weight.copy()
                weight[self._closed_arcs(closed)] = inf
                arcs = lightest_path(self._adjacency, weight, a, z)
                return _mask(arcs or ()), arcs

            self._legs[a, z] = Reduced(found)
        return self._legs[a, z]

    def joined(self, a: int, z: int, closed: int) -> bool:
        """Whether lit fibre joins two sites, be its light known or not."""
        reached, waiting = {a}, [a]
        while waiting:
            for arc in self.graph.leaving[waiting.pop()]:
                there = self.graph.arc_target[arc]
                shut = closed >> (arc // 2) & 1 or arc // 2 not in self._lit
                if not shut and there not in reached:
                    reached.add(there)
                    waiting.append(there)
        return z in reached

    def route(self, arcs: tuple[int, ...]) -> LitRoute:
        """A route with what reaches over it."""
        if arcs not in self._routes:
            turned = self._routes.get(_turned(arcs))
            self._routes[arcs] = self._reaching(arcs) if turned is None else _reversed(self, turned)
        return self._routes[arcs]

    def _closed_arcs(self, closed: int) -> list[int]:
        found: list[int] = []
        while closed:
            low = closed & -closed
            m = low.bit_length() - 1
            found += [2 * m, 2 * m + 1]
            closed ^= low
        return found

    def _fates(self, links: Sequence[int]) -> Fates:
        """What falls together, of the links in use."""
        place = {m: number for number, m in enumerate(links)}
        riders: dict[str, list[int]] = {}
        for m in links:
            for risk in self.network.fibres[m].risks:
                riders.setdefault(risk, []).append(place[m])
        sets = [
            sorted({place[m], *(o for r in self.network.fibres[m].risks for o in riders[r])})
            for m in links
        ]
        first = np.concatenate([[0], np.cumsum([len(one) for one in sets])])
        flat = [link for one in sets for link in one]
        return Fates(first.astype(np.int64), np.array(flat, dtype=np.int64))

    def _modes(self) -> list[ModuleMode]:
        found: list[ModuleMode] = []
        for number, mode in enumerate(self.table.modes):
            if self.table.missing[number] or mode.slot_ghz is None:
                continue
            found.append(
                ModuleMode(
                    number=number,
                    name=mode.name,
                    module=mode.module,
                    rate_gbps=mode.rate_gbps,
                    slot_ghz=mode.slot_ghz,
                    slots=slot_count(mode.slot_ghz),
                    osnr_db=float(self.table.osnr_db[number]),
                )
            )
        return found

    def _reaching(self, arcs: tuple[int, ...]) -> LitRoute:
        there = self._reach.segments(arcs)
        fibres = tuple(arc // 2 for arc in arcs)
        back = there
        if not all(self._alike[m] for m in fibres):
            back = self._reach.segments(_turned(arcs))
        lengths = self.weight[list(arcs)]
        return LitRoute(
            arcs=arcs,
            fibres=fibres,
            sites=self.graph.sites_of(arcs),
            mask=_mask(arcs),
            length_km=float(lengths.sum()),
            feasible=there.feasible if back is there else there.feasible & _mirrored(back.feasible),
            margin_db=_lesser(there.margin_db, back.margin_db),
            gsnr_db=_lesser(there.gsnr_db, back.gsnr_db),
        )


def _mask(arcs: Sequence[int]) -> int:
    """Fibres of sections, as bits."""
    mask = 0
    for arc in arcs:
        mask |= 1 << (arc >> 1)
    return mask


def _lesser(there: FloatArray, back: FloatArray) -> FloatArray:
    return there if back is there else np.minimum(there, _mirrored(back))


def _alike(sections: Sections) -> list[bool]:
    """(M,) fibres that carry light alike both ways: one way is enough to work out."""
    figures = (*sections.log_noise, sections.cd_ps_nm[:, None], sections.pmd_ps[:, None])
    same = [(values[0::2] == values[1::2]).all(axis=1) for values in figures]
    return np.all(same, axis=0).tolist()


def _turned(arcs: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(arc ^ 1 for arc in reversed(arcs))


def _reversed(book: RouteBook, route: LitRoute) -> LitRoute:
    """The same route the other way: what reaches, reaches both ways."""
    arcs = _turned(route.arcs)
    return LitRoute(
        arcs=arcs,
        fibres=route.fibres[::-1],
        sites=book.graph.sites_of(arcs),
        mask=route.mask,
        length_km=route.length_km,
        feasible=_mirrored(route.feasible),
        margin_db=_mirrored(route.margin_db),
        gsnr_db=_mirrored(route.gsnr_db),
    )


def _mirrored(values: Array) -> Array:
    """[q, i, j] of the route the other way: from place H - j to place H - i."""
    return values[:, ::-1, ::-1].transpose(0, 2, 1)
