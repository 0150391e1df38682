import json
import os
from pathlib import Path

import duckdb
import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.study.imports import import_graphml, import_repetita
from arterial.study.route import Question, route

ZOO = Path(__file__).parents[1] / "data" / "topology-zoo"

NETWORK = """name: small
tables:
  sites: sites.csv
  links: links.csv
classes:
  - {name: quick, priority: 0, rtt_ms: 10}
  - {name: bulk, priority: 1}
"""
SITES = """name,lat,lon,roles
Ash,1,1,junction
Beech,2,2,junction
Cedar,3,3,junction
Elm,4,4,junction
"""
LINKS = """name,a,z,capacity_gbps,latency_ms,igp_metric
ab,Ash,Beech,10,1,10
ab2,Ash,Beech,10,1,10
bc,Beech,Cedar,10,1,10
ac,Ash,Cedar,10,9,10
"""
HEAD = "traffic_class,source,target,gbps\n"


@pytest.fixture
def small(tmp_path):
    """Writes a small network with these demands and links, and gives its folder."""

    def write(demands, links=LINKS):
        folder = tmp_path / "net"
        folder.mkdir(exist_ok=True)
        for name, text in (
            ("network.yaml", NETWORK),
            ("sites.csv", SITES),
            ("links.csv", links),
            ("demands.csv", HEAD + demands),
        ):
            (folder / name).write_text(text, "utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def abilene(tmp_path_factory):
    """Abilene with traffic between all sites, by the number of their links."""
    folder = tmp_path_factory.mktemp("abilene") / "net"
    import_graphml(ZOO / "Abilene.graphml", folder)
    network = load_network(folder)
    mass = {site.name: 0 for site in network.sites}
    for fibre in network.fibres:
        mass[fibre.a] += 1
        mass[fibre.z] += 1
    rows = "".join(f"sync,{a},{z},{6 * mass[a] * mass[z]}\n" for a in mass for z in mass if a != z)
    (folder / "demands.csv").write_text(HEAD + rows, "utf-8")
    return folder


def test_what_fits_is_carried_whole_and_the_answer_is_yes(small):
    found = route(small("quick,Ash,Cedar,8\nbulk,Cedar,Ash,15\n"), Question())
    assert found.verdict == "yes"
    assert (found.carried_gbps, found.bound, found.gap) == pytest.approx((23.0, 23.0, 0.0))
    assert found.bound_scope == "network"
    assert (found.unserved_demands, found.without_way) == (0, 0)


def test_what_does_not_fit_gives_way_by_class(small):
    found = route(small("bulk,Ash,Cedar,18\nquick,Ash,Cedar,8\n"), Question())
    assert found.verdict == "no"
    quick, bulk = found.classes
    assert (quick.carried_gbps, bulk.carried_gbps) == pytest.approx((8.0, 12.0))
    assert quick.worst_rtt_ms == pytest.approx(2 * (2.0 + 3 * 0.02))
    assert [row.why for row in found.unserved] == ["no room"]
    assert found.hashed_mlu == pytest.approx(found.mlu / 0.9)


def test_a_utilisation_above_one_is_an_answer(small):
    found = route(small("bulk,Ash,Cedar,30\n"), Question(objective="mlu"))
    assert found.verdict == "no"
    assert (found.value, found.mlu, found.bound) == pytest.approx((1.5, 1.5, 1.5), rel=1e-4)
    assert found.carried_gbps == pytest.approx(20.0)


def test_a_demand_without_a_way_is_told_as_such(small):
    found = route(small("bulk,Ash,Elm,3\nbulk,Ash,Cedar,3\n"), Question())
    assert found.verdict == "no"
    assert (found.unserved_demands, found.without_way) == (1, 1)
    assert found.unserved[0].why == "no way"
    assert any("nothing joins their ends" in note for note in found.notes)


def test_a_way_of_unknown_delay_leaves_a_bounded_demand_unknown(small):
    unknown = "name,a,z,capacity_gbps,latency_ms,igp_metric\nac,Ash,Cedar,10,,10\n"
    found = route(small("quick,Ash,Cedar,3\n", unknown), Question())
    assert found.verdict == "unknown"
    assert found.unserved[0].why == "delay unknown"
    assert np.isnan(found.classes[0].mean_rtt_ms)
    free = route(small("bulk,Ash,Cedar,3\n", unknown), Question())
    assert free.verdict == "yes"
    assert np.isnan(free.classes[0].mean_rtt_ms)


def test_a_solve_without_time_is_unknown_with_a_bound_that_holds(abilene):
    best = route(abilene, Question())
    for objective in ("throughput", "mlu"):
        found = route(abilene, Question(objective=objective, time_limit_s=1e-9))
        assert (found.verdict, found.status) == ("unknown", "limit")
    stopped = route(abilene, Question(time_limit_s=1e-9))
    assert stopped.carried_gbps <= best.carried_gbps + 1e-6 <= stopped.bound + 2e-6


@pytest.mark.parametrize("solver", ["own", "highs-simplex", "highs-ipx", "highs-pdlp"])
def test_solvers_agree_on_abilene(abilene, solver):
    best = route(abilene, Question(gap=0.0))
    found = route(abilene, Question(solver=solver))
    assert found.solver == solver
    assert found.carried_gbps == pytest.approx(best.carried_gbps, rel=2e-3)
    assert found.mlu <= 1.0 + 1e-9


def test_objectives_agree_with_each_other_on_abilene(abilene):
    most = route(abilene, Question(gap=1e-6))
    spread = route(abilene, Question(objective="mlu", gap=1e-6))
    fair = route(abilene, Question(objective="fair", gap=1e-6))
    quick = route(abilene, Question(objective="latency", gap=1e-6))
    assert spread.value > 1.0
    assert fair.value == pytest.approx(1.0 / spread.value, rel=1e-5)
    assert quick.carried_gbps == pytest.approx(most.carried_gbps, rel=1e-5)
    assert fair.carried_gbps <= most.carried_gbps + 1e-6
    few = route(abilene, Question(paths=2))
    assert few.bound_scope == "paths"
    assert few.carried_gbps <= most.carried_gbps * (1 + 1e-6)


def test_tables_say_what_the_answer_says(abilene, tmp_path):
    question = Question(sids=3, tunnels=2, buckets=8)
    found = route(abilene, question, output=tmp_path / "out")
    tunnels = duckdb.read_parquet(str(tmp_path / "out" / "tunnels.parquet")).fetchnumpy()
    links = duckdb.read_parquet(str(tmp_path / "out" / "links.parquet")).fetchnumpy()
    assert tunnels["rate_gbps"].sum() == pytest.approx(found.carried_gbps)
    assert (links["load_gbps"] <= links["capacity_gbps"] * (1 + 1e-9)).all()
    assert links["utilisation"].max() == pytest.approx(found.mlu)
    assert max(map(len, tunnels["sids"])) == found.most_sids <= 3
    hops = [len(links) for links in tunnels["links"]]
    assert [len(sites) - 1 for sites in tunnels["sites"]] == hops
    parts = 8 * tunnels["share"]
    assert parts == pytest.approx(np.round(parts))
    assert [step.step for step in found.steps] == ["optimum", "sids 3", "tunnels 2", "buckets 8"]
    totals = [step.carried_gbps for step in found.steps]
    assert totals[-1] == pytest.approx(found.carried_gbps)
    assert max(totals) <= found.bound + 1e-6


def test_a_routing_that_runs_moves_as_little_as_it_can(abilene, tmp_path):
    route(abilene, Question(objective="mlu"), output=tmp_path / "out")
    runs = tmp_path / "out" / "tunnels.parquet"
    same = route(abilene, Question(objective="mlu", previous=runs))
    assert same.moved_share == pytest.approx(0.0, abs=1e-6)
    free = route(abilene, Question(previous=runs))
    none = route(abilene, Question(previous=runs, churn=0.0))
    some = route(abilene, Question(previous=runs, churn=0.9))
    assert some.moved_share <= 0.9 + 1e-6
    assert none.carried_gbps <= some.carried_gbps + 1e-6
    assert free.carried_gbps >= free.bound * (1 - 3e-3)


@pytest.mark.parametrize("text", ["", "not parquet", None])
def test_a_table_of_tunnels_that_is_none_is_refused_by_name(abilene, tmp_path, text):
    place = tmp_path / "before.parquet"
    if text is not None:
        place.write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"before\.parquet.*Name the tunnels\.parquet"):
        route(abilene, Question(previous=place))


