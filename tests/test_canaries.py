"""Mutation canaries: whatever is broken in a plan that holds, the gate that watches it turns.

A gate that nothing here can turn fails the tests: it would prove whatever it is shown.
"""

import dataclasses
import math
from fnmatch import fnmatchcase

import msgspec
import pytest

from arterial.jobs.progress import silent
from arterial.plan.store import read_plan
from arterial.prove.bill import dues
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.gates import utilisation_gates
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables
from arterial.study.margins import segment_margins

replace = msgspec.structs.replace
FIRST = "inference"
KINDS = ("fibre", "srlg", "router", "site", "edge")


def changed(plan, table, keep=None, where=lambda _row: True, **fields):
    """Change the rows ``where`` something holds; or keep only those for which ``keep`` does."""
    rows = tuple(row for row in getattr(plan, table) if keep is None or keep(row))
    if fields:
        rows = tuple(replace(row, **fields) if where(row) else row for row in rows)
    assert rows != getattr(plan, table), f"no row of {table} to change"
    return replace(plan, **{table: rows})


def rebuilt(plan, **fields):
    """The same plan on a changed network."""
    return replace(plan, network=replace(plan.network, **fields))


def resited(plan, **fields):
    return rebuilt(plan, sites=tuple(replace(site, **fields) for site in plan.network.sites))


def reclassed(plan, name=None, **fields):
    classes = plan.network.classes
    changed_classes = (replace(c, **fields) if name in (None, c.name) else c for c in classes)
    return rebuilt(plan, classes=tuple(changed_classes))


def named(plan, traffic_class):
    """Names of a class's demands and of their tunnels."""
    demands = {row.name for row in plan.demands if row.traffic_class == traffic_class}
    return demands, {row.name for row in plan.tunnels if row.demand in demands}


def first_hop(plan, traffic_class):
    """The first hop of the first primary of a class that leaves its site."""
    _, tunnels = named(plan, traffic_class)
    own = {row.name for row in plan.tunnels if row.name in tunnels and not row.protects}
    return next(row for row in plan.tunnel_hops if row.tunnel in own)


# Each canary below breaks one thing; beside it stand the gates that must turn.


def no_path_joins_its_ends(plan, traffic_class):
    _, tunnels = named(plan, traffic_class)
    return changed(plan, "tunnel_hops", keep=lambda hop: hop.tunnel not in tunnels)


def a_demand_beyond_any_routing(plan, traffic_class):
    demands, _ = named(plan, traffic_class)
    grown = (replace(d, gbps=d.gbps * 1e4) if d.name in demands else d for d in plan.demands)
    return replace(plan, demands=tuple(grown))


def a_deadline_too_soon(plan, traffic_class):
    return reclassed(plan, traffic_class, deadline_h=0.1)


def no_backup(plan):
    _, tunnels = named(plan, FIRST)
    spare = {row.name for row in plan.tunnels if row.name in tunnels and row.protects}
    fewer = changed(plan, "tunnel_hops", keep=lambda hop: hop.tunnel not in spare)
    return changed(fewer, "tunnels", keep=lambda tunnel: tunnel.name not in spare)


def every_fibre_in_one_duct(plan):
    fibres = (replace(fibre, risks=("elm-duct",)) for fibre in plan.network.fibres)
    return rebuilt(plan, fibres=tuple(fibres))


def half_a_link(plan):
    link = first_hop(plan, FIRST).link
    row = next(row for row in plan.ip_links if row.name == link)
    half = row.capacity_gbps / 2.0
    return changed(plan, "ip_links", where=lambda row: row.name == link, capacity_gbps=half)


def a_wave_too_few(plan):
    wave = plan.lightpaths[0].name
    fewer = changed(plan, "lightpaths", keep=lambda row: row.name != wave)
    for table in ("restored_waves", "restored_hops"):
        kept = tuple(row for row in getattr(plan, table) if row.lightpath != wave)
        fewer = replace(fewer, **{table: kept})
    return changed(fewer, "lightpath_hops", keep=lambda row: row.lightpath != wave)


