import json

from arterial.cli.app import main


def test_a_load_without_people_is_compared_and_its_edges_stay_open(capsys, drill, tmp_path):
    words = ["shapes", str(drill), "-o", str(tmp_path / "out"), "--rounds", "0", "--load", "given"]
    few = ["--hubs", "40", "--rings", "1", "--json"]
    assert main([*words, *few]) == 3
    found = json.loads(capsys.readouterr().out)
    assert [row["shape"] for row in found["shapes"]] == ["ring", "free"]
    assert found["rings"]["rings"] == 1
    assert main([*words, *few[:-1]]) == 3
    assert "single failures survived" in capsys.readouterr().out


def test_a_load_that_is_not_there_is_usage(capsys, drill, tmp_path):
    assert main(["shapes", str(drill), "-o", str(tmp_path / "out"), "--load", "none"]) == 2
    assert "internal error" not in capsys.readouterr().err


def test_shapes_that_cannot_hold_to_a_rule_on_two_cuts_say_so_and_why(
    capsys, doubled_drill, tmp_path
):
    words = ["shapes", str(doubled_drill), "-o", str(tmp_path / "out"), "--rounds", "1"]
    assert main([*words, "--hubs", "40", "--rings", "1"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "ring: cannot hold to the rules on two cuts" in page
    assert "free: holds to the rules on two cuts" in page
    assert "two cuts that lose traffic" in page
    assert "inference after fibre2" in page