def test_a_tunnel_of_another_network_counts_as_gone(small, abilene, tmp_path):
    route(abilene, Question(), output=tmp_path / "out")
    found = route(
        small("bulk,Ash,Cedar,3\n"), Question(previous=tmp_path / "out" / "tunnels.parquet")
    )
    assert found.moved_gbps == 0.0
    assert any("demands that are no more" in note for note in found.notes)


def test_a_plan_is_routed_on_its_own_links(designed):
    found = route(designed[0], Question())
    assert found.links == designed[1].ip_links
    assert found.verdict == "yes"


def test_parallel_links_share_what_one_cannot_carry(small):
    found = route(small("bulk,Ash,Beech,20\n"), Question())
    assert found.verdict == "yes"
    assert found.tunnels >= 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ab,Ash,Beech,10", "ab,Ash,Beech,0"),
        ("ab,Ash,Beech,10", "ab,Ash,Beech,-1"),
        ("ab,Ash,Beech,10", "ab,Ash,Beech,nan"),
        ("ab,Ash,Beech,10,1,10", "ab,Ash,Beech,10,1,0"),
    ],
)
def test_a_capacity_or_metric_that_is_none_is_refused(small, old, new):
    with pytest.raises(ModelError, match=r"links\.csv:2"):
        route(small("bulk,Ash,Cedar,3\n", LINKS.replace(old, new)), Question())


