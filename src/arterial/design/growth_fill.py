"""Waves put into a plant, one by one in effect: pairs and slots of every hop, nothing twice.

The relaxed answer of ``growth_bound`` says how many waves of each kind to try; longest first, then
whatever still fits, the densest first. Waves of one kind go side by side into a chain of pairs, so
that a thousand of them cost a few masks each. The answer is a real assignment: what it carries, the
plant carries.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np

from arterial.design.growth_column import Column
from arterial.design.growth_plant import Plant
from arterial.optics.spectrum_band import free_runs, span
from arterial.optics.spectrum_fibre import starts
from arterial.solve.program import FloatArray

__all__ = ["Block", "Filled", "filled"]

_ROUNDING = 1e-6
_ORDERS, _NEAR = 24, 0.01
"""Further orders that are tried while more than this share of the bound is missing."""
_EVERY = 1 << 30
"""More waves than any plant has room for."""


@dataclass(frozen=True)
class Block:
    """Channels side by side on one chain of pairs."""

    column: int
    segment: int
    first: int
    """Slot where the first one begins."""
    waves: int
    pairs: tuple[int, ...]
    """Of each fibre of the segment, from 1."""


@dataclass(frozen=True)
class Filled:
    """An assignment."""

    gbps: float
    waves: int
    blocks: tuple[Block, ...]


def filled(
    plant: Plant, columns: Sequence[Column], relaxed: FloatArray, bound_gbps: float
) -> Filled:
    """The best of some ways to fill a plant; no further one is tried once the bound is met.

    Parameters
    ----------
    relaxed : float (X,)
        Waves of each column to begin with, rounded down.
    bound_gbps
        What no assignment exceeds.
    """
    best = Filled(0.0, 0, ())
    wanted = [int(waves) for waves in np.floor(relaxed + _ROUNDING)]
    asked = [number for number, waves in enumerate(wanted) if waves > 0]
    dense = sorted(range(len(columns)), key=lambda number: _density(columns[number]))
    tried: list[list[int]] = []
    ranks = (_length, _density, _hops, _narrow)
    orders = [sorted(asked, key=lambda number: rank(columns[number])) for rank in ranks]
    for order in (*orders, *map(list, islice(permutations(orders[0]), _ORDERS))):
        near = _NEAR if len(tried) >= len(ranks) else 0.0
        if order in tried or best.gbps >= (1.0 - near) * bound_gbps - _ROUNDING:
            continue
        tried.append(order)
        turns = [(number, wanted[number]) for number in order]
        turns += [(number, _EVERY) for number in dense]
        best = max(best, _fill(plant, columns, turns, bound_gbps), key=lambda found: found.gbps)
    return best


def _density(column: Column) -> tuple[float, ...]:
    return (-column.gbps / column.width, len(column.fibres))


def _length(column: Column) -> tuple[float, ...]:
    return (-max(map(len, column.segments)), -column.width, -column.gbps)


def _hops(column: Column) -> tuple[float, ...]:
    return (len(column.fibres), -column.width, -column.gbps)


def _narrow(column: Column) -> tuple[float, ...]:
    return (column.width, -len(column.fibres), -column.gbps)


def _fill(
    plant: Plant,
    columns: Sequence[Column],
    turns: Sequence[tuple[int, int]],
    bound_gbps: float,
) -> Filled:
    """Columns in turn, each with the waves it may have at most."""
    space = _Space(plant)
    blocks: list[Block] = []
    gbps, waves = 0.0, 0
    for number, want in turns:
        if gbps >= bound_gbps - _ROUNDING:
            break
        placed, put = space.put(number, columns[number], want)
        blocks += put
        waves += placed
        gbps += placed * columns[number].gbps
    return Filled(gbps, waves, tuple(blocks))


class _Space:
    """Free slots while they are given away."""

    def __init__(self, plant: Plant) -> None:
        self._free = [list(masks) for masks in plant.free]
        self._shut: set[tuple[tuple[int, ...], int]] = set()
        """Segments that have no place for a width, until some slot is free again."""

    def put(self, number: int, column: Column, want: int) -> tuple[int, list[Block]]:
        """At most ``want`` waves of a column, every segment of each; how many, and where."""
        placed: list[list[Block]] = []
        for segment, fibres in enumerate(column.segments):
            found: list[Block] = []
            for first, waves, pairs in self._chains(fibres, column.width, want):
                self._take(fibres, pairs, span(first, waves * column.width))
                found.append(Block(number, segment, first, waves, tuple(p + 1 for p in pairs)))
            want = sum(block.waves for block in found)  # no more of the segments to come
            placed.append(found)
        return want, [block for blocks in placed for block in self._kept(column, blocks, want)]

    def _chains(
        self, fibres: tuple[int, ...], width: int, want: int
    ) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Places for up to ``want`` channels: first slot, how many, pairs from 0."""
        while want > 0 and (fibres, width) not in self._shut:
            pairs, common = self._widest_chain(fibres, width)
            if not common:
                pairs, common = self._any_chain(fibres, width)
            if not common:
                self._shut.add((fibres, width))
                return
            for first, length in free_runs(common):
                waves = min(length // width, want)
                if waves > 0:
                    want -= waves
                    yield first, waves, pairs

    def _widest_chain(self, fibres: tuple[int, ...], width: int) -> tuple[tuple[int, ...], int]:
        """Pairs hop by hop, each leaving most places for a channel; and what is free on all."""
        common = -1
        pairs: list[int] = []
        for fibre in fibres:
            best, most, seen = 0, (0, 0), set[int]()
            for pair, mask in enumerate(self._free[fibre]):
                if mask in seen:
                    continue
                seen.add(mask)
                room = starts(common & mask, width).bit_count()
                # Of equals the fuller pair, so that empty ones stay whole.
                if room and (room, -mask.bit_count()) > (most if most[0] else (0, -(1 << 30))):
                    best, most = pair, (room, -mask.bit_count())
            if not most[0]:
                return (), 0
            common &= self._free[fibre][best]
            pairs.append(best)
        return tuple(pairs), common

    def _any_chain(self, fibres: tuple[int, ...], width: int) -> tuple[tuple[int, ...], int]:
        """The lowest place of one channel that some pair of every fibre has; its slots."""
        common = -1
        for fibre in fibres:
            if ((fibre,), width) in self._shut:
                return (), 0
            room = 0
            for mask in self._free[fibre]:
                room |= starts(mask, width)
            if not room:
                self._shut.add(((fibre,), width))
            common &= room
        if not common:
            return (), 0
        slots = span((common & -common).bit_length() - 1, width)
        pairs = [
            next(pair for pair, mask in enumerate(self._free[fibre]) if mask & slots == slots)
            for fibre in fibres
        ]
        return tuple(pairs), slots

    def _take(self, fibres: tuple[int, ...], pairs: tuple[int, ...], slots: int) -> None:
        for fibre, pair in zip(fibres, pairs, strict=True):
            assert self._free[fibre][pair] & slots == slots, "no slot is given away twice"
            self._free[fibre][pair] &= ~slots

    def _kept(self, column: Column, blocks: Sequence[Block], want: int) -> Iterator[Block]:
        """Blocks of one segment cut to ``want`` waves; what is over is free again."""
        for block in blocks:
            waves = min(block.waves, want)
            want -= waves
            over = span(block.first + waves * column.width, (block.waves - waves) * column.width)
            if over:
                self._shut.clear()
            for fibre, pair in zip(column.segments[block.segment], block.pairs, strict=True):
                self._free[fibre][pair - 1] |= over
            if waves:
                yield Block(block.column, block.segment, block.first, waves, block.pairs)
