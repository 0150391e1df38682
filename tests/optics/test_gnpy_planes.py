from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.gnpy_planes import Ride, laid_out

RIDES = st.lists(
    st.builds(
        lambda first, count, pairs: Ride(
            route=tuple(2 * fibre for fibre in range(first, min(first + count, 4))),
            pairs=tuple(pairs[: min(first + count, 4) - first]),
        ),
        st.integers(0, 3),
        st.integers(1, 4),
        st.lists(st.integers(1, 3), min_size=4, max_size=4),
    ),
    min_size=1,
    max_size=8,
)


@given(rides=RIDES)
def test_no_plane_has_two_lines_between_the_same_sites_and_each_ride_has_its_own(rides, chain):
    network = chain([100.0, 200.0, 50.0, 80.0])
    layout = laid_out(network, rides)
    ends = [tuple(sorted((route.a, route.z))) for route in layout.request.routes]
    assert len(ends) == len(set(ends))
    lines = {(line.plane, line.fibre, line.pair) for line in layout.lines}
    for ride, plane in zip(rides, layout.plane, strict=True):
        for section, pair in zip(ride.route, ride.pairs, strict=True):
            assert (plane, section // 2, pair) in lines
    for route, line in zip(layout.request.routes, layout.lines, strict=True):
        assert divmod(route.a, len(network.sites)) == (line.plane, line.fibre)
        assert route.length_km == network.fibres[line.fibre].length_km


def test_one_pair_a_fibre_needs_one_plane_and_two_need_two(chain):
    network = chain([100.0, 200.0])
    whole = Ride(route=(0, 2), pairs=(1, 1))
    assert laid_out(network, [whole, Ride(route=(3, 1), pairs=(1, 1))]).planes == 1
    other = laid_out(network, [whole, Ride(route=(2,), pairs=(2,)), Ride(route=(0,), pairs=(1,))])
    assert (other.planes, other.plane) == (2, (0, 1, 0))
