"""A design close to a plan: few changes, all told, proved, and set against a free one."""

import random
from itertools import count

import msgspec
import pytest

from arterial.cli.app import main
from arterial.errors import DamagedError, InterruptedRunError, ModelError, SolverError
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.study.close import Near, changes_of, close
from arterial.study.design import LEDGER, Question
from arterial.study.prove import prove

HEAVY = Question(load="heavy")
QUICK = Question(load="heavy", rounds=1, bound_rounds=0)


@pytest.fixture(scope="module")
def grown(drill, drill_plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("close=to")  # a folder's name is no column of its tables
    return folder, close(drill, folder / "plan", HEAVY, Near(plan=drill_plan, worth=4.0))


def test_growth_close_to_a_plan_changes_less_than_a_free_design(grown):
    folder, told = grown
    assert 0 < told.least_changes <= told.changes.total < told.free.changes.total
    assert told.changes.waves_freed == told.changes.waves_moved == 0
    assert prove(folder / "plan").verdict == "proved"


def test_figures_add_up(grown, drill_plan):
    folder, told = grown
    plan, before = read_plan(folder / "plan"), read_plan(drill_plan)
    changes = told.changes
    assert changes == changes_of(before, plan)
    assert changes.total == sum(msgspec.structs.astuple(changes)[1:])
    assert told.stays_cost == pytest.approx(told.design.cost - told.free.cost)
    assert told.stays_added == pytest.approx(told.added - told.free.added)
    assert told.charged == pytest.approx(told.added + 4.0 * changes.total)
    assert 0.0 <= told.added_bound <= told.added
    assert told.charged_bound <= told.charged
    assert told.free.bound <= told.free.cost
    assert told.design.bound <= told.design.cost
    assert told.differs.cost_change == pytest.approx(plan.cost - before.cost)


def test_all_that_stands_stays_as_it_is(grown, drill_plan):
    plan, before = read_plan(grown[0] / "plan"), read_plan(drill_plan)
    assert set(before.lightpath_hops) <= set(plan.lightpath_hops)
    assert {row.name for row in before.lightpaths} <= {row.name for row in plan.lightpaths}


def test_the_same_load_asks_for_no_change(drill, drill_plan, tmp_path):
    told = close(drill, tmp_path / "plan", Question(load="base"), Near(plan=drill_plan))
    assert told.changes.total == told.least_changes == 0
    assert told.added == 0.0
    assert told.design.cost == pytest.approx(read_plan(drill_plan).cost)


def test_a_limit_is_kept_or_the_fewest_are_told(drill, drill_plan, tmp_path):
    few = close(drill, tmp_path / "few", QUICK, Near(plan=drill_plan, changes=4))
    assert few.changes.total <= few.most_changes == 4
    with pytest.raises(SolverError, match="at least 1 are needed"):
        close(drill, tmp_path / "none", QUICK, Near(plan=drill_plan, changes=0))
    assert not (tmp_path / "none").exists()


def test_cut_at_any_moment_it_goes_on_to_the_same_plan(drill, drill_plan, grown, tmp_path, seed):
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    folder, near = tmp_path / "plan", Near(plan=drill_plan, worth=4.0)
    ticks, left = count(), count(-draw.randrange(6, 13))

    def stopping(*_):
        if not next(left):
            raise KeyboardInterrupt

    hasty = msgspec.structs.replace(HEAVY, gap=0.0, time_limit_s=draw.randrange(200))
    told = close(drill, folder, hasty, near, clock=lambda: float(next(ticks)))
    assert told.design.status == "time"
    assert told.least_changes <= told.changes.total
    assert (folder / LEDGER).exists()
    with pytest.raises(InterruptedRunError, match="the same command goes on"):
        close(drill, folder, HEAVY, near, report=stopping)
    again = close(drill, folder, HEAVY, near, begin="on")
    assert exactly(folder) == exactly(grown[0] / "plan")
    unlike = {"design": None, "differs": None}
    assert msgspec.structs.replace(again, **unlike) == msgspec.structs.replace(grown[1], **unlike)
    assert not (folder / LEDGER).exists()


def test_what_is_kept_for_other_limits_is_refused(drill, sparse_plan, tmp_path):
    folder, hasty = tmp_path / "plan", msgspec.structs.replace(QUICK, gap=0.0, time_limit_s=0.0)
    few = close(drill, folder, hasty, Near(plan=sparse_plan, changes=1))
    assert few.design.status == "time"
    assert few.changes.total > few.most_changes == 1
    kept = (folder / LEDGER).read_bytes()
    with pytest.raises(DamagedError, match=r"design\.ledger: it was kept for another question"):
        close(drill, folder, hasty, Near(plan=sparse_plan, changes=2), begin="resumed")
    assert (folder / LEDGER).read_bytes() == kept


def exactly(folder):
    return msgspec.json.encode(read_plan(folder))


def test_what_the_network_has_no_more_is_told(drill, drill_plan, tmp_path):
    plan = read_plan(drill_plan)
    other = msgspec.structs.replace(
        plan,
        lightpath_hops=tuple(
            msgspec.structs.replace(hop, fibre="Nowhere-Else") for hop in plan.lightpath_hops
        ),
    )
    write_plan(other, tmp_path / "other", None)
    with pytest.raises(ModelError, match="no 'Nowhere-Else' any more"):
        close(drill, tmp_path / "plan", HEAVY, Near(plan=tmp_path / "other"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--worth", "2"], "there is no plan to change"),
        (["--changes", "2"], "there is no plan to change"),
        (["--stay-close-to", "PLAN", "--changes", "2", "--worth", "1"], "limited in number"),
    ],
)
def test_options_that_do_not_fit_are_refused(drill, drill_plan, tmp_path, capsys, options, words):
    asked = [str(drill_plan) if word == "PLAN" else word for word in options]
    code = main(["design", str(drill), "-o", str(tmp_path / "plan"), *asked])
    assert code == 2
    assert words in capsys.readouterr().err


def test_the_page_tells_changes_and_both_costs(drill, drill_plan, tmp_path, capsys):
    asked = ["--load", "heavy", "--stay-close-to", str(drill_plan), "--worth", "4"]
    assert main(["design", str(drill), "-o", str(tmp_path / "plan"), *asked]) == 0
    page = capsys.readouterr().out
    for words in ("close to", "changes", "free design", "staying close costs", "built"):
        assert words in page
    assert plan_hash(read_plan(tmp_path / "plan")) in page
