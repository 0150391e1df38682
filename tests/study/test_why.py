"""``why`` on the drill plan: its answer against ``prove --without``, the bill and exit codes."""

import json
import math

import pytest

from arterial.cli.app import main
from arterial.plan.store import read_plan
from arterial.study.prove import prove
from arterial.study.why import why


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


def test_every_link_of_the_plan_is_explained_as_a_proof_without_it_says(drill_plan, plan):
    for link in plan.ip_links[::5]:
        told = why(drill_plan, link.name)
        proof = prove(drill_plan, without=told.without)
        assert (told.word == "needed") == (proof.verdict == "refuted")
        assert (told.barrier is None) or told.reroute == "refuted"
        assert told.cost == pytest.approx(math.fsum(part.cost for part in told.price))
        assert 0.0 < told.cost_share < 1.0


def test_the_verb_answers_with_its_exit_code(capsys, drill_plan, plan):
    link = plan.ip_links[0].name
    assert main(["why", str(drill_plan), link, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["element"] == link
    assert told["cases"][0]["load_gbps"] > 0.0
    assert main(["why", str(drill_plan), link, "--worst", "2"]) == 0
    assert "needed" in capsys.readouterr().out
    assert main(["why", str(drill_plan), "nowhere"]) == 2
    assert "nothing in the plan is called 'nowhere'" in capsys.readouterr().err


def test_plans_that_build_the_same_answer_0(capsys, drill_plan, tmp_path):
    assert main(["diff", str(drill_plan), str(drill_plan)]) == 0
    assert "the same is built" in capsys.readouterr().out
    assert main(["diff", str(drill_plan), str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
