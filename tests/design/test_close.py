"""Laws of staying close: prices go on and come off, the least is no more than any design makes."""

import numpy as np
import pytest

from arterial.design.close import (
    charged,
    least_waves,
    moves,
    standing_placements,
    uncharged,
)
from arterial.design.engine import Ask, design, input_hash, started
from arterial.design.run import Run
from arterial.design.search import priced
from arterial.plan.store import read_plan

WORTH = 4.0


@pytest.fixture(scope="module")
def before(drill_plan):
    return read_plan(drill_plan)


def begun(before, load):
    ask = Ask(load=load, worth=WORTH)
    return started(before.network, ask, before, Run())


@pytest.fixture(scope="module")
def grown(before):
    return begun(before, "heavy")


def test_a_charge_is_on_new_light_alone_and_comes_off_again(grown):
    plain = grown.uncharged
    more = grown.instance.wave_cost - plain.wave_cost
    assert set(np.round(more, 9).ravel().tolist()) == {0.0, WORTH}
    assert (more[~plain.real] == 0.0).all()
    back = uncharged(charged(plain, 7.5), 7.5)
    assert back.wave_cost == pytest.approx(plain.wave_cost)


def test_every_flow_may_run_where_it_runs_under_the_same_load(before):
    start = begun(before, before.load)
    known = standing_placements(start.chooser, start.flows, before)
    assert set(known) == {flow.name for flow in start.flows}
    found = priced(start.uncharged, start.flows, known)
    assert found.bill == pytest.approx(0.0)
    assert least_waves(start.uncharged, start.flows, rounds=1, seed=0) == 0
    assert start.moved == 0


def test_more_load_finds_its_flows_on_what_stands(grown, before):
    known = standing_placements(grown.chooser, grown.flows, before)
    stands = {n for n, kept in enumerate(grown.instance.kept) if kept is not None}
    ridden = {
        arc >> 1
        for place in known.values()
        for path in (*place.paths, place.backup or ())
        for arc in path
    }
    assert known
    assert ridden <= stands


@pytest.mark.parametrize("load", ["base", "heavy"])
def test_the_least_is_no_more_than_a_design_adds(before, load):
    start = begun(before, load)
    ask = Ask(load=load, worth=WORTH)
    plan = design(before.network, ask, before=before, start=start)
    least = least_waves(start.uncharged, start.flows, rounds=1, seed=0)
    assert 0 <= least <= len(plan.lightpaths) - len(before.lightpaths)


def test_a_plan_moves_nothing_from_itself(before):
    rows = before.replicas
    assert moves(rows, rows) == 0
    swapped = [type(row)(**{**fields(row), "edge": row.failover}) for row in rows]
    assert moves(rows, swapped) == len(rows)
    assert moves((), rows) == moves(rows, ()) == 0


def fields(row):
    return {name: getattr(row, name) for name in row.__struct_fields__}


def test_what_stays_close_is_another_question(before):
    hashes = {
        input_hash(before.network, Ask(load="heavy", worth=worth), before)
        for worth in (None, 0.0, 1.0)
    }
    assert len(hashes) == 3
