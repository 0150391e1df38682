"""Near-exact packing: the fewest slots that waves of known routes need, and a proof of how few.

Every wave takes a run of slots, the same on all that it rides; what is made small is the highest
slot in use anywhere. Some order of the waves makes first fit exact, so orders are what is searched:
a few that put the crowded first, then rounds that bring forward what ended highest. Python's
integers hold a pair's slots whole: 3 to 6 microseconds a wave, 2,400 slots wide.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from arterial.optics.packing_bound import crowd
from arterial.optics.spectrum_band import span

__all__ = ["Packing", "first_fit", "pack"]

Routes = Sequence[Sequence[int]]
"""By wave: what it rides, each once. A number is a fibre where one pair is lit, else a pair."""

JOSTLED = 0.03
"""Share of waves that a round moves besides those that ended highest."""


class Packing(Struct, frozen=True, kw_only=True):
    """Where each wave stands, and how near to the fewest slots that is."""

    first_slot: tuple[int, ...]
    """In the order of the waves."""
    top: int
    """Slots up to the highest in use."""
    bound: int
    """No packing of these routes needs fewer."""
    gap: float
    """(top - bound) / top; 0 where there is no wave."""
    first_fit: int
    """The same as ``top`` by first fit, most fibres first, before anything was searched."""
    rounds: int
    status: Literal["gap", "rounds"]
    """``gap``: as near to the bound as was asked for."""


def pack(
    routes: Routes,
    widths: Sequence[int],
    *,
    closed: int = 0,
    gap: float = 0.0,
    rounds: int = 500,
    seed: int = 0,
) -> Packing:
    """The best packing found, with its bound over these routes.

    Parameters
    ----------
    widths
        Slots of each wave.
    closed
        Slots that nobody may use, as bits; the band has no upper end here.
    gap
        Share of the top that may be left between it and the bound.
    rounds
        Searched where the first orders leave more than that.
    """
    assert all(width > 0 for width in widths)
    bound = height(crowd(routes, widths), closed)
    tries = [_packed(order, routes, widths, closed) for order in orders(routes, widths)]
    best = min(tries, key=lambda entry: entry[0])
    spent = 0
    draw = random.Random(seed)  # noqa: S311 - a search, not a secret
    current = best
    while spent < rounds and _gap(best[0], bound) > gap:
        spent += 1
        order = _jostled(current, widths, best[0], draw)
        found = _packed(order, routes, widths, closed)
        if found[0] <= current[0]:
            current = found
        if found[0] < best[0]:
            best = found
    return Packing(
        first_slot=tuple(best[1]),
        top=best[0],
        bound=bound,
        gap=_gap(best[0], bound),
        first_fit=tries[0][0],
        rounds=spent,
        status="gap" if _gap(best[0], bound) <= gap else "rounds",
    )


def first_fit(
    order: Sequence[int], routes: Routes, widths: Sequence[int], closed: int = 0
) -> list[int]:
    """First slot of each wave, served in ``order``."""
    used: dict[int, int] = {}
    first = [0] * len(routes)
    for wave in order:
        taken = closed
        for place in routes[wave]:
            taken |= used.get(place, 0)
        width = widths[wave]
        free, reach = ~taken, 1
        while reach < width:
            step = min(reach, width - reach)
            free &= free >> step
            reach += step
        start = (free & -free).bit_length() - 1
        first[wave] = start
        bits = span(start, width)
        for place in routes[wave]:
            used[place] = used.get(place, 0) | bits
    return first


def height(load: int, closed: int) -> int:
    """The lowest top under which ``load`` slots are open.

    >>> height(4, 0b0110)
    6
    """
    top = load
    while (missing := load - (top - (closed & span(0, top)).bit_count())) > 0:
        top += missing
    return top


def orders(routes: Routes, widths: Sequence[int]) -> Iterator[list[int]]:
    """Orders to try: longest, then those that ride the most crowded places."""
    load: dict[int, int] = {}
    for route, width in zip(routes, widths, strict=True):
        for place in route:
            load[place] = load.get(place, 0) + width
    crowded = [max((load[place] for place in route), default=0) for route in routes]
    along = [sum(load[place] for place in route) for route in routes]
    waves = range(len(routes))
    yield sorted(waves, key=lambda wave: (-len(routes[wave]), -widths[wave], wave))
    yield sorted(waves, key=lambda wave: (-widths[wave], -len(routes[wave]), wave))
    yield sorted(waves, key=lambda wave: (-crowded[wave], -along[wave], -widths[wave], wave))
    yield sorted(waves, key=lambda wave: (-along[wave] * widths[wave], wave))


def _packed(
    order: Sequence[int], routes: Routes, widths: Sequence[int], closed: int
) -> tuple[int, list[int]]:
    first = first_fit(order, routes, widths, closed)
    ends = (start + width for start, width in zip(first, widths, strict=True))
    return max(ends, default=0), first


def _jostled(
    current: tuple[int, list[int]], widths: Sequence[int], best: int, draw: random.Random
) -> list[int]:
    """Waves from the lowest up, which loses nothing, with the highest and a few others moved."""
    place: list[float] = []
    for start, width in zip(current[1], widths, strict=True):
        late = start + width >= best
        moved = late or draw.random() < JOSTLED
        place.append(start * draw.random() if moved else start)
    return sorted(range(len(place)), key=lambda wave: (place[wave], -widths[wave], wave))


def _gap(top: int, bound: int) -> float:
    return (top - bound) / top if top else 0.0
