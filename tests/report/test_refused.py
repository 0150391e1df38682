import math

import msgspec
import pytest

from arterial.optics.restored_links import restored_links
from arterial.plan.store import read_plan
from arterial.report.refused import refused
from arterial.report.restored import restored_cases

replace = msgspec.structs.replace


@pytest.fixture
def tight(sparse_plan):
    """A plan with light restored, and a bound that every class has just met."""
    plan = read_plan(sparse_plan)
    class_of = {demand.name: demand.traffic_class for demand in plan.demands}
    most = {}
    for row in plan.tunnels:
        name = class_of[row.demand]
        most[name] = max(most.get(name, 0.0), row.rtt_ms)
    classes = tuple(replace(row, rtt_ms=most.get(row.name)) for row in plan.network.classes)
    return replace(plan, network=replace(plan.network, classes=classes))


def test_the_page_and_the_command_tell_the_same_refusals(tight):
    told = {(r.case, r.link, r.traffic_class) for r in refused(tight, restored_links(tight))}
    page = {
        (case.case, link.link, name)
        for case in restored_cases(tight)
        for link in case.links
        for name in link.refusing
    }
    assert told == page
    assert told


def test_a_class_does_not_return_to_a_link_whose_round_trip_nobody_knows(tight):
    rows = [row for row in restored_links(tight) if row.back]
    unknown = [replace(row, latency_ms=math.nan) for row in rows]
    told = refused(tight, unknown)
    over = {hop.link for hop in tight.tunnel_hops}
    assert {row.link for row in told} == {row.link for row in rows} & over
    assert all(math.isnan(row.rtt_ms) for row in told)
