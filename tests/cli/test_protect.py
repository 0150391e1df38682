import json

import pytest

from arterial.cli import main


@pytest.mark.parametrize(
    ("more", "code"), [([], 1), (["--capacity-gbps", "1e5"], 0), (["--time-limit", "1e-9"], 3)]
)
def test_the_exit_code_says_whether_all_is_protected(capsys, drill, more, code):
    assert main(["protect", str(drill), "--method", "ffc", *more]) == code
    page = capsys.readouterr().out
    assert ("yes", "no", "", "unknown")[code] in page.split("\n")[0]
    assert "local repair" in page
    assert "ASSUMPTION" in page


def test_json_says_the_same_as_the_page(capsys, drill):
    assert main(["protect", str(drill), "--json", "--worst", "3"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "no"
    assert len(told["worst"]) == 3
    assert told["beta"] is None
    assert [moment["moment"] for moment in told["moments"]] == [
        "local repair",
        "re-optimised",
        "restored",
    ]


def test_a_plan_is_protected_as_a_network_is(capsys, plan_folder):
    code = main(["protect", str(plan_folder), "--json", "--failures", "fibre,srlg"])
    told = json.loads(capsys.readouterr().out)
    assert code == {"yes": 0, "no": 1}[told["verdict"]]
    assert told["cases"] > 0
    assert not any("one IP link" in note for note in told["notes"])


def test_what_cannot_be_meant_exits_2_and_is_told_at_once(capsys, drill):
    assert main(["protect", str(drill), "--k", "99", "--beta", "1"]) == 2
    said = capsys.readouterr().err
    assert "--k 99" in said
    assert "--beta 1" in said
