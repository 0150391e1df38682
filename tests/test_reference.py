"""The reference network: its tables follow from its inputs, and it can hold what is asked of it.

networkx is the oracle here; the package's own graph code is not used.
"""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

from arterial.demand.flows import flows
from arterial.demand.offers import market_offers
from arterial.fabric.failures import single_failures
from arterial.model.reader import load_network
from arterial.units import fibre_delay_ms

FOLDER = Path(__file__).parents[1] / "networks" / "us-ai-backbone"
RTT_MS = 20.0


@pytest.fixture(scope="module")
def network():
    return load_network(FOLDER)


@pytest.fixture(scope="module")
def standing(network):
    """Sites that must stay joined whatever single thing is lost."""
    return {site.name for site in network.sites if set(site.roles) != {"junction"}}


@pytest.fixture(scope="module")
def failures(network):
    """Every single failure of the whole description, routers apart."""
    edges = {site.name for site in network.sites if {"edge", "candidate-edge"} & set(site.roles)}
    fibres = {fibre.name for fibre in network.fibres}
    return single_failures(network, fibres=fibres, router_sites=(), edges=edges)


def graph(network, *, candidates):
    """Fibres as edges, weighed with the planning value of one IP link over each, one way."""
    joined = nx.Graph()
    joined.add_nodes_from(site.name for site in network.sites)
    per_hop_ms = (network.latency.fec_us + network.latency.router_us) / 1000.0
    for fibre in network.fibres:
        if candidates or fibre.status != "candidate":
            fibre_ms = network.latency.route_factor * fibre_delay_ms(fibre.length_km)
            joined.add_edge(fibre.a, fibre.z, name=fibre.name, ms=fibre_ms + per_hop_ms)
    return joined


def surviving(joined, failure):
    """The graph without what a failure takes down."""
    lost = set(failure.fibres)
    cut = [(a, z) for a, z, name in joined.edges(data="name") if name in lost]
    return nx.restricted_view(joined, {failure.site} if failure.kind == "site" else set(), cut)


