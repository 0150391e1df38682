import contextlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from arterial.design.engine import Ask, design, input_hash
from arterial.design.memory import Memory
from arterial.errors import InfeasibleError, ModelError
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import silent
from arterial.model.fibre import Link
from arterial.model.network import DemandRow, Network
from arterial.model.policy import DEFAULT_CLASSES
from arterial.model.site import Market, Site
from arterial.model.workload import Inference, Load
from arterial.prove.proof import prove
from arterial.study.margins import segment_margins

ROOT = Path(__file__).parents[2]

HASHED = """
from pathlib import Path
from arterial.design.engine import Ask, design
from arterial.model.reader import load_network
from arterial.plan.store import plan_hash
network = load_network(Path("networks/drill"))
print(plan_hash(design(network, Ask(load="base", gap=0.0, rounds=2, bound_rounds=1))))
"""


@pytest.mark.parametrize("load", ["base", "heavy", "given"])
def test_a_design_of_the_drill_is_proved(drill, load):
    plan = design(drill, Ask(load=load, bound_rounds=1))
    proof = prove(plan, margin_db=segment_margins(drill, silent))
    open_gates = [gate.name for gate in proof.gates if gate.verdict != "proved"]
    # Without a market there is no edge whose loss could be tried.
    assert all(name.endswith("inference after edge") for name in open_gates)
    assert bool(open_gates) == (not plan.replicas)
    assert 0.0 < plan.bound <= plan.cost
    assert plan.gap == pytest.approx((plan.cost - plan.bound) / plan.cost)
    assert plan.status == ("gap" if plan.gap <= Ask(load=load).gap else "rounds")


def test_a_drill_whose_dark_fibres_are_to_be_built_is_proved_and_counts_them(drill):
    fibres = tuple(
        row if row.lit_pairs else structs.replace(row, status="candidate") for row in drill.fibres
    )
    costs = structs.replace(drill.costs, fibre_build_km=0.1)
    network = structs.replace(drill, fibres=fibres, costs=costs)
    plan = design(network, Ask(load="base", gap=0.0))
    assert {gate.verdict for gate in prove(plan).gates if gate.name == "bill"} == {"proved"}
    built = {row.where: row.cost for row in plan.bill if row.item == "fibre setup"}
    length_km = {row.name: row.length_km for row in fibres}
    lit = {row.fibre for row in plan.lit_fibres if row.new_pairs and row.pairs == row.new_pairs}
    assert built == pytest.approx({name: 0.1 * length_km[name] for name in lit})
    assert 0.95 * plan.cost <= plan.bound <= plan.cost


