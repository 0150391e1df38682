"""Each letter of an SNDlib model means what SNDlib says it means, on instances solved by hand."""

from pathlib import Path

import numpy as np
import pytest
from monolith import carried_share, monolith

from arterial.design.capacity_sndlib import sndlib_task
from arterial.errors import ModelError
from arterial.model.imports.sndlib import snd_file
from arterial.model.imports.sndlib_model import asked_model

HEAD = "?SNDlib native format; type: network; version: 1.0\n"
NODES = "NODES ( A ( 0 0 ) B ( 1 0 ) C ( 0 1 ) )\n"
TRIANGLE = "L1 ( A B ) 0 0 0 0 ( {m} )\nL2 ( B C ) 0 0 0 0 ( {m} )\nL3 ( A C ) 0 0 0 0 ( {m} )\n"


@pytest.fixture
def posed(tmp_path):
    """The task of links, demands and a model."""

    def task(links, demands, model, **options):
        path = Path(tmp_path / "toy.txt")
        path.write_text(f"{HEAD}{NODES}LINKS ( {links} )\nDEMANDS ( {demands} )\n")
        return sndlib_task(path, snd_file(path), asked_model(model), **options)

    return task


@pytest.fixture
def cost(posed):
    """What the best answer costs, constants included."""

    def least(links, demands, model, **options):
        task = posed(links, demands, model, **options)
        return monolith(task.problem).cost + task.constant

    return least


LINK = "L1 ( A B ) 0 0 0 0 ( 10 7 25 15 )"
BOTH = "D1 ( A B ) 1 12 UNLIMITED D2 ( B A ) 1 9 UNLIMITED"


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        ("U", 15.0),  # 21 in all: one of 25
        ("B", 14.0),  # 12 in the fuller direction: two of 10
    ],
)
def test_undirected_links_sum_their_directions_and_bidirected_ones_do_not(cost, letter, expected):
    assert cost(LINK, BOTH, f"D-{letter}-M-N-C-A-N-N") == expected


def test_a_directed_link_carries_nothing_back(posed, cost):
    assert cost(LINK, "D1 ( A B ) 1 12 UNLIMITED", "D-D-M-N-C-A-N-N") == 14.0
    back = posed(LINK, "D1 ( B A ) 1 12 UNLIMITED", "D-D-M-N-C-A-N-N")
    assert monolith(back.problem).status == "infeasible"


def test_an_undirected_demand_takes_what_its_units_ask_for_once(cost):
    assert cost(LINK, "D1 ( B A ) 2.5 4 UNLIMITED", "U-U-M-N-C-A-N-N") == 7.0


@pytest.mark.parametrize(
    ("letter", "gbps", "expected"),
    [
        ("M", 20, 14.0),
        ("M", 31, 22.0),
        ("M", 60, 37.0),  # any mix: 25 + 25 + 10
        ("S", 60, 42.0),  # the smallest module alone: six of 10
        ("E", 25, 15.0),
        ("L", 5, 3.0),  # parts of the module that costs least for its size: 5 / 25 x 15
    ],
)
def test_the_capacity_model_says_what_may_be_bought(cost, letter, gbps, expected):
    assert cost(LINK, f"D1 ( A B ) 1 {gbps} UNLIMITED", f"U-U-{letter}-N-C-A-N-N") == expected


def test_of_an_explicit_list_one_capacity_is_bought_once(posed):
    task = posed(LINK, "D1 ( A B ) 1 26 UNLIMITED", "U-U-E-N-C-A-N-N")
    assert monolith(task.problem).status == "infeasible"
    standing = LINK.replace(") 0 0", ") 1 4")
    task = posed(standing, "D1 ( A B ) 1 26 UNLIMITED", "U-U-E-N-C-A-N-N")
    assert monolith(task.problem).cost + task.constant == 19.0


def test_capacity_that_stands_is_paid_for_in_every_answer_and_its_use_too(cost):
    standing = "L1 ( A B ) 4 5 0 3 ( 10 7 )"
    assert cost(standing, "D1 ( A B ) 1 4 UNLIMITED", "U-U-M-N-C-A-N-N") == 5.0
    assert cost(standing, "D1 ( A B ) 1 4 UNLIMITED", "U-U-M-Y-C-A-N-N") == 8.0
    assert cost(standing, "D1 ( A B ) 1 5 UNLIMITED", "U-U-M-Y-C-A-N-N") == 15.0


def test_a_fixed_charge_is_paid_once_for_a_link_that_is_bought(cost):
    charged = "L1 ( A B ) 0 0 0 3 ( 10 7 )"
    assert cost(charged, "D1 ( A B ) 1 20 UNLIMITED", "U-U-M-N-C-A-N-N") == 14.0
    assert cost(charged, "D1 ( A B ) 1 20 UNLIMITED", "U-U-M-Y-C-A-N-N") == 17.0


