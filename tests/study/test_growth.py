import csv
import math
from itertools import pairwise

import msgspec
import pytest

from arterial.errors import ModelError
from arterial.study.growth import Growth, growth
from arterial.study.growth_demand import terabytes_per_hour

HUGE = "    scale: {pair: 10000}\n    workloads: [people, pair, islands"


@pytest.fixture(scope="module")
def found(drill):
    return growth(drill, Growth())


@pytest.fixture(scope="module")
def planned(designed):
    return growth(designed[0], Growth())


def test_every_pair_of_campuses_is_told_once_most_training_first(found):
    assert len(found.pairs) == found.pairs_in_all == 3
    training = [pair.training_gbps for pair in found.pairs]
    assert training == sorted(training, reverse=True)
    assert found.pairs[0].training_gbps > 0.0


def test_gaps_volumes_and_years_follow_from_the_figures(found):
    for pair in found.pairs:
        for plant in pair.plants:
            assert plant.carried_gbps <= plant.bound_gbps + 1e-6
            assert 0.0 <= plant.gap <= 1.0
            assert plant.terabytes_per_day == 24 * terabytes_per_hour(plant.carried_gbps)
            if plant.runs_out is not None and plant.runs_out_at_most is not None:
                assert plant.runs_out <= plant.runs_out_at_most


def test_a_plan_s_waves_leave_no_more_beside_them_than_there_is_alone(planned):
    assert planned.of == "plan"
    for pair in planned.pairs:
        by = {(p.bands, p.pairs, p.regenerators, p.beside): p.carried_gbps for p in pair.plants}
        assert len(by) == 16
        assert all(gbps <= by[*key[:3], False] for key, gbps in by.items())
        assert pair.today_by == "ip-links"
        assert pair.today_gbps >= pair.asked_gbps


def test_power_stands_beside_traffic(found):
    hazel = next(row for row in found.campuses if row.name == "Hazel campus")
    assert hazel.gbps_per_mw == pytest.approx(hazel.dci_gbps / hazel.mw)
    assert hazel.backbone_gbps >= hazel.dci_gbps
    pair = found.pairs[0]
    assert pair.planned_asked_gbps == pytest.approx(pair.asked_gbps * 1600 / 500)


def test_same_question_same_bytes_and_every_figure_is_in_the_table(drill, found, tmp_path):
    table, picture = tmp_path / "growth.csv", tmp_path / "growth.svg"
    again = growth(drill, Growth(), output=table, picture=picture)
    assert msgspec.json.encode(again) == msgspec.json.encode(found)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == sum(len(pair.plants) for pair in found.pairs)
    assert float(rows[0]["bound_gbps"]) == pytest.approx(found.pairs[0].plants[0].bound_gbps)
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_slower_growth_never_runs_out_sooner(drill):
    answers = [growth(drill, Growth(growth_per_year=rate, top=1)) for rate in (0.1, 0.4, 1.0)]
    years = [[plant.runs_out or 9999 for plant in one.pairs[0].plants] for one in answers]
    assert all(a >= z for slow, fast in pairwise(years) for a, z in zip(slow, fast, strict=True))


def test_growth_beyond_every_bound_is_refuted(drill):
    assert growth(drill, Growth(growth_per_year=9.0, top=1)).verdict == "no"


def test_demand_that_falls_is_held_to_what_it_is_now(changed_drill):
    folder = changed_drill("network.yaml", "    workloads: [people, pair, islands", HUGE)
    there = growth(folder, Growth(growth_per_year=-0.5, top=1))
    most = max(plant.network_bound_gbps for plant in there.pairs[0].plants)
    assert there.pairs[0].asked_gbps > most > there.pairs[0].asked_gbps / 2**14
    assert there.verdict == "no"
    assert "in 2026" in there.pairs[0].why


def test_names_that_a_spreadsheet_would_run_are_quoted_in_the_table(changed_drill, tmp_path):
    changed_drill("network.yaml", "Hazel campus", "=1+1")
    folder = changed_drill("campuses.csv", "Hazel campus", "=1+1")
    there = growth(folder, Growth(between=("Hazel", "Juniper")), output=tmp_path / "growth.csv")
    assert there.pairs[0].a == "=1+1"
    rows = list(csv.DictReader((tmp_path / "growth.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["a"] for row in rows} == {"'=1+1"}


def test_a_campus_is_known_by_its_site_as_well(drill):
    there = growth(drill, Growth(between=("Hazel", "Juniper campus")))
    assert [(pair.a, pair.z) for pair in there.pairs] == [("Hazel campus", "Juniper campus")]


def test_a_fibre_of_unknown_length_on_the_only_way_leaves_it_unknown(changed_drill):
    changed_drill("fibres.csv", "Gorse-Hazel,Gorse,Hazel,287.6", "g,Gorse,Hazel,")
    changed_drill("fibres.csv", "Elm-Hazel,Elm,Hazel,230.5", "e,Elm,Hazel,")
    folder = changed_drill("fibres.csv", "Hazel-Juniper,Hazel,Juniper,298.9", "h,Hazel,Juniper,")
    there = growth(folder, Growth(between=("Hazel", "Juniper")))
    assert there.verdict == "unknown"
    assert "light of fibre 'h' is unknown" in there.pairs[0].why
    assert math.isnan(there.pairs[0].length_km)
    assert all(plant.carried_gbps == 0.0 for plant in there.pairs[0].plants)


def test_campuses_that_no_fibre_joins_are_told_plainly(changed_drill):
    changed_drill("fibres.csv", "Elm,Hazel,230.5,existing", "Elm,Hazel,230.5,candidate")
    folder = changed_drill("fibres.csv", "Juniper,298.9,existing", "Juniper,298.9,candidate")
    there = growth(folder, Growth(between=("Hazel", "Juniper")))
    assert (there.verdict, there.pairs[0].why) == ("no", "no fibre joins them")
    again = growth(folder, Growth(between=("Hazel", "Juniper"), with_candidates=True))
    assert again.verdict == "yes"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Growth(between=("Hazle", "Juniper")), "Did you mean 'Hazel'?"),
        (Growth(between=("Hazel", "Hazel campus")), "one campus stands at both ends"),
        (Growth(growth_per_year=-1.0), "above -1"),
        (Growth(growth_per_year=math.nan), "above -1"),
        (Growth(growth_per_year=1e300), "at most 100"),
        (Growth(horizon=2020), "--from-year 2026 --horizon 2020"),
        (Growth(horizon=9999), "at most 100 years later"),
        (Growth(load="bas"), "Did you mean 'base'?"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_what_would_do(drill, question, told):
    with pytest.raises(ModelError) as refused:
        growth(drill, question)
    assert told in str(refused.value)


def test_a_network_with_one_campus_has_no_pair(changed_drill):
    rows = "Juniper campus,Juniper,200,700,6.2,ASSUMPTION: invented for drills\n"
    folder = changed_drill("campuses.csv", rows, "")
    rows = "Larch campus,Larch,50,150,7.1,ASSUMPTION: invented for drills\n"
    folder = changed_drill("campuses.csv", rows, "")
    for named in ("Juniper campus: 200", "Larch campus: 150", "Juniper campus: 700"):
        changed_drill("network.yaml", f", {named}", "")
    with pytest.raises(ModelError, match="campuses at one site only"):
        growth(folder, Growth())
