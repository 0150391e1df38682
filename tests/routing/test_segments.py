from dataclasses import replace
from itertools import pairwise, product

import networkx as nx
import numpy as np
import pytest

from arterial.routing.classes import route_classes
from arterial.routing.growth import Asked
from arterial.routing.pathset import PathSet
from arterial.routing.segments import Segmented, segment_counts, segments_of

SEEDS = range(12)


def only_ways(world):
    """By pair of sites: the shortest path's arcs where it is the only one, by networkx."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(world.sites))
    for arc, (a, z) in enumerate(world.arc_ends):
        graph.add_edge(a, z, key=arc, metric=world.metric[arc])
    found = {}
    for a, z in product(range(world.sites), repeat=2):
        if a == z:
            continue
        ways = [[key for _, _, key in path] for path in nx.all_simple_edge_paths(graph, a, z)]
        length = [world.metric[path].sum() for path in ways]
        best = [path for path, far in zip(ways, length, strict=True) if far == min(length)]
        if len(best) == 1:
            found[a, z] = best[0]
    return found


def walks(world, k, sids):
    """Every walk of a demand that a list of so many SIDs makes, no arc twice."""
    ways = only_ways(world)
    legs = [(a, z, path) for (a, z), path in ways.items()]
    legs += [(a, z, [arc]) for arc, (a, z) in enumerate(world.arc_ends)]
    found, front = set(), [(int(world.source[k]), ())]
    for _ in range(sids):
        front = [
            (z, walk + tuple(path)) for here, walk in front for a, z, path in legs if a == here
        ]
        front = list({(z, walk) for z, walk in front if len(set(walk)) == len(walk)})
        found |= {walk for z, walk in front if z == world.target[k]}
    return {walk for walk in found if world.room[list(walk)].min() > 0.0}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_leads_along_its_path_and_none_is_shorter(world_of, seed):
    world = world_of(seed, sites=5, links=7, demands=3)
    igp, ways = world.igp, only_ways(world)
    paths = PathSet.of((k, path) for k in range(3) for path in world.simple_paths(k, dead=True))
    counts = segment_counts(igp, paths)
    for path, count in enumerate(counts.tolist()):
        arcs = paths.arc[paths.start[path] : paths.start[path + 1]]
        here, walk = int(world.source[paths.demand[path]]), []
        for to_site, number in segments_of(igp, arcs):
            walk += ways[here, number] if to_site else [number]
            here = number if to_site else world.arc_ends[number][1]
        assert walk == arcs.tolist()
        assert count == fewest(world, ways, arcs.tolist())


def fewest(world, ways, arcs):
    """SIDs by a search over all cuts of a path."""
    sites = [world.arc_ends[arcs[0]][0], *(world.arc_ends[arc][1] for arc in arcs)]
    least = [0] + [99] * len(arcs)
    for end in range(1, len(arcs) + 1):
        for begin in range(end):
            one = end - begin == 1 or ways.get((sites[begin], sites[end])) == arcs[begin:end]
            if one:
                least[end] = min(least[end], least[begin] + 1)
    return least[-1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sids", [1, 2, 3])
def test_nothing_that_so_many_sids_can_ask_for_carries_more(world_of, checked, seed, sids):
    world = world_of(seed, sites=5, links=7, demands=4)
    every = PathSet.of((k, walk) for k in range(4) for walk in sorted(walks(world, k, sids)))
    best = route_classes(world.listed(every), "throughput", Asked(gap=0.0))
    supply = Segmented(world.igp, world.ways, sids)
    found = route_classes(world.over(supply), "throughput", Asked(gap=0.0))
    assert found.value <= best.value + 1e-6 <= found.bound + 2e-6
    # A cheapest walk that rides an arc twice is no path: only then may something be missed.
    assert found.value == pytest.approx(best.value, rel=0.02)
    assert (segment_counts(world.igp, found.paths) <= sids).all()
    checked(world, found.paths, found.rate_gbps)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_sids_never_carry_less_and_enough_carry_all(world_of, seed):
    world = world_of(seed)
    reached = [
        route_classes(
            world.over(Segmented(world.igp, world.ways, sids)), "throughput", Asked(gap=0.0)
        ).value
        for sids in (1, 2, 3, 5)
    ]
    best = route_classes(world.task, "throughput", Asked(gap=0.0)).value
    assert all(one <= other + 1e-6 for one, other in pairwise(reached))
    assert reached[-1] == pytest.approx(best, abs=1e-6)


def test_equal_ways_are_no_segment(world_of):
    world = world_of(0, sites=4, links=4, demands=1)
    ends = np.array([(0, 1), (1, 3), (0, 2), (2, 3)], dtype=np.int64)
    world = replace(world, ends=ends, metric=np.ones(8), room=np.ones(8))
    upper = PathSet.of([(0, [0, 2])])
    assert segment_counts(world.igp, upper).tolist() == [2]
    assert segments_of(world.igp, upper.arc) == [(True, 1), (True, 3)]
    dearer = replace(world, metric=np.array([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0]))
    assert segments_of(dearer.igp, upper.arc) == [(True, 3)]
