"""Every plant of one pair of sites: bands, pairs, alone or beside a plan, regenerators or none.

What a smaller plant carries a larger one carries too: where a search found less in the larger one,
the smaller one's assignment stands for both. A line with an L band may leave it dark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from arterial.design.growth import Carried, Light, carried, ways_between
from arterial.design.growth_plant import Bands, Pairs, Plant, Standing, plant_of

__all__ = ["Cell", "Line", "Variant", "cells_between"]


@dataclass(frozen=True, order=True)
class Variant:
    """One plant, and whether regenerators may stand in it."""

    bands: Bands
    pairs: Pairs
    beside: bool
    """All other waves of the plan keep their spectrum."""
    regenerators: bool


@dataclass(frozen=True)
class Line:
    """Fibres under one line system with what stands on them."""

    bands: Bands
    light: Light
    standing: Standing


@dataclass(frozen=True)
class Cell:
    """What one plant carries between the two."""

    variant: Variant
    carried: Carried
    routes: int
    """Tried."""


def cells_between(
    lines: Sequence[Line], ends: tuple[int, int], *, beside: bool, with_candidates: bool
) -> tuple[Cell, ...]:
    """All plants of a pair of sites, the smallest first.

    Parameters
    ----------
    lines
        Line systems, C before C+L.
    beside
        Whether there is a plan whose waves may be kept.
    """
    found: dict[Variant, Cell] = {}
    for line in lines:
        for cell in _cells(line, ends, beside=beside, with_candidates=with_candidates):
            found[cell.variant] = _no_less(cell, found)
    return tuple(found.values())


def _cells(
    line: Line, ends: tuple[int, int], *, beside: bool, with_candidates: bool
) -> Iterator[Cell]:
    sites = line.light.network.sites
    names = sorted((sites[ends[0]].name, sites[ends[1]].name))
    plants: dict[tuple[bool, Pairs], Plant] = {}
    kinds: tuple[Pairs, ...] = ("lit", "all")
    for kept, pairs in product((True, False) if beside else (False,), kinds):
        plants[kept, pairs] = plant_of(
            line.light.network,
            line.light.sections,
            line.standing,
            pairs,
            beside=(names[0], names[1]) if kept else None,
            with_candidates=with_candidates,
        )
    ways = ways_between(line.light, tuple(plants.values()), ends)
    for (kept, pairs), plant in plants.items():
        for regenerators in (False, True):
            answer = carried(line.light, ways, plant, regenerators=regenerators)
            variant = Variant(line.bands, pairs, kept, regenerators)
            yield Cell(variant, answer, len(ways.routes))


def _no_less(cell: Cell, found: dict[Variant, Cell]) -> Cell:
    """The cell, or the best that a plant within it does."""
    for other in found.values():
        if not _within(other.variant, cell.variant):
            continue
        theirs, ours = other.carried, cell.carried
        if theirs.filled.gbps > ours.filled.gbps:
            ours = replace(ours, filled=theirs.filled, columns=theirs.columns)
        if theirs.network_bound_gbps > ours.network_bound_gbps:
            network_bound, cut = theirs.network_bound_gbps, theirs.cut
            ours = replace(ours, network_bound_gbps=network_bound, cut=cut)
        bound = max(ours.paths_bound_gbps, theirs.paths_bound_gbps)
        cell = replace(cell, carried=replace(ours, paths_bound_gbps=bound))
    return cell


def _within(small: Variant, large: Variant) -> bool:
    return (
        small.bands <= large.bands  # "C" before "C+L"
        and small.pairs in (large.pairs, "lit")
        and small.beside >= large.beside
        and small.regenerators <= large.regenerators
    )