def test_the_same_input_gives_the_same_plan_whatever_order_sets_have():
    told = [
        subprocess.run(
            [sys.executable, "-c", HASHED],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert len(told[0].strip()) >= 32


def outliving_two_cuts(network):
    """The network with a rule that people outlive any two fibres."""
    rules = tuple(
        structs.replace(rule, after=(*rule.after, "fibre2"))
        if "inference" in rule.classes
        else rule
        for rule in network.policy.rules
    )
    return structs.replace(network, policy=structs.replace(network.policy, rules=rules))


@pytest.mark.parametrize("doubled", [False, True])
def test_a_design_cut_at_any_moment_goes_on_to_the_same_plan(drill, tmp_path, seed, doubled):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    network = outliving_two_cuts(drill) if doubled else drill
    ask = Ask(load="base" if doubled else "given", gap=0.0, rounds=3, bound_rounds=0)
    ticks, cuts, stages = count(), count(), []
    whole = design(
        network,
        ask,
        report=lambda stage, *_: stages.append(stage),
        clock=lambda: float(next(ticks)),
    )
    limit = draw.randrange(1, next(ticks) - 1)
    left = count(-draw.randrange(1, len(stages)))

    def stopping(*_):
        if not next(left):
            raise KeyboardInterrupt

    with Ledger(tmp_path / "ledger", "key") as ledger:
        cut = design(
            network,
            replace(ask, time_limit_s=limit),
            memory=Memory(ledger),
            clock=lambda: float(next(cuts)),
        )
        with contextlib.suppress(KeyboardInterrupt):
            design(network, ask, memory=Memory(ledger), report=stopping)
        again = design(network, ask, memory=Memory(ledger))
    assert cut.status == "time", (limit, stages)
    assert whole.cost <= cut.cost
    assert msgspec.json.encode(again) == msgspec.json.encode(whole), limit
    assert any(stage.startswith("double cuts") for stage in stages) == doubled


def test_a_plan_that_time_cut_outlives_every_two_cuts_all_the_same(drill):
    network = outliving_two_cuts(drill)
    plan = design(network, Ask(load="base", gap=0.0, time_limit_s=0.0))
    assert plan.status == "time"
    gates = {gate.name: gate for gate in prove(plan).gates}
    assert gates["runs: inference after fibre2"].verdict == "proved"


def test_time_that_cuts_is_kept_in_mind_and_nothing_else_is(drill, tmp_path):
    with Ledger(tmp_path / "ledger", "key") as ledger:
        memory = Memory(ledger)
        design(drill, Ask(load="given", gap=0.0, time_limit_s=0.0), memory=memory)
        assert memory.cut
        assert not ledger.done()


def test_the_input_hash_is_of_all_that_a_plan_depends_on(drill):
    ask = Ask(load="base")
    others = [
        replace(ask, **change)
        for change in (
            {"load": "heavy"},
            {"gap": 0.1},
            {"rounds": 1},
            {"bound_rounds": 2},
            {"seed": 1},
        )
    ]
    hashes = {input_hash(drill, one) for one in (ask, *others)}
    assert len(hashes) == 6
    assert input_hash(structs.replace(drill, notes=()), ask) not in hashes
    assert input_hash(drill, replace(ask, time_limit_s=1.0)) == input_hash(drill, ask)


def test_a_load_that_nobody_described_is_told_with_the_nearest_name(drill):
    with pytest.raises(ModelError, match=r"no load is called 'bas'\. Did you mean 'base'"):
        design(drill, Ask(load="bas"))


def test_a_cut_network_has_no_plan_and_the_error_says_whose(drill):
    cut = structs.replace(drill, fibres=drill.fibres[:1])
    with pytest.raises(InfeasibleError) as told:
        design(cut, Ask(load="base"))
    assert told.value.demand.startswith("inference ")
    assert "asks for two edges within 20 ms, but 1 edge is so near" in told.value.constraint
    assert told.value.remedies


def test_without_people_it_is_the_cut_demand_that_is_named(drill):
    cut = structs.replace(drill, fibres=drill.fibres[:1], markets=())
    with pytest.raises(InfeasibleError) as told:
        design(cut, Ask(load="given"))
    assert told.value.demand.startswith("demand 'given ")
    assert told.value.constraint.startswith("no fibre or link of known delay joins")
    assert told.value.remedies


def test_a_bound_that_light_cannot_keep_is_named_with_what_would_do(drill):
    classes = tuple(
        structs.replace(c, rtt_ms=1.0 if c.name == "inference" else c.rtt_ms)
        for c in DEFAULT_CLASSES
    )
    with pytest.raises(InfeasibleError) as told:
        design(structs.replace(drill, classes=classes), Ask(load="base"))
    assert "class inference asks for two edges within 1 ms" in told.value.constraint
    assert any("rtt_ms" in remedy for remedy in told.value.remedies)


RISKS = (("duct",), (), (), ("duct",), ())


def square(capacity_gbps):
    """Four sites joined by ready-made links, a market and a pair of campuses; no fibre."""
    sites = tuple(
        Site(name=name, roles=roles)
        for name, roles in (
            ("A", ("junction", "market")),
            ("B", ("junction", "edge")),
            ("C", ("junction", "edge")),
            ("D", ("junction", "campus")),
        )
    )
    links = tuple(
        Link(name=a + z, a=a, z=z, capacity_gbps=capacity_gbps, latency_ms=1.0, risks=risks)
        for (a, z), risks in zip(("AB", "AC", "BC", "BD", "CD"), RISKS, strict=True)
    )
    people = Inference(
        name="people",
        traffic_class="inference",
        requests_per_person_day=10.0,
        megabytes_down=0.5,
        megabytes_up=0.1,
    )
    rows = (DemandRow(traffic_class="sync", source="D", target="B", gbps=20.0),)
    return Network(
        name="square",
        sites=sites,
        links=links,
        markets=(Market(name="M", site="A", people=1e7),),
        workloads=(people,),
        loads=(Load(name="base", workloads=("people",)),),
        demands={"base": rows},
    )


def test_ready_made_links_carry_a_plan_that_builds_nothing_and_is_proved():
    network = square(100.0)
    plan = design(network, Ask(load="base"))
    assert (plan.status, plan.gap, plan.lightpaths, plan.lit_fibres) == ("fixed", 0.0, (), ())
    assert [(link.name, link.waves) for link in plan.ip_links] == [
        (link.name, 0) for link in network.links
    ]
    assert {item.item for item in plan.bill} == {"edge site"}
    assert plan.cost == plan.bound == 2 * network.costs.years * network.costs.edge_site_year
    proof = prove(plan)
    assert [gate.name for gate in proof.gates if gate.verdict == "refuted"] == []
    assert proof.verdict == "proved"


def test_ready_made_links_that_are_too_thin_are_named():
    with pytest.raises(InfeasibleError) as told:
        design(square(12.0), Ask(load="base"))
    assert "link" in told.value.demand
    assert all(remedy.startswith("more capacity on '") for remedy in told.value.remedies)
