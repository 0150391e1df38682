from collections import Counter

import msgspec

from arterial.model.figures import figures


def by_name(network, **options):
    return {figure.name: figure for figure in figures(network, **options)}


def test_every_figure_has_a_source_and_what_says_assumption_is_one(drill):
    listed = figures(drill.load())
    assert all(figure.source for figure in listed)
    assert all(figure.assumption == ("ASSUMPTION" in figure.source) for figure in listed)
    assert {True, False} == {figure.assumption for figure in listed}


def test_names_stand_once_but_for_tables(drill):
    names = Counter(figure.name for figure in figures(drill.load()))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_default_has_its_own_source_and_what_the_user_sets_has_the_user_s(drill):
    before = by_name(drill.load())
    assert before["latency.router_us"].source.startswith("ASSUMPTION")
    drill.append(
        "network.yaml",
        "\nlatency: {router_us: 7, fec_us: 9, sources: {fec_us: our sheet}}\n",
    )
    after = by_name(drill.load())
    assert (after["latency.router_us"].value, after["latency.router_us"].source) == ("7", "user")
    assert after["latency.fec_us"].source == "our sheet"
    assert not after["latency.fec_us"].assumption
    assert after["latency.access_ms"] == before["latency.access_ms"]


def test_rows_are_counted_by_their_source(drill):
    drill.replace(
        "fibres.csv",
        "318.3,existing,4,1,river-bridge,ASSUMPTION: invented for drills",
        "318.3,existing,6,1,river-bridge,survey of May",
    )
    drill.replace(
        "fibres.csv",
        "Juniper-Larch,Juniper,Larch,346.0,candidate,4,0,,ASSUMPTION: invented for drills",
        "Juniper-Larch,Juniper,Larch,346.0,candidate,4,0,,",
    )
    rows = [figure for figure in figures(drill.load()) if figure.name == "fibres"]
    assert [(figure.source, figure.count, figure.assumption) for figure in rows] == [
        ("user", 1, False),
        ("ASSUMPTION: invented for drills", 14, True),
        ("survey of May", 1, False),
    ]
    assert by_name(drill.load())["fibres.pairs"].count == 15


def test_only_the_modes_in_use_are_listed_when_asked(drill):
    names = by_name(drill.load(), modes={"400 ULH QPSK"})
    assert {name for name in names if name.startswith("mode ")} == {
        "mode 400 ULH QPSK",
        "mode 400 ULH QPSK.cost",
    }


def test_the_user_s_cost_of_a_mode_is_the_user_s(drill):
    drill.append("network.yaml", "\ncosts: {pluggables: {400ZR: 0.4}}\n")
    figure = by_name(drill.load())["mode 400ZR.cost"]
    assert (figure.value, figure.source, figure.assumption) == ("0.4", "user", False)


def test_what_a_replica_takes_is_listed_with_its_own_source_where_it_is_said(drill):
    bare = drill.load()
    assert "people.replica" not in {name.removeprefix("workload ") for name in by_name(bare)}
    assert "gpu" not in msgspec.json.encode(bare).decode()
    drill.replace(
        "network.yaml",
        "    megabytes_up: 0.1\n",
        "    megabytes_up: 0.1\n"
        "    replica: {model: large, gpus: 8, requests_per_s: 5, source: 'ASSUMPTION: a guess'}\n",
    )
    figure = by_name(drill.load())["workload people.replica"]
    assert (figure.value, figure.assumption) == ("model large, gpus 8, requests_per_s 5", True)
