from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.demand.traffic import Traffic
from arterial.routing.moments import Scene, moments
from arterial.routing.pathset import PathSet
from arterial.routing.protect import backup_outcome
from arterial.routing.restored import Restored, restored_by_rule

NEAR = 1e-5


def drawn(seed, classes=3):
    """A small network with delays, bounds and candidate paths within them; some are installed."""
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 6))
    ends = random.integers(0, sites, (int(random.integers(1, 10)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    links = len(ends)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(sites))
    for link, (a, z) in enumerate(ends.tolist()):
        graph.add_edge(a, z, key=2 * link)
        graph.add_edge(z, a, key=2 * link + 1)
    arc_ms = np.repeat(random.integers(1, 6, links).astype(float), 2)
    count = int(random.integers(1, 7))
    source = random.integers(0, sites, count)
    target = (source + random.integers(1, max(sites, 2), count)) % sites
    keep = source != target
    source, target = source[keep], target[keep]
    limit = random.choice([6.0, 12.0, np.inf], len(source))
    paths, installed = [], []
    for demand, (a, z) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
        walks = [tuple(arc for _, _, arc in walk) for walk in nx.all_simple_edge_paths(graph, a, z)]
        walks = [w for w in walks if arc_ms[list(w)].sum() <= limit[demand]]
        random.shuffle(walks)
        paths += [(demand, walk) for walk in walks[:4]]
        installed += [(demand, walk) for walk in walks[:2]]
    traffic = Traffic(
        classes=tuple(f"class {c}" for c in range(classes)),
        priority=np.minimum(np.arange(classes), 1),
        rtt_ms=np.full(classes, np.inf),
        source=source,
        target=target,
        of_class=random.integers(0, classes, len(source)),
        gbps=random.integers(1, 9, len(source)).astype(float),
        access_ms=np.zeros(len(source)),
    )
    scene = Scene(
        paths=PathSet.of(paths),
        traffic=traffic,
        capacity_gbps=random.integers(0, 10, 2 * links).astype(float),
        arc_ms=arc_ms,
        hop_ms=0.0,
        limit_ms=limit,
        ends=ends,
        sites=sites,
    )
    down = random.random((5, links)) < random.choice([0.2, 0.5])
    local = backup_outcome(
        PathSet.of(installed), traffic, scene.capacity_gbps, down, ends=ends, sites=sites
    )
    return scene, local, down


def best_of_first(scene, gone, back=None):
    """Most that the first priority carries over the candidates, by scipy."""
    traffic, paths = scene.traffic, scene.paths
    priority = traffic.priority[traffic.of_class]
    if not len(priority):
        return 0.0
    share = np.where(gone, 0.0, 1.0)
    arc_ms = scene.arc_ms
    if back is not None:
        share = np.where(gone, back[0], share)
        arc_ms = np.where(np.repeat(gone, 2), np.repeat(back[1], 2), arc_ms)
    room = scene.capacity_gbps * np.repeat(share, 2)
    rows, limits, bounds = [], [], []
    for p in range(len(paths)):
        arcs = paths.arc[paths.start[p] : paths.start[p + 1]]
        limit = scene.limit_ms[paths.demand[p]]
        late = arc_ms[arcs].sum()
        shut = room[arcs].min(initial=np.inf) <= 0.0 or (np.isfinite(limit) and not late <= limit)
        wrong = priority[paths.demand[p]] != priority.min()
        bounds.append((0.0, 0.0 if shut or wrong else None))
    for demand, gbps in enumerate(traffic.gbps):
        rows.append((paths.demand == demand).astype(float))
        limits.append(gbps)
    for arc, most in enumerate(room):
        row = np.zeros(len(paths))
        row[paths.rider[paths.arc == arc]] = 1.0
        rows.append(row)
        limits.append(most)
    if not len(paths):
        return 0.0
    return -linprog(-np.ones(len(paths)), A_ub=np.array(rows), b_ub=limits, bounds=bounds).fun


def first_of(scene, moment):
    used = scene.traffic.priority[scene.traffic.of_class]
    ours = scene.traffic.priority == used.min(initial=9)
    return moment.outcome.carried_gbps[:, ours].sum(axis=1)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=60)
def test_each_moment_carries_as_much_of_the_first_class_as_the_one_before(seed, share):
    scene, local, down = drawn(seed)
    back = restored_by_rule(scene.ends, scene.sites, scene.arc_ms, down, share)
    told = moments(scene, local, down, back)
    repair, anew, late = (first_of(scene, moment) for moment in told)
    assert (anew >= repair - NEAR).all()
    assert (late >= anew - NEAR).all()
    for moment in told:
        assert (moment.outcome.utilisation <= 1.0 + 1e-9).all()
        assert moment.known.all()
    after = told[1]
    assert (after.outcome.carried_gbps <= after.bound_gbps + NEAR).all()
    if share == 0.0:
        assert np.array_equal(told[2].outcome.carried_gbps, after.outcome.carried_gbps)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_the_first_class_is_carried_as_far_as_scipy_carries_it(seed):
    scene, local, down = drawn(seed)
    random = np.random.default_rng(seed)
    back = Restored(
        share=np.where(down, random.choice([0.0, 0.3, 1.0], down.shape), 0.0),
        latency_ms=np.where(down, random.choice([1.0, 5.0, 20.0, np.nan], down.shape), np.nan),
    )
    _, anew, late = moments(scene, local, down, back)
    for case, gone in enumerate(down):
        best = best_of_first(scene, gone)
        assert first_of(scene, anew)[case] == pytest.approx(best, abs=NEAR)
        best = max(best, best_of_first(scene, gone, (back.share[case], back.latency_ms[case])))
        assert first_of(scene, late)[case] == pytest.approx(best, abs=NEAR)


def one_link(limit):
    """One demand of 4 over one of two parallel links; only the first is a candidate."""
    traffic = Traffic(
        classes=("gold",),
        priority=np.array([0]),
        rtt_ms=np.array([2 * limit]),
        source=np.array([0]),
        target=np.array([1]),
        of_class=np.array([0]),
        gbps=np.array([4.0]),
        access_ms=np.zeros(1),
    )
    scene = Scene(
        paths=PathSet.of([(0, (0,))]),
        traffic=traffic,
        capacity_gbps=np.full(4, 6.0),
        arc_ms=np.array([1.0, 1.0, 9.0, 9.0]),
        hop_ms=0.5,
        limit_ms=np.array([limit]),
        ends=np.array([(0, 1), (0, 1)]),
        sites=2,
    )
    down = np.array([[True, False]])
    local = backup_outcome(
        scene.paths, traffic, scene.capacity_gbps, down, ends=scene.ends, sites=2
    )
    return scene, local, down


@pytest.mark.parametrize(("limit", "carried"), [(9.0, 0.0), (9.6, 3.0), (np.inf, 3.0)])
def test_a_restored_link_is_refused_to_a_class_whose_bound_it_breaks(limit, carried):
    scene, local, down = one_link(limit)
    back = restored_by_rule(scene.ends, 2, scene.arc_ms, down, 0.5)
    _, anew, late = moments(scene, local, down, back)
    assert anew.outcome.carried_gbps.tolist() == [[0.0]]
    assert late.outcome.carried_gbps.tolist() == [[carried]]


def test_a_delay_that_nobody_knows_is_refused_where_there_is_a_bound():
    for limit, carried in ((99.0, 0.0), (np.inf, 4.0)):
        scene, local, down = one_link(limit)
        back = Restored(share=down.astype(float), latency_ms=np.full((1, 2), np.nan))
        late = moments(scene, local, down, back)[2]
        assert late.outcome.carried_gbps.tolist() == [[carried]]


def test_a_case_whose_solver_stops_keeps_what_was_carried_and_is_unknown():
    scene, local, down = one_link(np.inf)
    back = restored_by_rule(scene.ends, 2, scene.arc_ms, down, 0.5)
    told = moments(scene, local, down, back, time_limit_s=0.0)
    assert [moment.known.tolist() for moment in told] == [[False]] * 3
    for moment in told:
        carried, most = moment.outcome.carried_gbps.sum(), moment.bound_gbps.sum()
        assert moment.gap.tolist() == [1.0 - carried / most]
        assert moment.gap[0] > 0.0
    assert [moment.outcome.carried_gbps.tolist() for moment in told] == [[[0.0]]] * 3
    assert [moment.bound_gbps.tolist() for moment in told] == [[[4.0]]] * 3


def test_no_case_is_no_error():
    scene, local, down = drawn(11)
    none = replace(
        local,
        carried_gbps=local.carried_gbps[:0],
        cut_off_gbps=local.cut_off_gbps[:0],
        utilisation=local.utilisation[:0],
        arc=local.arc[:0],
    )
    back = restored_by_rule(scene.ends, scene.sites, scene.arc_ms, down[:0], 0.5)
    assert moments(scene, none, down[:0], back)[2].gap.tolist() == []
