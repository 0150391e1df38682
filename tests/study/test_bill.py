import csv
import io
import math
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import DamagedError, ModelError
from arterial.plan.store import read_plan, write_plan
from arterial.study.bill import bill, order_by

TODAY = date(2027, 1, 1)


def read(file):
    text = file.read_bytes().decode("utf-8")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_adds_up_to_the_plan_s_cost_and_says_what_the_answer_says(plan_folder, tmp_path):
    made = bill(plan_folder, tmp_path / "bill.csv", today=TODAY)
    rows = read(tmp_path / "bill.csv")
    plan = read_plan(plan_folder)
    assert math.fsum(float(row["cost"]) for row in rows) == pytest.approx(plan.cost, abs=1e-6)
    assert (made.cost, made.plan_cost) == (pytest.approx(plan.cost), plan.cost)
    assert len(rows) == len(made.rows)
    assert {row["order_by"] for row in rows} == {""}
    for parts in (made.by_site, made.by_item):
        assert math.fsum(part.cost for part in parts) == pytest.approx(made.cost)
        assert sum(part.rows for part in parts) == len(rows)
    again = tmp_path / "again.csv"
    bill(plan_folder, again, today=TODAY)
    assert again.read_bytes() == (tmp_path / "bill.csv").read_bytes()


def test_a_site_s_rows_are_its_part(plan_folder):
    whole = bill(plan_folder, today=TODAY)
    for part in whole.by_site[:3]:
        own = bill(plan_folder, site=part.name, today=TODAY)
        assert {row.site for row in own.rows} == {part.name}
        assert own.cost == pytest.approx(part.cost)


def test_orders_leave_in_time_and_late_ones_are_counted(plan_folder):
    made = bill(plan_folder, in_service="2027-06-01", today=TODAY)
    for row in made.rows:
        if row.spend == "running":
            assert not row.order_by
        else:
            ready = order_by(date(2027, 6, 1), row.lead_time_months)
            assert row.order_by == ready.isoformat()
    orders = [row.order_by for row in made.rows if row.order_by]
    assert made.first_order == min(orders)
    assert made.late == sum(order < "2027-01-01" for order in orders) > 0
    assert bill(plan_folder, in_service="2030-06-01", today=TODAY).late == 0


@given(ready=st.dates(), months=st.integers(0, 240))
def test_whole_months_come_back_to_the_same_day_or_the_month_s_last(ready, months):
    day = order_by(ready, float(months))
    apart = (ready.year - day.year) * 12 + ready.month - day.month
    assert apart == months or day == date.min
    assert day.day == ready.day or day.day in {28, 29, 30} or day == date.min


@given(ready=st.dates(), months=st.floats(0, 1e9))
def test_no_lead_time_leads_past_the_first_day(ready, months):
    assert date.min <= order_by(ready, months) <= ready


def test_no_name_becomes_a_formula(plan_folder, tmp_path):
    plan = read_plan(plan_folder)
    formulas = {"=cmd|' /C calc'!A0": "=", "@SUM(A1)": "@", "+1": "+", "-2+3": "-"}
    names = dict(zip((site.name for site in plan.network.sites), formulas, strict=False))
    sites = tuple(
        msgspec.structs.replace(site, name=names.get(site.name, site.name))
        for site in plan.network.sites
    )
    changed = msgspec.structs.replace(
        plan,
        network=msgspec.structs.replace(plan.network, sites=sites),
        bill=tuple(
            msgspec.structs.replace(line, where=names.get(line.where, line.where))
            for line in plan.bill
        ),
    )
    write_plan(changed, plan_folder)
    bill(plan_folder, tmp_path / "bill.csv", today=TODAY)
    rows = read(tmp_path / "bill.csv")
    told = {row["site"] for row in rows}
    assert told & {f"'{name}" for name in formulas}
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row.values())
    assert all(float(row["cost"]) >= 0 for row in rows)


def test_a_phase_is_told_as_one(plan_folder, tmp_path):
    made = bill(plan_folder, tmp_path / "none.csv", since=plan_folder, today=TODAY)
    assert (made.rows, made.cost, made.freed) == ((), 0.0, 0.0)
    assert read(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"site": "Hazle"}, "Did you mean 'Hazel'"),
        ({"in_service": "next spring"}, "'next spring' is no date"),
        ({"in_service": "2027-02-30"}, "Give year, month and day"),
    ],
)
def test_a_slip_is_told(plan_folder, words, told):
    with pytest.raises(ModelError, match=told):
        bill(plan_folder, today=TODAY, **words)


def test_an_older_plan_that_is_none_is_told(plan_folder, tmp_path):
    with pytest.raises(DamagedError, match="nowhere"):
        bill(plan_folder, since=tmp_path / "nowhere", today=TODAY)


def test_a_plan_of_another_network_is_no_older_plan(plan_folder, reference_plan):
    with pytest.raises(ModelError, match="no site in common"):
        bill(plan_folder, since=reference_plan, today=TODAY)


def test_a_folder_in_the_table_s_place_is_told(plan_folder, tmp_path):
    with pytest.raises(IsADirectoryError):
        bill(plan_folder, tmp_path, today=TODAY)