def test_rebuilding_the_tables_gives_the_same_bytes(tmp_path):
    build = [sys.executable, str(FOLDER / "build.py"), "--out", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["campuses.csv", "fibres.csv", "markets.csv", "risks.csv", "sites.csv"]
    new, old = ([(folder / name).read_bytes() for name in made] for folder in (tmp_path, FOLDER))
    assert new == old


def test_a_junction_moved_in_the_inputs_moves_in_the_tables(tmp_path):
    copy = tmp_path / "network"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    nodes = (copy / "raw" / "nodes.csv").read_text(encoding="utf-8")
    (copy / "raw" / "nodes.csv").write_text(
        nodes.replace("Omaha,41.26", "Omaha,41.27", 1), encoding="utf-8"
    )
    assert nodes.count("Omaha,41.26") == 1
    subprocess.run([sys.executable, str(copy / "build.py")], check=True, capture_output=True)
    assert (copy / "sites.csv").read_bytes() != (FOLDER / "sites.csv").read_bytes()
    assert (copy / "campuses.csv").read_bytes() == (FOLDER / "campuses.csv").read_bytes()


def test_the_readme_counts_what_the_tables_hold(network):
    roles = Counter(role for site in network.sites for role in site.roles)
    status = Counter(fibre.status for fibre in network.fibres)
    access = sum("campus:" in fibre.name for fibre in network.fibres)
    expected = {
        "sites": len(network.sites),
        "junctions": roles["junction"],
        "campuses": len(network.campuses),
        "markets of their own": sum(site.name.startswith("market:") for site in network.sites),
        "edges": roles["edge"],
        "candidate edges": roles["candidate-edge"],
        "markets": len(network.markets),
        "fibres": len(network.fibres),
        "existing fibres, long haul": status["existing"] - access,
        "existing fibres, campus access": access,
        "leasable fibres": status["leasable"],
        "candidate fibres": status["candidate"],
        "shared risks": len(network.risks),
    }
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([a-z ,]+) \| (\d+) \|$", readme, re.MULTILINE)
    assert {what: int(count) for what, count in told} == expected


def test_every_row_has_a_source_and_every_guess_says_so(network):
    rows = [*network.sites, *network.fibres, *network.markets, *network.campuses, *network.risks]
    rows += [*network.workloads, *network.loads, *network.classes, *network.policy.rules]
    assert [row for row in rows if not row.source] == []
    ours = [*network.risks, *(fibre for fibre in network.fibres if fibre.status != "existing")]
    assert [row.name for row in ours if "ASSUMPTION" not in row.source] == []


@pytest.mark.parametrize("candidates", [False, True], ids=["as stands", "with candidates"])
def test_no_single_failure_parts_campuses_markets_and_edges(
    network, standing, failures, candidates
):
    joined = graph(network, candidates=candidates)
    parted = {}
    for failure in failures:
        left = surviving(joined, failure)
        wanted = standing & set(left)
        reached = nx.node_connected_component(left, min(wanted))
        if not wanted <= reached:
            parted[failure.name] = sorted(wanted - reached)
    assert parted == {}


def late_markets(network, failures, *, candidates):
    """Markets with no surviving edge within the bound, by the failures that bring them there."""
    joined = graph(network, candidates=candidates)
    kinds = {"edge", "candidate-edge"} if candidates else {"edge"}
    edges = {site.name for site in network.sites if kinds & set(site.roles)}
    late = {}
    for failure in failures:
        left = surviving(joined, failure)
        lost = {failure.site} if failure.kind in {"site", "edge"} else set()
        one_way_ms = nx.multi_source_dijkstra_path_length(left, edges - lost, weight="ms")
        for market in network.markets:
            if failure.kind == "site" and market.site == failure.site:
                continue
            way_ms = one_way_ms.get(market.site, float("inf")) + network.latency.router_us / 1000.0
            if 2.0 * (way_ms + market.access_ms) > RTT_MS:
                late.setdefault(market.name, []).append(failure.name)
    return late


def test_every_market_can_have_an_edge_in_time_after_any_single_failure(network, failures):
    assert late_markets(network, failures, candidates=True) == {}


def test_tampa_alone_needs_something_bought(network, failures):
    late = late_markets(network, failures, candidates=False)
    assert set(late) == {"Tampa"}
    assert "site Miami" in late["Tampa"]


@pytest.fixture(scope="module")
def draft():
    """The draft demands that the workloads have to repeat, Gb/s rounded to 0.01."""
    with (FOLDER / "raw" / "demands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["class"], row["src"], row["dst"], float(row["gbps"])) for row in rows}


def test_training_repeats_the_draft_flow_by_flow(network, draft):
    edges = [site.name for site in network.sites if "edge" in site.roles]
    names = {
        "sync": "train-sync-dp",
        "diloco": "train-diloco-outer",
        "checkpoint": "checkpoint-replication",
        "ingest": "dataset-ingest",
        "rollout": "weights-rollout",
    }
    found = {
        (names[flow.traffic_class], flow.source, flow.target, round(flow.gbps, 2))
        for flow in flows(network, "draft", edges)
    }
    assert found == {row for row in draft if not row[0].startswith("inference")}


def test_markets_ask_what_they_ask_in_the_draft(network, draft):
    with (FOLDER / "raw" / "metros.csv").open(encoding="utf-8", newline="") as file:
        nearest = {metro["metro"]: metro["nearest_node"] for metro in csv.DictReader(file)}
    offers = market_offers(network, "draft")
    down = {(nearest[offer.market], round(offer.down_gbps, 2)) for offer in offers}
    up = {(nearest[offer.market], round(offer.up_gbps, 2)) for offer in offers}
    assert {(row[2], row[3]) for row in draft if row[0] == "inference-down"} <= down
    assert {(row[1], row[3]) for row in draft if row[0] == "inference-up"} <= up


def test_the_loads_differ_as_they_say(network):
    edges = [site.name for site in network.sites if "edge" in site.roles]
    gbps = {}
    for load in network.loads:
        gbps[load.name] = Counter()
        for flow in flows(network, load.name, edges):
            gbps[load.name][flow.traffic_class] += flow.gbps
    draft, no_sync, stress = (gbps[name] for name in ("draft", "no-sync", "stress"))
    assert no_sync == Counter({name: rate for name, rate in draft.items() if name != "sync"})
    growth = 19506 / 6435
    assert {name: stress[name] / rate for name, rate in draft.items()} == pytest.approx(
        {"sync": growth, "diloco": growth, "checkpoint": growth, "ingest": 1.0, "rollout": 1.0}
    )
