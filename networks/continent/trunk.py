# ruff: noqa: INP001 - a part of build.py, no package
"""Fibres along railways: between neighbours, a second way where one led, risks where they share."""

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from places import Place
from railways import Line, Railways, beside

from arterial.model.imports.wet import crosses_sea
from arterial.solve.program import FloatArray
from arterial.study.populate.people import distances_km

__all__ = ["Fibre", "SharedRail", "Trunk", "trunk"]

NEAR_RAIL_KM = 25.0
"""A place farther from any railway has no rail."""
RAIL_FACTOR = 1.05
SPUR_FACTOR = 1.3
NEIGHBOUR_POWER = 3.0
"""Two places are neighbours when no third lies between, by powers of their ways: 2 would be
Gabriel's rule, infinity the relative neighbourhood."""
DETOUR = 3.0
"""A second way keeps to rails up to this many times the straight one."""
SHARED_KM = 5.0
LINKS_OFF_RAIL = 2


class Fibre(NamedTuple):
    """A fibre between two places, by number; without pieces it follows no rail."""

    a: int
    z: int
    km: float
    pieces: tuple[int, ...]


class SharedRail(NamedTuple):
    """Fibres, by number, that run along the same rail, and how far."""

    fibres: tuple[int, ...]
    line: int
    km: float


class Trunk(NamedTuple):
    """What joins the places."""

    fibres: tuple[Fibre, ...]
    shared: tuple[SharedRail, ...]
    added: int
    """Fibres that the rule of neighbours did not give: second ways."""
    added_straight: int
    """Of those, how many follow no rail."""


def trunk(lines: Sequence[Line], places: Sequence[Place]) -> Trunk:
    """Fibres so that no one of them, and no rail that several share, parts the places."""
    net = _Net(lines, places)
    fibres = net.neighbours() + net.off_rail()
    plain = len(fibres)
    while True:
        lonely = _lonely(fibres, net.shared(fibres), len(places))
        if lonely is None:
            break
        fibres.append(net.second_way(*lonely, fibres))
    return Trunk(
        fibres=tuple(fibres),
        shared=tuple(net.shared(fibres)),
        added=len(fibres) - plain,
        added_straight=sum(not fibre.pieces for fibre in fibres[plain:]),
    )


