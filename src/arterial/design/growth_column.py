"""Ways to light a route, and how many channels find room in free spectrum.

What one pair carries at most is a knapsack over its runs of free slots: no packing of channels of
these widths is worth more, whoever rides it and wherever it goes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from arterial.optics.modes import RouteOption
from arterial.optics.spectrum_band import free_runs, slot_count
from arterial.paths.graph import Path, arc_link

__all__ = ["Column", "Item", "best_items", "columns_of", "fibre_most_gbps", "items_of", "room_for"]

Item = tuple[float, int]
"""Rate of a channel, Gb/s, and the slots that it takes."""


@dataclass(frozen=True)
class Column:
    """Waves of one kind over one route."""

    route: Path
    option: RouteOption
    width: int
    """Slots of the grid."""
    fibres: tuple[int, ...]
    segments: tuple[tuple[int, ...], ...]
    """Fibres of each transparent segment, in order."""

    @property
    def gbps(self) -> float:
        """Rate of one wave."""
        return self.option.rate_gbps


def columns_of(
    routes: Sequence[Path], options: Sequence[Sequence[RouteOption]], *, regenerators: bool
) -> tuple[Column, ...]:
    """Every option of every route; without ``regenerators`` those that need none."""
    return tuple(
        _column(route, option)
        for route, found in zip(routes, options, strict=True)
        for option in found
        if regenerators or not option.regenerator_hops
    )


def items_of(options: Iterable[RouteOption]) -> frozenset[Item]:
    """Channels of some options that no other beats."""
    return best_items((option.rate_gbps, slot_count(option.slot_ghz)) for option in options)


def best_items(channels: Iterable[Item]) -> frozenset[Item]:
    """Channels that no other beats in rate and width.

    >>> sorted(best_items([(400.0, 6), (400.0, 12), (800.0, 12), (300.0, 6)]))
    [(400.0, 6), (800.0, 12)]
    """
    found = set(channels)
    return frozenset(
        (rate, width)
        for rate, width in found
        if not any(
            more >= rate and less <= width and (more, less) != (rate, width) for more, less in found
        )
    )


def fibre_most_gbps(items: frozenset[Item], free: Iterable[int]) -> float:
    """What the pairs of a fibre carry at most, each with its free slots as bits.

    >>> fibre_most_gbps(frozenset({(400.0, 6), (800.0, 9)}), [(1 << 15) - 1])
    1200.0
    """
    return sum(_pair_most_gbps(items, mask) for mask in free)


def room_for(width: int, free: Iterable[int]) -> int:
    """Channels of ``width`` slots that find room on some pairs at most."""
    return sum(_pair_room(width, mask) for mask in free)


def _column(route: Path, option: RouteOption) -> Column:
    fibres = tuple(arc_link(arc) for arc in route)
    stops = [0, *(hop + 1 for hop in option.regenerator_hops), len(fibres)]
    return Column(
        route,
        option,
        slot_count(option.slot_ghz),
        fibres,
        tuple(fibres[start:end] for start, end in pairwise(stops)),
    )


@lru_cache(maxsize=65_536)
def _pair_most_gbps(items: frozenset[Item], free: int) -> float:
    runs = free_runs(free)
    best = _best_gbps(items, max((length for _, length in runs), default=0))
    return sum(best[length] for _, length in runs)


@lru_cache(maxsize=65_536)
def _pair_room(width: int, free: int) -> int:
    return sum(length // width for _, length in free_runs(free))


@lru_cache(maxsize=4_096)
def _best_gbps(items: frozenset[Item], longest: int) -> tuple[float, ...]:
    """By length of a run: the most that channels side by side in it carry."""
    best = [0.0] * (longest + 1)
    for length in range(1, longest + 1):
        gbps = best[length - 1]
        for rate, width in items:
            if width <= length:
                gbps = max(gbps, best[length - width] + rate)
        best[length] = gbps
    return tuple(best)
