import pytest

from arterial.design.standing import standing, transparent


def test_both_orders_of_the_sites_see_the_same(ground_floor):
    for link in ground_floor.plan.ip_links:
        one, other = (
            standing(ground_floor.plan, *ends) for ends in ((link.a, link.z), (link.z, link.a))
        )
        assert (one.a, one.bundles) == (other.a, other.bundles)
        beside = [row for row in ground_floor.plan.ip_links if {row.a, row.z} == {link.a, link.z}]
        assert [bundle.link.name for bundle in one.bundles] == [row.name for row in beside]
        assert one.capacity_gbps == sum(row.capacity_gbps for row in beside)


def test_load_and_slack_are_those_of_the_tunnels(ground_floor):
    plan = ground_floor.plan
    tunnels = {row.name: row for row in plan.tunnels}
    limit = {row.name: row.rtt_ms for row in plan.network.classes}
    kind = {row.name: row.traffic_class for row in plan.demands}
    for link in plan.ip_links:
        bundles = standing(plan, link.a, link.z).bundles
        (bundle,) = (one for one in bundles if one.link.name == link.name)
        hops = [hop for hop in plan.tunnel_hops if hop.link == link.name]
        ways = [
            sum(
                tunnels[h.tunnel].rate_gbps
                for h in hops
                if h.forward is way and not tunnels[h.tunnel].protects
            )
            for way in (True, False)
        ]
        assert bundle.load_gbps == pytest.approx(max(ways))
        for hop in hops:
            row = tunnels[hop.tunnel]
            if limit[kind[row.demand]] is not None:
                assert row.rtt_ms + 2 * bundle.slack_ms <= limit[kind[row.demand]] + 1e-9


def test_transparent_segments_cover_the_route_once():
    for hops in range(1, 6):
        for stops in ((), (0,), (1, 2)):
            if stops and stops[-1] >= hops - 1:
                continue
            found = transparent(stops, hops)
            assert [hop for first, end in found for hop in range(first, end)] == list(range(hops))
            assert len(found) == len(stops) + 1
