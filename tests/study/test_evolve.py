import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.study.evolve import ANSWER, Evolved, Question, evolve
from arterial.study.prove import prove

PHASES = """phases:
  - {name: open, year: 2027, load: given}
  - {name: shift, year: 2031, load: given, demand_scale: 5, fibres: [Dogwood-Fir]}
"""

DEMANDS = """traffic_class,source,target,gbps
sync,Hazel,Juniper,400
sync,Juniper,Hazel,400
checkpoint,Hazel,Larch,70
"""


@pytest.fixture(scope="module")
def two_phases(drill, tmp_path_factory):
    """The drill's ground with three demands, which grow."""
    folder = tmp_path_factory.mktemp("years") / "network"
    shutil.copytree(drill, folder)
    (folder / "demands.csv").write_text(DEMANDS, encoding="utf-8")
    path = folder / "network.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("phases:\n"), text.index("horizon:\n")
    path.write_text(text[:start] + PHASES + text[end:], encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def evolved(two_phases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evolved")
    question = Question(draws=1, demand="hose", leads=1, gap=0.05)
    return folder, evolve(two_phases, folder, question, picture=folder / "years.svg")


def test_the_whole_horizon_is_within_its_gap_and_never_dearer(evolved):
    _, done = evolved
    whole, *others = done.ways
    assert whole.way == "whole horizon"
    assert whole.over_bound <= 0.0501
    assert [row.way for row in others] == ["year by year", "rolling, draw 1"]
    for row in others:
        assert row.cost >= whole.cost - 1e-6
        assert row.cost >= done.bound - 1e-6
        assert sum(row.by_phase) == pytest.approx(row.cost)


def test_orders_add_up_to_what_the_whole_horizon_costs_beside_keeping_edges(evolved):
    _, done = evolved
    pieces = sum(row.cost for row in done.orders if row.item != "edge")
    assert pieces + done.edge_cost == pytest.approx(done.ways[0].cost)
    assert {row.phase for row in done.orders} <= set(done.phases)


def test_orders_come_before_service_by_their_lead_time(evolved):
    _, done = evolved
    for row in done.orders:
        (year, month), (there, then) = (
            map(int, told.split("-")) for told in (row.order_by, row.in_service)
        )
        assert 12 * (there - year) + then - month == row.lead_months


def test_the_last_phase_lasts_and_the_first_does_not(evolved):
    _, done = evolved
    found = {(row.way, row.phase): row.runs_out for row in done.lasts}
    assert found["whole horizon", "shift"] is None
    assert 2027 < found["year by year", "open"] <= 2031


def test_every_matrix_of_the_hose_is_carried_or_unknown(evolved):
    _, done = evolved
    assert [row.phase for row in done.hose] == list(done.phases)
    for row in done.hose:
        assert row.way == "whole horizon"
        assert row.proved + len(row.unknown) == row.cases > 0
        assert row.too_large == 0


def test_plans_are_the_cheapest_chain_and_above_the_bound(evolved):
    _, done = evolved
    assert done.plans_cost == min(row.cost for row in done.chains) <= done.chains[0].cost
    assert done.plans_over_bound >= 0.0 or np.isnan(done.plans_over_bound)
    assert done.matrices_closed
    assert "refuted" not in {prove(Path(row.plan)).verdict for row in done.plans}


def test_the_answer_and_its_picture_stand_in_the_folder(evolved):
    folder, done = evolved
    text = (folder / ANSWER).read_bytes()
    assert msgspec.json.decode(text, type=Evolved) == done
    assert json.loads(text)["bound"] == done.bound
    assert "whole horizon" in (folder / "years.svg").read_text(encoding="utf-8")


def test_a_network_without_phases_is_refused(drill, tmp_path):
    folder = tmp_path / "network"
    shutil.copytree(drill, folder)
    path = folder / "network.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("\nphases:"), text.index("\nnotes:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(ModelError, match="there is no phase"):
        evolve(folder, tmp_path / "out", Question())
    assert not (tmp_path / "out").exists()
