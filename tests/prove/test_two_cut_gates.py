import msgspec
import numpy as np
import pytest
from scipy.optimize import linprog

from arterial.jobs.progress import silent
from arterial.plan.store import read_plan
from arterial.prove.cases import compile_cases, failures_of, paired
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.tables import compile_tables
from arterial.prove.two_cut_gates import TwoCuts, settled, two_cuts
from arterial.prove.two_cuts import pairs_of, states


def asked(plan, rtt_ms):
    """Inference keeps all after two cuts too; its round trip is as told."""
    network = plan.network
    rules = tuple(
        msgspec.structs.replace(rule, after=(*rule.after, "fibre2"))
        if "inference" in rule.classes
        else rule
        for rule in network.policy.rules
    )
    classes = tuple(
        msgspec.structs.replace(kind, rtt_ms=rtt_ms) if kind.name == "inference" else kind
        for kind in network.classes
    )
    policy = msgspec.structs.replace(network.policy, rules=rules)
    network = msgspec.structs.replace(network, policy=policy, classes=classes)
    return msgspec.structs.replace(plan, network=network)


@pytest.fixture(scope="module")
def plan(drill_plan):
    return asked(read_plan(drill_plan), None)


@pytest.fixture(scope="module")
def pairs(plan):
    tables = compile_tables(plan)
    return pairs_of(tables, register(plan), compile_cases(tables, failures_of(tables)))


def most(pairs, case):
    """Share of all that is owed which any routing carries at once, by arc flows: no delay here."""
    tables = pairs.tables
    site = {name: number for number, name in enumerate(tables.sites)}
    one = paired(tables, pairs.singles, pairs.first[[case]], pairs.second[[case]])
    room = one.left_gbps[0] * tables.plan.network.policy.usable(failed=True)
    arcs = [(a, z) for a, z in tables.link_end.tolist()] + [
        (z, a) for a, z in tables.link_end.tolist()
    ]
    edges = {edge for row in tables.plan.replicas for edge in (row.edge, row.failover)}
    goal = len(site)
    arcs += [(site[edge], goal) for edge in sorted(edges)] + [
        (goal, site[e]) for e in sorted(edges)
    ]
    room = np.concatenate([room, room, np.full(2 * len(edges), 1e9)])
    trips = {name: trip for name, trip in pairs.trips.items() if trip not in pairs.excused(case)}
    size = len(arcs)
    columns = size * len(trips) + 1
    equal, right = [], []
    for k, (name, trip) in enumerate(trips.items()):
        demand = next(row for row in tables.plan.demands if row.name == name)
        source, target = (goal, site[trip.near]) if demand.to_market else (site[trip.near], goal)
        for node in range(goal + 1):
            row = np.zeros(columns)
            for e, (a, z) in enumerate(arcs):
                row[k * size + e] = (a == node) - (z == node)
            row[-1] = -demand.gbps * ((node == source) - float(node == target))
            equal.append(row)
            right.append(0.0)
        for e, (a, z) in enumerate(arcs):  # nobody passes the goal on the way
            if goal in (a, z) and (a == goal) != demand.to_market:
                row = np.zeros(columns)
                row[k * size + e] = 1.0
                equal.append(row)
                right.append(0.0)
    shared = np.zeros((size, columns))
    for k in range(len(trips)):
        shared[:, k * size : (k + 1) * size] += np.eye(size)
    cost = np.zeros(columns)
    cost[-1] = -1.0
    bounds = [(0.0, None)] * (columns - 1) + [(0.0, 1.0)]
    found = linprog(cost, A_ub=shared, b_ub=room, A_eq=np.array(equal), b_eq=right, bounds=bounds)
    assert found.status == 0
    return -found.fun


def test_any_routing_is_judged_as_flows_on_arcs_are(pairs):
    for state in states(pairs, silent):
        case = state.cases[0]
        found = settled(pairs, pairs.promises[0], case)
        assert found.verdict == ("proved" if most(pairs, case) >= 1.0 - 1e-6 else "refuted")


def test_gates_say_the_worst_of_their_cases(plan, pairs):
    proof = prove(plan)
    gates = {gate.name: gate for gate in proof.gates}
    runs, feasible = (gates[f"{word}: inference after fibre2"] for word in ("runs", "feasible"))
    least = 1.0
    for state in states(pairs, silent):
        for case in state.cases:
            left = [n for n, trip in pairs.trips.items() if trip not in pairs.excused(case)]
            least = min([least, *(state.check.share[name] for name in left)])
    assert runs.value == pytest.approx(least)
    assert runs.verdict == ("proved" if least > 1.0 - 1e-6 else "refuted")
    assert feasible.verdict != "proved" or feasible.value >= 1.0 - 1e-6
    assert runs.cases == feasible.cases == len(pairs)
    assert runs.worst_case in {pairs.name(case) for case in range(len(pairs))}


def test_nothing_is_said_where_no_rule_speaks_of_two_cuts(drill_plan):
    plan = read_plan(drill_plan)
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    assert two_cuts(tables, register(plan), cases, silent) == TwoCuts()
