"""Compiled steps over a trie of paths: rates from prices, loads from rates, and their worth.

A part of the trie is worked through alone and writes its own row of sums, so that threads share
parts and results do not depend on how.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.routing.trie import Trie
from arterial.solve.program import FloatArray

__all__ = ["Rates", "Work", "advance", "judge", "work_of"]


class Rates(NamedTuple):
    """Of the paths in the trie's order, (P,) each."""

    now: FloatArray
    new: FloatArray
    """Where a step leads."""
    total: FloatArray
    """Sum of rates times the size of the step that led to them."""


class Work(NamedTuple):
    """What a pass writes."""

    price: FloatArray
    """(T,) of each beginning."""
    flow: FloatArray
    """(T,) Gb/s on each beginning, or the least share along it."""
    load: FloatArray
    """(parts, E)"""
    sums: FloatArray
    """(parts, 2)"""


def work_of(trie: Trie, arcs: int) -> Work:
    """Memory for the passes over a trie."""
    nodes, parts = len(trie.parent), len(trie.part) - 1
    return Work(np.empty(nodes), np.empty(nodes), np.zeros((parts, arcs)), np.zeros((parts, 2)))


@njit(cache=True, nogil=True)
def advance(
    trie: Trie,
    demand: tuple[FloatArray, FloatArray],
    price: FloatArray,
    rates: Rates,
    work: Work,
    asked: tuple[int, int, float, float],
) -> None:
    """From prices to new rates and their loads, for some parts.

    ``demand``: what each offers, and how far its rates move for a price of 1. ``asked``: the range
    of parts, what a Gb/s is worth, and the size of the step that led to ``rates.now``, which goes
    into the total. Sums: what the demands are worth over the least prices; movement, squared and
    weighed.
    """
    parent, arc, part, end, _, _, first, turn = trie
    offered, reach = demand
    now, new, total = rates
    cost, flow, loads, sums = work
    begin, stop, worth, size = asked
    for piece in range(begin, stop):
        load = loads[piece]
        load[:] = 0.0
        for node in range(part[piece], part[piece + 1]):
            above = parent[node]
            cost[node] = price[arc[node]] + (cost[above] if above >= 0 else 0.0)
            flow[node] = 0.0
        bound, moved = 0.0, 0.0
        for k in range(turn[piece], turn[piece + 1]):
            cheapest, sent, room, far = np.inf, 0.0, offered[k], reach[k]
            start, last = first[k], first[k + 1]
            for path in range(start, last):
                paid = cost[end[path]]
                cheapest = min(cheapest, paid)
                rate = max(0.0, now[path] + far * (worth - paid))
                new[path] = rate
                sent += rate
            bound += room * max(0.0, worth - cheapest)
            if sent > room:
                _project(new, start, last, room)
            own = 0.0
            for path in range(start, last):
                rate, before = new[path], now[path]
                own += (rate - before) ** 2
                total[path] += size * before
                flow[end[path]] += rate
            moved += own / far
        for node in range(part[piece + 1] - 1, part[piece] - 1, -1):
            if flow[node] != 0.0:
                load[arc[node]] += flow[node]
                if parent[node] >= 0:
                    flow[parent[node]] += flow[node]
        sums[piece, 0], sums[piece, 1] = bound, moved


@njit(cache=True, nogil=True)
def _project(rate: FloatArray, begin: int, stop: int, offered: float) -> None:
    """The nearest rates, none negative, that add up to what is offered: all less the same."""
    less, fewer, live = 0.0, stop - begin + 1, stop - begin + 2
    # Fewer and fewer rates stay above what is taken off; rounding must not bring one back.
    while 0 < fewer < live and offered > 0.0:
        live, fewer, sent = fewer, 0, 0.0
        for path in range(begin, stop):
            above = rate[path] > less
            sent += rate[path] if above else 0.0
            fewer += 1 if above else 0
        less = (sent - offered) / fewer if fewer else less
    for path in range(begin, stop):
        rate[path] = max(0.0, rate[path] - less) if offered > 0.0 else 0.0


@njit(cache=True, nogil=True)
def judge(
    trie: Trie,
    offered: FloatArray,
    arc_value: tuple[FloatArray, FloatArray],
    rate: FloatArray,
    work: Work,
    asked: tuple[int, int, float],
) -> None:
    """What prices and rates are worth, for some parts: bound, and carried once all paths fit.

    ``arc_value``: prices, and the share of its load that each arc has room for. A path is cut to
    the least share along it, which stays in ``work.flow``. ``asked`` as in ``advance``.
    """
    parent, arc, part, end, _, _, first, turn = trie
    price, room = arc_value
    cost, share, _, sums = work
    begin, stop, worth = asked
    for piece in range(begin, stop):
        for node in range(part[piece], part[piece + 1]):
            above = parent[node]
            cost[node] = price[arc[node]] + (cost[above] if above >= 0 else 0.0)
            share[node] = min(room[arc[node]], share[above] if above >= 0 else 1.0)
        bound, carried = 0.0, 0.0
        for k in range(turn[piece], turn[piece + 1]):
            cheapest = np.inf
            for path in range(first[k], first[k + 1]):
                cheapest = min(cheapest, cost[end[path]])
                carried += rate[path] * share[end[path]]
            bound += offered[k] * max(0.0, worth - cheapest)
        sums[piece, 0], sums[piece, 1] = bound, carried
