import math

import pytest

from arterial.plan.verdict import WorstLink
from arterial.report.view import map_view


def test_a_fibre_is_as_hot_as_the_hottest_link_that_rides_on_it(plan, proof):
    worst = {row.link: row for row in proof.worst_links}
    riders = {}
    link_of = {path.name: path.link for path in plan.lightpaths}
    for hop in plan.lightpath_hops:
        riders.setdefault(hop.fibre, set()).add(link_of[hop.lightpath])
    for fibre in map_view(plan, proof).fibres:
        expected = [worst[link].utilisation for link in riders.get(fibre.name, ())]
        assert fibre.utilisation == (max(expected) if expected else None)
        if expected:
            assert worst[fibre.worst_link].utilisation == fibre.utilisation


def test_an_unknown_load_is_not_hidden_by_a_known_one(builders, plan):
    link = plan.ip_links[0].name
    path = plan.lightpaths[0].name
    rider = plan.lightpaths[-1]
    assert rider.link != link
    moved = [hop for hop in plan.lightpath_hops if hop.lightpath == path]
    shared = builders["plan"](
        lightpath_hops=(
            *plan.lightpath_hops,
            *(type(hop)(**{f: getattr(hop, f) for f in hop.__struct_fields__}
                        | {"lightpath": rider.name, "hop": 2}) for hop in moved),
        )
    )  # fmt: skip
    row = {"load_gbps": 1.0, "worst_case": "", "normal_utilisation": 0.1}
    proof = builders["proof"](
        worst_links=(
            WorstLink(link=link, utilisation=0.9, **row),
            WorstLink(link=rider.link, utilisation=math.nan, **row),
        )
    )
    seen = {fibre.name: fibre for fibre in map_view(shared, proof).fibres}
    assert math.isnan(seen[moved[0].fibre].utilisation)


def test_rates_on_fibres_are_those_of_the_waves_that_pass(plan):
    rate = {path.name: path.rate_gbps for path in plan.lightpaths}
    for fibre in map_view(plan).fibres:
        passing = [hop.lightpath for hop in plan.lightpath_hops if hop.fibre == fibre.name]
        assert fibre.rate_gbps == sum(rate[name] for name in passing)


def test_without_a_proof_no_load_is_known(plan):
    view = map_view(plan)
    assert {fibre.utilisation for fibre in view.fibres} == {None}
    assert {link.utilisation for link in view.links} == {None}


@pytest.mark.parametrize(
    ("site", "kind"),
    [("Abilene_Campus", "campus"), ("Dallas", "edge"), ("Kansas_City", "junction")],
)
def test_a_site_is_shown_by_what_it_does(plan, site, kind):
    assert {row.name: row.kind for row in map_view(plan).sites}[site] == kind
