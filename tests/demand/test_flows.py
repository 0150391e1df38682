"""A load becomes demands: all of them, each once, under names that stay."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from arterial.demand.flows import demands, flows, market_flows
from arterial.demand.offers import market_offers
from arterial.model.network import DemandRow, Network
from arterial.model.reader import load_network
from arterial.model.site import Campus, Market, Site
from arterial.model.workload import Inference, Ingest, KvCache, Load, Rollout, SyncTraining
from arterial.plan.rows import Replica

CHAT = Inference(
    name="inference",
    traffic_class="inference",
    requests_per_person_day=10.0,
    megabytes_down=0.5,
    megabytes_up=0.1,
)
CACHE = KvCache(
    name="kv-cache",
    traffic_class="sync",
    moves_per_s=100.0,
    tokens=12_000.0,
    bytes_per_token=327_680.0,
)
SYNC = SyncTraining(
    name="sync", traffic_class="sync", sites=("A", "B"), parameters=1e12, step_s=10.0
)
INGEST = Ingest(
    name="ingest",
    traffic_class="ingest",
    hubs=("A", "C"),
    campuses_from_mw=0.0,
    terabytes_per_day=500.0,
)
ROLLOUT = Rollout(name="rollout", traffic_class="rollout", origin="A", terabytes=2.0, hours=6.0)


def network(*workloads, people=(1e6, 3e6), rows=()):
    return Network(
        name="three",
        sites=tuple(Site(name=name) for name in "ABC"),
        campuses=(
            Campus(name="campus a", site="A", mw=1.0, mw_planned=1.0),
            Campus(name="campus b", site="B", mw=1.0, mw_planned=1.0),
            Campus(name="annex b", site="B", mw=1.0, mw_planned=1.0),
        ),
        markets=tuple(
            Market(name=name, site=name[0], people=count)
            for name, count in zip(("Aton", "Bton"), people, strict=True)
        ),
        workloads=workloads,
        loads=(Load(name="day", workloads=tuple(work.name for work in workloads)),),
        demands={"day": tuple(rows)},
    )


def home(market, edge, failover):
    return Replica(
        market=market,
        site=market[0],
        edge=edge,
        failover=failover,
        rtt_ms=1.0,
        failover_rtt_ms=2.0,
    )


HOMES = (home("Aton", "A", "C"), home("Bton", "C", "A"))


def test_training_that_stays_at_a_site_is_left_out_and_one_pair_of_sites_is_one_demand():
    rows = flows(network(SYNC, INGEST, ROLLOUT), "day", ["A", "C"])
    assert [(row.name, round(row.gbps, 2), row.transfer_h) for row in rows] == [
        ("sync A > B", 1600.0, 0.0),
        ("sync B > A", 1600.0, 0.0),
        ("ingest C > A", 23.15, 24.0),
        ("ingest A > B", 46.3, 24.0),  # two campuses at B
        ("ingest C > B", 46.3, 24.0),
        ("rollout A > C", 0.74, 6.0),
    ]


def test_a_market_served_at_its_own_site_keeps_its_demands():
    rows = market_flows(network(CHAT), "day", HOMES)
    assert [(row.name, row.source, row.target, row.market) for row in rows] == [
        ("inference-down Aton", "A", "A", "Aton"),
        ("inference-up Aton", "A", "A", "Aton"),
        ("inference-down Bton", "C", "B", "Bton"),
        ("inference-up Bton", "B", "C", "Bton"),
    ]
    assert {row.access_ms for row in rows} == {0.5}


@given(st.floats(1.0, 1e8), st.floats(1.0, 1e8))
def test_kv_caches_move_at_the_workload_s_rate_half_each_way(aton, bton):
    rows = market_flows(network(CACHE, people=(aton, bton)), "day", HOMES)
    there, back = rows
    assert (there.name, back.name) == ("kv-cache A > C", "kv-cache C > A")
    assert there.gbps == pytest.approx(back.gbps)
    assert there.gbps + back.gbps == pytest.approx(100 * 12_000 * 327_680 * 8 / 1e9)


def test_rows_that_the_user_brings_are_taken_as_they_are_and_told_apart():
    brought = [
        DemandRow(traffic_class="sync", source="A", target="B", gbps=5.0),
        DemandRow(traffic_class="ingest", source="A", target="B", gbps=7.0, transfer_h=3.0),
        DemandRow(traffic_class="sync", source="A", target="B", gbps=2.0),
    ]
    rows = flows(network(SYNC, rows=brought), "day", [])
    assert [(row.name, row.gbps, row.transfer_h) for row in rows[2:]] == [
        ("given sync A > B", 5.0, 0.0),
        ("given ingest A > B", 7.0, 3.0),
        ("given sync A > B #2", 2.0, 0.0),
    ]


def test_a_load_s_demands_are_those_of_its_markets_and_its_campuses_each_once():
    everything = network(CHAT, CACHE, SYNC, INGEST, ROLLOUT)
    rows = demands(everything, "day", HOMES)
    parts = (*market_flows(everything, "day", HOMES), *flows(everything, "day", ["A", "C"]))
    assert sorted(rows, key=lambda row: row.name) == sorted(parts, key=lambda row: row.name)
    assert len({row.name for row in rows}) == len(rows)
    assert {row.traffic_class for row in rows} == {"inference", "sync", "ingest", "rollout"}


@given(st.floats(0.1, 100.0))
def test_a_scaled_workload_asks_so_much_more_and_nothing_else_changes(scale):
    once = network(CHAT, CACHE, SYNC, INGEST, ROLLOUT)
    load = replace(once.loads[0], scale={work.name: scale for work in once.workloads})
    rows = demands(replace(once, loads=(load,)), "day", HOMES)
    expected = demands(once, "day", HOMES)
    assert [row.gbps for row in rows] == pytest.approx([row.gbps * scale for row in expected])
    assert [replace(row, gbps=0.0) for row in rows] == [replace(row, gbps=0.0) for row in expected]


# The demand table from which the reference network's workloads were taken over, made by a script of
# its own (raw/ beside the network; sources in the network's SOURCE.md): an independent oracle.
REFERENCE = Path(__file__).parents[2] / "networks" / "us-ai-backbone"
MADE_OF = {
    "train-sync-dp": "sync-",
    "train-diloco-outer": "diloco ",
    "checkpoint-replication": "checkpoint ",
    "dataset-ingest": "ingest ",
    "weights-rollout": "rollout ",
}


def table(name):
    with (REFERENCE / "raw" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reference():
    return load_network(REFERENCE)


@pytest.mark.parametrize("kind", MADE_OF)
def test_the_draft_load_is_the_published_table_to_a_percent(reference, kind):
    published = {
        (row["src"], row["dst"]): float(row["gbps"])
        for row in table("demands.csv")
        if row["class"] == kind
    }
    hubs = [row["dst"] for row in table("demands.csv") if row["class"] == "weights-rollout"]
    made = {
        (row.source, row.target): row.gbps
        for row in flows(reference, "draft", hubs)
        if row.name.startswith(MADE_OF[kind])
    }
    assert made == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize("way", ["down", "up"])
def test_the_draft_load_s_people_ask_what_the_published_table_says(reference, way):
    published = Counter()
    rows_at = Counter()
    for row in table("demands.csv"):
        if row["class"] == f"inference-{way}":
            site = row["dst"] if way == "down" else row["src"]
            published[site] += float(row["gbps"])
            rows_at[site] += 1
    metro_site = {row["metro"]: row["nearest_node"] for row in table("metros.csv")}
    asked = Counter()
    for offer in market_offers(reference, "draft"):
        asked[metro_site[offer.market]] += offer.down_gbps if way == "down" else offer.up_gbps
    assert len(published) > 15
    for site, gbps in published.items():
        rounding_gbps = 0.005 * rows_at[site]  # two decimals a row
        assert asked[site] == pytest.approx(gbps, rel=0.01, abs=rounding_gbps)


def test_a_site_named_like_a_second_demand_takes_no_name_twice():
    rows = [
        DemandRow(traffic_class="sync", source="A", target=target, gbps=1.0)
        for target in ("B", "B #2", "B", "B")
    ]
    names = [demand.name for demand in flows(network(rows=rows), "day", ())]
    assert names == [f"given sync A > {end}" for end in ("B", "B #2", "B #3", "B #4")]
