"""What a kind of wave can come back with: modes over routes, and what keeps it from coming back.

Found once for a kind and a route, whatever is down; which of them stand is each case's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from arterial.optics.restore_light import Kind, Standing
from arterial.optics.restore_routes import LitRoute, ModuleMode, RouteBook

__all__ = ["ANY", "Option", "OptionBook", "Spares", "Why"]

Why = Literal["fibre", "add/drop", "reach", "regenerators", "spectrum", "unknown"]
"""No lit fibre joins the ends; add/drop ties the wave to what is cut; no mode of its module gets
there; it would, with regenerators that are not there; no room; or a figure is missing."""

ANY = ""
"""Module of a spare regenerator that takes pluggables of any."""


@dataclass(frozen=True)
class Spares:
    """Spare regenerators by (site, module), ``ANY`` those of any module; None: as many as asked."""

    count: Mapping[tuple[int, str], int] | None

    def sites(self, module: str) -> frozenset[int] | None:
        """Where one of a module stands; None everywhere."""
        if self.count is None:
            return None
        return frozenset(
            site for (site, kind), count in self.count.items() if count and kind in (ANY, module)
        )


@dataclass(frozen=True)
class Option:
    """One mode over one route; its chain hangs on which regenerators are left."""

    route: LitRoute
    mode: ModuleMode
    own: int
    """Places of the wave's regenerators."""
    spare: int
    """Places at which a spare one may stand, if it is there."""
    ranks: tuple[tuple[float, ...], tuple[float, ...]]
    """What the two plays go by."""


class OptionBook:
    """Options of one plan's kinds of waves."""

    def __init__(self, standing: Standing, book: RouteBook, spares: Spares) -> None:
        self.routes = book
        self.spares = spares
        self._lit = frozenset(standing.pairs_lit)
        self._turnable = frozenset(
            number for number, site in enumerate(standing.plan.network.sites) if site.directionless
        )
        self._known: dict[tuple[Kind, tuple[int, ...]], tuple[Option, ...]] = {}
        self._ranked: dict[tuple[Kind, int], tuple[Option, ...]] = {}
        self._reach: dict[tuple[Kind, tuple[int, ...]], bool] = {}
        self._ties: dict[Kind, int] = {}
        self._modes: dict[tuple[str, float], tuple[ModuleMode, ...]] = {}

    def ranked(self, kind: Kind, play: int) -> tuple[Option, ...]:
        """Options of a kind over its candidates, best first; alive or not."""
        key = (kind, play)
        if key not in self._ranked:
            options = [
                option
                for route in self.routes.candidates(kind.a, kind.z)
                for option in self.options(kind, route)
            ]
            self._ranked[key] = tuple(sorted(options, key=lambda option: option.ranks[play]))
        return self._ranked[key]

    def options(self, kind: Kind, route: LitRoute) -> tuple[Option, ...]:
        """What a route can be lit with for a kind, with the regenerators that there are."""
        key = (kind, route.arcs)
        if key not in self._known:
            self._known[key] = self._options(kind, route)
        return self._known[key]

    def _options(self, kind: Kind, route: LitRoute) -> tuple[Option, ...]:
        if not _tied(kind, route):
            return ()
        own = route.places(frozenset(kind.own))
        turnable = route.places(self._turnable)
        sites = self.spares.sites(kind.module)
        spare = turnable if sites is None else turnable & route.places(sites)
        found: list[Option] = []
        for mode in self.modes(kind):
            chain = route.chain(mode.number, own, spare)
            if chain is None:
                continue
            load = mode.slots * len(route.fibres)
            few, short = float(len(chain.spare)), route.length_km
            ranks = (
                (-mode.rate_gbps, few, float(load), short, float(mode.number)),
                (load / mode.rate_gbps, few, -mode.rate_gbps, short, float(mode.number)),
            )
            found.append(Option(route, mode, own, spare, ranks))
        return tuple(found)

    def modes(self, kind: Kind) -> tuple[ModuleMode, ...]:
        """Modes that a wave may come back in: of its module, and not above its rate."""
        key = (kind.module, kind.rate_gbps)
        if key not in self._modes:
            self._modes[key] = tuple(
                mode
                for mode in self.routes.modes
                if mode.module == kind.module and mode.rate_gbps <= kind.rate_gbps
            )
        return self._modes[key]

    def ties(self, kind: Kind) -> int:
        """Fibres at its ends that add/drop cannot send a kind over, as bits."""
        if kind not in self._ties:
            graph, shut = self.routes.graph, 0
            for end, site in zip(kind.tied, (kind.a, kind.z), strict=True):
                if end is not None:
                    around = {arc // 2 for arc in graph.leaving[site]} - {end.fibre}
                    shut |= sum(1 << m for m in around)
            self._ties[kind] = shut
        return self._ties[kind]

    def why(self, kind: Kind, closed: int) -> Why:
        """What keeps a kind from coming back where it was not for want of room."""
        routes = [r for r in self.routes.candidates(kind.a, kind.z) if not r.mask & closed]
        found = [self.routes.around(kind.a, kind.z, shut | closed) for shut in (0, self.ties(kind))]
        routes += [route for route in found if route is not None]
        if not self.modes(kind):
            return "unknown"
        if not routes:
            return "unknown" if self.routes.dark and self._dark(kind, closed) else "fibre"
        fit = [route for route in routes if _tied(kind, route)]
        if not fit:
            return "add/drop"
        return "regenerators" if any(self._reaches(kind, route) for route in fit) else "reach"

    def _reaches(self, kind: Kind, route: LitRoute) -> bool:
        """Whether a mode gets there with regenerators wherever they could stand."""
        key = (kind, route.arcs)
        if key not in self._reach:
            places = route.places(self._turnable)
            self._reach[key] = any(
                route.chain(mode.number, 0, places) is not None for mode in self.modes(kind)
            )
        return self._reach[key]

    def _dark(self, kind: Kind, closed: int) -> bool:
        """Whether fibre of unknown light would join the ends."""
        graph = self.routes.graph
        passable = self._lit
        reached, waiting = {kind.a}, [kind.a]
        while waiting:
            for arc in graph.leaving[waiting.pop()]:
                there = graph.arc_target[arc]
                shut = closed >> (arc // 2) & 1 or arc // 2 not in passable
                if not shut and there not in reached:
                    reached.add(there)
                    waiting.append(there)
        return kind.z in reached


def _tied(kind: Kind, route: LitRoute) -> bool:
    """Whether a route leaves both ends as add/drop there allows."""
    first, last = kind.tied
    return (first is None or first.fibre == route.fibres[0]) and (
        last is None or last.fibre == route.fibres[-1]
    )