def a_hop_backwards(plan):
    hop = first_hop(plan, FIRST)
    return changed(plan, "tunnel_hops", where=lambda row: row == hop, forward=not hop.forward)


def a_backup_turned_round(plan):
    """A market's answers, sent away from it when its edge is lost."""
    down = {row.name for row in plan.demands if row.to_market}
    backup = next(row for row in plan.tunnels if row.demand in down and row.protects)
    hops = [row for row in plan.tunnel_hops if row.tunnel == backup.name]
    turned = [
        replace(row, hop=number, forward=not row.forward)
        for number, row in enumerate(sorted(hops, key=lambda row: -row.hop))
    ]
    others = [row for row in plan.tunnel_hops if row.tunnel != backup.name]
    swapped = {"source": backup.target, "target": backup.source}
    return changed(
        replace(plan, tunnel_hops=(*others, *turned)),
        "tunnels",
        where=lambda row: row.name == backup.name,
        **swapped,
    )


def another_fibre(plan):
    hop = plan.lightpath_hops[0]
    other = next(row.fibre for row in plan.lit_fibres if row.fibre != hop.fibre)
    return changed(plan, "lightpath_hops", where=lambda row: row == hop, fibre=other)


def two_waves_on_one_slot(plan):
    """A second wave over the same pair, shifted by less than its slot."""
    wave, link = plan.lightpaths[0], plan.lightpaths[0].link
    hops = [row for row in plan.lightpath_hops if row.lightpath == wave.name]
    shift = wave.slot_ghz / 2.0
    twins = (replace(h, lightpath="twin", centre_ghz=h.centre_ghz + shift) for h in hops)
    more = replace(
        plan,
        lightpaths=(*plan.lightpaths, replace(wave, name="twin")),
        lightpath_hops=(*plan.lightpath_hops, *twins),
    )
    row = next(row for row in plan.ip_links if row.name == link)
    grown = {"waves": row.waves + 1, "capacity_gbps": row.capacity_gbps + wave.rate_gbps}
    return changed(more, "ip_links", where=lambda row: row.name == link, **grown)


def a_wave_out_of_the_band(plan):
    wave = plan.lightpaths[0].name
    edge_ghz = plan.network.line.f_max_thz * 1000.0
    return changed(
        plan, "lightpath_hops", where=lambda row: row.lightpath == wave, centre_ghz=edge_ghz
    )


def a_market_that_is_dropped(plan):
    """With its demands and tunnels: what is left is carried as before."""
    market = plan.replicas[0].market
    own = {row.name for row in plan.demands if row.market == market}
    tunnels = {row.name for row in plan.tunnels if row.demand in own}
    return replace(
        plan,
        replicas=tuple(row for row in plan.replicas if row.market != market),
        demands=tuple(row for row in plan.demands if row.market != market),
        tunnels=tuple(row for row in plan.tunnels if row.demand not in own),
        tunnel_hops=tuple(row for row in plan.tunnel_hops if row.tunnel not in tunnels),
    )


def add_drop_that_takes_a_frequency_once(plan):
    return resited(changed(plan, "lightpaths", router_a=1, router_z=1), add_drop="CD")


def a_demand_that_shrank(plan):
    """With its tunnels: nothing is left uncarried."""
    demand = plan.demands[-1]
    less = changed(
        plan, "demands", where=lambda row: row.name == demand.name, gbps=demand.gbps / 2.0
    )
    thinner = (
        replace(t, rate_gbps=t.rate_gbps / 2.0) if t.demand == demand.name else t
        for t in plan.tunnels
    )
    return replace(less, tunnels=tuple(thinner))


def a_bill_that_forgets_a_line(plan):
    """The plan's cost is lowered with it."""
    line = next(row for row in plan.bill if row.item == "amplifier hut")
    fewer = changed(plan, "bill", keep=lambda row: row is not line)
    return replace(fewer, cost=plan.cost - line.cost)


def worse_margins(plan):
    return rebuilt(plan, margins=replace(plan.network.margins, model_db=9.0))


