import math

import msgspec
import pytest

from arterial.plan.rows import Demand
from arterial.prove.load import load_gates

replace = msgspec.structs.replace
DOWN, UP = "people-down M", "people-up M"
SYNC, SAVE = "given sync S2 > S3", "given checkpoint S2 > S4"


def gates(plan):
    return {gate.name: gate for gate in load_gates(plan)}


def test_what_the_load_asks_and_no_more_is_proved(ring):
    assert {name: gate.verdict for name, gate in gates(ring).items()} == {
        "demands": "proved",
        "replicas": "proved",
    }


@pytest.mark.parametrize("name", [DOWN, UP, SYNC, SAVE])
def test_a_demand_left_out_is_missed(ring, name):
    fewer = tuple(demand for demand in ring.demands if demand.name != name)
    gate = gates(replace(ring, demands=fewer))["demands"]
    assert (gate.verdict, gate.value) == ("refuted", 1.0)
    assert gate.note == f"'{name}' is asked for and the plan leaves it out"


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        (DOWN, {"gbps": 59.0}, "gbps is 59; the load asks 60"),
        (SYNC, {"gbps": 200.0001}, "gbps is"),
        (SYNC, {"traffic_class": "checkpoint"}, "traffic_class is 'checkpoint'"),
        (SYNC, {"target": "S4"}, "target is 'S4'; the load asks 'S3'"),
        (UP, {"source": "S1"}, "source is 'S1'"),
        (UP, {"access_ms": 0.0}, "access_ms is 0; the load asks 0.5"),
        (UP, {"market": ""}, "market is ''; the load asks 'M'"),
        (SAVE, {"transfer_h": 0.25}, "transfer_h is 0.25; the load asks 0.5"),
        (SYNC, {"name": "given sync S2 > S9"}, "nobody asks for 'given sync S2 > S9'"),
    ],
)
def test_a_demand_that_is_changed_is_found(ring, altered, name, fields, told):
    gate = gates(altered(ring, "demands", name, **fields))["demands"]
    assert gate.verdict == "refuted"
    assert told in gate.note


def test_a_demand_that_nobody_asks_for_is_found(ring):
    more = Demand(name="more", traffic_class="sync", source="S0", target="S1", gbps=1.0)
    gate = gates(replace(ring, demands=(*ring.demands, more)))["demands"]
    assert (gate.verdict, gate.note) == ("refuted", "nobody asks for 'more'")


def test_rounding_is_no_difference(ring, altered):
    plan = altered(ring, "demands", SYNC, gbps=200.0 * (1.0 + 1e-12))
    assert gates(plan)["demands"].verdict == "proved"


def test_a_load_that_cannot_be_worked_out_is_unknown(ring):
    found = gates(replace(ring, load="drafft"))
    assert {gate.verdict for gate in found.values()} == {"unknown"}
    assert all(math.isnan(gate.value) and "'draft'" in gate.note for gate in found.values())


def test_a_market_that_is_served_nowhere_is_missed_with_its_demands(ring):
    # Without its replica the load asks nothing for the market: only this gate can tell.
    own = tuple(demand for demand in ring.demands if not demand.market)
    found = gates(replace(ring, replicas=(), demands=own))
    assert found["demands"].verdict == "proved"
    assert (found["replicas"].verdict, found["replicas"].note) == (
        "refuted",
        "market 'M' has no replica",
    )


def test_a_load_without_people_needs_no_replica(ring):
    load = replace(ring.network.loads[0], workloads=())
    network = replace(ring.network, loads=(load,))
    own = tuple(demand for demand in ring.demands if not demand.market)
    found = gates(replace(ring, network=network, replicas=(), demands=own))
    assert {gate.verdict for gate in found.values()} == {"proved"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"failover": "S1"}, "fails over from S1 to itself"),
        ({"site": "S2"}, "entered at S2"),
    ],
)
def test_replicas_that_make_no_sense_are_faults(ring, altered, fields, told):
    gate = gates(altered(ring, "replicas", None, **fields))["replicas"]
    assert gate.verdict == "refuted"
    assert told in gate.note


def test_a_replica_stands_at_an_edge_only(ring):
    sites = tuple(replace(site, roles=("junction",)) for site in ring.network.sites)
    plan = replace(ring, network=replace(ring.network, sites=sites))
    assert "no edge site" in gates(plan)["replicas"].note
