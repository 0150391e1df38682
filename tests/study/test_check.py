import csv

import pytest

from arterial.errors import ModelError
from arterial.study.check import check


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_counts_are_those_of_the_tables(drill):
    found = check(drill)
    sites, fibres = rows(drill / "sites.csv"), rows(drill / "fibres.csv")
    assert found.sites == len(sites)
    assert found.edges == sum("edge" in row["roles"].split(";") for row in sites)
    assert found.fibres == len(fibres)
    assert found.fibre_km == pytest.approx(sum(float(row["length_km"]) for row in fibres))
    assert found.people == sum(float(row["people"]) for row in rows(drill / "markets.csv"))
    assert found.loads == ("base", "heavy", "given")
    assert found.unknown == ()


def test_a_missing_length_is_told_as_unknown(changed_drill):
    found = check(changed_drill("fibres.csv", "Alder-Birch,Alder,Birch,302.5", "x,Alder,Birch,"))
    assert [(row.what, row.count, row.of) for row in found.unknown] == [
        ("fibres without a length", 1, 16)
    ]


def test_every_problem_is_told_at_once(changed_drill):
    changed_drill("fibres.csv", "302.5", "0")
    folder = changed_drill("sites.csv", "Birch,42.97", "Birch,442.97")
    with pytest.raises(ModelError) as told:
        check(folder)
    assert {problem.file for problem in told.value.problems} == {"fibres.csv", "sites.csv"}
