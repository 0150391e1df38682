import pytest


def told(drill):
    return [(problem.field, problem.found) for problem in drill.problems()]


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        (
            "year: 2029",
            "year: 2027",
            "phases[grow].year",
            "2027 does not come after 2027 of 'open'",
        ),
        ("year: 2031", "year: 2028", "phases[shift].year", "2028 does not come after 2029"),
        (
            "[Fir-Larch]",
            "[Fir-Larch, Birch-Cedar]",
            "phases[grow].fibres",
            "fibre 'Birch-Cedar' has 1 lit pairs today and would go away",
        ),
        (
            "    fibres: [Fir-Larch]",
            "    risks: [river-bridge]",
            "phases[grow].risks",
            "fibre 'Birch-Cedar' has 1 lit pairs today and would go away",
        ),
        (
            "[Dogwood-Fir]",
            "[Dogwood-Fir, Fir-Larch]",
            "phases[shift].fibres",
            "fibre 'Fir-Larch' comes in 'grow' already",
        ),
        (
            "[Dogwood-Fir]",
            "[Dogwood-Fir, Dogwood-Larch, Juniper-Larch, Fir-Larsh]",
            "phases[shift].fibres",
            "no fibre is called 'Fir-Larsh'",
        ),
        (
            "Larch campus: 150",
            "Larch camp: 150",
            "phases[grow].campuses_mw",
            "no campus is called 'Larch camp'",
        ),
        ("also: [heavy]", "also: [heavie]", "phases[shift].also", "no load is called 'heavie'"),
        (
            "price_factor: 0.9",
            "price_factor: 0",
            "horizon.price_factor",
            "found '0'",
        ),
        (
            "price_factor: 0.9",
            "price_factors: {no such mode: 0.9}",
            "horizon.price_factors",
            "no pluggable mode is called 'no such mode'",
        ),
        (
            "price_factor: 0.9",
            "start_year: 2028",
            "horizon.start_year",
            "2028 lies after 2027, the year of the first phase",
        ),
    ],
)
def test_a_contradiction_is_told_with_its_line(drill, old, new, field, found):
    line = drill.replace("network.yaml", old, new)
    problems = [one for one in drill.problems() if one.field == field]
    assert problems
    assert any(found in one.found and one.line == line for one in problems)


def test_a_load_that_is_not_there(drill):
    line = drill.line("network.yaml", "year: 2027") + 1
    drill.replace("network.yaml", "year: 2027\n    load: base", "year: 2027\n    load: bass")
    (problem,) = drill.problems()
    assert (problem.field, problem.line) == ("phases[open].load", line)
    assert problem.found == "no load is called 'bass'"


def test_a_campus_before_every_fibre_of_its_site(drill):
    drill.replace("network.yaml", "[Fir-Larch]", "[Fir-Larch, Dogwood-Larch]")
    drill.replace("network.yaml", "{Hazel campus: 300,", "{Larch campus: 90, Hazel campus: 300,")
    drill.replace("network.yaml", "fibres: [Dogwood-Fir]", "fibres: [Juniper-Larch]")
    found = "campus 'Larch campus' comes before the first fibre of its site 'Larch', in 'grow'"
    assert ("phases[open].campuses_mw", found) in told(drill)


def test_a_workload_before_the_campus_that_it_names(drill):
    drill.replace("network.yaml", "{Hazel campus: 300, Juniper campus: 200}", "{Hazel campus: 300}")
    found = "workload 'pair' runs at 'Juniper', whose campus comes in 'shift'"
    assert ("phases[open].load", found) in told(drill)


def test_no_time_for_an_order(drill):
    drill.replace("network.yaml", "  price_factor: 0.9", "  start_year: 2027\n  price_factor: 0.9")
    words = [found for field, found in told(drill) if field == "phases[open].year"]
    assert words == [
        "line systems take 7 months and 0 are left from 2027",
        "pluggables take 4 months and 0 are left from 2027",
        "routers take 6 months and 0 are left from 2027",
    ]


def test_a_fibre_whose_lead_time_is_longer_than_what_is_left(drill):
    drill.replace(
        "fibres.csv",
        "status,pairs,lit_pairs,risks,source",
        "status,pairs,lit_pairs,risks,lead_time_months,source",
    )
    path = drill.path / "fibres.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [
        line.replace(",ASSUMPTION", ",60,ASSUMPTION" if "Fir-Larch" in line else ",,ASSUMPTION")
        for line in lines[1:]
    ]
    path.write_text("\n".join([lines[0], *rows]) + "\n", encoding="utf-8")
    drill.replace("network.yaml", "  price_factor: 0.9", "  start_year: 2026\n  price_factor: 0.9")
    assert told(drill) == [
        (
            "phases[grow].year",
            "fibre 'Fir-Larch' takes 60 months and 36 are left from 2026",
        )
    ]


def test_everything_is_told_at_once(drill):
    drill.replace("network.yaml", "year: 2031", "year: 2028")
    drill.replace("network.yaml", "[Fir-Larch]", "[Alder-Birch]")
    drill.replace("network.yaml", "also: [heavy]", "also: [heavie]")
    assert len(drill.problems()) == 3


def test_rows_of_a_table_are_scaled_only_where_there_is_one(drill):
    drill.replace("network.yaml", "    also: [heavy]", "    demand_scale: 2\n    also: [heavy]")
    assert told(drill) == [("phases[shift].demand_scale", "load 'base' has no table of demands")]


def test_the_drill_has_three_phases(drill):
    network = drill.load()
    assert [(phase.name, phase.year) for phase in network.phases] == [
        ("open", 2027),
        ("grow", 2029),
        ("shift", 2031),
    ]
