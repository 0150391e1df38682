import json

import pytest

from arterial.cli.app import main


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--failures", "fibre", "--capacity-gbps", "1e6"], 0),
        (["--failures", "fibre2", "--capacity-gbps", "1e6"], 1),
        (["--failures", "fibre", "--capacity-gbps", "1"], 1),
        (["--failures", "fibre", "--routing", "backup"], 1),
        (["--failures", "fibre", "--routing", "backup", "--capacity-gbps", "1e6"], 0),
        (["--failures", "no such file"], 2),
        (["--tables"], 2),
    ],
    ids=[
        "all carried",
        "no way",
        "no room",
        "no room on backups",
        "backups",
        "no file",
        "no place",
    ],
)
def test_the_exit_code_is_the_answer(capsys, drill, options, code):
    assert main(["sweep", str(drill), *options]) == code
    told = capsys.readouterr()
    assert bool(told.out) == (code < 2)
    assert "internal error" not in told.err


def test_an_empty_set_answers_3(capsys, drill, tmp_path):
    (tmp_path / "none.txt").write_text("# nothing\n", "utf-8")
    assert main(["sweep", str(drill), "--failures", str(tmp_path / "none.txt")]) == 3
    assert "nothing was played" in capsys.readouterr().out


def test_json_has_what_readers_of_answers_look_for(capsys, drill):
    assert main(["sweep", str(drill), "--json", "--worst", "3", "--rates", "published"]) in (0, 1)
    answer = json.loads(capsys.readouterr().out)
    assert answer["cases"] > 0
    assert answer["seconds"] >= 0.0
    assert len(answer["worst"]) == 3
    assert {"case", "carried_fraction", "max_utilisation", "link"} <= set(answer["worst"][0])
    assert answer["odds"]["covered"] <= 1.0


def test_the_page_shows_cases_classes_links_and_who_is_cut_off(capsys, designed):
    main(["sweep", str(designed), "--failures", "fibre2", "--rates", "published"])
    page = capsys.readouterr().out
    for words in ("worst case", "class", "fullest link", "cuts off", "expected share carried"):
        assert words in page