def no_length(plan):
    fibres = (replace(fibre, length_km=None) for fibre in plan.network.fibres)
    return rebuilt(plan, fibres=tuple(fibres))


def no_risk(plan):
    return rebuilt(plan, fibres=tuple(replace(f, risks=()) for f in plan.network.fibres))


def no_junction(plan):
    return resited(plan, roles=("edge", "campus", "market"))


REFUTED = {
    no_backup: ["runs: inference after fibre", "runs: inference after edge"],
    every_fibre_in_one_duct: ["runs: * after srlg", "feasible: * after srlg"],
    half_a_link: ["tables"],
    a_wave_too_few: ["tables", "runs: inference after *"],
    a_hop_backwards: ["tables", "runs: inference after fibre"],
    a_backup_turned_round: ["tables", "runs: inference after edge"],
    another_fibre: ["tables", "runs: inference after *"],
    two_waves_on_one_slot: ["spectrum", "bill"],
    a_wave_out_of_the_band: ["spectrum"],
    add_drop_that_takes_a_frequency_once: ["spectrum"],
    a_market_that_is_dropped: ["replicas"],
    a_demand_that_shrank: ["demands"],
    a_bill_that_forgets_a_line: ["bill"],
    worse_margins: ["light: margin", "light: restoration"],
}
BROKEN_FIGURES = {
    "a round trip that nothing can keep": (
        lambda plan: reclassed(plan, FIRST, rtt_ms=0.1),
        ["round trip: inference", "runs: inference *", "feasible: inference *"],
    ),
    "one port a site": (lambda plan: resited(plan, ports=1), ["router ports"]),
    "no chassis slot": (lambda plan: resited(plan, slots=0), ["chassis slots"]),
    "a watt a site": (lambda plan: resited(plan, power_kw=0.001), ["power"]),
    "a cost too low": (lambda plan: replace(plan, cost=plan.cost * 0.99), ["bill"]),
    "a load of another name": (lambda plan: replace(plan, load="heavy"), ["demands"]),
}
UNKNOWN = {
    no_length: ["runs: inference *", "feasible: inference *", "round trip: inference", "bill"],
    no_risk: ["runs: * after srlg", "feasible: * after srlg"],
    no_junction: ["runs: * after site", "feasible: * after site"],
}
BY_CLASS = {
    no_path_joins_its_ends: ["runs: {} *"],
    a_demand_beyond_any_routing: ["feasible: {} *", "runs: {} without failure", "demands"],
}


@pytest.fixture(scope="module")
def plan(sparse_plan):
    """A plan of the sparse drill, with limits at its sites: their gates are asked as well."""
    return resited(read_plan(sparse_plan), ports=40, slots=4, power_kw=5.0)


@pytest.fixture(scope="module")
def margin_db(plan):
    return segment_margins(plan.network, silent)


@pytest.fixture(scope="module")
def verdicts(margin_db):
    """Verdict of every gate of a plan, by name."""

    def asked(plan):
        return {gate.name: gate.verdict for gate in prove(plan, margin_db=margin_db).gates}

    return asked


@pytest.fixture(scope="module")
def classes(plan):
    return [c.name for c in plan.network.classes if named(plan, c.name)[0]]


@pytest.fixture(scope="module")
def canaries(plan, classes):
    """(broken plan, patterns of gates, the verdict they must have) by the canary's name."""
    found = {broken.__name__: (broken(plan), gates, "refuted") for broken, gates in REFUTED.items()}
    found |= {w: (broken(plan), gates, "refuted") for w, (broken, gates) in BROKEN_FIGURES.items()}
    found |= {
        broken.__name__: (broken(plan), gates, "unknown") for broken, gates in UNKNOWN.items()
    }
    for broken, gates in BY_CLASS.items():
        for name in classes:
            patterns = [gate.format(name) for gate in gates]
            found[f"{broken.__name__} {name}"] = (broken(plan, name), patterns, "refuted")
    for c in plan.network.classes:
        if c.deadline_h is not None:
            late = a_deadline_too_soon(plan, c.name)
            found[f"deadline {c.name}"] = (late, [f"deadline: {c.name}"], "refuted")
    return found