def test_a_hop_limit_counts_only_where_the_model_has_it(cost):
    links = "L1 ( A B ) 0 0 0 0 ( 10 20 )\nL2 ( B C ) 0 0 0 0 ( 10 3 )\nL3 ( A C ) 0 0 0 0 ( 10 3 )"
    assert cost(links, "D1 ( A B ) 1 5 1", "U-U-M-N-C-A-N-N") == 6.0
    assert cost(links, "D1 ( A B ) 1 5 1", "U-U-M-N-C-A-Y-N") == 20.0


def test_unrestricted_reconfiguration_asks_all_of_it_after_any_one_link(posed, cost):
    links = TRIANGLE.format(m="10 1")
    assert cost(links, "D1 ( A B ) 1 10 UNLIMITED", "U-U-M-N-C-A-N-N") == 1.0
    assert cost(links, "D1 ( A B ) 1 10 UNLIMITED", "U-U-M-N-C-A-N-U") == 3.0
    task = posed(links, "D1 ( A B ) 1 10 UNLIMITED", "U-U-M-N-C-A-N-U")
    assert task.problem.cases.names == ("no failure", "L1", "L2", "L3")
    two = posed(links, "D1 ( A B ) 1 10 UNLIMITED", "U-U-M-N-C-A-N-N", together=2)
    assert len(two.problem.cases.names) == 1 + 3 + 3


@pytest.mark.parametrize("letter", ["U", "B", "D"])
def test_flow_costs_where_nothing_failed_and_nowhere_else(cost, letter):
    links = "L1 ( A B ) 0 0 3 0 ( 10 7 )\nL2 ( B C ) 0 0 2 0 ( 10 9 )\nL3 ( C A ) 0 0 1 0 ( 10 9 )"
    if letter == "D":
        links = links.replace("L2 ( B C )", "L2 ( C B )").replace("L3 ( C A )", "L3 ( A C )")
    ways = "U-U" if letter == "U" else f"D-{letter}"
    demand = "D1 ( A B ) 1 5 UNLIMITED"
    # Straight on: 7 and 5 x 3. Round about: 18 and 5 x (1 + 2).
    assert cost(links, demand, f"{ways}-M-N-C-A-N-N") == pytest.approx(22.0)
    # After any cut both stand, and either way what flows costs 15.
    assert cost(links, demand, f"{ways}-M-N-C-A-N-U") == pytest.approx(25.0 + 15.0)


def test_what_flows_both_ways_is_paid_for_both_ways(cost):
    link = "L1 ( A B ) 2 0 3 0 ( 10 7 )"
    demands = "D1 ( A B ) 1 5 UNLIMITED D2 ( B A ) 1 4 UNLIMITED"
    assert cost(link, demands, "D-B-M-N-C-A-N-N") == pytest.approx(7.0 + 9.0 * 3.0)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("U-U-M-N-I-A-N-N", "INTEGER is not solved"),
        ("U-U-M-N-S-A-N-N", "SINGLE_PATH is not solved"),
        ("U-U-M-N-C-E-N-N", "EXPLICIT_LIST is not solved"),
        ("U-U-M-N-C-A-N-P", "ONE_PLUS_ONE_PROTECTION is not solved"),
        ("U-U-M-N-C-A-N-S", "SHARED_PATH_PROTECTION is not solved"),
        ("U-B-M-N-C-A-N-N", "demands are UNDIRECTED and links BIDIRECTED"),
    ],
)
def test_what_is_not_solved_is_refused_by_name(posed, model, words):
    with pytest.raises(ModelError, match=words):
        posed(LINK, BOTH, model)


def test_all_that_is_wrong_is_told_at_once(posed):
    links = "L1 ( A B ) 0 0 0 0 ( 0 7 )\nL2 ( B C ) 0 0 0 0 ( 0 1 )"
    with pytest.raises(ModelError) as told:
        posed(links, BOTH, "U-U-M-N-I-E-N-P")
    assert len(told.value.problems) == 5
    assert [problem.line for problem in told.value.problems[3:]] == [3, 4]


def test_columns_say_what_they_buy_and_links_add_up(posed):
    standing = "L1 ( A B ) 4 5 2 3 ( 10 7 25 15 )"
    task = posed(standing, BOTH, "D-B-M-Y-C-A-N-N")
    assert task.of_link.tolist() == [0, 0]
    found = monolith(task.problem)
    gbps, paid = task.link_gbps(found.columns), task.link_cost(found.columns)
    assert gbps.tolist() == [14.0]
    assert paid.sum() == pytest.approx(found.cost)
    assert carried_share(task.problem, found.columns, 0) >= 1.0 - 1e-9
    assert np.isfinite(task.problem.program.high).all()
