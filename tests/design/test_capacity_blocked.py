"""What stands in the way of every answer is named, with what would free it; and it does free it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from draws import drawn
from monolith import monolith, simple_paths

from arterial.design.capacity_blocked import block, left_parted, most_gbps, parted
from arterial.design.capacity_sndlib import sndlib_task
from arterial.model.imports.sndlib import snd_file
from arterial.model.imports.sndlib_model import asked_model

HEAD = "?SNDlib native format; type: network; version: 1.0\n"
NODES = "NODES ( A ( 0 0 ) B ( 1 0 ) C ( 0 1 ) D ( 1 1 ) )\n"
RING = "L1 ( A B ) 0 0 0 0 ( 10 1 )\nL2 ( B C ) 0 0 0 0 ( 10 1 )\nL3 ( A C ) 0 0 0 0 ( 10 1 )\n"
SPUR = RING + "L4 ( C D ) 0 0 0 0 ( 10 1 )\n"


@pytest.fixture
def posed(tmp_path):
    def task(links, demands, model):
        path = Path(tmp_path / "toy.txt")
        path.write_text(f"{HEAD}{NODES}LINKS ( {links} )\nDEMANDS ( {demands} )\n")
        return sndlib_task(path, snd_file(path), asked_model(model))

    return task


@pytest.mark.parametrize("seed", range(12))
def test_a_demand_is_parted_where_no_path_within_its_limit_is_left(seed):
    problem = drawn(seed)
    gbps = np.ones_like(problem.cases.gbps)
    asking = replace(problem, cases=replace(problem.cases, gbps=gbps))
    expected = [
        [not simple_paths(asking, case, demand) for demand in range(gbps.shape[1])]
        for case in range(len(gbps))
    ]
    assert parted(asking).tolist() == expected


def test_a_spur_cannot_survive_and_the_cut_and_both_remedies_are_told(posed):
    task = posed(SPUR, "D1 ( A D ) 1 5 UNLIMITED", "U-U-M-N-C-A-N-U")
    told = block(task)
    assert told is not None
    assert str(told).startswith("demand 'D1' (A -> D): in case 'L4' what would lead into D is down")
    assert "is down: L4" in told.constraint
    assert any("--leave-parted" in remedy for remedy in told.remedies)
    freed = left_parted(task)
    assert block(freed) is None
    assert monolith(freed.problem).status == "optimal"
    assert any("not asked for: 1 demands in 1 cases" in note for note in freed.notes)


def test_a_demand_without_a_way_where_nothing_failed_is_never_left_out(posed):
    task = posed(RING, "D1 ( A D ) 1 5 UNLIMITED", "U-U-M-N-C-A-N-U")
    assert left_parted(task) is task
    told = block(task)
    assert told is not None
    assert "no link leads into D" in told.constraint


def test_too_few_hops_are_told_with_how_many_would_do(posed):
    task = posed(RING, "D1 ( A B ) 1 5 1", "U-U-M-N-C-A-Y-U")
    told = block(task)
    assert told is not None
    assert "in case 'L1' its fastest way takes 2" in told.constraint
    assert "a limit of 2 instead of 1" in told.remedies
    assert monolith(task.problem).status == "infeasible"
    freed = posed(RING, "D1 ( A B ) 1 5 2", "U-U-M-N-C-A-Y-U")
    assert block(freed) is None
    assert monolith(freed.problem).status == "optimal"


@pytest.mark.parametrize(("gbps", "lack"), [(13, 3), (12, 2), (10, 0)])
def test_too_little_room_is_told_to_the_gigabit(posed, gbps, lack):
    task = posed(RING, f"D1 ( A B ) 1 {gbps} UNLIMITED", "U-U-E-N-C-A-N-U")
    told = block(task)
    if not lack:
        assert told is None
        assert monolith(task.problem).status == "optimal"
        return
    assert told is not None
    assert f"{lack} Gb/s find no room" in told.constraint
    assert any(remedy.startswith(f"{lack} Gb/s less") for remedy in told.remedies)
    assert monolith(task.problem).status == "infeasible"


def test_light_that_is_too_slow_is_told_apart(posed):
    task = posed(RING, "D1 ( A B ) 1 5 1", "U-U-M-N-C-A-Y-U")
    told = block(replace(task, direct_ms=np.array([7.5])))
    assert told is not None
    assert "light in fibre takes 7.5 ms along the great circle" in told.constraint


@pytest.mark.parametrize("seed", range(6))
def test_the_most_a_link_can_have_is_what_its_columns_give(seed):
    problem = drawn(seed)
    free = replace(problem.program, rows=drawn(15).program.rows)
    most = most_gbps(problem)
    everything = problem.links.base_gbps + problem.links.supply @ problem.program.high
    assert (most <= everything + 1e-6).all()
    if not len(free.rows):
        unbound = replace(problem, program=free)
        assert most_gbps(unbound) == pytest.approx(everything)