@pytest.fixture(scope="module")
def sung(canaries, verdicts):
    """Verdicts of every canary's plan."""
    return {name: verdicts(broken) for name, (broken, _, _) in canaries.items()}


def matching(names, patterns):
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}


def test_the_plan_holds_before_anything_is_broken(plan, verdicts):
    found = verdicts(plan)
    assert {name: verdict for name, verdict in found.items() if verdict != "proved"} == {}
    assert {"router ports", "chassis slots", "power"} <= found.keys()


def test_whatever_is_broken_turns_the_gates_that_watch_it(canaries, sung):
    silent_ones = {
        f"{canary}: {gate} is {sung[canary][gate]}, not {verdict}"
        for canary, (_, patterns, verdict) in canaries.items()
        for gate in matching(sung[canary], patterns)
        if sung[canary][gate] != verdict
    }
    assert silent_ones == set()
    assert [name for name, (_, p, _) in canaries.items() if not matching(sung[name], p)] == []


def test_every_gate_has_a_canary(plan, verdicts, canaries, sung):
    watched = {
        gate
        for canary, (_, patterns, _) in canaries.items()
        for gate in matching(sung[canary], patterns)
    }
    overfull = {"utilisation without failure", "utilisation after any failure"}
    assert verdicts(plan).keys() - watched - overfull == set()


def test_a_broken_class_breaks_no_other(classes, sung):
    for name in classes:
        turned = {
            gate.split()[1]
            for gate, verdict in sung[f"no_path_joins_its_ends {name}"].items()
            if gate.startswith("runs: ") and verdict != "proved"
        }
        assert turned == {name}


def test_a_link_beyond_what_it_may_carry_turns_utilisation(plan):
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    swept = sweep(tables, register(plan), cases, silent)
    overfull = dataclasses.replace(swept.routing, load_gbps=swept.routing.load_gbps * 1.5)
    for routing, verdict in ((swept.routing, "proved"), (overfull, "refuted")):
        gates = list(utilisation_gates(dataclasses.replace(swept, routing=routing)))
        assert [gate.verdict for gate in gates] == [verdict, verdict]
    refused = dict.fromkeys(range(len(cases.failures)), "a witness that is none")
    gates = list(utilisation_gates(dataclasses.replace(swept, refused=refused)))
    assert [gate.verdict for gate in gates] == ["unknown", "unknown"]


def test_every_backup_of_the_first_class_is_needed(plan, verdicts):
    _, tunnels = named(plan, FIRST)
    spare = [row.name for row in plan.tunnels if row.name in tunnels and row.protects]
    assert spare
    for name in spare:
        fewer = changed(plan, "tunnel_hops", keep=lambda hop, name=name: hop.tunnel != name)
        fewer = changed(fewer, "tunnels", keep=lambda tunnel, name=name: tunnel.name != name)
        assert verdicts(fewer)["runs: inference after edge"] == "refuted", name


def test_both_waves_of_a_site_on_one_router_do_not_survive_it(plan, verdicts):
    together = changed(plan, "lightpaths", router_a=1, router_z=1)
    found = verdicts(together)
    assert found["runs: inference after router"] == "refuted"
    assert found["runs: inference after fibre"] == "proved"


def test_every_line_of_the_bill_is_worked_out_again(plan, verdicts):
    assert {(row.item, row.where) for row in plan.bill} == {
        (due.item, due.where) for due in dues(plan) if due.most > 0.0
    }
    for line in plan.bill:
        cheap = changed(
            plan,
            "bill",
            where=lambda row, line=line: row is line,
            quantity=line.quantity / 2.0,
            cost=line.cost / 2.0,
        )
        cheap = replace(cheap, cost=plan.cost - line.cost / 2.0)
        assert verdicts(cheap)["bill"] == "refuted", line


def test_light_that_nobody_can_work_out_is_unknown(plan):
    for margin_db in (None, lambda _mode, _segment: math.nan):
        gates = {gate.name: gate for gate in prove(plan, margin_db=margin_db).gates}
        assert gates["light: margin"].verdict == "unknown"
