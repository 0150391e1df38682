import math

import msgspec
import pytest

from arterial.plan.rows import BillItem
from arterial.prove.bill import bill_gate

replace = msgspec.structs.replace


def adjusted(plan, lines):
    """The same plan with another bill, its cost made to match: only the prover can object."""
    return replace(plan, bill=tuple(lines), cost=sum(line.cost for line in lines))


def repriced(plan, **costs):
    network = replace(plan.network, costs=replace(plan.network.costs, **costs))
    return replace(plan, network=network)


def test_a_bill_worked_out_by_hand_is_proved(ring):
    gate = bill_gate(ring)
    assert (gate.verdict, gate.note) == ("proved", "")
    assert gate.value == pytest.approx(gate.limit) == pytest.approx(ring.cost)


def test_every_line_that_is_left_out_is_missed(ring):
    for line in ring.bill:
        gate = bill_gate(adjusted(ring, [other for other in ring.bill if other is not line]))
        assert gate.verdict == "refuted"
        assert gate.note.startswith(f"{line.item} at {line.where}: billed 0"), gate.note


def test_every_line_that_is_shrunk_or_swollen_is_found(ring):
    for line in ring.bill:
        for factor in (0.5, 2.0):
            wrong = replace(line, quantity=line.quantity * factor, cost=line.cost * factor)
            lines = [wrong if other is line else other for other in ring.bill]
            assert bill_gate(adjusted(ring, lines)).verdict == "refuted", (line, factor)


def test_every_line_at_another_price_is_found(ring):
    for line in ring.bill:
        wrong = replace(line, unit_cost=line.unit_cost * 0.9, cost=line.cost * 0.9)
        lines = [wrong if other is line else other for other in ring.bill]
        assert bill_gate(adjusted(ring, lines)).verdict == "refuted", line


def test_what_nobody_needs_is_not_billed(ring):
    line = BillItem(
        item="edge site", where="S2", kind="existing", quantity=2.0, unit_cost=3.0, cost=6.0
    )
    gate = bill_gate(adjusted(ring, [*ring.bill, line]))
    assert (gate.verdict, gate.note) == ("refuted", "edge site at S2: billed 2, the plan needs 0")


def test_a_line_said_in_two_parts_is_the_same_line(ring):
    line = ring.bill[0]
    half = replace(line, quantity=line.quantity / 2, cost=line.cost / 2)
    assert bill_gate(adjusted(ring, [half, half, *ring.bill[1:]])).verdict == "proved"


def test_lines_and_their_sum_are_what_they_say(ring):
    gate = bill_gate(replace(ring, bill=(replace(ring.bill[0], quantity=10.0), *ring.bill[1:])))
    assert (gate.verdict, gate.note) == ("refuted", "pluggable at L0: 10 x 1 is not 4")
    assert "adds up to" in bill_gate(replace(ring, cost=ring.cost - 1.0)).note
    assert bill_gate(replace(ring, cost=math.inf)).verdict == "refuted"


def test_a_regenerator_takes_two_pluggables_and_draws_for_them(ring, altered):
    plan = altered(ring, "lightpaths", "w0.1", regenerators=("S3",))
    price = ring.network.costs.regenerator
    lines = {(line.item, line.where): line for line in ring.bill}
    lines["pluggable", "L0"] = replace(lines["pluggable", "L0"], quantity=6.0, cost=6.0)
    lines["power", "L0"] = replace(lines["power", "L0"], quantity=120.0, cost=1.2)
    shelf = BillItem(
        item="regenerator", where="L0", kind="m400", quantity=1.0, unit_cost=price, cost=price
    )
    assert bill_gate(adjusted(plan, [*lines.values(), shelf])).verdict == "proved"
    assert bill_gate(plan).verdict == "refuted"
    assert bill_gate(adjusted(plan, lines.values())).verdict == "refuted"


