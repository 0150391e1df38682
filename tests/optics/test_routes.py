from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.routes import ridden_fibre, route_sites


@given(start=st.integers(0, 4), steps=st.lists(st.sampled_from([-1, 1]), max_size=8))
def test_sections_are_fibres_and_sites_again(start, steps, chain):
    network = chain([10.0] * 4)
    sites = [start]
    for step in steps:
        if 0 <= sites[-1] + step <= 4:
            sites.append(sites[-1] + step)
    route = [2 * min(a, z) + (z < a) for a, z in pairwise(sites)]
    names = [f"f{min(a, z)}" for a, z in pairwise(sites)]
    assert [ridden_fibre(network, section).name for section in route] == names
    assert route_sites(network, route) == (tuple(str(site) for site in sites) if route else ())
