"""Ways that were pressed fit, and are all that is asked; what a program refutes is never found."""

import numpy as np
import pytest
from draws import drawn
from test_bought import net_of

from arterial.design.capacity.flow import Flows
from arterial.design.capacity.moved import Ground, Routes
from arterial.design.capacity.pressed import pressed


def fits(problem, ground: Ground, ways: Routes) -> bool:
    """Whether ways carry all that is asked on open arcs, within room and limits."""
    links, delay = problem.links, np.repeat(problem.links.latency_ms, 2)
    carried = np.bincount(ways.demand, ways.gbps, minlength=len(ground.asked))
    load = np.zeros(2 * len(links.ends))
    for number, k in enumerate(ways.demand.tolist()):
        arcs = ways.arcs[ways.first[number] : ways.first[number + 1]]
        np.add.at(load, arcs, ways.gbps[number])
        tail, head = links.ends[arcs >> 1, arcs & 1], links.ends[arcs >> 1, 1 - (arcs & 1)]
        joined = [problem.demands.source[k], *head[:-1]] == tail.tolist()
        soon = delay[arcs].sum() <= problem.demands.limit_ms[k] + 1e-6
        if not (joined and soon and head[-1] == problem.demands.target[k]):
            return False
        if not ground.open_arc[arcs].all():
            return False
    both = load.reshape(-1, 2)
    full = both.sum(axis=1) if links.shared else both.max(axis=1)
    return bool((carried >= ground.asked - 1e-6).all() and (full <= ground.room + 1e-6).all())


@pytest.mark.parametrize("seed", range(20))
def test_what_is_pressed_fits_and_no_program_refutes_it(seed):
    problem = drawn(seed)
    flows, random, ways = Flows(problem), np.random.default_rng(seed), Routes.none()
    for case in range(len(problem.cases.names)):
        point = random.integers(0, 4, len(problem.program.cost)).astype(float)
        ground = flows.ground(point, case)
        done, found = pressed(net_of(problem), ground, ways)
        if done:
            ways = found
            assert fits(problem, ground, ways)
            assert flows.short(point, case) is None


def test_ways_begun_from_others_stay_few():
    problem = drawn(3)
    flows, ways = Flows(problem), Routes.none()
    ground = flows.ground(np.full(len(problem.program.cost), 6.0), 0)
    sizes = []
    for _ in range(6):
        done, ways = pressed(net_of(problem), ground, ways)
        assert done
        sizes.append(len(ways.gbps))
    assert sizes[-1] == sizes[0]


def test_no_room_at_all_is_no_answer():
    problem = drawn(3)
    ground = Flows(problem).ground(np.zeros(len(problem.program.cost)), 0)
    nothing = ground._replace(room=np.zeros(len(ground.room)))
    assert not pressed(net_of(problem), nothing, Routes.none())[0]
