import json

from arterial.cli.app import main


def test_the_page_shows_pairs_the_tight_and_the_packing(capsys, designed):
    assert main(["spectrum", str(designed), "--repack"]) == 0
    page = capsys.readouterr().out
    for words in ("lit pairs: ", "least room", "highest slot in use", "bound"):
        assert words in page


def test_json_has_what_readers_of_answers_look_for(capsys, designed):
    assert main(["spectrum", str(designed), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["repack"] is None
    assert {"fibre", "pair", "fill", "fragmentation", "more_waves"} <= set(answer["pairs"][0])


def test_an_unknown_fibre_is_usage(capsys, designed):
    assert main(["spectrum", str(designed), "--fibre", "nowhere"]) == 2
    assert "no fibre is called 'nowhere'" in capsys.readouterr().err
