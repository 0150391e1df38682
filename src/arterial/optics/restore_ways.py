"""What one kind of wave can come back with: modes over routes, and what keeps it away.

Found once for a kind and a route, whatever is down; which of them stand is each case's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from arterial.optics.restore_light import Kind
from arterial.optics.restore_routes import Chain, LitRoute, ModuleMode, RouteBook

__all__ = ["Option", "Part", "Ways", "Why", "parts_of"]

Why = Literal["fibre", "add/drop", "reach", "regenerators", "spectrum", "unknown"]
"""No lit fibre joins the ends; add/drop ties the wave to what is cut; no mode of its module gets
there; it would, with regenerators that are not there; no room; or a figure is missing."""

Part = tuple[int, int, tuple[int, ...]]
"""A transparent segment of a route: from place, to place, fibres."""


@dataclass(frozen=True)
class Option:
    """One mode over one route; its chain hangs on which regenerators are left."""

    route: LitRoute
    mode: ModuleMode
    own: int
    """Places of the wave's regenerators."""
    spare: int
    """Places at which a spare one may stand, if it is there."""
    chain: Chain
    """While every spare one is left."""
    parts: tuple[Part, ...]
    """Of that chain."""
    ranks: tuple[tuple[float, ...], tuple[float, ...]]
    """What the two plays go by."""


class Ways:
    """Options of one kind of wave.

    Parameters
    ----------
    modes
        That it may come back in.
    regenerating, turnable
        Sites where a spare regenerator may serve it, and where one could if it stood there.
    """

    def __init__(
        self,
        kind: Kind,
        routes: RouteBook,
        modes: tuple[ModuleMode, ...],
        regenerating: frozenset[int],
        turnable: frozenset[int],
    ) -> None:
        self.kind = kind
        self._routes = routes
        self._modes = modes
        self._regenerating = regenerating
        self._turnable = turnable
        self.narrowest = min((mode.slots for mode in modes), default=0)
        """Slots of its narrowest mode; 0 without one."""
        self.ties = _ties(kind, routes)
        """Fibres at its ends that add/drop cannot send it over, as bits."""
        self.around = routes.around(kind.a, kind.z)
        self.through = routes.through(kind.a, kind.own, kind.z)
        self._ranked: dict[int, tuple[Option, ...]] = {}
        self._over: dict[LitRoute, tuple[tuple[Option, ...], tuple[Option, ...]]] = {}
        self._reach: dict[LitRoute, bool] = {}

    def ranked(self, play: int) -> tuple[Option, ...]:
        """Options over the candidates, best first; alive or not."""
        if play not in self._ranked:
            routes = self._routes.candidates(self.kind.a, self.kind.z)
            options = [option for route in routes for option in self.over(route, play)]
            self._ranked[play] = tuple(sorted(options, key=lambda option: option.ranks[play]))
        return self._ranked[play]

    def over(self, route: LitRoute, play: int) -> tuple[Option, ...]:
        """What a route can be lit with, with the regenerators that there are, best first."""
        found = self._over.get(route)
        if found is None:
            options = self._options(route)
            found = self._over[route] = (_best(options, 0), _best(options, 1))
        return found[play]

    def _options(self, route: LitRoute) -> list[Option]:
        if not _tied(self.kind, route):
            return []
        own = route.places(frozenset(self.kind.own))
        spare = route.places(self._regenerating)
        found: list[Option] = []
        for mode in self._modes:
            chain = route.chain(mode.number, own, spare)
            if chain is None:
                continue
            load = mode.slots * len(route.fibres)
            few, short = float(len(chain.spare)), route.length_km
            ranks = (
                (-mode.rate_gbps, few, float(load), short, float(mode.number)),
                (load / mode.rate_gbps, few, -mode.rate_gbps, short, float(mode.number)),
            )
            found.append(Option(route, mode, own, spare, chain, parts_of(route, chain), ranks))
        return found

    def why(self, closed: int) -> Why:
        """What keeps it from coming back where it was not for want of room."""
        candidates = self._routes.candidates(self.kind.a, self.kind.z)
        routes = [route for route in candidates if not route.mask & closed]
        found = [self.around(shut | closed) for shut in (0, self.ties)]
        routes += [route for route in found if route is not None]
        if not self._modes:
            return "unknown"
        if not routes:
            dark = self._routes.dark and self._routes.joined(self.kind.a, self.kind.z, closed)
            return "unknown" if dark else "fibre"
        fit = [route for route in routes if _tied(self.kind, route)]
        if not fit:
            return "add/drop"
        return "regenerators" if any(self._reaches(route) for route in fit) else "reach"

    def _reaches(self, route: LitRoute) -> bool:
        """Whether a mode gets there with regenerators wherever they could stand."""
        if route not in self._reach:
            places = route.places(self._turnable)
            self._reach[route] = any(
                route.chain(mode.number, 0, places) is not None for mode in self._modes
            )
        return self._reach[route]


def parts_of(route: LitRoute, chain: Chain) -> tuple[Part, ...]:
    """Transparent segments between the regenerators of a chain."""
    ends = pairwise((0, *chain.stops, len(route.fibres)))
    return tuple((first, last, route.fibres[first:last]) for first, last in ends)


def _best(options: Sequence[Option], play: int) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: option.ranks[play]))


def _ties(kind: Kind, routes: RouteBook) -> int:
    shut = 0
    for end, site in zip(kind.tied, (kind.a, kind.z), strict=True):
        if end is not None:
            around = {arc // 2 for arc in routes.graph.leaving[site]} - {end.fibre}
            shut |= sum(1 << m for m in around)
    return shut


def _tied(kind: Kind, route: LitRoute) -> bool:
    """Whether a route leaves both ends as add/drop there allows."""
    first, last = kind.tied
    return (first is None or first.fibre == route.fibres[0]) and (
        last is None or last.fibre == route.fibres[-1]
    )
