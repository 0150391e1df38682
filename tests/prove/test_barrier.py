"""A barrier is a sum that anybody can check; here it is checked from the network's own links."""

import msgspec
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.jobs.progress import silent
from arterial.prove.barrier import barrier
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.cut import cut_excess
from arterial.prove.feasible import feasible
from arterial.prove.promised import promises_of
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables


def refuted(plan):
    """(sweep, promises, case, promise) of every class that no routing serves in a case."""
    tables, book = compile_tables(plan), register(plan)
    swept = sweep(tables, book, compile_cases(tables, failures_of(tables)), silent)
    promises = promises_of(plan)
    outcomes = feasible(swept, promises, silent)
    for case, failure in enumerate(swept.cases.failures):
        for promise in promises:
            own = outcomes.get((case, promise.traffic_class.name))
            if promise.kind != (failure.kind if failure else None) or own is None:
                continue
            if own.verdict == "refuted":
                yield swept, promises, case, promise


def asked(swept, promises, case, promise):
    """Gb/s that the policy asks of each demand whose ends stand."""
    kind = promise.kind
    return {
        row.name: one.keep * row.gbps
        for one in promises
        if one.kind == kind and one.traffic_class.priority <= promise.traffic_class.priority
        for place, row in enumerate(swept.tables.plan.demands)
        if row.traffic_class == one.traffic_class.name and not swept.cut_off[case, place]
    }


def ends(plan, row):
    """Every pair of ends that a demand may use while all edges stand."""
    if not row.market:
        return [(row.source, row.target)]
    replica = next(one for one in plan.replicas if one.market == row.market)
    pairs = [(edge, replica.site) for edge in (replica.edge, replica.failover)]
    return pairs if row.to_market else [pair[::-1] for pair in pairs]


def check_cut(found, swept, case, required):
    plan = swept.tables.plan
    left = dict(zip(swept.tables.links, swept.cases.left_gbps[case].tolist(), strict=True))
    usable = plan.network.policy.usable(failed=swept.cases.failures[case] is not None)
    inside = set(found.sites)
    if found.into:
        inside = {site.name for site in plan.network.sites} - inside
    crossing = [link for link in plan.ip_links if (link.a in inside) != (link.z in inside)]
    room = sum(usable * left[link.name] for link in crossing)
    must = sum(
        required.get(row.name, 0.0)
        for row in plan.demands
        if all(a in inside and z not in inside for a, z in ends(plan, row))
    )
    assert found.usable_gbps == pytest.approx(room)
    assert found.must_gbps == pytest.approx(must)
    assert must > room
    assert {row.link for row in found.links} == {k.name for k in crossing if left[k.name] > 0.0}
    assert set(found.down) == {k.name for k in crossing if left[k.name] <= 0.0}


def check_prices(found, swept, case, required):
    price = {}
    for row in found.links:
        link = next(one for one in swept.tables.plan.ip_links if one.name == row.link)
        price[row.link, link.a == row.source] = row.price
    failed = swept.cases.failures[case] is not None
    assert cut_excess(swept.book, swept.cases.outages[case], required, price, failed=failed) > 0.0
    assert max(row.price for row in found.links) == 1.0
    assert found.must_gbps > found.usable_gbps > 0.0


def check_no_way(found, swept, case, required):
    graph = nx.Graph()
    graph.add_nodes_from(swept.tables.sites)
    for place, link in enumerate(swept.tables.plan.ip_links):
        if swept.cases.left_gbps[case, place] > 0.0:
            graph.add_edge(link.a, link.z)
    rows = {row.name: row for row in swept.tables.plan.demands}
    assert found.must_gbps == pytest.approx(sum(required[name] for name in found.demands))
    assert any(nx.has_path(graph, rows[n].source, rows[n].target) for n in found.demands)


CHECKS = {"cut": check_cut, "prices": check_prices, "no way": check_no_way}


@settings(max_examples=30)
@given(data=st.data())
def test_every_refutation_has_a_barrier_that_holds(meshes, data):
    for swept, promises, case, promise in refuted(data.draw(meshes)):
        found = barrier(swept, promises, case, promise)
        assert found is not None
        assert found.case == swept.cases.names[case]
        required = asked(swept, promises, case, promise)
        CHECKS[found.kind](found, swept, case, required)


def only(plan, words):
    """The barrier of one promise in the state without failure."""
    for swept, promises, case, promise in refuted(plan):
        if case == 0 and promise.words == words:
            found = barrier(swept, promises, case, promise)
            CHECKS[found.kind](found, swept, case, asked(swept, promises, case, promise))
            return found
    raise AssertionError(words)


def test_a_site_whose_ways_out_are_too_thin_is_the_barrier(ring, altered):
    found = only(
        altered(ring, "demands", "given sync S2 > S3", gbps=1500.0), "sync without failure"
    )
    assert (found.kind, found.must_gbps) == ("cut", pytest.approx(1500.0))
    assert [row.usable_gbps for row in found.links] == pytest.approx([576.0, 576.0])


def test_where_only_a_thin_way_is_in_time_the_barrier_is_its_price(ring, altered):
    """Round the ring there is room for 700 Gb/s; within 3 ms there are 576."""
    big = altered(ring, "demands", "given sync S2 > S3", gbps=700.0)
    classes = tuple(
        msgspec.structs.replace(row, rtt_ms=3.0) if row.name == "sync" else row
        for row in big.network.classes
    )
    hasty = msgspec.structs.replace(
        big, network=msgspec.structs.replace(big.network, classes=classes)
    )
    found = only(hasty, "sync without failure")
    assert (found.kind, [row.link for row in found.links]) == ("prices", ["L2"])
    assert found.usable_gbps == pytest.approx(576.0)
    assert found.must_gbps == pytest.approx(700.0)


def test_a_demand_that_every_way_is_too_long_for_finds_no_way(ring, altered):
    found = only(
        altered(ring, "demands", "people-down M", access_ms=50.0), "inference without failure"
    )
    assert (found.kind, found.demands) == ("no way", ("people-down M",))
    assert found.must_gbps == 60.0
