from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.routes import (
    fibre_route,
    is_forward,
    regenerator_sites,
    reverse_route,
    ridden_fibre,
    route_sites,
    transparent_segments,
)


@given(start=st.integers(0, 4), steps=st.lists(st.sampled_from([-1, 1]), max_size=8))
def test_names_become_sections_and_sites_again(start, steps, chain):
    network = chain([10.0] * 4)
    sites = [start]
    for step in steps:
        if 0 <= sites[-1] + step <= 4:
            sites.append(sites[-1] + step)
    names = [f"f{min(a, z)}" for a, z in pairwise(sites)]
    route = fibre_route(network, str(start), names)
    assert [ridden_fibre(network, section).name for section in route] == names
    assert [is_forward(section) for section in route] == [z > a for a, z in pairwise(sites)]
    if route:
        assert route_sites(network, route) == tuple(str(site) for site in sites)
        assert route_sites(network, reverse_route(route)) == tuple(str(s) for s in sites[::-1])
    assert reverse_route(reverse_route(route)) == route


def test_a_walk_that_does_not_hang_together_is_refused(chain):
    network = chain([10.0, 10.0])
    with pytest.raises(ValueError, match="'f1' does not start at '0'"):
        fibre_route(network, "0", ["f1"])
    with pytest.raises(ValueError, match="no fibre is called 'f9'"):
        fibre_route(network, "0", ["f9"])


@given(hops=st.integers(1, 8), data=st.data())
def test_segments_join_where_light_is_regenerated(hops, data, chain):
    network = chain([10.0] * hops)
    route = tuple(range(0, 2 * hops, 2))
    cuts = data.draw(st.sets(st.integers(0, hops - 2))) if hops > 1 else set()
    segments = transparent_segments(route, sorted(cuts))
    assert sum(segments, ()) == route
    ends = [route_sites(network, segment)[-1] for segment in segments[:-1]]
    assert tuple(ends) == regenerator_sites(network, route, sorted(cuts))
