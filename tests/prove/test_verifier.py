import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.prove.backup import installed, routed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.register import register
from arterial.prove.sweep import carried_by_name
from arterial.prove.tables import compile_tables
from arterial.prove.verifier import Flow, cut_off, verify, verify_tunnels

DOWN = "people-down M"
NORMAL = {"down/1": 60.0, "up/1": 6.0, "sync/1": 200.0, "save/1": 100.0}


def kinds(check):
    return {violation.kind for violation in check.violations}


def flow(**fields):
    plain = Flow(
        demand="given sync S2 > S3", source="S2", target="S3", hops=(("L2", True),), gbps=200.0
    )
    return msgspec.structs.replace(plain, **fields)


@given(data=st.data())
def test_what_the_sweep_says_is_carried_is_accepted_in_every_case(meshes, data):
    plan = data.draw(meshes)
    tables, book = compile_tables(plan), register(plan)
    cases = compile_cases(tables, failures_of(tables))
    routing = routed(installed(tables), cases)
    for case, failure in enumerate(cases.failures):
        carried = carried_by_name(tables, routing, case)
        check = verify_tunnels(book, cases.outages[case], carried, failed=failure is not None)
        assert check.violations == ()


def test_the_installed_state_of_the_ring_is_accepted_and_counted(ring):
    check = verify_tunnels(register(ring), frozenset(), NORMAL, failed=False)
    assert check.violations == ()
    assert check.share == dict.fromkeys(
        (DOWN, "people-up M", "given sync S2 > S3", "given checkpoint S2 > S4"), 1.0
    )
    # 1.37 x 0.49 ms of fibre + 10 us of coding + 2 routers of 20 us + 0 ms access, both ways.
    assert check.round_trip_ms["given sync S2 > S3"] == pytest.approx(
        2 * (1.37 * 0.49 + 0.01 + 0.04)
    )


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (flow(hops=(("L2", False),)), "path"),
        (flow(hops=(("L3", True),)), "path"),
        (flow(hops=(("L2", True), ("L3", True))), "path"),
        (flow(hops=()), "path"),
        (flow(source="S1", hops=(("L1", True), ("L2", True))), "end"),
        (flow(hops=(("L9", True),)), "unknown name"),
        (flow(demand="nobody's"), "unknown name"),
        (flow(gbps=201.0), "rate"),
        (flow(gbps=-1.0), "rate"),
        (flow(gbps=math.inf), "rate"),
        (flow(gbps=800.0 * 0.72 + 0.01), "capacity"),
    ],
)
def test_each_kind_of_lie_is_told(ring, wrong, kind):
    assert kind in kinds(verify(register(ring), frozenset(), [wrong], failed=False))


@pytest.mark.parametrize(
    "lost",
    [
        ("fibre", "F2", 0),
        ("pair", "F2", 1),
        ("link", "L2", 0),
        ("site", "S2", 0),
        ("site", "S3", 0),
    ],
)
def test_traffic_over_a_dead_element_is_told(ring, lost):
    assert "dead" in kinds(verify(register(ring), frozenset({lost}), [flow()], failed=True))


@pytest.mark.parametrize("lost", [("router", "S2", 1), ("router", "S3", 2), ("wave", "w2.1", 0)])
def test_half_a_bundle_lost_leaves_half_its_capacity(ring, lost):
    out = frozenset({lost})
    assert verify(register(ring), out, [flow()], failed=True).violations == ()
    near = [flow(gbps=200.0), flow(demand="given checkpoint S2 > S4", target="S3", gbps=145.0)]
    assert "capacity" in kinds(verify(register(ring), out, near, failed=True))


def test_a_market_served_from_neither_its_edge_nor_its_fail_over_is_told(ring):
    served = Flow(demand=DOWN, source="S1", target="S0", hops=(("L0", False),), gbps=60.0)
    elsewhere = Flow(
        demand=DOWN,
        source="S2",
        target="S0",
        hops=(("L1", False), ("L0", False)),
        gbps=60.0,
    )
    book = register(ring)
    assert verify(book, frozenset(), [served], failed=False).violations == ()
    assert kinds(verify(book, frozenset(), [elsewhere], failed=False)) == {"end"}
    lost = frozenset({("edge", "S1", 0)})
    assert kinds(verify(book, lost, [served], failed=True)) == {"dead"}


def test_answers_of_a_market_served_at_home_run_towards_it(ring, altered):
    # Source and target are one site: only what the demand is for tells which way its backup runs.
    home = msgspec.structs.replace(ring.replicas[0], edge="S0")
    plan = altered(msgspec.structs.replace(ring, replicas=(home,)), "demands", DOWN, source="S0")
    book, lost = register(plan), frozenset({("edge", "S0", 0)})
    here = Flow(demand=DOWN, source="S4", target="S0", hops=(("L4", True),), gbps=60.0)
    away = Flow(demand=DOWN, source="S0", target="S4", hops=(("L4", False),), gbps=60.0)
    assert verify(book, lost, [here], failed=True).violations == ()
    assert kinds(verify(book, lost, [away], failed=True)) == {"end"}
    up = altered(plan, "demands", DOWN, to_market=False)
    assert kinds(verify(register(up), lost, [here], failed=True)) == {"end"}


