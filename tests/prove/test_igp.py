import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.igp import NOWHERE, igp_of, options, rerouted, spreads
from arterial.prove.register import register
from arterial.prove.spread import verify_spreads
from arterial.prove.tables import compile_tables

DOWN, UP, SYNC = "people-down M", "people-up M", "given sync S2 > S3"


def compiled(plan):
    tables = compile_tables(plan)
    return tables, compile_cases(tables, failures_of(tables))


def kept(plan, case):
    """What each demand keeps in a case, by name."""
    tables, cases = compiled(plan)
    row = rerouted(igp_of(tables), cases).share[cases.names.index(case)]
    return dict(zip(tables.demands.names, row.tolist(), strict=True))


def taken(plan, case):
    """The option that each demand takes."""
    tables, cases = compiled(plan)
    row = options(igp_of(tables), cases)[cases.names.index(case)]
    return dict(zip(tables.demands.names, row.tolist(), strict=True))


@settings(max_examples=60)
@given(data=st.data())
def test_the_verifier_accepts_what_is_said_of_every_case_and_finds_the_same(meshes, data):
    plan = data.draw(meshes)
    (tables, cases), book = compiled(plan), register(plan)
    igp = igp_of(tables)
    found = rerouted(igp, cases)
    bound_ms = tables.demands.bound_ms * (1.0 + 1e-6)
    in_time = np.isinf(bound_ms) | (found.round_trip_ms <= bound_ms)
    for case, failure in enumerate(cases.failures):
        told = spreads(igp, cases.only(case))
        check = verify_spreads(book, cases.outages[case], told, failed=failure is not None)
        assert check.violations == ()
        mine = dict(zip(tables.demands.names, (found.share * in_time)[case].tolist(), strict=True))
        assert mine == pytest.approx(check.share, abs=1e-6)


def test_a_cut_sends_traffic_the_long_way_where_nothing_was_installed(ring):
    plan = msgspec.structs.replace(ring, tunnels=(), tunnel_hops=())
    assert kept(plan, "fibre F2") == dict.fromkeys(kept(plan, ""), 1.0)


def test_links_serve_the_first_class_and_leave_the_next_its_rest(ring, altered):
    # F2 out: sync and checkpoint go the other way round, 0.855 x 800 Gb/s less 60 of the market's.
    plan = altered(ring, "demands", SYNC, gbps=600.0)
    shares = kept(plan, "fibre F2")
    assert shares[SYNC] == 1.0
    assert shares["given checkpoint S2 > S4"] == pytest.approx(0.24)
    assert kept(altered(ring, "demands", SYNC, gbps=1248.0), "fibre F2")[SYNC] == pytest.approx(0.5)


def test_a_market_goes_to_its_edge_while_that_stands_and_is_in_reach(ring):
    assert taken(ring, "")[DOWN] == taken(ring, "edge S4")[DOWN] == 0
    assert taken(ring, "edge S1")[DOWN] == taken(ring, "edge S1")[UP] == 1
    assert taken(ring, "site S1")[DOWN] == 1
    assert taken(ring, "site S0")[DOWN] == NOWHERE
    assert taken(ring, "site S3")[SYNC] == NOWHERE


def test_a_market_served_where_it_is_rides_no_link(ring, altered):
    plan = altered(altered(ring, "replicas", None, edge="S0"), "demands", DOWN, source="S0")
    assert kept(plan, "fibre F0")[DOWN] == 1.0
    tables, cases = compiled(plan)
    trip_ms = rerouted(igp_of(tables), cases).round_trip_ms[0][0]
    assert trip_ms == pytest.approx(2 * (0.5 + 0.02))
    assert kept(plan, "site S0")[DOWN] == 0.0
