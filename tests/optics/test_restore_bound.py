"""The bound against the best of everything, tried out one by one on tiny networks."""

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.model.line import LineSystem
from arterial.optics.reach import segment_reach
from arterial.optics.restore import installed_spares, player_of, restored
from arterial.optics.restore_bound import bounds_of
from arterial.optics.restore_cuts import cuts_of
from arterial.optics.restore_options import Spares
from arterial.optics.spectrum import slot_count

TINY = LineSystem(f_min_thz=195.925, f_max_thz=196.1)
"""14 slots."""


def simple_routes(network, a, z, down):
    """Every way from a to z over standing fibre that passes no site twice, as sections."""
    graph = nx.MultiDiGraph()
    for m, fibre in enumerate(network.fibres):
        if m not in down:
            graph.add_edge(fibre.a, fibre.z, key=2 * m)
            graph.add_edge(fibre.z, fibre.a, key=2 * m + 1)
    if a not in graph or z not in graph:
        return []
    ways = nx.all_simple_edge_paths(graph, a, z)
    return [tuple(section for _, _, section in way) for way in ways]


def ways_to_light(plan, sections, wave, down, known):
    """(Gb/s, slots, segments as fibres) of every route, mode and chain of regenerators."""
    network = plan.network
    link = next(link for link in plan.ip_links if link.name == wave.link)
    modes = {mode.name: mode for mode in network.modes}
    stops = {*wave.regenerators, *(s.name for s in network.sites if s.spare_regenerators)}
    found = set()
    for route in simple_routes(network, link.a, link.z, down):
        sites = [
            network.fibres[s // 2].z if s % 2 == 0 else network.fibres[s // 2].a for s in route
        ]
        places = [n + 1 for n, site in enumerate(sites[:-1]) if site in stops]
        for count in range(len(places) + 1):
            for chosen in combinations(places, count):
                ends = (0, *chosen, len(route))
                parts = [route[i:j] for i, j in pairwise(ends)]
                for name, mode in modes.items():
                    good = mode.module == modes[wave.mode].module
                    good = good and mode.rate_gbps <= wave.rate_gbps
                    if good and all(reaches(network, sections, p, name, known) for p in parts):
                        fibres = tuple(tuple(s // 2 for s in part) for part in parts)
                        used = tuple(
                            sites[n - 1] for n in chosen if sites[n - 1] not in wave.regenerators
                        )
                        found.add((mode.rate_gbps, slot_count(mode.slot_ghz), fibres, used))
    return sorted(found, key=lambda way: -way[0])


def reaches(network, sections, part, mode, known):
    for way in (part, tuple(s ^ 1 for s in reversed(part))):
        if way not in known:
            known[way] = {r.mode: r.verdict == "yes" for r in segment_reach(network, sections, way)}
        if not known[way][mode]:
            return False
    return True


def best(ways, taken, slots, spares, so_far=0.0, record=0.0):
    """Most Gb/s of the waves still to be served, every slot tried."""
    if so_far + sum(max((way[0] for way in own), default=0.0) for own in ways) <= record:
        return record
    if not ways:
        return max(record, so_far)
    for rate, width, parts, used in ways[0]:
        if any(used.count(site) > spares.get(site, 0) for site in used):
            continue
        left = {site: n - used.count(site) for site, n in spares.items()}
        for masks in lit(parts, width, taken, slots):
            record = best(ways[1:], masks, slots, left, so_far + rate, record)
    return best(ways[1:], taken, slots, spares, so_far, record)


def lit(parts, width, taken, slots):
    """Spectrum after each way to give every segment a frequency; one pair a fibre."""
    if not parts:
        yield taken
        return
    for first in range(slots - width + 1):
        span = ((1 << width) - 1) << first
        if all(not taken[m] & span for m in parts[0]):
            more = {**taken, **{m: taken[m] | span for m in parts[0]}}
            yield from lit(parts[1:], width, more, slots)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    spares=st.sampled_from([(0,), (0, 1)]),
    worst=st.sampled_from([0.004, 0.01, 0.02]),
)
def test_nothing_beats_the_bound_and_no_play_beats_the_best(
    mesh, drawn, lit_plan, seed, spares, worst
):
    network = mesh(seed, sites=4, chords=1, spares=spares, line=TINY)
    sections = drawn(network, seed, worst=worst)
    plan = lit_plan(network, sections, seed, waves=4)
    player = player_of(plan, sections, installed_spares(plan))
    found = restored(player, cuts_of(plan))
    bounds = bounds_of(found, player.options, sections)
    known = {}
    for case, bound in zip(found.cases, bounds, strict=True):
        names = {found.standing.waves[w].name for w in case.played.cut}
        cut = [wave for wave in plan.lightpaths if wave.name in names]
        ways = [ways_to_light(plan, sections, wave, case.cut.fibres, known) for wave in cut]
        taken = dict.fromkeys(range(len(network.fibres)), 0)
        for wave in found.standing.waves:
            for m, _, slots in wave.taken if wave.name not in names else ():
                taken[m] |= slots
        stock = {site.name: site.spare_regenerators for site in network.sites}
        most = best(ways, taken, found.standing.band.slots, stock)
        assert case.restored_gbps <= most + 1e-6
        assert most <= bound.gbps + 1e-6


def test_the_bound_says_what_binds(mesh, drawn, lit_plan):
    network = mesh(11, sites=6, line=TINY)
    sections = drawn(network, 11, worst=0.004)
    plan = lit_plan(network, sections, 11, waves=16)
    player = player_of(plan, sections, Spares(None))
    found = restored(player, cuts_of(plan))
    loose = bounds_of(found, player.options, sections, spectrum=False)
    tight = bounds_of(found, player.options, sections)
    assert {bound.by for bound in loose} <= {"reach", "regenerators"}
    for case, one, other in zip(found.cases, tight, loose, strict=True):
        assert case.restored_gbps <= one.gbps + 1e-6
        assert one.gbps <= other.gbps + 1e-6
    assert any(b.by == "spectrum" for b in tight)


@pytest.mark.parametrize("down", [("fibre",), ("srlg",)])
def test_a_case_that_cuts_nothing_has_nothing_to_bound(mesh, drawn, lit_plan, down):
    network = mesh(5)
    sections = drawn(network, 5)
    plan = lit_plan(network, sections, 5, waves=0)
    player = player_of(plan, sections, Spares({}))
    assert bounds_of(restored(player, cuts_of(plan, down)), player.options, sections) == ()
