import pytest

from arterial.units import great_circle_km

MODE = "name: X, module: x, rate_gbps: 400, status: press, source: x"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "found"),
    [
        ("fibres.csv", "Fir-Juniper,Fir,Juniper", "Fir-Juniper,Fir,Fir", "z", "to itself"),
        ("fibres.csv", "248.7", "0", "length_km", "found '0'"),
        ("fibres.csv", "248.7", "-248.7", "length_km", "found '-248.7'"),
        ("fibres.csv", "248.7", "154.5", "length_km", "154.5 km is shorter than the great circle"),
        ("fibres.csv", "302.5,existing,4,1", "302.5,existing,4,5", "lit_pairs", "5 lit pairs of 4"),
        ("fibres.csv", "346.0,candidate,4,0", "346.0,candidate,4,1", "lit_pairs", "on a candidate"),
        ("demands.csv", "Hazel,Larch", "Hazel,Hazel", "target", "from 'Hazel' to itself"),
        ("demands.csv", "Larch,70", "Larch,0", "gbps", "found '0'"),
        ("markets.csv", "metro,Fir", "metro,Elm", "site", "site 'Elm' has no role 'market'"),
        ("campuses.csv", "campus,Larch", "campus,Elm", "site", "site 'Elm' has no role 'campus'"),
        ("sites.csv", "42.97,-90.93", ",-90.93", "lat", "lon is given without lat"),
    ],
)
def test_a_row_that_contradicts_itself_or_another_is_told(drill, file, old, new, field, found):
    line = drill.replace(file, old, new)
    (problem,) = drill.problems()
    assert (problem.file, problem.line, problem.field) == (file, line, field)
    assert found in problem.found


@pytest.mark.parametrize(("share", "sound"), [(1.0, True), (0.992, True), (0.97, False)])
def test_a_length_may_be_rounded_below_the_great_circle_but_no_more(drill, share, sound):
    places = {site.name: (site.lat, site.lon) for site in drill.load().sites}
    direct_km = great_circle_km(*places["Fir"], *places["Juniper"])
    drill.replace("fibres.csv", "248.7", f"{share * direct_km}")
    if sound:
        assert len(drill.load().fibres) == 16
    else:
        assert f"great circle of {direct_km:.1f} km" in drill.told()[0]


def test_a_length_between_unknown_places_is_believed(drill):
    drill.replace("sites.csv", "Juniper,38.92,-87.99", "Juniper,,")
    drill.replace("fibres.csv", "248.7", "1")
    assert drill.load().fibres[14].length_km == 1.0


@pytest.mark.parametrize(
    ("text", "field", "found"),
    [
        ("line: {f_min_thz: 197}", "line.f_max_thz", "the band ends at 196.1 THz"),
        (
            "line: {bands: C+L, l_min_thz: 190.5}",
            "line.l_max_thz",
            "the L band ends at 190.05 THz and starts at 190.5",
        ),
        (
            "line: {bands: C+L, l_max_thz: 191.4}",
            "line.l_max_thz",
            "the L band ends at 191.4 THz and the C band starts at 191.3",
        ),
        (
            "line: {reserved: [{low_ghz: 192000, high_ghz: 191900}]}",
            "line.reserved[0].high_ghz",
            "the slice ends at 191900 GHz and starts at 192000",
        ),
        (
            f"pluggables: [{{{MODE}, baud_gbd: 90, slot_ghz: 75}}]",
            "pluggables[X].slot_ghz",
            "90 GBd do not fit into 75 GHz",
        ),
    ],
)
def test_figures_that_exclude_each_other_are_told(drill, text, field, found):
    drill.append("network.yaml", f"\n{text}\n")
    (problem,) = drill.problems()
    assert problem.field == field
    assert found in problem.found


def test_an_empty_load_and_a_site_named_twice_are_told(drill):
    drill.replace("network.yaml", "    demands: demands.csv\n", "")
    drill.replace("network.yaml", "[Hazel, Juniper]", "[Hazel, Hazel]")
    assert [problem.found for problem in drill.problems()] == [
        "'Hazel' stands here twice",
        "this load holds nothing",
    ]


def test_replicas_of_one_model_are_alike(drill):
    workload = """
  - name: NAME
    kind: inference
    traffic_class: inference
    requests_per_person_day: 1
    megabytes_down: 1
    megabytes_up: 1
    replica: {model: large, gpus: GPUS, kw: 10, requests_per_s: RATE}
"""
    two = "".join(
        workload.replace("NAME", name).replace("GPUS", gpus).replace("RATE", rate)
        for name, gpus, rate in (("chat", "8", "5"), ("code", "4", "9"))
    )
    drill.replace("network.yaml", "workloads:\n", f"workloads:{two}")
    (problem,) = drill.problems()
    assert problem.field.endswith("replica.gpus")
    assert problem.found.startswith("model 'large' has another gpus on line")
