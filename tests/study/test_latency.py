import csv
import math
import xml.etree.ElementTree as ET

import msgspec
import pytest
from msgspec import structs

from arterial.cli.app import main
from arterial.demand.offers import market_offers
from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.plan.store import read_plan, write_plan
from arterial.study.latency import Question, latency


@pytest.fixture(scope="module")
def of_network(drill):
    return latency(drill, Question(survive="edge", within_ms=10.0, think_ms=200.0))


@pytest.fixture(scope="module")
def of_plan(drill_plan):
    return latency(drill_plan, Question())


def after(view, kind):
    return next(row for row in view.after if row.kind == kind)


def test_shares_are_people_of_markets_within(drill, of_network):
    people = {market.name: market.people for market in load_network(drill).markets}
    today = of_network.views[0]
    for bound, share in zip(of_network.bounds_ms, today.shares, strict=True):
        within = [row.market for row in of_network.markets if row.rtt_ms <= bound]
        assert share == pytest.approx(sum(people[name] for name in within) / sum(people.values()))


def test_more_edges_and_fewer_failures_never_leave_fewer_people_within(of_network, of_plan):
    for told in (of_network, of_plan):
        for view in told.views:
            assert list(view.shares) == sorted(view.shares)
            for row in view.after:
                worse = [entry.share for entry in row.within]
                assert [a for a, b in zip(worse, view.shares, strict=True) if a > b] == []
                assert row.rtt_ms_max >= view.rtt_ms_max
    today, candidates = of_network.views
    assert all(a <= b for a, b in zip(today.shares, candidates.shares, strict=True))


def test_who_is_hurt_adds_up_to_what_the_share_falls_by(of_network, of_plan):
    for told in (of_network, of_plan):
        for view in told.views:
            for row in view.after:
                for entry, share in zip(row.within, view.shares, strict=True):
                    assert entry.hurt_people == sum(one.people for one in entry.hurt)
                    assert (share - entry.share) * told.people == pytest.approx(entry.hurt_people)
                    for one in entry.hurt:
                        assert one.rtt_ms <= entry.bound_ms
                        assert not one.after_ms <= entry.bound_ms
                        assert one.market not in entry.home_lost


def test_a_market_that_loses_its_own_site_is_told_apart(of_network):
    sites = after(of_network.views[0], "site")
    assert sites.home_lost_people == 6_000_000
    assert [kind.home_lost_people for kind in of_network.views[0].after if kind.kind != "site"] == [
        0.0
    ] * 4


def test_the_frontier_ends_where_all_candidates_do(of_network):
    plain, survived = of_network.frontiers
    place = of_network.bounds_ms.index(10.0)
    everything = of_network.views[1]
    assert plain.most_share == pytest.approx(everything.shares[place])
    assert survived.most_share == pytest.approx(after(everything, "edge").within[place].share)
    today = of_network.views[0]
    assert plain.today_share == pytest.approx(today.shares[place])
    assert survived.today_share == pytest.approx(after(today, "edge").within[place].share)
    for line in (plain, survived):
        assert line.points[-1].share == pytest.approx(line.most_share)
        assert line.points[0].share >= line.today_share - 1e-9
        assert line.points[0].cost <= line.today_cost + 1e-6
        assert all(point.bound <= point.cost for point in line.points)


def test_the_marginal_cost_is_what_each_per_cent_adds(of_network):
    first, second = of_network.frontiers[1].points[:2]
    assert math.isnan(first.marginal)
    assert second.marginal * 100.0 * (second.share - first.share) == pytest.approx(
        second.cost - first.cost
    )
    assert set(second.edges) == (set(first.edges) | set(second.opens)) - set(second.closes)


def test_edges_that_stay_cost_no_less(drill, of_network):
    kept = latency(drill, Question(keep_edges=True))
    assert {"Birch", "Dogwood", "Fir"} <= set(kept.frontiers[0].points[0].edges)
    assert kept.frontiers[0].points[0].cost >= of_network.frontiers[0].points[0].cost


def test_who_is_out_of_reach_is_named_with_how_far_the_next_edge_is(drill, of_network):
    (row,) = of_network.out_of_reach
    assert (row.market, row.survive, row.nearest) == ("Gorse metro", "edge", "Fir")
    assert row.rtt_ms > 10.0
    assert row.fibre_km > row.reach_km > 0.0
    tight = latency(drill, Question(within_ms=1.0))
    assert {one.market for one in tight.out_of_reach} == {one.market for one in tight.markets}
    assert {one.reach_km for one in tight.out_of_reach} == {0.0}
    assert tight.frontiers[0].most_share == 0.0


def test_a_session_is_calls_times_round_trip_and_thought(of_network):
    plain = of_network.sessions[0]
    assert (plain.kind, plain.longer_s) == ("none", 0.0)
    for row in of_network.sessions:
        assert row.network_s_p95 == pytest.approx(30 * row.call_ms_p95 / 1000.0)
        assert row.session_s_p95 == pytest.approx(row.network_s_p95 + 30 * 0.2)
    longest = max(of_network.sessions, key=lambda row: row.longer_s)
    market = next(m for m in of_network.markets if m.market == longest.longer_market)
    assert longest.longer_s == pytest.approx(30 * (market.worst_ms - market.rtt_ms) / 1000.0)
    assert longest.longer_s == pytest.approx(
        max(30 * (m.worst_ms - m.rtt_ms) / 1000.0 for m in of_network.markets)
    )


