import math

import msgspec
import pytest

from arterial.plan.rows import BillItem
from arterial.plan.store import read_plan
from arterial.report.materials import materials


@pytest.fixture(scope="module")
def plan(reference_plan):
    return read_plan(reference_plan)


def total(rows):
    return math.fsum(row.cost for row in rows)


def test_rows_add_up_to_the_plan_s_cost(plan):
    rows = materials(plan)
    assert total(rows) == pytest.approx(plan.cost, abs=1e-6)
    assert all(row.cost == pytest.approx(row.quantity * row.unit_cost) for row in rows)
    assert [row.site for row in rows] == sorted(row.site for row in rows)


def test_every_piece_has_a_source_and_what_is_ordered_a_lead_time(plan):
    times = plan.network.lead_times
    months = {
        "pluggable": times.pluggable,
        "chassis": times.router,
        "line card": times.router,
        "roadm degree": times.line_system,
    }
    for row in materials(plan):
        assert row.cost_source
        assert math.isnan(row.lead_time_months) == (row.spend == "running")
        if row.item in months:
            assert row.lead_time_months == months[row.item]


def test_watts_are_told_once_where_they_are_drawn(plan):
    rows = materials(plan)
    drawn = math.fsum(row.watts for row in rows if row.item == "pluggable")
    billed = math.fsum(row.quantity for row in rows if row.item == "power")
    assert drawn == pytest.approx(billed)
    assert all(math.isnan(row.watts) for row in rows if row.item != "pluggable")


def test_a_fibre_s_own_lead_time_counts_for_its_pairs(plan):
    lit = next(row.fibre for row in plan.lit_fibres if row.new_pairs)
    fibres = tuple(
        msgspec.structs.replace(fibre, lead_time_months=17.0) if fibre.name == lit else fibre
        for fibre in plan.network.fibres
    )
    slow = msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, fibres=fibres)
    )
    own = [row for row in materials(slow) if row.item == "fibre pair"]
    assert [row.lead_time_months == 17.0 for row in own].count(True) == 1


def test_what_a_fibre_costs_once_is_capital_at_its_first_end_and_waits_for_the_fibre(plan):
    lit = next(row.fibre for row in plan.lit_fibres if row.new_pairs)
    fibres = tuple(
        msgspec.structs.replace(
            fibre, status="candidate", lead_time_months=17.0, setup_cost=90.0, source="an offer"
        )
        if fibre.name == lit
        else fibre
        for fibre in plan.network.fibres
    )
    fibre = next(row for row in fibres if row.name == lit)
    line = BillItem(
        item="fibre setup", where=lit, kind="candidate", quantity=1.0, unit_cost=90.0, cost=90.0
    )
    network = msgspec.structs.replace(plan.network, fibres=fibres)
    built = msgspec.structs.replace(plan, network=network, bill=(*plan.bill, line))
    (row,) = (row for row in materials(built) if row.item == "fibre setup")
    assert (row.site, row.spend, row.cost) == (fibre.a, "capital", 90.0)
    assert (row.cost_source, row.lead_time_months) == ("an offer", 17.0)
    assert row.description.startswith("candidate SSMF")
