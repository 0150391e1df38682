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


class _Some(NamedTuple):
    """Some of n numbers, in no order."""

    of: IntArray
    """(n,) the first ``size[0]`` count."""
    at: IntArray
    """(n,) where a number stands, -1 where it does not."""
    size: IntArray
    """(1,)"""


class _State(NamedTuple):
    """A set and what follows from it; changes in place."""

    inside: BoolArray
    crossing: FloatArray
    """(2, P) Gb/s out of the set and into it."""
    border: _Some
    """Links of the border."""
    total: FloatArray
    """(2, S, U) units that lead out, and in."""
    hit: _Some
    """Cases that the border loses links to."""
    lost: FloatArray
    """(F, 2, U) units of the border that a case takes."""
    links: IntArray
    """(F,) links of the border that a case takes some of."""
    hits: IntArray
    """(G,) cases of a group that the border loses links to."""


class _ComeBy(NamedTuple):
    """Sets that climbs came by."""

    table: IntArray
    """(TABLE,) their keys, 0 where there is none."""
    taken: IntArray
    """(1,) how many."""


@njit(cache=True)
def _none_of(count: int) -> _Some:
    return _Some(
        np.empty(count, dtype=np.int64),
        np.full(count, -1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


@njit(cache=True)
def _put(number: int, some: _Some) -> None:
    some.at[number] = some.size[0]
    some.of[some.size[0]] = number
    some.size[0] += 1


@njit(cache=True)
def _take(number: int, some: _Some) -> None:
    some.size[0] -= 1
    last = some.of[some.size[0]]
    some.of[some.at[number]] = last
    some.at[last] = some.at[number]
    some.at[number] = -1


@njit(cache=True)
def _emptied(sites: int, thin: Thin, groups: int) -> _State:
    links, cases = len(thin.ends), len(thin.pattern)
    stages, sizes = thin.units.shape[0], thin.units.shape[1]
    return _State(
        np.zeros(sites, dtype=np.bool_),
        np.zeros((2, thin.gbps.shape[0])),
        _none_of(links),
        np.zeros((2, stages, sizes)),
        _none_of(cases),
        np.zeros((cases, 2, sizes)),
        np.zeros(cases, dtype=np.int64),
        np.zeros(groups, dtype=np.int64),
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
    for place in range(near.links.first[site], near.links.first[site + 1]):
        link = near.links.of[place]
        if state.border.at[link] >= 0:
            _summed(link, -1, state, thin, near)
            _take(link, state.border)
    inside[site] = not inside[site]
    _counted(site, 1.0, state, thin, near)
    for place in range(near.links.first[site], near.links.first[site + 1]):
        link = near.links.of[place]
        if inside[thin.ends[link, 0]] != inside[thin.ends[link, 1]]:
            _put(link, state.border)
            _summed(link, 1, state, thin, near)


@njit(cache=True)
def _summed(link: int, gains: int, state: _State, thin: Thin, near: Near) -> None:
    """Add a link of the border to what it has and what cases take of it, or take it off."""
    stages, sizes = thin.units.shape[0], thin.units.shape[1]
    outward = state.inside[thin.ends[link, 0]]
    out = gains * (1.0 if outward else thin.back[link])
    back = gains * (thin.back[link] if outward else 1.0)
    for stage in range(stages):
        for unit in range(sizes):
            state.total[0, stage, unit] += out * thin.units[stage, unit, link]
            state.total[1, stage, unit] += back * thin.units[stage, unit, link]
    for place in range(near.losses.first[link], near.losses.first[link + 1]):
        entry = near.losses.of[place]
        case, share = int(near.case[entry]), thin.lost_share[entry]
        for unit in range(sizes):
            units = share * thin.units[thin.stage[case], unit, link]
            state.lost[case, 0, unit] += out * units
            state.lost[case, 1, unit] += back * units
        before = state.links[case]
        state.links[case] += gains
        if before == 0:
            _put(int(case), state.hit)
            state.hits[near.group[case]] += 1
        elif state.links[case] == 0:
            _take(int(case), state.hit)
            state.hits[near.group[case]] -= 1


@njit(cache=True)
def _need(way: int, pattern: int, state: _State, thin: Thin) -> float:
    out, back = state.crossing[0, pattern], state.crossing[1, pattern]
    return float(out + back if thin.shared else (out if way == 0 else back))


@njit(cache=True)
def _missing(case: int, taken: float, state: _State, thin: Thin) -> float:
    """Units short, over directions and sizes; ``taken`` 1 where the case takes some, else 0."""
    worst, stage = -np.inf, thin.stage[case]
    for way in range(2):
        asked = _need(way, thin.pattern[case], state, thin)
        if asked <= FULL:
            continue
        for unit in range(len(thin.size_gbps)):
            need = np.ceil(asked / thin.size_gbps[unit] - FULL)
            left = state.total[way, stage, unit] - taken * state.lost[case, way, unit]
            worst = max(worst, need - left)
    return worst


@njit(cache=True)
def _thinness(state: _State, thin: Thin, near: Near) -> float:
    """How far the border is short of what some case asks, or all that take one of its links.

    A distance in units; -inf where nothing crosses. Cases that take none of it are looked at once
    for all that ask the same.
    """
    count, worst = state.border.size[0], -np.inf
    for place in range(state.hit.size[0]):
        case = state.hit.of[place]
        links = max(count - state.links[case], 1)
        worst = max(worst, _missing(case, 1.0, state, thin) / np.sqrt(links))
    for group in range(len(near.group_size)):
        if state.hits[group] < near.group_size[group]:
            short = _missing(near.group_case[group], 0.0, state, thin)
            worst = max(worst, short / np.sqrt(max(count, 1)))
    return float(max(worst, _any_one(state, thin, near)))


@njit(cache=True)
def _any_one(state: _State, thin: Thin, near: Near) -> float:
    """Short where any one of all links may be lost: d links that leave k have k d / (d - 1).

    Links that the point has nothing of do not count: a row has more of them than of the others.
    """
    worst, last = -np.inf, thin.units.shape[0] - 1
    for way in range(2):
        every, links = np.inf, 0
        for place in range(state.border.size[0]):
            link = state.border.of[place]
            if _leads(link, way, state, thin) * thin.units[last, 0, link] > FULL:
                links += 1
                every = min(every, _without(link, way, state, thin, near))
                if every <= FULL:
                    break
        if every <= FULL or links < 2:  # noqa: PLR2004 - one link alone leaves nothing
            continue
        for unit in range(len(thin.size_gbps)):
            each = np.ceil(every / thin.size_gbps[unit] - FULL)
            least = np.ceil(each * links / (links - 1) - FULL)
            worst = max(worst, least - state.total[way, last, unit])
    return float(worst / np.sqrt(max(state.border.size[0], 1)))


@njit(cache=True)
def _leads(link: int, way: int, state: _State, thin: Thin) -> float:
    """1 where a link of the border can be ridden out of the set, or into it."""
    outward = state.inside[thin.ends[link, 0]]
    return 1.0 if outward == (way == 0) else float(thin.back[link])


@njit(cache=True)
def _without(link: int, way: int, state: _State, thin: Thin, near: Near) -> float:
    """The most that is asked in a case that takes the whole of a link."""
    most = 0.0
    for place in range(near.losses.first[link], near.losses.first[link + 1]):
        entry = near.losses.of[place]
        if thin.lost_share[entry] == 1.0:
            most = max(most, _need(way, int(thin.pattern[near.case[entry]]), state, thin))
    return most


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
    """Make the state that of a set; everything is added up anew, so that no error grows."""
    for some in (state.border, state.hit):
        some.at[some.of[: some.size[0]]] = -1
        some.size[0] = 0
    state.inside[:] = inside
    state.crossing[:] = 0.0
    state.total[:] = 0.0
    state.lost[:] = 0.0
    state.links[:] = 0
    state.hits[:] = 0
    for link in range(len(thin.ends)):
        if inside[thin.ends[link, 0]] != inside[thin.ends[link, 1]]:
            _put(link, state.border)
            _summed(link, 1, state, thin, near)
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
    for place in range(state.border.size[0]):
        at_border[thin.ends[state.border.of[place], 0]] = True
        at_border[thin.ends[state.border.of[place], 1]] = True
    chosen = -1
    for site in np.flatnonzero(at_border):
        _flip(int(site), state, thin, near)
        tried = _thinness(state, thin, near)
        _flip(int(site), state, thin, near)
        if tried > best + FULL:
            best, chosen = tried, int(site)
    return chosen, best
