import math
from collections import Counter

import msgspec
import pytest

from arterial.errors import ModelError
from arterial.plan.table import database, read_table
from arterial.study.protect import ANSWER, Question, protect
from arterial.study.protect_answer import TABLES


def asked(folder, **question):
    return protect(folder, Question(**question))


@pytest.fixture
def table(tmp_path):
    """Writes a table beside the test."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("method", ["backup", "ffc", "cvar"])
@pytest.mark.parametrize("failures", ["fibre", "fibre,srlg"])
def test_every_method_tells_bounds_and_the_three_moments_of_each_case(drill, method, failures):
    told = asked(drill, method=method, failures=failures, worst=99)
    assert told.verdict == "no"  # 400 Gb/s a fibre carry less than is asked
    assert told.cases == len(told.worst) == (13 if failures == "fibre" else 15)
    assert told.admitted_gbps <= told.bound <= told.offered_gbps + 1e-6
    assert told.gap == pytest.approx(1.0 - told.admitted_gbps / told.bound)
    assert [one.moment for one in told.moments] == ["local repair", "re-optimised", "restored"]
    carried = [case.carried_fraction for case in told.worst]
    assert carried == sorted(carried)
    for case in told.worst:
        assert all(one.known and one.max_utilisation <= 1.0 + 1e-9 for one in case.moments)
    assert [level.priority for level in told.levels] == [0, 1, 2]
    assert all(math.isnan(level.cvar) == (method != "cvar") for level in told.levels)
    assert any("ASSUMPTION: 0.5 of its capacity is restored" in note for note in told.notes)


def test_what_ffc_admits_is_carried_in_every_case_it_guards_against(drill):
    told = asked(drill, method="ffc", worst=99)
    share = told.admitted_gbps / told.offered_gbps
    for case in told.worst:
        assert case.carried_fraction == pytest.approx(share, abs=1e-6)
    two = asked(drill, method="ffc", k=2)
    assert two.admitted_gbps <= told.admitted_gbps
    assert asked(drill, method="ffc", k=0).admitted_gbps >= told.admitted_gbps


@pytest.mark.parametrize("method", ["backup", "ffc", "cvar"])
def test_where_there_is_room_for_all_the_answer_is_yes(drill, method):
    told = asked(drill, method=method, capacity_gbps=1e5, beta=0.9)
    assert (told.verdict, told.exposed) == ("yes", 0)
    assert told.gap == pytest.approx(0.0, abs=1e-6)
    assert told.worst[0].carried_fraction == pytest.approx(1.0, abs=1e-6)


def test_an_availability_that_the_cases_cannot_show_stays_unknown(drill):
    told = asked(drill, method="cvar", k=0, beta=0.9999, capacity_gbps=1e5)
    assert told.uncovered > 1e-4
    assert told.verdict == "unknown"
    more = asked(drill, method="cvar", beta=0.9999, capacity_gbps=1e5)
    assert (more.k, more.verdict) == (1, "yes")
    most = asked(drill, method="cvar", beta=0.99999, capacity_gbps=1e5)
    assert most.k == 2


@pytest.mark.parametrize("method", ["backup", "ffc", "cvar"])
def test_a_file_of_cases_takes_the_place_of_a_kind(drill, table, method):
    cases = table("cases", "Cedar-Fir, Elm-Fir\nsrlg river-bridge\n")
    rates = "element,failures_per_year,repair_h\nCedar-Fir,9,90\nElm-Fir,9,90\nriver-bridge,9,90\n"
    often = table("rates.csv", rates)
    told = asked(drill, method=method, failures=str(cases), rates=str(often), beta=0.7)
    assert {case.case for case in told.worst} == {
        "fibre Elm-Fir + fibre Cedar-Fir",
        "srlg river-bridge",
    }
    assert told.k == (0 if method == "cvar" else 1)
    if method == "cvar":
        up, down = 8760.0 / (8760.0 + 810.0), 810.0 / (8760.0 + 810.0)
        states = up**3 + down**2 * up + down * up**2
        assert told.uncovered == pytest.approx(1.0 - states)


@pytest.mark.parametrize("method", ["backup", "ffc"])
def test_without_a_case_the_answer_is_unknown(drill, table, method):
    told = asked(drill, method=method, failures=str(table("none", "# nothing\n")))
    assert (told.verdict, told.cases, told.worst, told.moments) == ("unknown", 0, (), ())
    assert any("no such failure" in note for note in told.notes)


def test_what_ends_at_a_lost_site_is_cut_off_and_told(drill, table):
    told = asked(drill, failures=str(table("cases", "site Hazel\n")))
    assert told.worst[0].cut_off_gbps > 0.0
    assert any("end at a site that some case takes" in note for note in told.notes)
    fibres = asked(drill, failures=str(table("cases", "Elm-Hazel\n")))
    assert not any("end at a site" in note for note in fibres.notes)


def test_a_table_says_what_is_restored(drill, table):
    back = table("back.csv", "link,share,latency_ms\nHazel-Juniper,1,9\n")
    told = asked(drill, restored=str(back), worst=99)
    case = next(case for case in told.worst if case.case == "fibre Hazel-Juniper")
    assert case.moments[2].carried_fraction > case.moments[1].carried_fraction
    other = next(case for case in told.worst if case.case == "fibre Fir-Juniper")
    assert other.moments[2].carried_fraction == other.moments[1].carried_fraction
    none = asked(drill, restored="0", worst=99)
    assert all(
        case.moments[2].carried_fraction == case.moments[1].carried_fraction for case in none.worst
    )


def test_a_demand_that_is_cut_off_is_told_and_not_dropped_in_silence(changed_drill, table):
    for row in ("Cedar-Dogwood,Cedar,Dogwood,288.2", "Dogwood-Larch,Dogwood,Larch,289.8"):
        changed = changed_drill("fibres.csv", f"{row},existing", f"{row},leasable")
    demands = table(
        "d.csv", "traffic_class,source,target,gbps\nsync,Hazel,Juniper,5\nsync,Dogwood,Hazel,5\n"
    )
    for method in ("backup", "ffc", "cvar"):
        told = asked(changed, method=method, demands=demands)
        assert told.unserved == 1
        assert any("Dogwood to Hazel" in note for note in told.notes)
        assert told.worst[0].cut_off_gbps == 5.0
        assert told.admitted_gbps <= 5.0 + 1e-9


def test_a_solver_that_gets_no_time_leaves_it_unknown(drill):
    for method in ("ffc", "cvar"):
        told = asked(drill, method=method, beta=0.9, time_limit_s=1e-9)
        assert (told.verdict, told.status) == ("unknown", "limit")
        assert told.admitted_gbps == 0.0


def test_answer_and_tables_are_written(drill, tmp_path):
    told = protect(drill, Question(method="ffc"), output=tmp_path / "out")
    written = msgspec.json.decode((tmp_path / "out" / ANSWER).read_bytes())
    assert written["admitted_gbps"] == told.admitted_gbps
    with database() as base:
        cases, tunnels = (
            read_table(base, tmp_path / "out" / f"{name}.parquet", kind)
            for name, kind in TABLES.items()
        )
    assert len(cases) == 13 * 5 * 3
    assert all(row.carried_gbps <= row.bound_gbps + 1e-6 for row in cases if row.known)
    load = Counter()
    for row in tunnels:
        for link in row.links:
            load[link] += row.rate_gbps
    assert max(load.values()) <= 2 * 400.0 + 1e-6  # both directions of a link together


def test_the_same_question_gets_the_same_answer(drill):
    one, other = (asked(drill, method="cvar", failures="fibre,srlg") for _ in range(2))
    assert msgspec.json.encode(msgspec.structs.replace(one, seconds=0.0)) == msgspec.json.encode(
        msgspec.structs.replace(other, seconds=0.0)
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"k": 14}, "13 can fail"),
        ({"k": -1}, "13 can fail"),
        ({"beta": 1.0}, "share of the time below 1"),
        ({"beta": math.nan}, "share of the time below 1"),
        ({"tunnels": 1}, "Give 2 to 62"),
        ({"restored": "1.5"}, "no share"),
        ({"restored": "nan"}, "no share"),
        ({"restored": "nowhere.csv"}, "no such file"),
        ({"failures": "nowhere.csv"}, "neither a kind nor a file"),
        ({"failures": "fibres"}, "Did you mean 'fibre'"),
        ({"failures": "router"}, "a part of its links' capacity"),
        ({"method": "cvar", "rates": "nowhere.csv"}, "no such file"),
        ({"method": "cvar", "failures": "srlg"}, "no case has a rate"),
    ],
    ids=str,
)
def test_a_question_that_cannot_be_meant_is_told(drill, question, words):
    with pytest.raises(ModelError, match=words):
        asked(drill, **question)


def test_a_wrong_file_of_cases_is_told(drill, table):
    with pytest.raises(ModelError, match="mean 'Cedar-Fir'"):
        asked(drill, failures=str(table("cases", "Cedar-Fur\n")))


def test_a_wrong_table_of_restored_links_is_told(drill, table):
    with pytest.raises(ModelError, match="mean 'Cedar-Fir'"):
        asked(drill, restored=str(table("back.csv", "link,share\nCedar-Fur,1\n")))


@pytest.mark.parametrize("method", ["backup", "ffc", "cvar"])
def test_links_without_capacity_carry_nothing(drill, method):
    told = asked(drill, method=method, capacity_gbps=0.0)
    assert told.verdict == "no"
    assert (told.admitted_gbps, told.bound) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert told.worst[0].carried_fraction == pytest.approx(0.0, abs=1e-9)
