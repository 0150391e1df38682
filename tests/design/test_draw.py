import pytest

from arterial.design.draw import drawn
from arterial.design.opening import opened
from arterial.design.run import Run


@pytest.fixture(scope="module")
def plan(drill):
    start = opened(drill, "base", Run())
    return drawn(start, start.first)


def test_the_cost_is_the_sum_of_the_bill(plan):
    assert plan.cost == pytest.approx(sum(item.cost for item in plan.bill))


def test_every_row_names_rows_that_are_there(plan):
    links = {link.name for link in plan.ip_links}
    assert {wave.link for wave in plan.lightpaths} == links
    assert {hop.lightpath for hop in plan.lightpath_hops} == {w.name for w in plan.lightpaths}
    assert {hop.link for hop in plan.tunnel_hops} <= links
    assert {tunnel.demand for tunnel in plan.tunnels} == {demand.name for demand in plan.demands}
    assert {hop.fibre for hop in plan.lightpath_hops} == {row.fibre for row in plan.lit_fibres}


def test_a_replica_is_as_far_as_the_slowest_tunnel_to_it(plan):
    market = {demand.name: demand.market for demand in plan.demands}
    for row in plan.replicas:
        own = [tunnel for tunnel in plan.tunnels if market[tunnel.demand] == row.market]
        assert row.rtt_ms == max(t.rtt_ms for t in own if not t.protects)
        assert row.failover_rtt_ms == max(t.rtt_ms for t in own if t.protects)
        assert row.rtt_ms <= 20.0


def test_the_bound_says_what_was_fixed_before_it_was_taken(plan):
    assert plan.bound_scope == "restricted"
    assert "replicas" in plan.bound_note
