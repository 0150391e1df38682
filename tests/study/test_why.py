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


def test_the_page_names_the_two_cuts_that_alone_need_a_wave(capsys, doubled_plan):
    links = (link.name for link in read_plan(doubled_plan).ip_links)
    told = next(found for name in links if (found := why(doubled_plan, name)).two_cuts.alone)
    one, other = told.cases[0].case.split(" + ")
    assert told.two_cuts.classes == ("inference",)
    assert 0 < told.two_cuts.missed < told.two_cuts.states <= told.two_cuts.cases
    assert main(["why", str(doubled_plan), told.element]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "by two cuts alone" in page
    assert f"binding case {one} + {other}" in page
    assert told.losses[0].demand in page


def test_single_failures_alone_are_asked_without_a_rule_on_two_cuts(capsys, drill_plan, plan):
    assert why(drill_plan, plan.ip_links[0].name).two_cuts is None
    main(["why", str(drill_plan), plan.ip_links[0].name])
    assert "no rule of the policy names fibre2" in " ".join(capsys.readouterr().out.split())
