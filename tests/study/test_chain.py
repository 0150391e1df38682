from itertools import pairwise

import pytest

from arterial.model.reader import load_network
from arterial.plan.store import read_plan
from arterial.study.chain import added_cost, chained
from arterial.study.evolve import Question
from arterial.study.prove import prove
from arterial.study.stopwatch import Stopwatch


@pytest.fixture(scope="module")
def chain(drill, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain")
    rows = chained(load_network(drill), folder, Question(plan_gap=0.1), Stopwatch())
    return folder, rows, [read_plan(folder / row.phase) for row in rows]


def test_every_phase_has_a_plan_that_holds(chain):
    folder, rows, _ = chain
    assert [row.phase for row in rows] == ["open", "grow", "shift"]
    assert {prove(folder / row.phase).verdict for row in rows} == {"proved"}


def test_nothing_that_was_built_is_moved_or_taken_out(chain):
    _, _, plans = chain
    for before, after in pairwise(plans):
        assert set(before.lightpath_hops) <= set(after.lightpath_hops)
        stands = {(row.name, row.mode, row.router_a, row.router_z) for row in before.lightpaths}
        assert stands <= {
            (row.name, row.mode, row.router_a, row.router_z) for row in after.lightpaths
        }
        lit = {row.fibre: row.pairs for row in after.lit_fibres}
        assert all(lit[row.fibre] >= row.pairs for row in before.lit_fibres)
        chassis = {row.where: row.quantity for row in after.bill if row.item == "chassis"}
        assert all(
            chassis[row.where] >= row.quantity for row in before.bill if row.item == "chassis"
        )


def test_only_what_is_added_is_paid(chain):
    _, rows, plans = chain
    assert rows[0].added == pytest.approx(plans[0].cost)
    assert rows[1].added < plans[1].cost
    assert all(row.added_discounted <= row.added for row in rows)
    assert added_cost(plans[0], plans[0]) == 0.0


def test_later_phases_carry_more(chain):
    _, rows, plans = chain
    asked = [sum(demand.gbps for demand in plan.demands) for plan in plans]
    assert asked == sorted(asked)
    assert rows[-1].new_waves > 0


def test_plans_that_stand_are_taken_as_they_are(chain, drill):
    folder, rows, _ = chain
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("plan.json")}
    again = chained(load_network(drill), folder, Question(plan_gap=0.1), Stopwatch())
    assert again == rows
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("plan.json")} == files
