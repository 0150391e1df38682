import math

import pytest

from arterial.errors import ModelError
from arterial.study.route import Question, route

NETWORK = """name: small
tables:
  sites: sites.csv
  links: links.csv
classes:
  - {name: quick, priority: 0}
  - {name: bulk, priority: 1}
"""
SITES = """name,lat,lon,roles
Ash,1,1,junction
Beech,2,2,junction
Cedar,3,3,junction
"""
LINKS = """name,a,z,capacity_gbps,latency_ms,igp_metric
ab,Ash,Beech,10,1,1
bc,Beech,Cedar,10,1,1
ac,Ash,Cedar,10,9,1
"""


@pytest.fixture
def small(tmp_path):
    """Two ways of 10 Gb/s between Ash and Cedar, with these demands."""

    def write(demands, links=LINKS):
        for name, text in (
            ("network.yaml", NETWORK),
            ("sites.csv", SITES),
            ("links.csv", links),
            ("demands.csv", "traffic_class,source,target,gbps\n" + demands),
        ):
            (tmp_path / name).write_text(text, "utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("objective", ["throughput", "mlu", "fair", "latency"])
def test_what_only_a_limit_keeps_from_being_carried_is_not_shown_impossible(small, objective):
    folder = small("bulk,Ash,Cedar,16\n")
    assert route(folder, Question(objective=objective)).verdict == "yes"
    found = route(folder, Question(objective=objective, tunnels=1))
    assert (found.verdict, found.status) == ("unknown", "limit")
    assert found.carried_gbps == pytest.approx(10.0)
    assert [row.why for row in found.unserved] == ["limits"]
    more = route(small("bulk,Ash,Cedar,26\n"), Question(objective=objective, tunnels=1))
    assert more.verdict == "no"
    assert [row.why for row in more.unserved] == ["no room"]


def test_a_latency_of_less_traffic_is_not_held_against_the_bound(small):
    found = route(small("bulk,Ash,Cedar,16\n"), Question(objective="latency", tunnels=1))
    assert found.value == pytest.approx(2.04, rel=1e-3)  # the direct one of two that carry as much
    assert found.value < found.bound
    assert math.isnan(found.gap)
    whole = route(small("bulk,Ash,Cedar,6\n"), Question(objective="latency", tunnels=1))
    assert (whole.gap, whole.status) == (pytest.approx(0.0, abs=1e-9), "optimal")


def test_with_limits_each_class_tells_its_own_loss(small):
    folder = small("quick,Ash,Cedar,6\nbulk,Ash,Cedar,14\n")
    quick, bulk = route(folder, Question(tunnels=1)).classes
    assert (quick.gap, quick.status) == (pytest.approx(0.0, abs=1e-6), "optimal")
    assert (bulk.gap, bulk.status) == (pytest.approx(4.0 / 14.0, rel=1e-4), "limit")
    quick, bulk = route(folder, Question(objective="fair", tunnels=1)).classes
    assert math.isnan(bulk.gap)


@pytest.mark.parametrize("objective", ["throughput", "mlu", "fair", "latency"])
def test_a_stop_before_the_first_answer_says_that_it_was_not_found_out(small, objective):
    folder = small("bulk,Ash,Cedar,16\nbulk,Ash,Beech,1\n")
    found = route(folder, Question(objective=objective, time_limit_s=1e-9))
    assert (found.verdict, found.status) == ("unknown", "limit")
    assert {row.why for row in found.unserved} == {"not found out"}
    if objective == "throughput":
        assert found.carried_gbps >= 10.0 - 1e-9
    if objective == "mlu":
        assert any("was not found out" in note for note in found.notes)


def test_a_bound_that_shows_too_much_is_asked_needs_no_end(small):
    folder = small("bulk,Ash,Cedar,300\n")
    found = route(folder, Question(objective="mlu", time_limit_s=1e-9))
    assert (found.verdict, found.status) == ("no", "limit")
    assert any(note.startswith("Not all fits") for note in found.notes)


def test_one_unknown_delay_leaves_the_worst_round_trip_unknown(small):
    folder = small("bulk,Ash,Cedar,16\n", LINKS.replace("10,9,1", "10,,1"))
    (bulk,) = route(folder, Question()).classes
    assert math.isnan(bulk.mean_rtt_ms)
    assert math.isnan(bulk.worst_rtt_ms)


def test_where_nothing_is_asked_nothing_is_shown(small):
    found = route(small("bulk,Ash,Ash,3\n"), Question())
    assert (found.verdict, found.demands) == ("unknown", 0)
    assert any("nothing is shown" in note for note in found.notes)


def test_a_solver_that_does_not_know_the_objective_is_told(small):
    folder = small("bulk,Ash,Cedar,6\n")
    found = route(folder, Question(objective="fair", solver="own"))
    assert found.solver == "highs-simplex"
    assert any("highs-simplex solved it" in note for note in found.notes)
    assert not any("solved it" in note for note in route(folder, Question(solver="own")).notes)


def test_a_limit_on_churn_needs_a_routing_that_runs(small):
    with pytest.raises(ModelError, match=r"--churn.*Name it by --previous"):
        route(small("bulk,Ash,Cedar,6\n"), Question(churn=0.1))


def test_twice_the_same_demand_is_two_demands(small, tmp_path):
    folder = small("bulk,Ash,Cedar,6\nbulk,Ash,Cedar,7\n")
    found = route(folder, Question(), output=tmp_path / "out")
    assert (found.demands, found.carried_gbps) == (2, pytest.approx(13.0))
    again = route(folder, Question(previous=tmp_path / "out" / "tunnels.parquet", churn=0.0))
    assert (again.verdict, again.moved_gbps) == ("yes", pytest.approx(0.0, abs=1e-6))


def test_a_tunnel_that_is_too_slow_now_has_to_move(small, tmp_path):
    folder = small("quick,Ash,Cedar,16\n")
    route(folder, Question(), output=tmp_path / "out")
    runs = tmp_path / "out" / "tunnels.parquet"
    text = (folder / "network.yaml").read_text("utf-8")
    (folder / "network.yaml").write_text(text.replace("priority: 0}", "priority: 0, rtt_ms: 10}"))
    found = route(folder, Question(previous=runs))
    assert found.classes[0].worst_rtt_ms <= 10.0
    assert found.carried_gbps == pytest.approx(10.0)
    assert any("too slow now" in note for note in found.notes)


def test_a_fair_share_of_one_is_the_most_there_is_in_the_network(small):
    found = route(small("quick,Ash,Cedar,6\nbulk,Ash,Cedar,9\n"), Question(objective="fair"))
    assert (found.verdict, found.bound_scope) == ("yes", "network")
