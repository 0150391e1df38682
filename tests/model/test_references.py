import pytest


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("sites.csv", "Elm,41", "Alder,41", "a second site called 'Alder', the first stands in"),
        ("fibres.csv", "Elm-Fir,", "Cedar-Fir,", "a second fibre or link called 'Cedar-Fir'"),
        ("markets.csv", "Cedar metro", "Alder metro", "a second market called 'Alder metro'"),
        ("campuses.csv", "Larch campus", "Hazel campus", "a second campus called 'Hazel campus'"),
        ("risks.csv", "elm-duct", "river-bridge", "a second risk called 'river-bridge'"),
        ("network.yaml", "- name: pair", "- name: data", "a second workload called 'data'"),
        ("network.yaml", "- name: heavy", "- name: base", "a second load called 'base'"),
    ],
)
def test_two_of_one_name_are_told_with_both_places(drill, file, old, new, told):
    drill.replace(file, old, new)
    assert any(told in problem.found and problem.file == file for problem in drill.problems())


@pytest.mark.parametrize(
    ("file", "old", "new", "found", "expected"),
    [
        ("fibres.csv", "Elm-Fir,Elm", "Elm-Fir,Elms", "no site is called 'Elms'", "'Elm'"),
        ("markets.csv", "metro,Fir", "metro,Firr", "no site is called 'Firr'", "'Fir'"),
        ("campuses.csv", "campus,Larch", "campus,larch", "no site is called 'larch'", "'Larch'"),
        ("demands.csv", "Hazel,Larch", "Hazel,Mars", "no site is called 'Mars'", "another site"),
        ("demands.csv", "ingest,", "injest,", "no class is called 'injest'", "'ingest'"),
        (
            "fibres.csv",
            "323.9,existing,4,1,river",
            "323.9,existing,4,1,rivre",
            "no risk",
            "'river-",
        ),
        ("network.yaml", "origin: Hazel", "origin: Hasel", "no site is called 'Hasel'", "'Hazel'"),
        (
            "network.yaml",
            "[Birch, Dogwood]",
            "[Birch, Dog]",
            "no site is called 'Dog'",
            "'Dogwood'",
        ),
        ("network.yaml", "class: rollout", "class: rolout", "no class", "'rollout'"),
        ("network.yaml", "[people, pair", "[peple, pair", "no workload is called", "'people'"),
        ("network.yaml", "{people: 4", "{poeple: 4", "no workload of this load", "'people'"),
    ],
)
def test_a_name_that_nothing_bears_is_told_with_the_nearest(drill, file, old, new, found, expected):
    line = drill.replace(file, old, new)
    told = [problem for problem in drill.problems() if found in problem.found]
    assert [(problem.file, problem.line) for problem in told] == [(file, line)]
    assert expected in told[0].expected


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("policy: {rules: [{classes: [synk], after: [fibre], keep: 1}]}", "no class", "'sync'"),
        ("latency: {sources: {route_facter: mine}}", "no figure of this", "'route_factor'"),
        ("restoration: {sources: {swich_s: mine}}", "no figure of this", "'switch_s'"),
        ("lead_times: {sources: {fiber: mine}}", "no figure of this", "'fibre'"),
        ("costs: {pluggables: {400 ZR: 1}}", "no pluggable mode", "'400ZR'"),
        ("policy: {rules: [{classes: [sync], after: [fiber], keep: 1}]}", "'fiber'", "'fibre'"),
        ("costs: {chasis: 1}", "no such key in 'costs'", "'chassis'"),
    ],
)
def test_sections_refer_to_what_exists(drill, text, found, expected):
    drill.append("network.yaml", f"\n{text}\n")
    (problem,) = drill.problems()
    assert found in problem.found
    assert expected in problem.expected


def test_risks_need_no_table_but_where_one_stands_all_are_in_it(drill):
    drill.replace("network.yaml", "  risks: risks.csv\n", "")
    assert {risk for fibre in drill.load().fibres for risk in fibre.risks} == {
        "river-bridge",
        "elm-duct",
    }


def test_a_fibre_and_a_link_may_not_share_a_name(drill):
    drill.replace("network.yaml", "tables:", "tables:\n  links: links.csv")
    drill.append("links.csv", "name,a,z,capacity_gbps\nElm-Fir,Elm,Fir,400\n")
    (problem,) = drill.problems()
    assert (problem.file, problem.line) == ("links.csv", 2)
    assert "fibres.csv" in problem.found
