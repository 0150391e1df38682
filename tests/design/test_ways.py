from arterial.design.standing import standing
from arterial.design.ways import (
    FURTHER_ROUTES,
    FURTHER_STRETCH,
    NEAR_KM,
    Terms,
    actions_of,
    regenerated_after,
    sites_of_chain,
    ways_of,
)


def test_further_routes_are_few_distinct_and_no_far_detour(ground_floor):
    for link in ground_floor.plan.ip_links:
        base, ways, _ = ground_floor.works(link.a, link.z)
        km = [sum(base.ground.length_km[arc] for arc in way.arcs) for way in ways]
        beside = [one for one, way in zip(km, ways, strict=True) if way.bundle is None]
        assert len({frozenset(arc // 2 for arc in way.arcs) for way in ways}) == len(ways)
        assert len(beside) <= FURTHER_ROUTES
        assert all(one <= max(NEAR_KM, FURTHER_STRETCH * min(km)) for one in beside)


def test_in_place_has_no_route_beside_and_adds_nothing(ground_floor):
    base, ways, _ = ground_floor.works("Fir", "Gorse", in_place=True)
    assert [way.bundle for way in ways] == list(base.bundles)
    assert not any(action.new for action in actions_of(base, ways, Terms(in_place=True), 400.0))


def test_exchanges_are_for_the_faster_and_added_waves_are_enough(ground_floor):
    plan = ground_floor.plan
    rates = {mode.name: mode.rate_gbps for mode in plan.network.modes}
    for link in plan.ip_links:
        base, ways, _ = ground_floor.works(link.a, link.z)
        for action in actions_of(base, ways, Terms(), 900.0):
            if action.new:
                assert action.most * action.option.rate_gbps >= 900.0
            else:
                assert action.option.rate_gbps > rates[action.old[0]]
                assert action.most == link.waves


def test_one_mode_asked_for_is_the_only_one_newly_lit(ground_floor):
    _, ways, _ = ground_floor.works("Fir", "Larch", mode="OpenZR+ 400")
    assert {option.mode for way in ways for option in way.options} == {"OpenZR+ 400"}


def test_sites_of_a_chain_lead_back_to_its_hops(ground_floor):
    base, ways, _ = ground_floor.works("Fir", "Gorse", regenerators=True)
    for way in ways:
        for chain in way.chains.values():
            sites = tuple(sites_of_chain(base, way.arcs, chain))
            assert regenerated_after(base, way.arcs, sites) == chain


def test_ways_start_at_the_named_end_of_the_links(ground_floor):
    base = standing(ground_floor.plan, "Larch", "Fir")
    assert (base.a, base.z) == ("Fir", "Larch")
    site = base.ground.site_index
    for way in ways_of(base, ground_floor.sections, Terms()):
        passed = base.ground.graph.sites_of(way.arcs)
        assert (passed[0], passed[-1]) == (site["Fir"], site["Larch"])
