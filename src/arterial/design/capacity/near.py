"""Who is asked when one site changes sides: its links, its demands, the cases that take a link."""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.cut_kernels import Thin
from arterial.solve.program import IntArray

__all__ = ["Lists", "Near", "near_of"]


class Lists(NamedTuple):
    """What belongs to what: entries of ``i`` are ``of[first[i]:first[i + 1]]``."""

    first: IntArray
    of: IntArray


class Near(NamedTuple):
    """Who is asked when a site changes sides."""

    links: Lists
    """By site."""
    demands: Lists
    """By site."""
    losses: Lists
    """By link: entries of ``Thin.lost`` that are this link."""
    case: IntArray
    """Of each entry of ``Thin.lost``, the case that loses it."""
    group: IntArray
    """(F,) cases of one pattern and stage."""
    group_case: IntArray
    """(G,) the first of each group."""
    group_size: IntArray
    """(G,)"""
    key: IntArray
    """(N,) drawn numbers by which sets are known."""


@njit(cache=True)
def _lists(count: int, owner: IntArray, entry: IntArray) -> Lists:
    first = np.zeros(count + 1, dtype=np.int64)
    for number in owner:
        first[number + 1] += 1
    first = np.cumsum(first)
    place, of = first[:-1].copy(), np.empty(len(owner), dtype=np.int64)
    for number in range(len(owner)):
        of[place[owner[number]]] = entry[number]
        place[owner[number]] += 1
    return Lists(first, of)


@njit(cache=True)
def _demands(sites: int, thin: Thin) -> Lists:
    """Demands by site that is one of their ends, each once."""
    demands = thin.gbps.shape[1]
    owner = np.concatenate((thin.source, thin.target))
    of = np.empty(len(owner), dtype=np.int64)
    for k in range(demands):
        of[thin.first_source[k] : thin.first_source[k + 1]] = k
        start = len(thin.source)
        of[start + thin.first_target[k] : start + thin.first_target[k + 1]] = k
    once = np.unique(owner * demands + of)
    return _lists(sites, once // demands, once % demands)


@njit(cache=True)
def near_of(sites: int, thin: Thin) -> Near:
    """Lists of a problem at a point."""
    links, cases = len(thin.ends), len(thin.pattern)
    every = np.arange(links)
    ends = np.concatenate((thin.ends[:, 0], thin.ends[:, 1]))
    case = np.empty(len(thin.lost), dtype=np.int64)
    for number in range(cases):
        case[thin.first_lost[number] : thin.first_lost[number + 1]] = number
    stages = thin.units.shape[0]
    number_of = np.full(thin.gbps.shape[0] * stages, -1, dtype=np.int64)
    group = np.empty(cases, dtype=np.int64)
    group_case, group_size = np.empty(cases, dtype=np.int64), np.zeros(cases, dtype=np.int64)
    groups = 0
    for number in range(cases):
        kind = thin.pattern[number] * stages + thin.stage[number]
        if number_of[kind] < 0:
            number_of[kind] = groups
            group_case[groups] = number
            groups += 1
        group[number] = number_of[kind]
        group_size[group[number]] += 1
    key = np.empty(sites, dtype=np.int64)
    drawn = 88172645463325252
    for site in range(sites):
        for _ in range(3):  # xorshift (Marsaglia 2003)
            drawn ^= drawn << 13
            drawn ^= (drawn >> 7) & 0x1FFFFFFFFFFFFFF
            drawn ^= drawn << 17
        key[site] = drawn
    return Near(
        _lists(sites, ends, np.concatenate((every, every))),
        _demands(sites, thin),
        _lists(links, thin.lost, np.arange(len(thin.lost))),
        case,
        group,
        group_case[:groups],
        group_size[:groups],
        key,
    )
