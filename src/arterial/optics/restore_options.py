"""Options of a plan's kinds of waves with a stock of spare regenerators."""

from collections.abc import Mapping
from dataclasses import dataclass

from arterial.optics.restore_light import Kind, Standing
from arterial.optics.restore_routes import ModuleMode, RouteBook
from arterial.optics.restore_ways import Option, Ways

__all__ = ["ANY", "OptionBook", "Spares"]

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


class OptionBook:
    """Options of one plan's kinds of waves."""

    def __init__(self, standing: Standing, book: RouteBook, spares: Spares) -> None:
        self.routes = book
        self.spares = spares
        self._turnable = frozenset(
            number for number, site in enumerate(standing.plan.network.sites) if site.directionless
        )
        self._ways: dict[Kind, Ways] = {}
        self._modes: dict[tuple[str, float], tuple[ModuleMode, ...]] = {}
        self._regenerating: dict[str, frozenset[int]] = {}

    def ways(self, kind: Kind) -> Ways:
        """All that a kind can come back with."""
        found = self._ways.get(kind)
        if found is None:
            found = self._ways[kind] = Ways(
                kind, self.routes, self.modes(kind), self.regenerating(kind), self._turnable
            )
        return found

    def ranked(self, kind: Kind, play: int) -> tuple[Option, ...]:
        """Options of a kind over its candidates, best first; alive or not."""
        return self.ways(kind).ranked(play)

    def regenerating(self, kind: Kind) -> frozenset[int]:
        """Sites where a spare regenerator may serve a kind."""
        if kind.module not in self._regenerating:
            sites = self.spares.sites(kind.module)
            found = self._turnable if sites is None else self._turnable & sites
            self._regenerating[kind.module] = found
        return self._regenerating[kind.module]

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
