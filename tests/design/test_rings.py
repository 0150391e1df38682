import msgspec
import numpy as np
import pytest

from arterial.design.ground import ground_of
from arterial.design.rings import rings, too_long
from arterial.design.terminals import terminals
from arterial.errors import InfeasibleError
from arterial.paths.parts import parts


@pytest.fixture(scope="module")
def ground(drill):
    return ground_of(drill)


@pytest.fixture(scope="module")
def edges(ground):
    return [ground.site_index[name] for name in ("Birch", "Dogwood")]


def held_together(ground, links, cut):
    """How many parts the ends of the links make once some fibres are cut."""
    index = ground.site_index
    ends = np.array([(index[link.a], index[link.z]) for link in links])
    dead = np.array([[not cut.isdisjoint(link.fibres) for link in links]])
    part = parts(ends, ground.graph.sites, dead)[0]
    return len(set(part[np.unique(ends)].tolist()))


def test_a_ring_holds_together_after_every_cut_and_after_no_two(ground, edges):
    ring = rings(ground, "base", edges, 1)
    links = ring.shape.links
    assert ring.shared == ()
    fibres = {name for link in links for name in link.fibres}
    for fibre in sorted(fibres):
        assert held_together(ground, links, {fibre}) == 1
        others = {name for link in links if fibre not in link.fibres for name in link.fibres}
        assert all(held_together(ground, links, {fibre, other}) == 2 for other in others)


def test_a_ring_passes_every_site_where_traffic_ends_or_is_answered(ground, edges):
    ring = rings(ground, "base", edges, 1)
    names = [ground.network.sites[site].name for site in {*terminals(ground, "base"), *edges}]
    ends = [end for link in ring.shape.links for end in (link.a, link.z)]
    assert sorted(ends) == sorted([*names, *names])
    assert ring.bound_km <= ring.tour_km <= ring.km + 1e-9


def test_regional_rings_meet_on_one_through_their_medians(ground, edges):
    ring = rings(ground, "base", edges, 2)
    assert held_together(ground, ring.shape.links, set()) == 1
    assert len(ring.tours) == 3


def test_a_ring_is_too_long_where_half_a_lap_breaks_a_bound(ground, edges):
    assert not too_long(ground, rings(ground, "base", edges, 1))
    assert too_long(ground, rings(ground, "base", edges, 3))


def test_markets_go_both_ways_round(ground, edges):
    for row in rings(ground, "base", edges, 1).shape.replicas:
        assert row.edge != row.failover
        assert row.rtt_ms <= row.failover_rtt_ms


def test_sites_that_no_fibre_joins_make_no_ring(edges, changed_ground):
    with pytest.raises(InfeasibleError, match="ring through"):
        rings(changed_ground, "base", edges, 1)


@pytest.fixture
def changed_ground(ground):
    alone = [f for f in ground.network.fibres if "Juniper" not in (f.a, f.z)]
    return ground_of(msgspec.structs.replace(ground.network, fibres=tuple(alone)))
