import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from arterial.prove.best_lp import best_routing
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.cut import cut_excess
from arterial.prove.register import register
from arterial.prove.tables import compile_tables
from arterial.prove.verifier import verify


def paths_of(plan, left, demand):
    """Every simple path of a demand within its class's bound, over links that stand."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(site.name for site in plan.network.sites)
    for link in plan.network.links:
        if left[link.name] > 0.0:
            graph.add_edge(link.a, link.z, key=link.name, ms=link.latency_ms)
    bound = {c.name: c.rtt_ms for c in plan.network.classes}[demand.traffic_class]
    router_ms = plan.network.latency.router_us / 1000.0
    if demand.source == demand.target:
        return [[]]
    found = []
    for edges in nx.all_simple_edge_paths(graph, demand.source, demand.target):
        ms = sum(graph.edges[edge]["ms"] for edge in edges) + router_ms * (len(edges) + 1)
        if bound is None or 2 * (ms + demand.access_ms) <= bound:
            ends = {link.name: link.a for link in plan.network.links}
            found.append([(key, ends[key] == start) for start, _, key in edges])
    return found


def largest_share(plan, left, required, *, failed):
    """The oracle: one linear program over all simple paths, solved by scipy."""
    usable = plan.network.policy.usable(failed=failed)
    columns = [(d, path) for d in plan.demands for path in paths_of(plan, left, d)]
    arcs = [(link, way) for link in left for way in (True, False)]
    room = [[float(arc in path) for _, path in columns] + [0.0] for arc in arcs]
    need = [[-float(owner is d) for owner, _ in columns] + [required[d.name]] for d in plan.demands]
    cost = np.append(np.zeros(len(columns)), -1.0)
    limits = [left[link] * usable for link, _ in arcs] + [0.0] * len(plan.demands)
    bounds = [(0, None)] * len(columns) + [(0, 1)]
    return -linprog(cost, A_ub=np.array(room + need), b_ub=limits, bounds=bounds).fun


@settings(max_examples=60)
@given(data=st.data())
def test_the_answer_is_that_of_one_program_over_all_paths_and_the_verifier_confirms_it(
    meshes, data
):
    plan = data.draw(meshes)
    tables, book = compile_tables(plan), register(plan)
    cases = compile_cases(tables, failures_of(tables))
    case = data.draw(st.integers(0, len(cases.failures) - 1))
    out, failed = cases.outages[case], case > 0
    gone = {name for kind, name, _ in out if kind == "site"}
    required = {
        d.name: 0.0
        if gone & {d.source, d.target}
        else d.gbps * data.draw(st.sampled_from([0.5, 1]))
        for d in plan.demands
    }
    left = dict(zip(tables.links, cases.left_gbps[case].tolist(), strict=True))
    expected = largest_share(plan, left, required, failed=failed)
    numbered = {number: required[d.name] for number, d in enumerate(plan.demands)}
    answer = best_routing(tables, cases, case, numbered)
    assert not math.isnan(answer.share)
    if answer.price is None:
        assert expected == pytest.approx(1.0, abs=1e-6)
        check = verify(book, out, answer.flows, failed=failed)
        assert check.violations == ()
        asked = {d.name: d.gbps for d in plan.demands}
        assert all(check.share[n] * asked[n] >= gbps * (1 - 1e-6) for n, gbps in required.items())
    else:
        assert expected < 1.0
        assert expected <= answer.share + 1e-6
        assert cut_excess(book, out, required, answer.price, failed=failed) > 0.0


def test_traffic_goes_both_ways_round_when_one_way_is_too_narrow(ring):
    tables, book = compile_tables(ring), register(ring)
    cases = compile_cases(tables, ())
    sync = tables.demands.names.index("given sync S2 > S3")
    # 2 x 800 Gb/s x 0.72 may be used between S2 and S3: 1152 over the two ways.
    ring_gbps = 200.0
    answer = best_routing(tables, cases, 0, {sync: 1150.0})
    assert answer.share == 1.0
    total = sum(flow.gbps for flow in answer.flows)
    assert total == pytest.approx(1150.0, rel=1e-6)
    check = verify(book, cases.outages[0], answer.flows, failed=False)
    assert [v.kind for v in check.violations] == ["rate"], "1150 is more than the demand asks"
    assert check.share["given sync S2 > S3"] == pytest.approx(1150.0 / ring_gbps, rel=1e-6)


def test_one_more_gbps_than_both_ways_take_is_refuted_by_prices(ring):
    tables, book = compile_tables(ring), register(ring)
    cases = compile_cases(tables, ())
    sync = tables.demands.names.index("given sync S2 > S3")
    answer = best_routing(tables, cases, 0, {sync: 1153.0})
    assert answer.share == pytest.approx(1152.0 / 1153.0, rel=1e-6)
    assert (
        cut_excess(
            book, cases.outages[0], {"given sync S2 > S3": 1153.0}, answer.price, failed=False
        )
        > 0.0
    )


def test_out_of_rounds_is_neither_yes_nor_no(ring):
    tables = compile_tables(ring)
    cases = compile_cases(tables, ())
    sync = tables.demands.names.index("given sync S2 > S3")
    assert math.isnan(best_routing(tables, cases, 0, {sync: 1150.0}, rounds=1).share)
