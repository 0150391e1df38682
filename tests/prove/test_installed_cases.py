import numpy as np
import pytest

from arterial.fabric.ip import plan_fabric
from arterial.fabric.ip_cases import CaseSet, Listed, Singles
from arterial.fabric.ip_elements import elements_of
from arterial.plan.store import read_plan
from arterial.prove.backup import installed, routed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.installed_cases import installed_cases
from arterial.prove.outage import outage_named
from arterial.prove.tables import compile_tables
from arterial.routing.sweep import nothing_failed


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def classes(plan):
    return tuple(dict.fromkeys(demand.traffic_class for demand in plan.demands))


def by_title(plan, *titles):
    """Cases that each take down one element, and a case that takes them all."""
    ip = plan_fabric(plan)
    elements = elements_of(ip)
    number = {elements.title(one): one for one in range(len(elements))}
    pool = np.array([number[title] for title in titles], dtype=np.int64)
    all_of_them = Listed(np.array([0, len(pool)]), pool)
    return CaseSet(ip=ip, elements=elements, parts=(Singles(pool), all_of_them))


def test_single_failures_come_to_what_the_proof_routes(plan, classes):
    tables = compile_tables(plan)
    failures = [one for one in failures_of(tables) if one.kind != "edge"]
    states = compile_cases(tables, failures)
    expected = routed(installed(tables), states)
    ends = {end for link in plan.ip_links for end in (link.a, link.z)}
    known = [
        number for number, one in enumerate(failures, 1) if one.kind != "site" or one.site in ends
    ]
    cases = by_title(plan, *(failures[number - 1].name for number in known))
    found = installed_cases(plan, cases, classes)(cases.chunk(0, len(known)))
    assert np.allclose(found.carried.sum(axis=1), expected.carried_gbps[known].sum(axis=1))
    wanted = expected.wanted_gbps[known].sum(axis=1)
    assert np.allclose((found.carried + found.overload).sum(axis=1), wanted)
    total = found.carried + found.dropped + found.overload + found.ended
    offered = [
        sum(demand.gbps for demand in plan.demands if demand.traffic_class == name)
        for name in classes
    ]
    assert np.allclose(total, offered)


def test_the_state_without_failure_is_the_proof_s_first(plan, classes):
    tables = compile_tables(plan)
    expected = routed(installed(tables), compile_cases(tables, ()))
    cases = by_title(plan, f"link {plan.ip_links[0].name}")
    found = installed_cases(plan, cases, classes)(nothing_failed(len(tables.sites)))
    assert found.carried.sum() == pytest.approx(expected.carried_gbps[0].sum())
    assert (found.peak_case == -1).all()


def test_elements_that_fall_together_are_out_together(plan, classes):
    hop, ends = plan.lightpath_hops[0], plan.ip_links[-1]
    titles = (f"fibre {hop.fibre}", f"site {ends.a}", f"router {ends.z}/1")
    tables = compile_tables(plan)
    out = outage_named(plan, titles)
    expected = routed(installed(tables), compile_cases(tables, (), out))
    cases = by_title(plan, *titles)
    found = installed_cases(plan, cases, classes)(cases.chunk(len(titles), len(titles) + 1))
    # Without a failure beside it, the outage leaves less head-room: rates are the same or more.
    assert found.carried.sum() >= expected.carried_gbps.sum() - 1e-9
    assert (found.carried + found.overload).sum() == pytest.approx(expected.wanted_gbps.sum())
    assert found.ended.sum() > 0.0