class _Net:
    """Places on their railways."""

    def __init__(self, lines: Sequence[Line], places: Sequence[Place]) -> None:
        self._where = [(place.lat, place.lon) for place in places]
        stops = beside(lines, self._where)
        self._rails = Railways.of(lines, stops)
        self._node = self._rails.stop_node
        self._on_rail = [n for n, stop in enumerate(stops) if stop.away_km <= NEAR_RAIL_KM]
        self._spur_km = SPUR_FACTOR * np.array([stop.away_km for stop in stops])
        self._straight_km = distances_km(self._where, self._where)

    def neighbours(self) -> list[Fibre]:
        """A fibre along the shortest rails between any two places without a third between."""
        some = self._on_rail
        km, before = self._rails.ways([self._node[place] for place in some])
        way_km = self._lengths(km, some, some)
        power = np.minimum(way_km, 1e5) ** NEIGHBOUR_POWER
        np.fill_diagonal(power, np.inf)
        fibres: list[Fibre] = []
        for row, place in enumerate(some):
            between = (power[row][:, None] + power < power[row][None, :]).any(axis=0)
            for column in np.flatnonzero(~between & np.isfinite(way_km[row])):
                if column > row:
                    other = some[int(column)]
                    pieces = self._rails.pieces(before[row], self._node[place], self._node[other])
                    fibres.append(Fibre(place, other, float(way_km[row, column]), pieces))
        return fibres

    def _lengths(self, km: FloatArray, some: Sequence[int], others: Sequence[int]) -> FloatArray:
        """Fibre between places over rails: slack, spurs, and never below the great circle."""
        rail_km = RAIL_FACTOR * km[:, [self._node[place] for place in others]]
        spurs_km = self._spur_km[list(some)][:, None] + self._spur_km[list(others)]
        return np.maximum(rail_km + spurs_km, self._straight_km[np.ix_(some, others)])

    def off_rail(self) -> list[Fibre]:
        """Straight fibres of the places that no rail is near, to the two nearest others."""
        joined: set[frozenset[int]] = set()
        fibres: list[Fibre] = []
        for place in sorted(set(range(len(self._where))) - set(self._on_rail)):
            near = np.argsort(self._straight_km[place], kind="stable").tolist()
            for other in [other for other in near if other != place][:LINKS_OFF_RAIL]:
                if frozenset((place, other)) not in joined:
                    joined.add(frozenset((place, other)))
                    fibres.append(self._straight(place, other))
        return fibres

    def _straight(self, a: int, z: int) -> Fibre:
        return Fibre(a, z, SPUR_FACTOR * float(self._straight_km[a, z]), ())

    def second_way(self, part: set[int], closed: Iterable[int], fibres: Sequence[Fibre]) -> Fibre:
        """The shortest way out of a part: over rails that are left, else straight."""
        inside, outside = sorted(part), sorted(set(range(len(self._where))) - part)
        joined = {frozenset((fibre.a, fibre.z)) for fibre in fibres}
        straight = self._nearest(inside, outside, joined)
        on_rail = set(self._on_rail)
        some = [place for place in inside if place in on_rail]
        others = [place for place in outside if place in on_rail]
        if some and others:
            km, before = self._rails.ways([self._node[place] for place in some], closed)
            way_km = self._lengths(km, some, others)
            row, column = np.unravel_index(int(way_km.argmin()), way_km.shape)
            best_km = float(way_km[row, column])
            if best_km <= DETOUR * straight.km:
                a, z = some[int(row)], others[int(column)]
                pieces = self._rails.pieces(before[row], self._node[a], self._node[z])
                return Fibre(a, z, best_km, pieces)
        return straight

    def _nearest(
        self, inside: Sequence[int], outside: Sequence[int], joined: set[frozenset[int]]
    ) -> Fibre:
        """The shortest straight fibre that is new and, where there is a choice, crosses no sea."""
        far_km = self._straight_km[np.ix_(inside, outside)].ravel()
        pairs = [
            (inside[at // len(outside)], outside[at % len(outside)])
            for at in np.argsort(far_km, kind="stable").tolist()
        ]
        fresh = [pair for pair in pairs if frozenset(pair) not in joined]
        dry = ((a, z) for a, z in fresh if not crosses_sea(self._where[a], self._where[z]))
        return self._straight(*next(itertools.chain(dry, fresh, pairs)))

    def shared(self, fibres: Sequence[Fibre]) -> list[SharedRail]:
        """Groups of fibres with five kilometres of rail or more in common."""
        on_piece: dict[int, list[int]] = {}
        for number, fibre in enumerate(fibres):
            for piece in fibre.pieces:
                on_piece.setdefault(piece, []).append(number)
        groups: dict[tuple[int, ...], list[int]] = {}
        for piece, group in sorted(on_piece.items()):
            if len(group) > 1:
                groups.setdefault(tuple(group), []).append(piece)
        found = [
            SharedRail(group, int(self._rails.line[pieces[0]]), float(self._rails.km[pieces].sum()))
            for group, pieces in groups.items()
        ]
        kept = [shared for shared in found if shared.km >= SHARED_KM]
        return [
            shared
            for shared in kept
            if not any(set(shared.fibres) < set(other.fibres) for other in kept)
        ]


def _lonely(
    fibres: Sequence[Fibre], shared: Sequence[SharedRail], count: int
) -> tuple[set[int], tuple[int, ...]] | None:
    """A part that one loss leaves alone, and the pieces of rail that are lost then."""
    losses = [(), *((number,) for number in range(len(fibres))), *(s.fibres for s in shared)]
    near: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, fibre in enumerate(fibres):
        near[fibre.a].append((fibre.z, number))
        near[fibre.z].append((fibre.a, number))
    for lost in losses:
        part = _reached(near, set(lost))
        if len(part) < count:
            rest = set(range(count)) - part
            piece = _first_part(near, set(lost), rest) if len(rest) <= len(part) else part
            return piece, tuple(piece for number in lost for piece in fibres[number].pieces)
    return None


def _reached(near: Sequence[Sequence[tuple[int, int]]], lost: set[int], start: int = 0) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        for place, fibre in near[todo.pop()]:
            if place not in seen and fibre not in lost:
                seen.add(place)
                todo.append(place)
    return seen


def _first_part(
    near: Sequence[Sequence[tuple[int, int]]], lost: set[int], rest: set[int]
) -> set[int]:
    return _reached(near, lost, min(rest))
