import math

import msgspec

from arterial.prove.cut import cut_excess
from arterial.prove.register import register

# Everything from S2 to S3 leaves S2 one way or the other: 2 x 800 x 0.72 = 1152 Gb/s.
AROUND_S2 = {("L2", True): 1.0, ("L1", False): 1.0}


def test_prices_on_a_cut_refute_more_than_the_cut_takes_and_no_less(ring):
    book = register(ring)
    assert (
        cut_excess(book, frozenset(), {"given sync S2 > S3": 1153.0}, AROUND_S2, failed=False) > 0.0
    )
    assert (
        cut_excess(book, frozenset(), {"given sync S2 > S3": 1151.0}, AROUND_S2, failed=False)
        == 0.0
    )


def test_prices_that_miss_a_way_round_refute_nothing(ring):
    price = {("L2", True): 1.0}
    assert (
        cut_excess(register(ring), frozenset(), {"given sync S2 > S3": 1e6}, price, failed=False)
        == 0.0
    )


def test_a_lost_fibre_takes_its_capacity_out_of_the_cut(ring):
    out = frozenset({("fibre", "F1", 0)})
    # One way is left: 800 x 0.855 = 684 Gb/s.
    assert (
        cut_excess(register(ring), out, {"given sync S2 > S3": 685.0}, AROUND_S2, failed=True) > 0.0
    )
    assert (
        cut_excess(register(ring), out, {"given sync S2 > S3": 683.0}, AROUND_S2, failed=True)
        == 0.0
    )


def test_no_way_at_all_refutes_without_prices(ring):
    out = frozenset({("fibre", "F1", 0), ("fibre", "F2", 0)})
    assert cut_excess(register(ring), out, {"given sync S2 > S3": 1.0}, {}, failed=True) == math.inf
    assert cut_excess(register(ring), out, {"given sync S2 > S3": 0.0}, {}, failed=True) == 0.0


def test_a_market_may_use_its_edge_or_its_fail_over_but_not_a_lost_one(ring):
    book, both = register(ring), {"people-down M": 60.0}
    out = frozenset({("fibre", "F0", 0), ("fibre", "F4", 0)})
    assert cut_excess(book, out, both, {}, failed=True) == math.inf
    one = frozenset({("fibre", "F0", 0), ("edge", "S4", 0)})
    assert cut_excess(book, one, both, {}, failed=True) == 0.0, "round the ring to S1"
    none = frozenset({("edge", "S1", 0), ("edge", "S4", 0)})
    assert cut_excess(book, none, both, {}, failed=True) == math.inf


def test_a_path_over_its_round_trip_is_no_path_but_one_of_unknown_length_is(ring):
    out = frozenset({("edge", "S4", 0), ("fibre", "F0", 0)})
    for length_km, excess in ((1500.0, math.inf), (None, 0.0)):
        fibres = tuple(msgspec.structs.replace(f, length_km=length_km) for f in ring.network.fibres)
        network = msgspec.structs.replace(ring.network, fibres=fibres)
        book = register(msgspec.structs.replace(ring, network=network))
        assert cut_excess(book, out, {"people-down M": 60.0}, {}, failed=True) == excess


def test_the_cheapest_path_within_a_bound_may_be_dearer_than_the_cheapest(ring):
    # The short way is dear, the long way free but late once spans are 600 km (4 x 4.03 ms, twice).
    fibres = tuple(msgspec.structs.replace(f, length_km=600.0) for f in ring.network.fibres)
    network = msgspec.structs.replace(ring.network, fibres=fibres)
    book = register(msgspec.structs.replace(ring, network=network))
    out = frozenset({("edge", "S4", 0)})
    price = {("L0", False): 1.0}
    assert cut_excess(book, out, {"people-down M": 700.0}, price, failed=True) > 0.0
    assert cut_excess(register(ring), out, {"people-down M": 700.0}, price, failed=True) == 0.0