def test_parts_that_add_up_but_for_the_last_bits_are_all_of_a_demand(ring):
    parts = [flow(gbps=200.0 * part) for part in (0.1, 0.2, 0.3, 0.4 * (1.0 - 1e-15))]
    check = verify(register(ring), frozenset(), parts, failed=False)
    assert check.share["given sync S2 > S3"] == 1.0
    less = verify(register(ring), frozenset(), parts[:3], failed=False)
    assert less.share["given sync S2 > S3"] == pytest.approx(0.6)


def test_opposite_directions_do_not_share_capacity(ring):
    book, room = register(ring), 0.72 * 800.0
    down = Flow(demand=DOWN, source="S1", target="S0", hops=(("L0", False),), gbps=60.0)
    up = Flow(demand="people-up M", source="S0", target="S1", hops=(("L0", True),), gbps=room)
    assert "capacity" not in kinds(verify(book, frozenset(), [down, up], failed=False))


def test_a_backup_that_carries_while_its_primary_stands_is_told(ring):
    check = verify_tunnels(register(ring), frozenset(), {"sync/b": 100.0}, failed=False)
    assert kinds(check) == {"backup"}
    lost = frozenset({("fibre", "F2", 0)})
    assert kinds(verify_tunnels(register(ring), lost, {"sync/b": 100.0}, failed=True)) == set()
    assert kinds(verify_tunnels(register(ring), lost, {"sync/b": 101.0}, failed=True)) == {"rate"}
    assert kinds(verify_tunnels(register(ring), lost, {"sync/x": 1.0}, failed=True)) == {
        "unknown name"
    }


def test_backups_that_carry_more_than_the_primary_they_stand_in_for_are_told(ring, altered):
    # Half of the traffic runs on a second primary; the first one's backup may not carry that half.
    plan = altered(ring, "tunnels", "sync/1", rate_gbps=100.0)
    plan = altered(plan, "tunnels", "sync/b", rate_gbps=200.0)
    other = next(t for t in plan.tunnels if t.name == "sync/1")
    plan = msgspec.structs.replace(
        plan,
        tunnels=(*plan.tunnels, msgspec.structs.replace(other, name="sync/2")),
        tunnel_hops=(
            *plan.tunnel_hops,
            *(
                msgspec.structs.replace(h, tunnel="sync/2")
                for h in plan.tunnel_hops
                if h.tunnel == "sync/1"
            ),
        ),
    )
    book, lost = register(plan), frozenset({("fibre", "F2", 0)})
    assert verify_tunnels(book, lost, {"sync/b": 100.0}, failed=True).violations == ()
    assert kinds(verify_tunnels(book, lost, {"sync/b": 200.0}, failed=True)) == {"backup"}


def test_traffic_over_its_round_trip_does_not_count(ring, altered):
    # 2 x 1.37 x 4.9 us/km: 20 ms are passed beyond about 1,480 km.
    far = altered(ring, "tunnels", "down/1", rtt_ms=1.0)
    fibres = tuple(msgspec.structs.replace(f, length_km=1500.0) for f in ring.network.fibres)
    far = msgspec.structs.replace(far, network=msgspec.structs.replace(ring.network, fibres=fibres))
    check = verify_tunnels(register(far), frozenset(), NORMAL, failed=False)
    assert check.violations == ()
    assert (check.share[DOWN], check.share["given sync S2 > S3"]) == (0.0, 1.0)


def test_traffic_of_unknown_length_is_hoped_for_and_not_counted(ring):
    fibres = tuple(msgspec.structs.replace(f, length_km=None) for f in ring.network.fibres)
    blind = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, fibres=fibres)
    )
    check = verify_tunnels(register(blind), frozenset(), NORMAL, failed=False)
    assert (check.share[DOWN], check.hoped[DOWN]) == (0.0, 1.0)
    assert math.isnan(check.round_trip_ms[DOWN])
    assert check.share["given sync S2 > S3"] == 1.0, "a class without a bound needs no length"


def test_a_demand_is_cut_off_by_its_own_end_alone(ring):
    book = register(ring)
    assert cut_off(book, frozenset({("site", "S0", 0)}), DOWN)
    assert not cut_off(book, frozenset({("site", "S1", 0)}), DOWN), "the edge can be replaced"
    assert cut_off(book, frozenset({("site", "S3", 0)}), "given sync S2 > S3")
    assert not cut_off(book, frozenset({("router", "S3", 1)}), "given sync S2 > S3")
