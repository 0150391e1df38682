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
