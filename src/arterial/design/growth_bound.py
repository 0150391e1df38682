"""What no light between two sites can exceed: over the routes tried, and over every route.

Over routes (scope ``paths``): a linear program, its bound drawn from prices by arithmetic. Over
every route (scope ``network``): a wave that crosses a fibre is feasible on that fibre alone, since
noise, dispersion and ROADMs passed only add up along a segment; so no fibre carries more than the
densest packing of the modes that cross it alone, and the maximum flow over such capacities bounds
all light, whatever its routes, regenerators and frequencies. Channels that one fibre alone could
carry but no transparent route from end to end could are left out where no regenerators are allowed.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from arterial.design.growth_column import (
    Column,
    Item,
    best_items,
    fibre_most_gbps,
    items_of,
    room_for,
)
from arterial.design.growth_plant import Plant
from arterial.model.network import Network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections
from arterial.optics.spectrum_band import slot_count
from arterial.solve.highs import Session
from arterial.solve.program import FloatArray, IntArray, Program, Rows
from arterial.solve.safe import safe_bound

__all__ = ["fibre_caps_gbps", "fibre_items", "routes_bound"]

_MOST_SLOTS = 4_096
"""Of any grid: 51 THz."""

Entry = tuple[list[int], list[float], float, float]


def fibre_items(network: Network, sections: Sections) -> tuple[frozenset[Item], ...]:
    """(M,) channels that can cross each fibre, either way.

    Of a fibre whose light is unknown: every mode of the catalogue that says its rate and slot.
    """
    arcs = [(arc,) for arc in range(2 * len(network.fibres))]
    options = options_of_routes(network, sections, arcs)
    anything = best_items(
        (mode.rate_gbps, slot_count(mode.slot_ghz))
        for mode in network.modes
        if mode.slot_ghz is not None
    )
    return tuple(
        items_of((*options[2 * m], *options[2 * m + 1])) if sections.known[m] else anything
        for m in range(len(network.fibres))
    )


def fibre_caps_gbps(items: Sequence[frozenset[Item]], plant: Plant) -> tuple[float, ...]:
    """(M,) what each fibre of a plant carries at most."""
    return tuple(
        fibre_most_gbps(channels, free) for channels, free in zip(items, plant.free, strict=True)
    )


def routes_bound(plant: Plant, columns: Sequence[Column]) -> tuple[float, FloatArray]:
    """What waves over these columns carry at most, Gb/s, and the waves of the relaxed answer.

    Maximise the sum of rates so that on every fibre channels find room, width by width, the slots
    suffice, and no fibre carries more than its densest packing.

    Returns
    -------
    float
        Gb/s; true for any prices, so a solver that stops early only loosens it.
    float (X,)
        Waves of each column, not whole.
    """
    if not columns:
        return 0.0, np.zeros(0)
    program = _program(plant, columns)
    solution = Session(program).solve()
    return -safe_bound(program, solution.row_dual), solution.primal


def _program(plant: Plant, columns: Sequence[Column]) -> Program:
    count = len(columns)
    return Program(
        cost=np.array([-column.gbps for column in columns]),
        low=np.zeros(count),
        high=np.array([_most_waves(plant, column) for column in columns], dtype=np.float64),
        integer=np.zeros(count, dtype=np.bool_),
        rows=Rows.of([*_rooms(plant, columns), *_slots(plant, columns), *_rates(plant, columns)]),
    )


def _riders(columns: Sequence[Column]) -> list[tuple[int, list[int]]]:
    """Fibres, each with the columns that ride it."""
    riders: dict[int, list[int]] = {}
    for number, column in enumerate(columns):
        for fibre in column.fibres:
            riders.setdefault(fibre, []).append(number)
    return sorted(riders.items())


def _rooms(plant: Plant, columns: Sequence[Column]) -> Iterable[Entry]:
    """Channels of some width or wider on a fibre are no more than find room there."""
    for fibre, riders in _riders(columns):
        for width in sorted({columns[number].width for number in riders}):
            wide = [number for number in riders if columns[number].width >= width]
            yield wide, [1.0] * len(wide), -np.inf, float(room_for(width, plant.free[fibre]))


def _slots(plant: Plant, columns: Sequence[Column]) -> Iterable[Entry]:
    """Slots taken on a fibre are no more than are free."""
    for fibre, riders in _riders(columns):
        widths = [float(columns[number].width) for number in riders]
        yield riders, widths, -np.inf, float(sum(free.bit_count() for free in plant.free[fibre]))


def _rates(plant: Plant, columns: Sequence[Column]) -> Iterable[Entry]:
    """Rates on a fibre are no more than the densest packing carries."""
    for fibre, riders in _riders(columns):
        items = items_of(columns[number].option for number in riders)
        rates = [columns[number].gbps for number in riders]
        yield riders, rates, -np.inf, fibre_most_gbps(items, plant.free[fibre])


def _most_waves(plant: Plant, column: Column) -> int:
    """Room on the tightest fibre, and slots that a transparent segment finds free all along."""
    rooms = [room_for(column.width, plant.free[fibre]) for fibre in column.fibres]
    for segment in column.segments:
        masks = {mask for fibre in segment for mask in plant.free[fibre]}
        if len(masks) > 1:  # else the tightest fibre says it all
            free = [_pairs_free(plant.free[fibre]) for fibre in segment]
            rooms.append(int(np.minimum.reduce(free).sum()) // column.width)
    return min(rooms)


@lru_cache(maxsize=4_096)
def _pairs_free(free: tuple[int, ...]) -> IntArray:
    """By slot: how many pairs have it free."""
    size = -(-_MOST_SLOTS // 8)
    raw = [np.frombuffer(mask.to_bytes(size, "little"), dtype=np.uint8) for mask in free]
    bits = [np.unpackbits(row, bitorder="little").astype(np.int64) for row in raw]
    return np.sum(bits, axis=0) if bits else np.zeros(8 * size, dtype=np.int64)
