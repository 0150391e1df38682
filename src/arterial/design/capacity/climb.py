"""From set to set to the one whose border is thinnest nearby, many sets at once, compiled.

One site changes sides at a time: what crosses the border, and which links it has, follow by what
that site adds and takes. A set that another start came by already ends there: from it on both ways
are one.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.cut_kernels import FULL, Thin, side_of
from arterial.design.capacity.near import Near, near_of
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["climbed"]

TABLE = 1 << 17
"""Places for sets that were come by; when half are taken no more are remembered."""


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
    """(2, S, U) units that lead out, and in."""
    alone: FloatArray
    """(L, 2)"""
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
def _emptied(sites: int, thin: Thin, groups: int) -> _State:
    links = len(thin.ends)
    return _State(
        np.zeros(sites, dtype=np.bool_),
        np.zeros((2, thin.gbps.shape[0])),
        np.empty(links, dtype=np.int64),
        np.full(links, -1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.empty((2, thin.units.shape[0], thin.units.shape[1])),
        np.zeros((links, 2)),
        np.zeros(len(thin.pattern), dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@njit(cache=True)
def _way(k: int, inside: BoolArray, thin: Thin) -> int:
    """0 where a demand leaves the set, 1 where it enters, -1 where it may do neither."""
    start = side_of(inside, thin.first_source, thin.source, k)
    if start >= 0 and side_of(inside, thin.first_target, thin.target, k) == 1 - start:
        return 1 - start
    return -1


@njit(cache=True)
def _counted(site: int, gains: float, state: _State, thin: Thin, near: Near) -> None:
    """Add demands of a site to what crosses, or take them off."""
    for place in range(near.demands.first[site], near.demands.first[site + 1]):
        k = near.demands.of[place]
        way = _way(k, state.inside, thin)
        if way >= 0:
            for pattern in range(state.crossing.shape[1]):
                state.crossing[way, pattern] += gains * thin.gbps[pattern, k]


@njit(cache=True)
def _flip(site: int, state: _State, thin: Thin, near: Near) -> None:
    """A site changes sides."""
    inside = state.inside
    _counted(site, -1.0, state, thin, near)
    inside[site] = not inside[site]
    _counted(site, 1.0, state, thin, near)
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
def _need(way: int, pattern: int, state: _State, thin: Thin) -> float:
    out, back = state.crossing[0, pattern], state.crossing[1, pattern]
    return float(out + back if thin.shared else (out if way == 0 else back))


@njit(cache=True)
def _leads(link: int, way: int, state: _State, thin: Thin) -> float:
    """1 where a link of the border can be ridden out of the set, or into it."""
    outward = state.inside[thin.ends[link, 0]]
    return 1.0 if outward == (way == 0) else float(thin.back[link])


@njit(cache=True)
def _missing(case: int, state: _State, thin: Thin) -> float:
    """Units short with the whole border, over directions and module sizes."""
    worst, stage = -np.inf, thin.stage[case]
    for way in range(2):
        asked = _need(way, thin.pattern[case], state, thin)
        if asked > FULL:
            for unit in range(state.total.shape[2]):
                need = np.ceil(asked / thin.size_gbps[unit] - FULL)
                worst = max(worst, need - state.total[way, stage, unit])
    return worst


@njit(cache=True)
def _left(way: int, case: int, unit: int, state: _State, thin: Thin) -> float:
    """Units of the border that a case leaves."""
    left, stage = state.total[way, thin.stage[case], unit], thin.stage[case]
    for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
        link = thin.lost[place]
        if state.at[link] >= 0:
            lost = thin.lost_share[place] * _leads(link, way, state, thin)
            left -= lost * thin.units[stage, unit, link]
    return float(left)


@njit(cache=True)
def _hit(case: int, state: _State, thin: Thin) -> float:
    """How far the border is short in a case that takes some of it: a distance."""
    worst, hit, whole = -np.inf, 0, -1
    for place in range(thin.first_lost[case], thin.first_lost[case + 1]):
        if state.at[thin.lost[place]] >= 0:
            hit += 1
            whole = thin.lost[place] if thin.lost_share[place] == 1.0 else -1
    for way in range(2):
        asked = _need(way, thin.pattern[case], state, thin)
        if asked <= FULL:
            continue
        for unit in range(state.total.shape[2]):
            need = np.ceil(asked / thin.size_gbps[unit] - FULL)
            worst = max(worst, need - _left(way, case, unit, state, thin))
        if hit == 1 and whole >= 0:
            state.alone[whole, way] = max(state.alone[whole, way], asked)
    return float(worst / np.sqrt(max(state.size[0] - hit, 1)))


@njit(cache=True)
def _summed(state: _State, thin: Thin) -> None:
    """Add up the border."""
    state.total[:] = 0.0
    for place in range(state.size[0]):
        link = state.border[place]
        state.alone[link] = 0.0
        for way in range(2):
            leads = _leads(link, way, state, thin)
            for stage in range(state.total.shape[1]):
                for unit in range(state.total.shape[2]):
                    state.total[way, stage, unit] += leads * thin.units[stage, unit, link]


@njit(cache=True)
def _thinness(state: _State, thin: Thin, near: Near) -> float:
    """How far the border is short of what some case asks, or all that take one of its links.

    A distance in units; -inf where nothing crosses. Cases that take none of it are looked at once
    for all that ask the same.
    """
    count = state.size[0]
    state.hits[:] = 0
    state.look[0] += 1
    _summed(state, thin)
    worst = -np.inf
    for place in range(count):
        link = state.border[place]
        for entry in range(near.places.first[link], near.places.first[link + 1]):
            case = near.places.of[entry]
            if state.stamp[case] != state.look[0]:
                state.stamp[case] = state.look[0]
                state.hits[near.group[case]] += 1
                worst = max(worst, _hit(case, state, thin))
    for group in range(len(near.group_size)):
        if state.hits[group] < near.group_size[group]:
            short = _missing(near.group_case[group], state, thin)
            worst = max(worst, short / np.sqrt(max(count, 1)))
    return float(max(worst, _any_one(state, thin)))


@njit(cache=True)
def _any_one(state: _State, thin: Thin) -> float:
    """Short where any one of all links may be lost: d links that leave k have k d / (d - 1)."""
    count, worst = state.size[0], -np.inf
    if count < 2:  # noqa: PLR2004 - one link alone leaves nothing
        return worst
    for way in range(2):
        every = np.inf
        for place in range(count):
            every = min(every, state.alone[state.border[place], way])
        if every <= FULL:
            continue
        for unit in range(state.total.shape[2]):
            each = np.ceil(every / thin.size_gbps[unit] - FULL)
            least = np.ceil(each * count / (count - 1) - FULL)
            worst = max(worst, least - state.total[way, -1, unit])
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
    near = near_of(sites, thin)
    state = _emptied(sites, thin, len(near.group_size))
    come_by = _ComeBy(np.zeros(TABLE, dtype=np.int64), np.zeros(1, dtype=np.int64))
    result = np.full(len(sets), -np.inf)
    for number in range(len(sets)):
        _stand(sets[number], state, thin, near)
        result[number] = _top(state, thin, near, come_by, steps)
        sets[number] = state.inside
    return result


@njit(cache=True)
def _stand(inside: BoolArray, state: _State, thin: Thin, near: Near) -> None:
    """Make the state that of a set; what crosses is added up anew, so that no error grows."""
    for site in range(len(inside)):
        if state.inside[site] != inside[site]:
            _flip(site, state, thin, near)
    state.crossing[:] = 0.0
    for k in range(thin.gbps.shape[1]):
        way = _way(k, state.inside, thin)
        if way >= 0:
            for pattern in range(state.crossing.shape[1]):
                state.crossing[way, pattern] += thin.gbps[pattern, k]


@njit(cache=True)
def _top(state: _State, thin: Thin, near: Near, come_by: _ComeBy, steps: int) -> float:
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
def _better(state: _State, thin: Thin, near: Near, best: float) -> tuple[int, float]:
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
