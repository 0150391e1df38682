"""A link alone is judged as the prover judges the whole plan."""

import msgspec
import pytest

from arterial.design.meanwhile import Meanwhile
from arterial.prove.backup import installed, routed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.tables import compile_tables


def waves(plan, link):
    return [row for row in plan.lightpaths if row.link == link]


def test_a_plan_that_is_proved_holds_on_every_link(ground_floor):
    plan = ground_floor.plan
    meanwhile = Meanwhile(plan)
    assert all(meanwhile.worst(row.name, waves(plan, row.name)).holds for row in plan.ip_links)


def test_the_load_is_that_of_the_provers_tables(ground_floor):
    plan = ground_floor.plan
    tables = compile_tables(plan)
    ready = installed(tables)
    routing = routed(ready, compile_cases(tables, failures_of(tables)))
    names = [failure.name for failure in failures_of(tables)]
    meanwhile, links = Meanwhile(plan), [row.name for row in plan.ip_links]
    for number, link in enumerate(links):
        worst = meanwhile.worst(link, waves(plan, link))
        row = names.index(worst.case) + 1  # the first state has no failure
        wanted = routing.wanted_gbps[row]
        both = [(ready.rides[:, [arc]].T @ wanted)[0] for arc in (number, number + len(links))]
        assert worst.load_gbps in (pytest.approx(both[0]), pytest.approx(both[1]))


def test_fewer_waves_never_hold_more(ground_floor):
    plan = ground_floor.plan
    meanwhile = Meanwhile(plan)
    for link in plan.ip_links:
        own = waves(plan, link.name)
        slower = [msgspec.structs.replace(row, rate_gbps=row.rate_gbps / 4) for row in own]
        order = [meanwhile.worst(link.name, some).holds for some in (own, slower, [])]
        assert order == sorted(order, reverse=True)
    assert not meanwhile.worst("Fir--Larch", []).holds


def test_a_link_without_tunnels_always_holds(ground_floor):
    worst = Meanwhile(ground_floor.plan).worst("no such link", [])
    assert (worst.holds, worst.case) == (True, "")
