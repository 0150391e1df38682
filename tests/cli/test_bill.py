"""Exit codes and words of ``arterial bill``."""

import csv
import json

from arterial.cli.app import main


def test_the_page_adds_up_and_the_csv_has_every_row(capsys, designed, tmp_path):
    file = tmp_path / "bill.csv"
    assert main(["bill", str(designed), "-o", str(file)]) == 0
    assert f"written: {file}" in " ".join(capsys.readouterr().out.split())
    assert main(["bill", str(designed), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    with file.open(encoding="utf-8", newline="") as rows:
        assert len(list(csv.DictReader(rows))) == len(made["rows"]) > 0


def test_what_cannot_be_billed_is_usage(capsys, designed):
    assert main(["bill", str(designed), "--site", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert main(["bill", str(designed), "--in-service", "soon"]) == 2
    assert "soon" in capsys.readouterr().err


def test_a_folder_without_a_plan_is_told(capsys, tmp_path):
    assert main(["bill", str(tmp_path)]) != 0
    assert str(tmp_path) in capsys.readouterr().err
