"""Routing and spectrum together: which of its routes each wave takes so that few slots are needed.

A mixed-integer program chooses one route a wave and makes the widest crowd small, first the load of
every fibre,

    sum over waves and routes that ride m of width x  <=  top,

then, as long as one is violated, the same for all that ride two of three fibres: each is a crowd
whose waves keep apart, so what the program cannot go below no packing can. Waves are then packed on
the routes chosen. The bound holds for the routes given, whatever is chosen of them.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.optics.packing import Packing, pack
from arterial.optics.packing_bound import riders, widest_triple
from arterial.solve.highs import solve
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows, Solution

__all__ = ["RoutedPacking", "pack_on_routes"]

CUTS = 30
"""Crowds of three fibres that are added, each the widest that the last answer violates."""
NODES = 50
"""Of the search for whole routes: the bound is the root's, so more nodes hardly move it."""
SLACK = 0.5
"""Slots by which a crowd must be violated to be worth a row."""


class RoutedPacking(Struct, frozen=True, kw_only=True):
    """A route and slots for every wave."""

    choice: tuple[int, ...]
    """By wave: which of its routes it takes."""
    packing: Packing
    """On the routes chosen; its own bound is over those alone."""
    bound: int
    """No choice of the given routes needs fewer slots."""
    gap: float
    """(top - bound) / top."""
    scope: Literal["paths"] = "paths"


def pack_on_routes(
    routes: Sequence[Sequence[Sequence[int]]],
    widths: Sequence[int],
    *,
    gap: float = 0.0,
    rounds: int = 500,
    seed: int = 0,
) -> RoutedPacking:
    """Choose a route of each wave, then pack.

    Parameters
    ----------
    routes
        By wave: its routes, at least one; each what it rides, a place once.
    """
    assert all(routes), "each wave has a route"
    if not routes:
        return RoutedPacking(choice=(), packing=pack([], []), bound=0, gap=0.0)
    flat = [route for options in routes for route in options]
    wave = np.repeat(np.arange(len(routes)), [len(options) for options in routes])
    width = np.array(widths, dtype=np.float64)[wave]
    rides = riders(flat)
    crowds, relaxed = _cut(rides, wave, width)
    solution = solve(_program(crowds, wave, width, whole=True), gap=gap, seed=seed, nodes=NODES)
    bound = math.ceil(max(relaxed.bound, solution.bound) - 1e-6)
    share = (solution if len(solution.primal) else relaxed).primal[:-1]
    choice = _largest(share, wave)
    packing = pack([flat[one] for one in choice], widths, gap=gap, rounds=rounds, seed=seed)
    starts = np.searchsorted(wave, np.arange(len(routes)))
    return RoutedPacking(
        choice=tuple(int(one - start) for one, start in zip(choice, starts, strict=True)),
        packing=packing,
        bound=bound,
        gap=(packing.top - bound) / packing.top,
    )


def _cut(rides: BoolArray, wave: IntArray, width: FloatArray) -> tuple[BoolArray, Solution]:
    """Crowds worth a row, bool (R, X), and the relaxation over them."""
    crowds = rides.T
    while True:
        solution = solve(_program(crowds, wave, width, whole=False))
        total, triple = widest_triple(rides, width * solution.primal[:-1])
        if total <= solution.primal[-1] + SLACK or len(crowds) >= rides.shape[1] + CUTS:
            return crowds, solution
        crowds = np.vstack([crowds, rides[:, list(triple)].sum(axis=1) > 1])


def _program(crowds: BoolArray, wave: IntArray, width: FloatArray, *, whole: bool) -> Program:
    """Columns: the share of each route, then the top."""
    columns = len(wave)
    crowd, member = np.nonzero(crowds)
    height = np.arange(len(crowds))
    loads = Rows.gathered(
        np.concatenate([crowd, height]),
        np.concatenate([member, np.full(len(crowds), columns)]),
        np.concatenate([width[member], np.full(len(crowds), -1.0)]),
        low=np.full(len(crowds), -np.inf),
        high=np.zeros(len(crowds)),
    )
    ones = np.ones(int(wave[-1]) + 1)
    one_each = Rows.gathered(wave, np.arange(columns), np.ones(columns), low=ones, high=ones)
    return Program(
        cost=np.append(np.zeros(columns), 1.0),
        low=np.zeros(columns + 1),
        high=np.append(np.ones(columns), np.inf),
        integer=np.append(np.full(columns, whole), False),
        rows=Rows.joined([loads, one_each]),
    )


def _largest(share: FloatArray, wave: IntArray) -> list[int]:
    """By wave: the route with the largest share, the first of several."""
    best: dict[int, int] = {}
    for one, owner in enumerate(wave.tolist()):
        if owner not in best or share[one] > share[best[owner]] + 1e-9:
            best[owner] = one
    return [best[owner] for owner in sorted(best)]
