import msgspec
import pytest

from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.igp import igp_of, spreads
from arterial.prove.register import register
from arterial.prove.spread import verify_spreads
from arterial.prove.tables import compile_tables

SYNC = "given sync S2 > S3"
CUT = frozenset({("fibre", "F2", 0)})


@pytest.fixture
def told(ring):
    """The witness of the ring with F2 cut."""
    tables = compile_tables(ring)
    cases = compile_cases(tables, failures_of(tables))
    return spreads(igp_of(tables), cases.only(cases.names.index("fibre F2")))


def kinds(plan, told, out=CUT):
    check = verify_spreads(register(plan), out, told, failed=True)
    if check.violations:
        assert set(check.share.values()) == {0.0}, "a refused witness is worth nothing"
    return {violation.kind for violation in check.violations}


def to(told, target, **fields):
    """The same with the spread to one site altered."""
    return [
        msgspec.structs.replace(spread, **fields) if spread.target == target else spread
        for spread in told
    ]


def one(told, target):
    return next(spread for spread in told if spread.target == target)


def test_the_witness_of_the_ring_is_accepted_and_counted(ring, told):
    check = verify_spreads(register(ring), CUT, told, failed=True)
    assert check.violations == ()
    assert set(check.share.values()) == {1.0}
    # Four links the other way round, five routers.
    assert check.round_trip_ms[SYNC] == pytest.approx(2 * (4 * (1.37 * 0.49 + 0.01) + 5 * 0.02))


def test_a_load_that_is_left_out_doubled_or_moved_is_told(ring, told):
    flow = one(told, "S3").flow_gbps
    assert len(flow) == 4
    for key, gbps in flow.items():
        without = {other: rate for other, rate in flow.items() if other != key}
        assert "path" in kinds(ring, to(told, "S3", flow_gbps=without))
        assert "path" in kinds(ring, to(told, "S3", flow_gbps=flow | {key: 2 * gbps}))
        back = (key[0], not key[1], key[2])
        assert "path" in kinds(ring, to(told, "S3", flow_gbps=flow | {back: 1.0}))
        other = (key[0], key[1], key[2] + 1)
        assert "path" in kinds(ring, to(told, "S3", flow_gbps=without | {other: gbps}))
    assert kinds(ring, to(told, "S3", flow_gbps={})) == {"path"}


@pytest.mark.parametrize("gbps", [float("nan"), float("inf"), -1.0])
def test_a_load_that_is_no_rate_is_told(ring, told, gbps):
    assert "rate" in kinds(ring, to(told, "S3", flow_gbps={("L3", False, 1): gbps}))


def test_traffic_over_a_dead_link_or_one_that_is_not_there_is_told(ring, told):
    flow = one(told, "S3").flow_gbps
    assert "dead" in kinds(ring, to(told, "S3", flow_gbps=flow | {("L2", True, 1): 200.0}))
    assert "rate" in kinds(ring, to(told, "S3", flow_gbps=flow | {("L9", True, 1): 200.0}))
    assert kinds(ring, told, out=CUT | {("fibre", "F0", 0)})


def test_distances_that_are_too_long_too_short_or_missing_are_told(ring, told):
    far = one(told, "S3").distance
    assert set(far) == {f"S{i}" for i in range(5)}
    for site in set(far) - {"S3"}:
        for wrong in (1.0, -1.0):
            assert "path" in kinds(ring, to(told, "S3", distance=far | {site: far[site] + wrong}))
        assert "path" in kinds(
            ring, to(told, "S3", distance={s: ms for s, ms in far.items() if s != site})
        )
    assert "dead" in kinds(ring, to(told, "S3", distance=far | {"S3": 1.0}))
    assert "unknown name" in kinds(ring, to(told, "S3", distance=far | {"S9": 1.0}))


def test_a_demand_that_is_not_offered_whole_and_once_at_its_own_ends_is_told(ring, told):
    (flow,) = one(told, "S3").offered
    change = msgspec.structs.replace
    assert "end" in kinds(ring, to(told, "S3", offered=()))
    assert "unknown name" in kinds(ring, to(told, "S3", offered=(flow, flow)))
    assert "unknown name" in kinds(ring, to(told, "S3", offered=(change(flow, demand="no"),)))
    assert "rate" in kinds(ring, to(told, "S3", offered=(change(flow, gbps=199.0),)))
    assert "end" in kinds(ring, to(told, "S3", offered=(change(flow, source="S1"),)))


def test_a_market_on_its_fail_over_while_its_edge_is_in_reach_is_told(ring):
    tables = compile_tables(ring)
    cases = compile_cases(tables, failures_of(tables))
    lost = cases.names.index("edge S1")
    told = spreads(igp_of(tables), cases.only(lost))
    assert kinds(ring, told, out=cases.outages[lost]) == set()
    assert kinds(ring, told, out=frozenset()) == {"end"}


def test_equal_ways_must_share_equally(ring, altered):
    # From S2 to S0 both ways round are 500 km: 2,450 us at 4.9 us/km.
    km = {"F0": 250.0, "F1": 250.0, "F2": 200.0, "F3": 150.0, "F4": 150.0}
    change = msgspec.structs.replace
    network = change(
        ring.network,
        fibres=tuple(change(f, length_km=km[f.name]) for f in ring.network.fibres),
        latency=change(ring.network.latency, fec_us=0.0, route_factor=1.0),
    )
    plan = altered(change(ring, network=network), "demands", SYNC, target="S0")
    tables = compile_tables(plan)
    told = spreads(igp_of(tables), compile_cases(tables, ()).only(0))
    flow = one(told, "S0").flow_gbps
    halves = {key: gbps for key, gbps in flow.items() if key[2] == 1}
    assert set(halves.values()) == {100.0}
    assert len(halves) == 5
    assert kinds(plan, told, out=frozenset()) == set()
    uneven = {key: 150.0 if key[0] in ("L0", "L1") else 50.0 for key in halves}
    assert "path" in kinds(plan, to(told, "S0", flow_gbps=flow | uneven), out=frozenset())
