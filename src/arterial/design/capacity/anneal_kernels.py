"""Ways taken off a link and laid anew, a little dearer now and then, ever more seldom.

Steps of cost are slopes at first and grow steep: a way may leave a module half, and another follow.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from arterial.design.capacity.ladder import Ladder
from arterial.paths.tree import rise, sink
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Heat", "Laid", "Web", "annealed", "begun", "cost_of"]

HARD = 0.8
"""Share of the work after which steps are steep."""
EVEN = 0.85
"""Of what is tried: ways off one link; else ways of one site."""
DEEPER, BARE, BANNED = 0.3, 0.15, 0.5
"""How often a link goes down one more step, or to nothing, or is dear for its own ways."""
DEAR = 3.0
UNEVEN, LOUD = 0.5, 0.3
"""How often prices are drawn, and by how much at most (a power of e)."""
STEEP = 0.3
"""How often ways know steps alone; else some share of what the average Gb/s of a link costs."""
TINY = 1e-6
Random = np.random.Generator


class Web(NamedTuple):
    """Arcs, demands in parts, and what links cost."""

    first: IntArray
    """(N + 1,) of the arcs that leave a site."""
    arcs: IntArray
    to: IntArray
    source: IntArray
    """(Q,)"""
    target: IntArray
    gbps: FloatArray
    ladder: Ladder
    slope: FloatArray
    """(L,) what a Gb/s costs at best."""
    over: float
    """What a Gb/s costs that no step carries."""


class Laid(NamedTuple):
    """The way of each part, and what links carry."""

    way: IntArray
    """(Q, N) arcs from the target back to the source."""
    length: IntArray
    """(Q,)"""
    load: FloatArray
    """(L,)"""

    def copy(self) -> "Laid":
        """Another one."""
        return Laid(self.way.copy(), self.length.copy(), self.load.copy())


class Heat(NamedTuple):
    """What may be lost in a try, and for how long tries go on."""

    first: float
    last: float
    """What more a try may cost, about, at the beginning and at the end."""
    most: int
    """Parts laid in all."""


class _Room(NamedTuple):
    """Room to look for ways in, and prices of a try."""

    far: FloatArray
    """(N,)"""
    arrival: IntArray
    """(N,)"""
    key: FloatArray
    queue: IntArray
    now: FloatArray
    """(L,) cost at its load."""
    dear: FloatArray
    """(L,) drawn."""


@njit(cache=True, nogil=True)
def begun(web: Web) -> Laid:
    """Every part on a way, the largest first, as if steps were slopes."""
    room, parts = _room(web), len(web.gbps)
    laid = Laid(
        np.zeros((parts, len(web.first) - 1), dtype=np.int64),
        np.zeros(parts, dtype=np.int64),
        np.zeros(len(web.slope)),
    )
    for q in np.argsort(-web.gbps):
        _costs(web, laid.load, 1.0, room.now)
        if _found(web, laid.load, room, int(q), 1.0, 0.5):
            _put(web, laid, room, int(q))
    return laid


@njit(cache=True, nogil=True)
def cost_of(web: Web, laid: Laid) -> float:
    """What all links cost."""
    return _costs(web, laid.load, 0.0, np.empty(len(laid.load)))


@njit(cache=True, nogil=True)
def annealed(
    web: Web, laid: Laid, best: Laid, heat: Heat, span: tuple[int, int], random: Random
) -> tuple[int, float]:
    """Anneal from one count of parts laid to another; parts laid by then, and the best cost.

    Parameters
    ----------
    best
        Written over by what costs less.
    """
    room, done = _room(web), span[0]
    least = _costs(web, best.load, 0.0, room.now)
    chosen = np.empty(len(web.gbps), dtype=np.int64)
    way, length, load = laid.way.copy(), laid.length.copy(), laid.load.copy()
    while done < span[1]:
        soft = max(0.0, 1.0 - done / (HARD * heat.most))
        warm = heat.first * (heat.last / heat.first) ** (done / heat.most)
        before = _costs(web, laid.load, soft, room.now)
        count = _chosen((web, laid, room), chosen, random)
        load[:] = laid.load
        for q in chosen[:count]:
            length[q] = laid.length[q]
            way[q] = laid.way[q]
            _lift(web, laid, int(q))
        whole = _relaid((web, laid, room), chosen[:count], soft, random)
        after = _costs(web, laid.load, soft, room.now)
        done += count + 1
        if whole and (after <= before or random.random() < np.exp((before - after) / warm)):
            cost = after if soft <= 0.0 else _costs(web, laid.load, 0.0, room.now)
            if cost < least - TINY:
                least = cost
                best.way[:], best.length[:], best.load[:] = laid.way, laid.length, laid.load
        else:
            laid.load[:] = load
            for q in chosen[:count]:
                laid.length[q] = length[q]
                laid.way[q] = way[q]
    return done, least


@njit(cache=True, nogil=True)
def _room(web: Web) -> _Room:
    sites, arcs, links = len(web.first) - 1, len(web.arcs), len(web.slope)
    return _Room(
        np.empty(sites),
        np.empty(sites, dtype=np.int64),
        np.empty(arcs + 1),
        np.empty(arcs + 1, dtype=np.int64),
        np.zeros(links),
        np.ones(links),
    )


@njit(cache=True, nogil=True)
def _step(ladder: Ladder, link: int, load: float) -> int:
    step = 0
    while ladder.gbps[link, step] < load - TINY:
        step += 1
    return step


@njit(cache=True, nogil=True)
def _cost(web: Web, link: int, load: float, soft: float) -> float:
    """What a link costs at a load; steps rise within the first share ``soft`` of them."""
    ladder, step = web.ladder, _step(web.ladder, link, load)
    last = ladder.last[link]
    flow = ladder.each[link] * load
    if step > last:
        return float(ladder.cost[link, last] + flow + web.over * (load - ladder.gbps[link, last]))
    if step == 0 or soft <= 0.0:
        return float(ladder.cost[link, step] + flow)
    below, above = ladder.gbps[link, step - 1], ladder.gbps[link, step]
    rise_by = ladder.cost[link, step] - ladder.cost[link, step - 1]
    share = min(1.0, (load - below) / ((above - below) * soft))
    return float(ladder.cost[link, step - 1] + rise_by * share + flow)


@njit(cache=True, nogil=True)
def _costs(web: Web, load: FloatArray, soft: float, now: FloatArray) -> float:
    for link in range(len(load)):
        now[link] = _cost(web, link, load[link], soft)
    return float(now.sum())


@njit(cache=True, nogil=True)
def _chosen(state: tuple[Web, Laid, _Room], chosen: IntArray, random: Random) -> int:
    """How many parts are to be laid anew, and which; prices of links for that are drawn."""
    web, laid, room = state
    loud = LOUD if random.random() < UNEVEN else 0.0
    for link in range(len(room.dear)):
        room.dear[link] = np.exp(loud * (2.0 * random.random() - 1.0))
    if random.random() >= EVEN:
        return _of_site(web, chosen, random)
    link = int(random.integers(0, len(laid.load)))
    while laid.load[link] <= TINY:
        link = int(random.integers(0, len(laid.load)))
    if random.random() < BANNED:
        room.dear[link] = DEAR
    step = _step(web.ladder, link, laid.load[link]) - 1
    while random.random() < DEEPER:
        step -= 1
    goal = 0.0 if step < 0 or random.random() < BARE else web.ladder.gbps[link, step]
    start = int(random.integers(0, len(web.gbps)))
    return _riding(web, laid, chosen, (link, float(laid.load[link] - goal)), start)


@njit(cache=True, nogil=True)
def _riding(web: Web, laid: Laid, chosen: IntArray, wanted: tuple[int, float], start: int) -> int:
    """Parts that ride a link until so many Gb/s of it are found."""
    (link, off), count, parts = wanted, 0, len(web.gbps)
    for place in range(parts):
        q = (start + place) % parts
        for at in range(laid.length[q]):
            if laid.way[q, at] >> 1 == link:
                chosen[count] = q
                count += 1
                off -= web.gbps[q]
        if off <= TINY:
            break
    return count


@njit(cache=True, nogil=True)
def _of_site(web: Web, chosen: IntArray, random: Random) -> int:
    """Parts that begin or end at some site, some of them."""
    site, count = random.integers(0, len(web.first) - 1), 0
    share = random.random()
    for q in range(len(web.gbps)):
        ends = web.source[q] == site or web.target[q] == site
        if ends and random.random() < share:
            chosen[count] = q
            count += 1
    return count


@njit(cache=True, nogil=True)
def _lift(web: Web, laid: Laid, q: int) -> None:
    for arc in laid.way[q, : laid.length[q]]:
        laid.load[arc >> 1] -= web.gbps[q]


@njit(cache=True, nogil=True)
def _put(web: Web, laid: Laid, room: _Room, q: int) -> None:
    """Give a part the way that was found."""
    site, count = web.target[q], 0
    while site != web.source[q]:
        arc = room.arrival[site]
        laid.way[q, count] = arc
        laid.load[arc >> 1] += web.gbps[q]
        count += 1
        site = web.to[arc ^ 1]
    laid.length[q] = count


@njit(cache=True, nogil=True)
def _relaid(state: tuple[Web, Laid, _Room], chosen: IntArray, soft: float, random: Random) -> bool:
    """Whether each of some parts has a way again: the cheapest, in a drawn order."""
    web, laid, room = state
    _costs(web, laid.load, soft, room.now)
    steep = 1.0 if random.random() < STEEP else np.sqrt(random.random())
    random.shuffle(chosen)
    for q in chosen:
        if not _found(web, laid.load, room, int(q), soft, steep):
            return False
        _put(web, laid, room, int(q))
        for arc in laid.way[q, : laid.length[q]]:
            room.now[arc >> 1] = _cost(web, int(arc >> 1), float(laid.load[arc >> 1]), soft)
    return True


@njit(cache=True, nogil=True)
def _found(web: Web, load: FloatArray, room: _Room, q: int, soft: float, steep: float) -> bool:
    """The cheapest way of a part by what its links then cost more."""
    gbps, far = web.gbps[q], room.far
    far[:] = np.inf
    far[web.source[q]] = 0.0
    rise(room.key, room.queue, 0.0, int(web.source[q]), 0)
    size = 1
    while size:
        site, here = room.queue[0], room.key[0]
        size -= 1
        sink(room.key, room.queue, size)
        if site == web.target[q]:
            return True
        if here > far[site]:
            continue
        for place in range(web.first[site], web.first[site + 1]):
            arc = web.arcs[place]
            link, there = arc >> 1, web.to[arc]
            more = _cost(web, int(link), load[link] + gbps, soft) - room.now[link]
            slope = (1.0 - steep) * (web.slope[link] + web.ladder.each[link]) * gbps
            then = here + (steep * more + slope) * room.dear[link] + TINY
            if then < far[there]:
                far[there], room.arrival[there] = then, arc
                rise(room.key, room.queue, float(then), int(there), size)
                size += 1
    return False