def test_a_plan_is_told_as_it_runs(drill_plan, of_plan):
    plan = read_plan(drill_plan)
    assert of_plan.of == "plan"
    told = {row.market: row.rtt_ms for row in of_plan.markets}
    assert told == pytest.approx({row.market: row.rtt_ms for row in plan.replicas})
    assert of_plan.views[0].edges == len(
        {edge for row in plan.replicas for edge in (row.edge, row.failover)}
    )


def test_without_inference_distance_is_told_and_transport_is_free(drill):
    assert not market_offers(load_network(drill), "given")
    told = latency(drill, Question(load="given"))
    assert told.load == ""
    assert any("transport costs nothing" in note for note in told.notes)
    for point in told.frontiers[0].points:
        assert point.cost == point.edge_cost


def test_a_plan_that_answers_nobody_is_refused(drill_plan, tmp_path):
    write_plan(structs.replace(read_plan(drill_plan), load="given"), tmp_path / "given")
    with pytest.raises(ModelError, match="holds no inference"):
        latency(tmp_path / "given", Question())


def test_the_table_and_the_picture_hold_what_is_told(drill, tmp_path):
    table, picture = tmp_path / "shares.csv", tmp_path / "people.svg"
    told = latency(drill, Question(survive="edge"), table=table, picture=picture)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shares = {
        (row["view"], row["failure"], float(row["bound_ms"])): float(row["share"]) for row in rows
    }
    assert shares["today", "", 5.0] == pytest.approx(told.views[0].shares[1])
    points = sum(len(line.points) for line in told.frontiers)
    assert len(rows) == 2 * len(told.bounds_ms) * 6 + points
    root = ET.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    words = " ".join(root.itertext())
    assert "after the worst single failure: fibre Alder-Birch" in words
    assert "all candidates in service" in words
    again = tmp_path / "again.svg"
    latency(drill, Question(survive="edge"), picture=again)
    assert again.read_bytes() == picture.read_bytes()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question(bounds="5,1"), "--bounds 5,1"),
        (Question(bounds="5,5"), "--bounds 5,5"),
        (Question(bounds=""), "--bounds"),
        (Question(bounds="0,5"), "--bounds 0,5"),
        (Question(calls=0), "Give one call or more"),
        (Question(think_ms=-1.0), "--think-ms -1"),
        (Question(within_ms=math.nan), "--within-ms nan"),
        (Question(step=0.0), "--step 0"),
        (Question(from_share=1.5), "--from-share 1.5"),
        (Question(load="none"), "no load is called 'none'"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(drill, question, words):
    with pytest.raises(ModelError, match=words):
        latency(drill, question)


def test_all_that_is_wrong_is_told_at_once(drill):
    with pytest.raises(ModelError) as told:
        latency(drill, Question(bounds="5,1", calls=0, step=2.0))
    assert len(told.value.problems) == 3


def test_nobody_to_serve_and_nobody_who_serves_are_named(changed_drill, capsys):
    folder = changed_drill("sites.csv", "junction;edge,ASS", "junction,ASS")
    folder = changed_drill("sites.csv", "junction;edge;market", "junction;market")
    folder = changed_drill("sites.csv", "market;candidate-edge", "market")
    assert main(["latency", str(folder)]) == 2
    assert "nobody can answer" in capsys.readouterr().err


def test_candidates_alone_answer_nobody_today(changed_drill, capsys):
    folder = changed_drill("sites.csv", "junction;edge,ASS", "junction,ASS")
    folder = changed_drill("sites.csv", "junction;edge;market", "junction;market")
    told = latency(folder, Question())
    assert told.verdict == "no"
    assert told.views[0].shares == (0.0, 0.0, 0.0, 0.0)
    assert told.views[0].unanswered_people == told.people
    assert main(["latency", str(folder)]) == 1
    assert "have no answer today" in capsys.readouterr().out


def test_a_length_that_nobody_knows_leaves_the_answer_open(changed_drill):
    folder = changed_drill(
        "fibres.csv", "Alder-Birch,Alder,Birch,302.5", "Alder-Birch,Alder,Birch,"
    )
    told = latency(folder, Question())
    assert told.verdict in {"yes", "unknown"}


def test_the_page_says_what_a_session_waits(drill_plan, capsys):
    assert main(["latency", str(drill_plan), "--survive", "edge"]) == 0
    page = capsys.readouterr().out
    assert "an agent that calls 30 times waits up to" in page
    assert "least cost to have people within 10 ms, and after the loss of any one edge" in page
    assert main(["latency", str(drill_plan), "--json", "--calls", "1"]) == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["calls"] == 1
    assert told["of"] == "plan"
