from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CASE_KINDS, cases_of_kinds
from arterial.fabric.ip_elements import elements_of
from arterial.routing.sweep import NO_CASE, ecmp, joined, nothing_failed, pieces

SEEDS = st.integers(0, 2**32 - 1)
ROUTER_MS = 0.5


def next_hops(ip, room, to):
    """Arcs by which each site goes on to a destination; and sites from far to near."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(ip.sites)))
    for link, (a, z) in enumerate(ip.ends.tolist()):
        for arc, (here, there) in ((2 * link, (a, z)), (2 * link + 1, (z, a))):
            if room[arc] > 0.0:
                graph.add_edge(there, here, key=arc, w=ip.metric[arc])
    far = nx.single_source_dijkstra_path_length(graph, to, weight="w")
    hops = {site: [] for site in far}
    for there, here, arc, row in graph.edges(keys=True, data=True):
        if there in far and far[here] == far[there] + row["w"]:
            hops[here].append((arc, there))
    return hops, sorted(far, key=lambda site: -far[site])


def naive(ip, traffic, weight, room, up):
    """One case from nothing: by class dropped, ended, overload, Gb/s x ms; by arc the load."""
    classes = len(traffic.classes)
    dropped, ended, overload, travel = (np.zeros(classes) for _ in range(4))
    load = np.zeros((len(room), classes))
    ways = {to: next_hops(ip, room, to) for to in range(len(ip.sites))}
    rides = []
    for source, target, c, gbps in zip(
        traffic.source, traffic.target, traffic.of_class, traffic.gbps, strict=True
    ):
        hops, order = ways[target]
        if not (up[source] and up[target]):
            ended[c] += gbps
        elif source not in hops:
            dropped[c] += gbps
        else:
            held, used = {source: gbps}, set()
            for site in order:
                total = sum(weight[arc] for arc, _ in hops[site])
                for arc, there in hops[site] if site != target and site in held else ():
                    part = held[site] * weight[arc] / total
                    held[there] = held.get(there, 0.0) + part
                    load[arc, c] += part
                    travel[c] += part * (ip.latency_ms[arc] + ROUTER_MS)
                    used.add(arc)
            rides.append((c, gbps, used))
    left = room.copy()
    share = np.ones((len(room), classes))
    for priority in np.unique(traffic.priority):
        own = traffic.priority == priority
        offered = load[:, own].sum(axis=1)
        short = offered > left + 1e-9 * room
        share[np.ix_(short, own)] = (left[short] / offered[short])[:, np.newaxis]
        left = np.maximum(left - offered, 0.0)
    for c, gbps, used in rides:
        overload[c] += gbps * (1.0 - min((share[arc, c] for arc in used), default=1.0))
    return dropped, ended, overload, travel, load.sum(axis=1)


def cut_off(ip, room, up):
    """Standing sites outside the largest remnant of their piece."""
    graph = nx.Graph(ip.ends.tolist())
    graph.add_nodes_from(range(len(up)))
    after = graph.copy()
    after.remove_edges_from(ip.ends.tolist())
    after.add_edges_from(ip.ends[room[::2] > 0.0].tolist())
    after.remove_nodes_from(np.flatnonzero(~up).tolist())
    rest = list(nx.connected_components(after))
    return sum(
        sum(map(len, own)) - max(map(len, own), default=0)
        for piece in nx.connected_components(graph)
        for own in [[one for one in rest if one <= piece]]
    )


@given(SEEDS, st.sampled_from(["equal", "capacity"]))
@settings(max_examples=80)
def test_a_case_comes_to_what_playing_it_from_nothing_does(drawn, left, seed, split):
    ip, traffic, cases = drawn(seed)
    chunk = cases.chunk(0, len(cases))
    found = ecmp(ip, traffic, ROUTER_MS, split)(chunk)
    weight = ip.capacity_gbps if split == "capacity" else np.ones(len(ip.metric))
    offered = np.bincount(traffic.of_class, weights=traffic.gbps, minlength=3)
    full = np.zeros((len(cases), len(ip.metric)))
    for case in range(len(cases)):
        room, up = left(ip, chunk, case)
        dropped, ended, overload, travel, load = naive(ip, traffic, weight, room, up)
        assert np.allclose(found.dropped[case], dropped, atol=1e-9)
        assert np.allclose(found.ended[case], ended, atol=1e-9)
        assert np.allclose(found.overload[case], overload, atol=1e-6)
        assert np.allclose(found.carried[case], offered - dropped - ended - overload, atol=1e-6)
        routed = offered - dropped - ended
        mean = np.divide(travel, routed, out=np.full(3, np.nan), where=routed > 0.0)
        assert np.allclose(found.latency_ms[case], mean, equal_nan=True)
        full[case] = np.divide(load, room, out=np.zeros_like(room), where=room > 0.0)
        assert found.utilisation[case] == pytest.approx(full[case].max())
        assert found.cut_off[case] == cut_off(ip, room, up)
    by_link = full.reshape(len(cases), -1, 2).max(axis=2)
    assert np.allclose(found.peak, by_link.max(axis=0))
    loaded = np.flatnonzero(found.peak > 0.0)
    assert np.allclose(by_link[found.peak_case[loaded], loaded], found.peak[loaded])


@given(SEEDS, st.integers(1, 6))
@settings(max_examples=30)
def test_stretches_of_any_size_give_the_same_bytes(drawn, seed, size):
    ip, traffic, cases = drawn(seed)
    player = ecmp(ip, traffic, ROUTER_MS)
    whole = player(cases.chunk(0, len(cases)))
    cut = [
        player(cases.chunk(start, min(start + size, len(cases))))
        for start in range(0, len(cases), size)
    ]
    for one, other in zip(whole, joined(cut), strict=True):
        assert one.tobytes() == other.tobytes()


@given(SEEDS)
@settings(max_examples=30)
def test_at_the_rates_that_are_carried_no_arc_is_full(drawn, left, seed):
    """One class, one case at a time: demands held to their share fit all at once."""
    ip, traffic, cases = drawn(seed)
    single = replace(
        traffic, priority=np.zeros(3, dtype=np.int64), of_class=np.arange(len(traffic)) % 3
    )
    chunk = cases.chunk(0, len(cases))
    for case in range(len(cases)):
        room, up = left(ip, chunk, case)
        alone = [
            ecmp(ip, replace(single, of_class=(np.arange(len(traffic)) == k).astype(int)), 0.0)
            for k in range(len(traffic))
        ]
        one = cases.chunk(case, case + 1)
        held = np.array([player(one).carried[0, 1] for player in alone])
        thinned = replace(single, gbps=np.maximum(held, 1e-12))
        *_, load = naive(ip, thinned, np.ones(len(room)), room, up)
        assert (load <= room * (1.0 + 1e-6) + 1e-9).all()


def triangle(**changes):
    """A-B directly, or by C; 10 Gb/s a link; one demand of 8 from A to B."""
    ip = IpFabric(
        sites=tuple("ABC"),
        links=("AB", "AC", "CB"),
        ends=np.array([(0, 1), (0, 2), (2, 1)]),
        capacity_gbps=np.full(6, 10.0),
        metric=np.ones(6),
        latency_ms=np.ones(6),
        routers=np.array([2, 1, 1]),
        fibres=(("AB", (0,)), ("AC", (1,)), ("CB", (2,))),
        risks=(),
    )
    traffic = Traffic(
        classes=("only",),
        priority=np.zeros(1, dtype=np.int64),
        rtt_ms=np.full(1, np.inf),
        source=np.array([0]),
        target=np.array([1]),
        of_class=np.array([0]),
        gbps=np.array([8.0]),
        access_ms=np.zeros(1),
    )
    return replace(ip, **changes), traffic


def test_a_router_of_two_leaves_half_the_capacity_and_the_traffic():
    ip, traffic = triangle()
    cases = cases_of_kinds(ip, elements_of(ip), ("router",))
    found = ecmp(ip, traffic, 0.0)(cases.chunk(0, len(cases)))
    names = [cases.name(case) for case in range(len(cases))]
    assert names == ["router A/1", "router A/2", "router B/1", "router C/1"]
    assert found.utilisation.tolist() == [1.6, 1.6, 0.0, 0.8]
    assert found.carried[:, 0].tolist() == [5.0, 5.0, 0.0, 8.0]
    assert found.overload[:, 0].tolist() == [3.0, 3.0, 0.0, 0.0]
    assert found.ended[:, 0].tolist() == [0.0, 0.0, 8.0, 0.0]


def test_an_unknown_delay_makes_only_means_over_it_unknown():
    ip, traffic = triangle(latency_ms=np.array([1.0, 1.0, np.nan, np.nan, 1.0, 1.0]))
    cases = cases_of_kinds(ip, elements_of(ip), ("fibre",))
    found = ecmp(ip, traffic, 0.0)(cases.chunk(0, 3))
    assert np.isnan(found.latency_ms[:, 0]).tolist() == [True, False, False]


def test_nothing_offered_is_nothing_lost():
    ip, traffic = triangle()
    none = replace(
        traffic, classes=(), priority=np.empty(0, dtype=np.int64), gbps=np.empty(0),
        source=np.empty(0, dtype=np.int64), target=np.empty(0, dtype=np.int64),
        of_class=np.empty(0, dtype=np.int64),
    )  # fmt: skip
    cases = cases_of_kinds(ip, elements_of(ip), CASE_KINDS)
    found = ecmp(ip, none, 0.0)(cases.chunk(0, len(cases)))
    assert not found.utilisation.any()
    assert (found.arc == -1).all()
    assert not (found.carried + found.dropped + found.ended + found.overload).any()


def test_without_failure_there_is_one_case_that_is_none():
    ip, traffic = triangle()
    chunk = nothing_failed(3)
    found = ecmp(ip, traffic, 0.0)(chunk)
    assert chunk.start == NO_CASE
    assert found.carried.tolist() == [[8.0]]
    assert found.peak_case.tolist() == [-1, -1, -1]
    assert found.peak.tolist() == [0.8, 0.0, 0.0]


@given(SEEDS)
def test_pieces_are_what_networkx_connects(drawn, seed):
    ip, _, _ = drawn(seed)
    graph = nx.Graph(ip.ends.tolist())
    graph.add_nodes_from(range(len(ip.sites)))
    expected = {site: min(one) for one in nx.connected_components(graph) for site in one}
    assert pieces(len(ip.sites), ip.ends).tolist() == [expected[s] for s in range(len(ip.sites))]
