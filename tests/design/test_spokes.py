import pytest

from arterial.design.ground import ground_of
from arterial.design.spokes import hub_and_spoke, hubs_of
from arterial.design.terminals import terminals
from arterial.errors import InfeasibleError


@pytest.fixture(scope="module")
def ground(drill):
    return ground_of(drill)


@pytest.fixture(scope="module")
def hubs(ground):
    return hubs_of(ground, "base", 3)


def names(ground, sites):
    return {ground.network.sites[site].name for site in sites}


@pytest.mark.parametrize("homes", [1, 2])
def test_a_spoke_has_links_to_its_nearest_hubs_alone(ground, hubs, homes):
    shape = hub_and_spoke(ground, "base", hubs, homes).shape
    centre = names(ground, hubs.sites)
    for row, site in enumerate(hubs.spokes.tolist()):
        spoke = ground.network.sites[site].name
        if spoke not in centre:
            far = {link.z if link.a == spoke else link.a for link in shape.links
                   if spoke in (link.a, link.z)}  # fmt: skip
            nearest = sorted(range(3), key=lambda hub: hubs.km[row, hub])[:homes]
            assert far == names(ground, [hubs.sites[hub] for hub in nearest])


def test_every_site_where_traffic_ends_is_a_hub_or_a_spoke(ground, hubs):
    assert set(hubs.spokes.tolist()) == set(terminals(ground, "base"))


def test_hubs_alone_answer(ground, hubs):
    for homes in (1, 2):
        rows = hub_and_spoke(ground, "base", hubs, homes).shape.replicas
        assert {edge for row in rows for edge in (row.edge, row.failover)} <= names(
            ground, hubs.sites
        )


def test_every_two_hubs_are_joined(ground, hubs):
    links = hub_and_spoke(ground, "base", hubs, 1).shape.links
    joined = {frozenset((link.a, link.z)) for link in links}
    centre = sorted(names(ground, hubs.sites))
    assert all(frozenset((a, z)) in joined for a in centre for z in centre if a < z)


def test_hubs_are_near_to_people_or_to_all_traffic(ground):
    by_people, by_traffic = (hubs_of(ground, "base", 2, weigh) for weigh in ("people", "traffic"))
    assert by_people.median.value != by_traffic.median.value
    given = hubs_of(ground, "given", 2, "people")
    assert given.median.value == hubs_of(ground, "given", 2, "traffic").median.value


def test_more_hubs_than_edges_are_refused(ground):
    with pytest.raises(InfeasibleError, match="40 hubs"):
        hubs_of(ground, "base", 40)