@pytest.mark.parametrize("rate", ["nan", "-1", "0", "inf"])
def test_a_demand_without_a_rate_is_refused(small, rate):
    with pytest.raises(ModelError, match=r"demands\.csv:2"):
        route(small(f"bulk,Ash,Cedar,{rate}\n"), Question())


def test_a_demand_to_itself_is_left_out_and_told(small):
    found = route(small("bulk,Ash,Ash,3\nbulk,Ash,Cedar,3\n"), Question())
    assert (found.verdict, found.demands) == ("yes", 1)
    assert any("stay at their site" in note for note in found.notes)


@pytest.mark.parametrize(
    ("demands", "code"),
    [("bulk,Ash,Cedar,3\n", 0), ("bulk,Ash,Cedar,300\n", 1), ("bulk,Ash,Oak,3\n", 2)],
)
def test_the_exit_code_says_whether_all_is_carried(small, ended, demands, code):
    found, out, _ = ended("route", small(demands), "--json")
    assert found == code
    if code < 2:
        answer = json.loads(out)
        keys = "offered_gbps carried_gbps mlu bound gap bound_scope seconds solver status"
        assert set(keys.split()) <= set(answer)


def test_a_page_for_people_tells_bound_classes_and_losses(abilene, ended):
    code, out, _ = ended("route", abilene, "--tunnels", "1", "--buckets", "4")
    assert code == 1
    assert all(word in out for word in ("bound", "scope network", "tunnels 1", "not carried whole"))
    page = [line.rstrip() for line in out.splitlines() if not line.startswith("asked")]
    assert max(map(len, page)) <= 100
    code, _, said = ended("route", abilene, "--churn", "2")
    assert (code, "0 to 1" in said) == (2, True)
    code, out, _ = ended("route", abilene, "--time-limit", "1e-9")
    assert (code, "not found out" in out) == (3, True)


def test_a_page_tells_small_rates_too(small, ended):
    _, out, _ = ended("route", small("bulk,Ash,Cedar,0.0005\n"))
    assert "0.0005 of 0.0005 Gb/s carried" in out


def test_on_the_user_s_repetita_files_the_least_utilisation_is_what_they_were_made_for(tmp_path):
    """REPETITA scales its demands so that the multicommodity optimum is 0.9 (its paper, 2017)."""
    folder = os.environ.get("ARTERIAL_REPETITA")
    if not folder:
        pytest.skip("not run: ARTERIAL_REPETITA names no folder with REPETITA's files")
    pairs = [
        (graph, demands)
        for graph in sorted(Path(folder).rglob("*.graph"))
        for demands in sorted(graph.parent.glob(f"{graph.stem}.*.demands"))[:1]
    ]
    assert pairs
    for number, (graph, demands) in enumerate(pairs):
        import_repetita(graph, tmp_path / str(number), demands=demands)
        found = route(tmp_path / str(number), Question(objective="mlu", gap=1e-3))
        assert found.bound_scope == "network"
        assert found.value >= 0.9 - 1e-4, graph.name
        assert found.bound <= 0.9 * (1.0 + 1e-3), graph.name
        assert found.status in {"optimal", "gap"}, graph.name
        assert found.value <= 0.9 * (1.0 + 2e-3), graph.name
