"""A bill paid anew against the bill of a network with those prices."""

import pytest

from arterial.design.bill import bill_of
from arterial.design.priced import GROUPS, by_group, repriced, scaled
from arterial.plan.store import read_plan


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_paying_a_plan_anew_is_billing_it_at_the_new_prices(drill_plan, group, factor):
    plan = read_plan(drill_plan)
    edges = {site for row in plan.replicas for site in (row.edge, row.failover)}
    network = scaled(plan.network, group, factor)
    bill = bill_of(network, plan.ip_links, plan.lightpaths, plan.lit_fibres, sorted(edges))
    spent = by_group(plan.bill)
    assert sum(spent.values()) == pytest.approx(plan.cost)
    assert repriced(spent, group, factor) == pytest.approx(sum(item.cost for item in bill))