def test_pairs_that_were_lit_before_cost_nothing_more(ring):
    fibres = tuple(replace(fibre, lit_pairs=1) for fibre in ring.network.fibres)
    plan = replace(ring, network=replace(ring.network, fibres=fibres))
    assert bill_gate(plan).verdict == "refuted"
    bought = {"fibre pair", "amplifier hut", "roadm degree"}
    kept = [line for line in ring.bill if line.item not in bought]
    assert bill_gate(adjusted(plan, kept)).verdict == "proved"


@pytest.mark.parametrize(
    ("status", "row", "build_km", "due"),
    [
        ("candidate", {}, 0.5, True),
        ("candidate", {"setup_cost": 7.0}, None, True),
        ("leasable", {"setup_cost": 7.0}, 0.5, True),
        ("leasable", {}, 0.5, False),
        ("candidate", {"setup_cost": 7.0, "lit_pairs": 1}, 0.5, False),
    ],
)
def test_the_first_pair_of_a_fibre_is_charged_once(ring, status, row, build_km, due):
    first = replace(ring.network.fibres[0], status=status, **row)
    costs = replace(ring.network.costs, fibre_build_km=build_km)
    fibres = (first, *ring.network.fibres[1:])
    plan = replace(ring, network=replace(ring.network, fibres=fibres, costs=costs))
    if first.lit_pairs:
        bought = {"fibre pair", "amplifier hut", "roadm degree"}
        lines = [
            one for one in ring.bill if (one.item, one.where) not in {(i, "F0") for i in bought}
        ]
        assert bill_gate(adjusted(plan, lines)).verdict == "proved"
        return
    assert (bill_gate(plan).verdict == "refuted") == due
    price = row.get("setup_cost", (build_km or 0.0) * first.length_km)
    line = BillItem(
        item="fibre setup", where="F0", kind=status, quantity=1.0, unit_cost=price, cost=price
    )
    paid = bill_gate(adjusted(plan, [*ring.bill, line]))
    assert paid.verdict == ("proved" if due else "refuted")


def test_a_candidate_edge_is_built_before_it_is_kept(ring):
    sites = tuple(
        replace(site, roles=("junction", "candidate-edge")) if site.name == "S4" else site
        for site in ring.network.sites
    )
    plan = replace(ring, network=replace(ring.network, sites=sites))
    assert bill_gate(plan).note == "edge build at S4: billed 0, the plan needs 1"


def test_ports_beyond_a_chassis_ask_for_another(ring):
    plan = repriced(ring, chassis_ports=1)
    assert bill_gate(plan).note == "chassis at S0: billed 2, the plan needs 4"


def test_a_router_that_ends_no_wave_may_stand_or_not(ring, altered):
    plan = altered(ring, "lightpaths", "w4.2", router_a=1, router_z=1)
    plan = altered(plan, "lightpaths", "w0.2", router_a=1, router_z=1)
    lines = [
        replace(line, quantity=1.0, cost=2.0)
        if (line.item, line.where) == ("chassis", "S0")
        else line
        for line in ring.bill
    ]
    assert bill_gate(plan).verdict == "proved"
    assert bill_gate(adjusted(plan, lines)).verdict == "proved"
    assert bill_gate(adjusted(ring, lines)).verdict == "refuted"


@pytest.mark.parametrize("field", ["cost", "watts"])
def test_a_mode_s_missing_figure_is_unknown(ring, field):
    modes = tuple(replace(mode, **{field: None}) for mode in ring.network.modes)
    gate = bill_gate(replace(ring, network=replace(ring.network, modes=modes)))
    assert gate.verdict == "unknown"
    assert "missing" in gate.note


def test_a_missing_length_or_a_cost_that_is_no_number_is_unknown(ring):
    fibres = tuple(replace(fibre, length_km=None) for fibre in ring.network.fibres)
    plan = replace(ring, network=replace(ring.network, fibres=fibres))
    assert bill_gate(plan).verdict == "unknown"
    assert bill_gate(replace(ring, cost=math.nan)).verdict == "unknown"
    for field in ("quantity", "unit_cost", "cost"):
        line = replace(ring.bill[0], **{field: math.nan})
        assert bill_gate(replace(ring, bill=(line, *ring.bill[1:]))).verdict == "unknown", field
