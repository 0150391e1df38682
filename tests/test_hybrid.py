"""Leased waves, on-ramps and peering beside light: bought where they are cheaper, and proved."""

import numpy as np
import pytest
from msgspec import structs

from arterial.design.engine import Ask, design
from arterial.errors import InfeasibleError
from arterial.fabric.ip import ip_fabric
from arterial.model.fibre import Link
from arterial.model.network import DemandRow, Network
from arterial.model.policy import Policy, Rule, TrafficClass
from arterial.model.site import Site
from arterial.model.workload import Load
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.prove.exposure import exposures
from arterial.prove.proof import prove
from arterial.report.materials import materials

EDGE = (Site(name="A", lat=40.0, lon=0.0, routers=2), Site(name="B", lat=40.0, lon=5.0, routers=2))


def leased(name, **figures):
    figures = {"capacity_gbps": 100.0, "latency_ms": 3.0, "most": 3, "cost_year": 1.0, **figures}
    return Link(name=name, a="A", z="B", kind="leased-wave", status="available", **figures)


def bought(*links, gbps=130.0, after=("fibre",), sites=EDGE):
    """Two sites that only ready-made links join, and what goes between them."""
    rows = (
        DemandRow(traffic_class="gold", source="A", target="B", gbps=gbps),
        DemandRow(traffic_class="gold", source="B", target="A", gbps=gbps / 3),
    )
    return Network(
        name="pair",
        sites=sites,
        links=links,
        classes=(TrafficClass(name="gold", priority=0),),
        policy=Policy(rules=(Rule(classes=("gold",), after=after, keep=1.0),)),
        loads=(Load(name="base", demands="demands.csv"),),
        demands={"base": rows},
    )


def units(plan):
    return {link.name: link.units for link in plan.ip_links}


def refuted(plan):
    return {gate.name for gate in prove(plan).gates if gate.verdict == "refuted"}


def test_units_are_bought_up_to_what_is_for_sale_and_their_bill_is_proved(tmp_path):
    network = bought(
        leased("north", setup_cost=2.0, lead_time_months=3.0), leased("south", cost_year=4.0)
    )
    plan = design(network, Ask(load="base"))
    assert units(plan) == {"north": 2, "south": 2}
    assert [(unit.router_a, unit.router_z) for unit in plan.bought_units[:2]] == [(1, 1), (2, 2)]
    assert plan.cost == sum(item.cost for item in plan.bill) > plan.bound * 0.5
    lines = {(item.item, item.where): item for item in plan.bill}
    assert lines["leased wave", "north"].cost == 2 * (2.0 + 5.0 * 1.0)
    assert lines["router port", "A"].quantity == 4.0
    assert prove(plan).verdict == "proved"
    (row,) = [row for row in materials(plan) if row.place == "link north to B"]
    assert (row.site, row.spend, row.lead_time_months, row.cost) == ("A", "lease", 3.0, 14.0)
    write_plan(plan, tmp_path / "plan")
    assert plan_hash(read_plan(tmp_path / "plan")) == plan_hash(plan)


def test_a_prover_refutes_units_that_nobody_sold_or_paid():
    plan = design(bought(leased("north"), leased("south")), Ask(load="base"))
    assert refuted(plan) == set()
    fewer = structs.replace(plan, bought_units=plan.bought_units[1:])
    assert {"bill", "tables"} <= refuted(fewer)
    network = plan.network
    dearer = tuple(structs.replace(link, cost_year=9.0) for link in network.links)
    assert "bill" in refuted(structs.replace(plan, network=structs.replace(network, links=dearer)))
    scarce = tuple(structs.replace(link, most=1) for link in network.links)
    told = refuted(structs.replace(plan, network=structs.replace(network, links=scarce)))
    assert "tables" in told
    assert any(name.startswith("runs") for name in told)


