"""What a fibre route can be lit with: the Pareto set of modes, regenerated where physics asks.

"Most bit/s a wave" alone would buy regenerators everywhere, so nothing is chosen here: every option
that no other option beats in rate, slot, regenerators, cost and power at once is kept, and design
chooses. A mode that reaches nowhere, or of which a needed figure is missing, offers nothing.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from arterial.model.network import Network
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.reach import Segments, route_segments
from arterial.optics.sections import FloatArray, Sections

__all__ = ["RouteOption", "fewest_regenerators", "options_of_routes"]

NEVER = 2**31
"""Regenerators of what cannot be reached."""


class RouteOption(Struct, frozen=True, kw_only=True):
    """One way to light a fibre route with one wave."""

    mode: str
    rate_gbps: float
    slot_ghz: float
    regenerator_hops: tuple[int, ...]
    """Light is regenerated after these sections of the route, counted from 0."""
    cost: float
    """Both pluggables, and two more and a shelf a regenerator; NaN when a price is missing."""
    watts: float
    """All its pluggables; NaN when the datasheet gives none."""
    gsnr_db: float
    """Of the worst segment: start of life, 0.1 nm, worst channel."""
    osnr_db: float
    margin_db: float
    """Of the worst segment, start of life, before the margins of the network."""

    @property
    def regenerators(self) -> int:
        """How many regenerators it takes."""
        return len(self.regenerator_hops)


def options_of_routes(
    network: Network, sections: Sections, routes: Sequence[Sequence[int]]
) -> tuple[tuple[RouteOption, ...], ...]:
    """The Pareto set of every route, in order; the catalogue is read once for all.

    Parameters
    ----------
    network
        Its catalogue, margins and costs.
    sections
        Of the same network.
    routes
        Directed sections from end to end; regenerators may stand at every ROADM between them.

    Returns
    -------
    tuple of RouteOption, for each route
        By falling rate, then rising cost; empty when no mode gets there or the light of a fibre is
        unknown.
    """
    table = mode_table(network, sections)
    return tuple(_route_options(network, sections, table, route) for route in routes)


def fewest_regenerators(
    segments: Segments,
) -> tuple[NDArray[np.int64], FloatArray, NDArray[np.int64]]:
    """Fewest regenerators of each mode, and among those the best worst margin.

    All regenerators of a route cost the same, so the fewest are the cheapest. Both figures obey
    Bellman: a prefix of a best chain is a best chain to where it ends.

    Returns
    -------
    int (Q,)
        Regenerators; ``NEVER`` or more where no chain gets there.
    float (Q,)
        Margin of the worst segment, dB.
    int (Q, H + 1)
        The ROADM from which the last segment to each ROADM starts.
    """
    modes, size = segments.feasible.shape[:2]
    chain = np.full((modes, size), NEVER, dtype=np.int64)
    chain[:, 0] = 0
    margin = np.full((modes, size), np.inf)
    before = np.zeros((modes, size), dtype=np.int64)
    row = np.arange(modes, dtype=np.int64)
    for end in range(1, size):
        length = np.where(segments.feasible[:, :end, end], chain[:, :end] + 1, NEVER)
        shortest = length.min(axis=1)
        worst = np.minimum(margin[:, :end], segments.margin_db[:, :end, end])
        worst = np.where(length == shortest[:, None], worst, -np.inf)
        start = worst.argmax(axis=1)
        chain[:, end] = np.minimum(shortest, NEVER)
        margin[:, end] = worst[row, start]
        before[:, end] = start
    return chain[:, -1] - 1, margin[:, -1], before


def _route_options(
    network: Network, sections: Sections, table: ModeTable, route: Sequence[int]
) -> tuple[RouteOption, ...]:
    if not all(sections.known[section // 2] for section in route):
        return ()
    segments = route_segments(network, sections, table, route)
    regenerators, _, before = fewest_regenerators(segments)
    options = [
        _option(network, table, segments, number, before[number].tolist())
        for number, count in enumerate(regenerators.tolist())
        if count < NEVER - 1 and not table.missing[number]
    ]
    return _pareto(options)


def _option(
    network: Network, table: ModeTable, segments: Segments, number: int, before: list[int]
) -> RouteOption:
    mode = table.modes[number]
    assert mode.slot_ghz is not None, "a mode that reaches has a slot"
    stops = [len(before) - 1]
    while stops[0] > 0:
        stops.insert(0, before[stops[0]])
    chain = list(pairwise(stops))
    start, end = min(chain, key=lambda segment: float(segments.margin_db[number][segment]))
    price = math.nan if mode.cost is None else mode.cost
    count = len(stops) - 2
    return RouteOption(
        mode=mode.name,
        rate_gbps=mode.rate_gbps,
        slot_ghz=mode.slot_ghz,
        regenerator_hops=tuple(stop - 1 for stop in stops[1:-1]),
        cost=2 * price + count * (2 * price + network.costs.regenerator),
        watts=math.nan if mode.watts is None else 2 * (1 + count) * mode.watts,
        gsnr_db=float(segments.gsnr_db[number, start, end]),
        osnr_db=float(table.osnr_db[number]),
        margin_db=float(segments.margin_db[number, start, end]),
    )


def _pareto(options: Sequence[RouteOption]) -> tuple[RouteOption, ...]:
    """Options that no other beats, by falling rate and rising cost.

    An unknown cost or power is only as good as another unknown: it beats nothing and is not beaten.
    """
    ranked = sorted(options, key=_rank)
    figures = [_figures(option) for option in ranked]
    kept: list[int] = []
    for number, theirs in enumerate(figures):
        if any(_beats(figures[other], theirs, tie=True) for other in kept):
            continue
        if any(_beats(ours, theirs, tie=False) for ours in figures[number + 1 :]):
            continue
        kept.append(number)
    return tuple(ranked[number] for number in kept)


def _rank(option: RouteOption) -> tuple[float, bool, float, float, float, str]:
    """Best first; of equals the one with most margin."""
    unknown = math.isnan(option.cost)
    return (
        -option.rate_gbps,
        unknown,
        0.0 if unknown else option.cost,
        option.slot_ghz,
        -option.margin_db,
        option.mode,
    )


def _figures(option: RouteOption) -> tuple[float, ...]:
    """What is compared; less is better."""
    return (
        -option.rate_gbps,
        option.slot_ghz,
        float(option.regenerators),
        option.cost,
        option.watts,
    )


def _beats(ours: tuple[float, ...], theirs: tuple[float, ...], *, tie: bool) -> bool:
    """True where ours are no worse in all and better in one; with ``tie`` as good will do."""
    better = tie
    for our, their in zip(ours, theirs, strict=True):
        if our < their:
            better = True
        elif our != their and not (math.isnan(our) and math.isnan(their)):
            return False
    return better
