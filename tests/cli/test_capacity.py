import json

import pytest

from arterial.cli.app import main

TOY = """?SNDlib native format; type: network; version: 1.0
NODES ( A ( 0 0 ) B ( 1 0 ) C ( 0 1 ) )
LINKS ( L1 ( A B ) 0 0 0 0 ( 10 7 )
 L2 ( B C ) 0 0 0 0 ( 10 7 )
 L3 ( A C ) 0 0 0 0 ( 10 9 ) )
DEMANDS ( D1 ( A B ) 1 8 UNLIMITED )
"""


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.txt"
    path.write_text(TOY)
    return path


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--model", "U-U-M-N-C-A-N-U"], 0),
        (["--model", "U-U-E-N-C-A-N-U", "--failures", "fibre2"], 1),
        (["--model", "U-U-M-N-I-A-N-U"], 2),
        (["--model", "no such file"], 2),
        ([], 2),
        (["--model", "U-U-M-N-C-A-N-U", "--resume"], 2),
        (["--model", "U-U-M-N-C-A-N-U", "--time-limit", "0"], 2),
        (["--model", "U-U-M-N-C-A-N-U", "--gap", "2"], 2),
    ],
)
def test_the_exit_code_is_the_answer(capsys, toy, options, code):
    assert main(["capacity", str(toy), *options]) == code
    told = capsys.readouterr()
    assert bool(told.out) == (code == 0)
    assert "internal error" not in told.err


def test_the_page_shows_links_their_worst_case_and_the_gap(capsys, drill, tmp_path):
    folder = tmp_path / "out"
    options = ["--module", "400:10+0.02/km", "--gap", "0.1", "-o", str(folder)]
    assert main(["capacity", str(drill), *options]) == 0
    page = capsys.readouterr().out
    for words in ("drill: 17 cases", "bound", "(network)", "at worst", "in case", "written to"):
        assert words in page


def test_json_has_the_whole_answer(capsys, toy):
    assert main(["capacity", str(toy), "--model", "U-U-M-N-C-A-N-U", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["cost"] == answer["bound"] == 23.0
    assert [row["modules"] for row in answer["links"]] == ["1 x 10"] * 3


def test_what_stands_in_the_way_is_told_with_what_would_free_it(capsys, toy):
    toy.write_text(TOY.replace("1 8", "1 18"))
    assert main(["capacity", str(toy), "--model", "U-U-E-N-C-A-N-U"]) == 1
    told = capsys.readouterr().err
    assert "demand 'D1' (A -> B)" in told
    assert "8 Gb/s find no room" in told
    assert "would free it: 8 Gb/s less" in told
