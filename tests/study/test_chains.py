"""Chains of plans: the kept one is never dearer than year by year, and every plan of it holds."""

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from arterial.design.horizon_ways import Way
from arterial.study.chains import chains_of
from arterial.study.prove import prove
from arterial.study.stopwatch import Stopwatch


def test_the_kept_chain_is_the_cheapest_and_never_dearer_than_year_by_year(chains):
    _, found = chains
    yearly, *ahead = found.tried
    (kept,) = (row for row in found.tried if row.kept)
    assert yearly.chain == "year by year"
    assert len(ahead) == 2
    assert kept.cost == min(row.cost for row in found.tried) <= yearly.cost
    assert kept.cost == pytest.approx(sum(row.added_discounted for row in found.plans))


def test_building_ahead_pays_on_the_drill(chains):
    _, found = chains
    (kept,) = (row for row in found.tried if row.kept)
    yearly = found.tried[0]
    assert kept.chain.startswith("ahead by whole horizon")
    assert kept.by_phase[0] > yearly.by_phase[0]
    assert kept.cost < 0.99 * yearly.cost


def test_every_plan_of_the_kept_chain_holds(chains):
    folder, found = chains
    assert [Path(row.plan) for row in found.plans] == [
        folder / name for name in ("open", "grow", "shift")
    ]
    assert {prove(Path(row.plan)).verdict for row in found.plans} == {"proved"}


def test_what_was_made_is_taken_as_it_is_and_ways_without_an_end_lead_nobody(
    chains, horizon, bought, quick_chains
):
    folder, found = chains
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("plan.json")}
    lost = Way("year by year", float("inf"), float("-inf"), np.zeros(0))
    again = chains_of(horizon, (lost, bought), folder, quick_chains, Stopwatch())
    assert again == found
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("plan.json")} == files


def test_year_by_year_alone_is_the_first_chain(chains, horizon, quick_chains):
    _, found = chains
    first = found.tried[0]
    question = structs.replace(quick_chains, plans="yearly")
    alone = chains_of(horizon, (), Path(first.folder), question, Stopwatch())
    assert [row.by_phase for row in alone.tried] == [first.by_phase]
    assert alone.tried[0].kept
    assert sum(row.added_discounted for row in alone.plans) == pytest.approx(first.cost)