def test_never_more_units_than_there_are():
    with pytest.raises(InfeasibleError) as told:
        design(bought(leased("north", most=1), leased("south", most=1)), Ask(load="base"))
    assert all(remedy.startswith("more capacity on '") for remedy in told.value.remedies)
    scarce = bought(leased("cheap", most=1), leased("south", cost_year=9.0), leased("west"))
    assert units(design(scarce, Ask(load="base"))).get("cheap", 0) <= 1


def test_the_loss_of_a_router_takes_the_units_that_end_on_it():
    network = bought(leased("north"), leased("south"), gbps=60.0, after=("fibre", "router"))
    plan = design(network, Ask(load="base"))
    assert prove(plan).verdict == "proved"
    (unit, *rest) = plan.bought_units
    onto_one = structs.replace(
        plan,
        bought_units=tuple(structs.replace(one, router_a=1) for one in (unit, *rest)),
    )
    assert any(name.endswith("after router") for name in refuted(onto_one))


def test_a_link_that_stands_has_its_first_unit_for_nothing():
    stands = structs.replace(leased("north"), status="existing")
    plan = design(bought(stands, leased("south")), Ask(load="base"))
    assert units(plan) == {"north": 1, "south": 2}
    assert {link.capacity_gbps for link in plan.ip_links} == {200.0}
    assert prove(plan).verdict == "proved"
    assert [link.name for link in plan.network.standing_links] == ["north"]
    assert ip_fabric(plan.network).links == ("north",)


def test_traffic_that_is_paid_by_rate_goes_where_it_is_cheaper():
    cheap = leased("cheap", cost_year=1.0)
    metered = structs.replace(leased("metered"), kind="on-ramp", gbps_year=0.5)
    plan = design(bought(metered, cheap), Ask(load="base"))
    primaries = {tunnel.name for tunnel in plan.tunnels if not tunnel.protects}
    assert {hop.link for hop in plan.tunnel_hops if hop.tunnel in primaries} == {"cheap"}
    assert {item.item for item in plan.bill} >= {"leased wave", "on-ramp"}
    assert prove(plan).verdict == "proved"
    alone = design(bought(metered, after=()), Ask(load="base"))
    (line,) = [item for item in alone.bill if item.item == "traffic"]
    assert (line.quantity, line.unit_cost) == (130.0, 0.5 * 5.0)
    assert prove(alone).verdict == "proved"
    free = [item for item in alone.bill if item.item != "traffic"]
    cost = sum(item.cost for item in free)
    assert refuted(structs.replace(alone, bill=tuple(free), cost=cost)) == {"bill"}


def test_a_long_repair_tells_who_has_no_second_way_meanwhile():
    slow = leased("north", repair_h=504.0)
    plan = design(bought(slow, leased("south")), Ask(load="base"))
    (one,) = exposures(plan)
    assert (one.element, one.repair_weeks, one.worst_case) == ("north", 3.0, "fibre south")
    assert len(one.demands) == 2
    assert one.gbps == pytest.approx(130.0 * 4 / 3)
    assert exposures(design(bought(leased("north"), leased("south")), Ask(load="base"))) == ()


def test_a_floor_holds_the_planning_delay_up():
    plan = design(bought(leased("north", floor_rtt_ms=8.0), leased("south")), Ask(load="base"))
    delay = {link.name: link.latency_ms for link in plan.ip_links}
    assert delay == {"north": 4.0, "south": 3.0}
    assert prove(plan).verdict == "proved"
    assert np.isclose(max(tunnel.rtt_ms for tunnel in plan.tunnels), 8.0, atol=1.0)


def test_a_plan_on_top_of_one_with_units_takes_what_it_needs_and_is_proved():
    network = bought(leased("north"), leased("south", cost_year=4.0, gbps_year=0.1))
    ask = Ask(load="base")
    plan = design(network, ask)
    again = design(network, ask, before=plan)
    assert units(again) == units(plan)
    assert again.cost == plan.cost == sum(item.cost for item in again.bill)
    assert again.bound <= again.cost
    assert prove(again).verdict == prove(plan).verdict == "proved"
