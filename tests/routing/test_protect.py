import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.demand.traffic import Traffic
from arterial.routing.pathset import PathSet
from arterial.routing.protect import backup_outcome


def drawn(seed):
    """A small network, its traffic in three classes, and installed paths of every demand."""
    random = np.random.default_rng(seed)
    sites = int(random.integers(2, 7))
    ends = random.integers(0, sites, (int(random.integers(1, 12)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    links = len(ends)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(sites))
    for link, (a, z) in enumerate(ends.tolist()):
        graph.add_edge(a, z, key=2 * link)
        graph.add_edge(z, a, key=2 * link + 1)
    count = int(random.integers(1, 15))
    source = random.integers(0, sites, count)
    target = (source + random.integers(1, max(sites, 2), count)) % sites
    keep = source != target
    source, target = source[keep], target[keep]
    paths = []
    for demand, (a, z) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
        walks = [tuple(arc for _, _, arc in walk) for walk in nx.all_simple_edge_paths(graph, a, z)]
        random.shuffle(walks)
        paths += [(demand, walk) for walk in walks[: int(random.integers(0, 4))]]
    traffic = Traffic(
        classes=("gold", "silver", "bronze"),
        priority=np.array([0, 1, 1]),
        rtt_ms=np.full(3, np.inf),
        source=source,
        target=target,
        of_class=random.integers(0, 3, len(source)),
        gbps=random.integers(1, 9, len(source)).astype(float),
        access_ms=np.zeros(len(source)),
    )
    capacity = random.integers(0, 12, 2 * links).astype(float)
    down = random.random((6, links)) < random.choice([0.1, 0.5])
    return paths, traffic, capacity, down, ends, sites


def played_anew(paths, traffic, capacity, lost):
    """Carried by class and load by arc in one case, straight from the words: the oracle."""
    dead = {arc for link in lost for arc in (2 * link, 2 * link + 1)}
    running = {}
    for demand, path in paths:
        if demand not in running and not dead & set(path):
            running[demand] = path
    left = np.where(np.isin(np.arange(len(capacity)), list(dead)), 0.0, capacity)
    carried = np.zeros(len(traffic.classes))
    load = np.zeros(len(capacity))
    for priority in np.unique(traffic.priority):
        ours = {
            demand: path
            for demand, path in running.items()
            if traffic.priority[traffic.of_class[demand]] == priority
        }
        wanted = np.zeros(len(capacity))
        for demand, path in ours.items():
            wanted[list(path)] += traffic.gbps[demand]
        used = np.zeros(len(capacity))
        for demand, path in ours.items():
            share = min([1.0, *(left[arc] / wanted[arc] for arc in path)])
            carried[traffic.of_class[demand]] += share * traffic.gbps[demand]
            used[list(path)] += share * traffic.gbps[demand]
        left = np.maximum(left - used, 0.0)
        load += used
    return carried, load


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=150)
def test_each_case_carries_what_playing_it_anew_carries(seed):
    paths, traffic, capacity, down, ends, sites = drawn(seed)
    found = backup_outcome(PathSet.of(paths), traffic, capacity, down, ends=ends, sites=sites)
    for case, gone in enumerate(down):
        carried, load = played_anew(paths, traffic, capacity, np.flatnonzero(gone).tolist())
        assert found.carried_gbps[case] == pytest.approx(carried, abs=1e-8)
        assert (load <= capacity * (1.0 + 1e-9)).all()
        full = np.divide(load, capacity, out=np.zeros_like(load), where=capacity > 0.0)
        assert found.utilisation[case] == pytest.approx(full.max(initial=0.0), abs=1e-9)
        if found.arc[case] >= 0:
            assert full[found.arc[case]] == pytest.approx(full.max(), abs=1e-9)
        else:
            assert full.max(initial=0.0) == pytest.approx(0.0, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_what_is_offered_is_carried_dropped_or_cut_off(seed):
    paths, traffic, capacity, down, ends, sites = drawn(seed)
    found = backup_outcome(PathSet.of(paths), traffic, capacity, down, ends=ends, sites=sites)
    told = found.carried_gbps + found.dropped_gbps + found.cut_off_gbps
    assert told == pytest.approx(np.broadcast_to(found.offered_gbps, told.shape), abs=1e-8)
    for case, gone in enumerate(down):
        graph = nx.Graph(ends[~gone].tolist())
        graph.add_nodes_from(range(sites))
        apart = np.zeros(len(traffic.classes))
        for demand in range(len(traffic)):
            if not nx.has_path(graph, traffic.source[demand], traffic.target[demand]):
                apart[traffic.of_class[demand]] += traffic.gbps[demand]
        assert found.cut_off_gbps[case].tolist() == apart.tolist()
    assert ((found.share >= 0.0) & (found.share <= 1.0 + 1e-9)).all()


def test_no_case_and_no_demand_are_no_error():
    paths, traffic, capacity, down, ends, sites = drawn(11)
    none = backup_outcome(PathSet.of(paths), traffic, capacity, down[:0], ends=ends, sites=sites)
    assert none.carried_gbps.shape == (0, 3)
    empty = Traffic(
        classes=(),
        priority=np.zeros(0, np.int64),
        rtt_ms=np.zeros(0),
        source=np.zeros(0, np.int64),
        target=np.zeros(0, np.int64),
        of_class=np.zeros(0, np.int64),
        gbps=np.zeros(0),
        access_ms=np.zeros(0),
    )
    quiet = backup_outcome(PathSet.of([]), empty, capacity, down, ends=ends, sites=sites)
    assert quiet.carried_gbps.shape == (6, 0)
    assert quiet.utilisation.tolist() == [0.0] * 6


def test_a_negative_capacity_and_paths_out_of_order_are_broken_promises():
    paths, traffic, capacity, down, ends, sites = drawn(11)
    with pytest.raises(AssertionError, match="not negative"):
        backup_outcome(PathSet.of(paths), traffic, -capacity - 1.0, down, ends=ends, sites=sites)
    with pytest.raises(AssertionError, match="by demand"):
        backup_outcome(
            PathSet.of([(1, ()), (0, ())]), traffic, capacity, down, ends=ends, sites=sites
        )
