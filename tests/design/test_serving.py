"""Replicas in designs: enough for every case and not one more, within room, billed to the last."""

import pytest
from msgspec import UNSET, structs

from arterial.design.engine import Ask, design
from arterial.errors import InfeasibleError
from arterial.model.policy import Rule
from arterial.model.workload import ReplicaNeed
from arterial.placement.edges import edge_sites
from arterial.prove.proof import prove

NEED = ReplicaNeed(model="talk", gpus=8, kw=11.0, requests_per_s=25.0)
QUICK = Ask(load="base", gap=0.9, rounds=1, bound_rounds=0)


@pytest.fixture(scope="module")
def counted(drill):
    """The drill network with figures of a replica, and its price."""
    return structs.replace(
        drill,
        workloads=tuple(
            structs.replace(work, replica=NEED) if work.name == "people" else work
            for work in drill.workloads
        ),
        costs=structs.replace(drill.costs, gpu_year=0.01, gpu_kw_year=0.02),
    )


@pytest.fixture(scope="module")
def plan(counted):
    return design(counted, QUICK)


def roomed(network, **gpus):
    sites = (
        structs.replace(site, gpus=gpus[site.name]) if site.name in gpus else site
        for site in network.sites
    )
    return structs.replace(network, sites=tuple(sites))


def verdicts(plan):
    return {gate.name: gate.verdict for gate in prove(plan).gates}


def test_each_replica_is_needed_and_a_stranger_says_so(plan):
    assert verdicts(plan)["replicas at edges"] == verdicts(plan)["bill"] == "proved"
    for place, row in enumerate(plan.serving):
        less = structs.replace(
            row, replicas=row.replicas - 1, gpus=row.gpus - NEED.gpus, kw=row.kw - NEED.kw
        )
        rows = (*plan.serving[:place], less, *plan.serving[place + 1 :])
        found = next(
            gate
            for gate in prove(structs.replace(plan, serving=rows)).gates
            if gate.name == "replicas at edges"
        )
        assert (found.verdict, found.note) == ("refuted", f"talk at {row.edge}")
        assert found.limit == less.replicas < found.value <= row.replicas


def test_the_bill_has_what_replicas_cost_and_the_bound_knows_it(plan, counted):
    lines = [item for item in plan.bill if item.item in ("gpu", "gpu power")]
    gpus, kw = (sum(getattr(row, name) for row in plan.serving) for name in ("gpus", "kw"))
    years = counted.costs.years
    assert sum(item.cost for item in lines) == pytest.approx(years * (0.01 * gpus + 0.02 * kw))
    free = structs.replace(counted.costs, gpu_year=UNSET, gpu_kw_year=UNSET)
    cheap = design(structs.replace(counted, costs=free), QUICK)
    assert cheap.bound <= plan.bound <= plan.cost
    assert {item.cost for item in cheap.bill if item.item in ("gpu", "gpu power")} == {0.0}


def test_what_is_dear_at_one_site_stands_at_others(plan, counted):
    busiest = max(plan.serving, key=lambda row: row.replicas).edge
    sites = tuple(
        structs.replace(site, gpu_kw_year=1.0) if site.name == busiest else site
        for site in counted.sites
    )
    moved = design(structs.replace(counted, sites=sites), QUICK)
    assert busiest not in {row.edge for row in moved.serving}


def test_rooms_are_kept_to_in_every_case(counted):
    plan = design(roomed(counted, Birch=400, Dogwood=500, Fir=656, Cedar=800), QUICK)
    room = {site.name: site.gpus for site in plan.network.sites}
    assert all(row.gpus <= room[row.edge] for row in plan.serving)
    found = verdicts(plan)
    assert [found[name] for name in ("gpus", "replicas at edges", "bill", "serving")] == [
        "proved"
    ] * 4


def test_markets_that_a_cut_brings_together_find_room(counted):
    """Where no loss of an edge counts, only routes tell how many meet at a fail-over."""
    rules = (Rule(classes=("inference",), after=("fibre",), keep=1.0),)
    policy = structs.replace(counted.policy, rules=rules)
    tight = roomed(counted, Birch=600, Cedar=800, Dogwood=1000, Fir=500)
    plan = design(structs.replace(tight, policy=policy), QUICK)
    assert verdicts(plan)["replicas at edges"] == verdicts(plan)["gpus"] == "proved"
    own = {site.name: 0.0 for site in edge_sites(plan.network)}
    people = {one.name: one.people for one in plan.network.markets}
    for row in plan.replicas:
        own[row.edge] += people[row.market] * 25.0 / 86_400.0 / NEED.requests_per_s
    assert any(row.replicas > own[row.edge] + 1.0 for row in plan.serving)


def test_too_little_room_is_told_with_who_and_how_much(counted):
    with pytest.raises(InfeasibleError, match=r"(?s)Fir holds .* accelerators and lacks .*metro"):
        design(roomed(counted, Birch=400, Dogwood=500, Fir=400, Cedar=480), QUICK)


def test_where_nothing_says_what_a_replica_takes_nothing_is_counted(drill):
    assert design(roomed(drill, Birch=0, Dogwood=0, Fir=0, Cedar=0), QUICK).serving is UNSET
