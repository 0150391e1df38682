"""From set to set to the one whose border is thinnest nearby, many sets at once, compiled.

One site changes sides at a time: what crosses the border, and which links it has, follow by what
that site adds and takes. A set that another start came by already ends there: from it on both ways
are one.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.cut_kernels import FULL, Thin
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["climbed"]

TABLE = 1 << 17
"""Places for sets that were come by; when half are taken no more are remembered."""


class _Lists(NamedTuple):
    """What belongs to what: entries of ``i`` are ``of[first[i]:first[i + 1]]``."""

    first: IntArray
    of: IntArray


class _Near(NamedTuple):
    """Who is asked when a site changes sides."""

    links: _Lists
    """By site."""
    demands: _Lists
    """By site."""
    places: _Lists
    """By link: cases that take some of it."""
    group: IntArray
    """(F,) cases of one pattern and stage."""
    group_case: IntArray
    """(G,) the first of each group."""
    group_size: IntArray
    """(G,)"""
    key: IntArray
    """(N,) drawn numbers by which sets are known."""


class _State(NamedTuple):
    """A set and what follows from it; changes in place."""

    inside: BoolArray
    crossing: FloatArray
    """(2, P) Gb/s out of the set and into it."""
    border: IntArray
    """(L,) links of the border; the first ``size[0]`` count."""
    at: IntArray
    """(L,) place of a link in ``border``, -1 without one."""
    size: IntArray
    """(1,) links of the border."""
    total: FloatArray
    """(S, U)"""
    alone: FloatArray
    """(L,)"""
    stamp: IntArray
    """(F,) the last look at a case."""
    hits: IntArray
    """(G,) cases of a group that the border lost links to."""
    look: IntArray
    """(1,) looks so far."""


class _ComeBy(NamedTuple):
    """Sets that climbs came by."""

    table: IntArray
    """(TABLE,) their keys, 0 where there is none."""
    taken: IntArray
    """(1,) how many."""


@njit(cache=True)
def _lists(count: int, owner: IntArray, entry: IntArray) -> _Lists:
    first = np.zeros(count + 1, dtype=np.int64)
    for number in owner:
        first[number + 1] += 1
    first = np.cumsum(first)
    place, of = first[:-1].copy(), np.empty(len(owner), dtype=np.int64)
    for number in range(len(owner)):
        of[place[owner[number]]] = entry[number]
        place[owner[number]] += 1
    return _Lists(first, of)


@njit(cache=True)
def _near(sites: int, thin: Thin) -> _Near:
    links, demands, cases = len(thin.ends), len(thin.source), len(thin.pattern)
    every, each = np.arange(links), np.arange(demands)
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
    return _Near(
        _lists(sites, ends, np.concatenate((every, every))),
        _lists(sites, np.concatenate((thin.source, thin.target)), np.concatenate((each, each))),
        _lists(links, thin.lost, case),
        group,
        group_case[:groups],
        group_size[:groups],
        key,
    )


@njit(cache=True)
def _emptied(sites: int, thin: Thin, groups: int) -> _State:
    links = len(thin.ends)
    return _State(
        np.zeros(sites, dtype=np.bool_),
        np.zeros((2, thin.gbps.shape[0])),
        np.empty(links, dtype=np.int64),
        np.full(links, -1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.empty(thin.units.shape[:2]),
        np.zeros(links),
        np.zeros(len(thin.pattern), dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@njit(cache=True)
def _flip(site: int, state: _State, thin: Thin, near: _Near) -> None:
    """A site changes sides."""
    inside = state.inside
    for place in range(near.demands.first[site], near.demands.first[site + 1]):
        k = near.demands.of[place]
        outward, crosses = inside[thin.source[k]], inside[thin.source[k]] != inside[thin.target[k]]
        if not crosses and thin.source[k] == site:
            outward = not outward
        way, gains = 0 if outward else 1, -1.0 if crosses else 1.0
        for pattern in range(state.crossing.shape[1]):
            state.crossing[way, pattern] += gains * thin.gbps[pattern, k]
    inside[site] = not inside[site]
    for place in range(near.links.first[site], near.links.first[site + 1]):
        link = near.links.of[place]
        if state.at[link] >= 0:
            last = state.border[state.size[0] - 1]
            state.border[state.at[link]] = last
            state.at[last] = state.at[link]
            state.at[link] = -1
            state.size[0] -= 1
        else:
            state.at[link] = state.size[0]
            state.border[state.size[0]] = link
            state.size[0] += 1


@njit(cache=True)
def _need(pattern: int, state: _State, thin: Thin) -> float:
    out, back = state.crossing[0, pattern], state.crossing[1, pattern]
    return out + back if thin.shared else max(out, back)


@njit(cache=True)
def _missing(asked: float, stage: int, state: _State, thin: Thin) -> float:
    """Units short with the whole border, over module sizes."""
    worst = -np.inf
    for unit in range(state.total.shape[1]):
        need = np.ceil(asked / thin.size_gbps[unit] - FULL)
        worst = max(worst, need - state.total[stage, unit])
    return worst


@njit(cache=True)
def _hit(case: int, asked: float, state: _State, thin: Thin) -> float:
    """How far the border is short in a case that takes some of it: a distance."""
    stage, worst, hit, whole = thin.stage[case], -np.inf, 0, -1
    for unit in range(state.total.shape[1]):
        left, hit = state.total[stage, unit], 0
        for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
            link = thin.lost[place]
            if state.at[link] >= 0:
                hit += 1
                left -= thin.lost_share[place] * thin.units[stage, unit, link]
                whole = link if thin.lost_share[place] == 1.0 else -1
        worst = max(worst, np.ceil(asked / thin.size_gbps[unit] - FULL) - left)
    if hit == 1 and whole >= 0:
        state.alone[whole] = max(state.alone[whole], asked)
    return float(worst / np.sqrt(max(state.size[0] - hit, 1)))


@njit(cache=True)
def _thinness(state: _State, thin: Thin, near: _Near) -> float:
    """As ``cut_kernels.thinness``, by the border and the cases that take some of it alone."""
    count = state.size[0]
    state.total[:] = 0.0
    state.hits[:] = 0
    state.look[0] += 1
    for place in range(count):
        link = state.border[place]
        state.alone[link] = 0.0
        for stage in range(state.total.shape[0]):
            for unit in range(state.total.shape[1]):
                state.total[stage, unit] += thin.units[stage, unit, link]
    worst = -np.inf
    for place in range(count):
        link = state.border[place]
        for entry in range(near.places.first[link], near.places.first[link + 1]):
            case = near.places.of[entry]
            if state.stamp[case] != state.look[0]:
                state.stamp[case] = state.look[0]
                state.hits[near.group[case]] += 1
                asked = _need(int(thin.pattern[case]), state, thin)
                if asked > FULL:
                    worst = max(worst, _hit(case, asked, state, thin))
    for group in range(len(near.group_size)):
        case = near.group_case[group]
        asked = _need(int(thin.pattern[case]), state, thin)
        if asked > FULL and state.hits[group] < near.group_size[group]:
            short = _missing(asked, int(thin.stage[case]), state, thin)
            worst = max(worst, short / np.sqrt(max(count, 1)))
    return float(max(worst, _any_one(state, thin)))


@njit(cache=True)
def _any_one(state: _State, thin: Thin) -> float:
    """Short where any one of all links may be lost: d links that leave k have k d / (d - 1)."""
    count, every, worst = state.size[0], np.inf, -np.inf
    if count < 2:  # noqa: PLR2004 - one link alone leaves nothing
        return worst
    for place in range(count):
        every = min(every, state.alone[state.border[place]])
    if every <= FULL:
        return worst
    for unit in range(state.total.shape[1]):
        each = np.ceil(every / thin.size_gbps[unit] - FULL)
        least = np.ceil(each * count / (count - 1) - FULL)
        worst = max(worst, least - state.total[-1, unit])
    return float(worst / np.sqrt(count))


@njit(cache=True)
def _new(inside: BoolArray, key: IntArray, come_by: _ComeBy) -> bool:
    """Whether nobody came by a set or its other side before; it is noted."""
    known = 0
    for site in range(len(inside)):
        if inside[site] != inside[0]:
            known ^= key[site]
    place = known & (TABLE - 1)
    while come_by.table[place] != 0:
        if come_by.table[place] == known:
            return False
        place = (place + 1) & (TABLE - 1)
    if 2 * come_by.taken[0] < TABLE:
        come_by.table[place] = known
        come_by.taken[0] += 1
    return True


@njit(cache=True, nogil=True)
def climbed(sets: BoolArray, thin: Thin, steps: int) -> FloatArray:
    """Better each set (n, N) in place while its border gets thinner; how thin it then is, (n,).

    -inf for those that end where one before them does.
    """
    sites = sets.shape[1]
    near = _near(sites, thin)
    state = _emptied(sites, thin, len(near.group_size))
    come_by = _ComeBy(np.zeros(TABLE, dtype=np.int64), np.zeros(1, dtype=np.int64))
    result = np.full(len(sets), -np.inf)
    for number in range(len(sets)):
        _stand(sets[number], state, thin, near)
        result[number] = _top(state, thin, near, come_by, steps)
        sets[number] = state.inside
    return result


@njit(cache=True)
def _stand(inside: BoolArray, state: _State, thin: Thin, near: _Near) -> None:
    """Make the state that of a set; what crosses is added up anew, so that no error grows."""
    for site in range(len(inside)):
        if state.inside[site] != inside[site]:
            _flip(site, state, thin, near)
    state.crossing[:] = 0.0
    for k in range(len(thin.source)):
        if inside[thin.source[k]] != inside[thin.target[k]]:
            way = 0 if inside[thin.source[k]] else 1
            for pattern in range(state.crossing.shape[1]):
                state.crossing[way, pattern] += thin.gbps[pattern, k]


@njit(cache=True)
def _top(state: _State, thin: Thin, near: _Near, come_by: _ComeBy, steps: int) -> float:
    """Climb; -inf where another start has been."""
    best = _thinness(state, thin, near)
    for _ in range(steps):
        if not _new(state.inside, near.key, come_by):
            return -np.inf
        chosen, best = _better(state, thin, near, best)
        if chosen < 0:
            return best
        _flip(chosen, state, thin, near)
    return best if _new(state.inside, near.key, come_by) else -np.inf


@njit(cache=True)
def _better(state: _State, thin: Thin, near: _Near, best: float) -> tuple[int, float]:
    """The site at the border that betters most by changing sides, -1 without one."""
    at_border = np.zeros(len(state.inside), dtype=np.bool_)
    for place in range(state.size[0]):
        at_border[thin.ends[state.border[place], 0]] = True
        at_border[thin.ends[state.border[place], 1]] = True
    chosen = -1
    for site in np.flatnonzero(at_border):
        _flip(int(site), state, thin, near)
        tried = _thinness(state, thin, near)
        _flip(int(site), state, thin, near)
        if tried > best + FULL:
            best, chosen = tried, int(site)
    return chosen, best
