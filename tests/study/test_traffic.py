from pathlib import Path

import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.study import demand_tables
from arterial.study.imports import import_graphml
from arterial.study.traffic import GravityQuestion, SeriesQuestion, made_by_gravity, taken

DATA = Path(__file__).parents[1] / "data"
B4 = DATA / "teal-te" / "B4.csv"


@pytest.fixture(scope="module")
def abilene(tmp_path_factory):
    folder = tmp_path_factory.mktemp("abilene") / "net"
    import_graphml(DATA / "topology-zoo" / "Abilene.graphml", folder, links_gbps=40.0)
    return folder


@pytest.fixture
def ring(tmp_path):
    """Twelve sites, as B4 has them, 30 degrees apart around the earth."""
    folder = tmp_path / "ring"
    folder.mkdir()
    sites = [f"b{n},{n % 5},{30 * n - 165}" for n in range(12)]
    (folder / "sites.csv").write_text("name,lat,lon\n" + "\n".join(sites))
    links = [f"l{n},b{n},b{(n + 1) % 12},5000,1" for n in range(12)]
    (folder / "links.csv").write_text("name,a,z,capacity_gbps,latency_ms\n" + "\n".join(links))
    (folder / "network.yaml").write_text(
        "name: ring\ntables: {sites: sites.csv, links: links.csv}\n"
        "loads:\n  - {name: given, demands: demands.csv}\n"
    )
    (folder / "demands.csv").write_text("traffic_class,source,target,gbps\nsync,b0,b1,1\n")
    return folder


def loaded(folder, text):
    """The demands of a table as a network's load."""
    (folder / "demands.csv").write_text(text, encoding="utf-8")
    return load_network(folder).demands["given"]


def test_gravity_makes_a_table_that_a_load_can_name(ring):
    made = made_by_gravity(ring, GravityQuestion(total_gbps=500.0, seed=7), ring / "demands.csv")
    rows = load_network(ring).demands["given"]
    assert (len(rows), made.demands, made.files) == (132, 132, (str(ring / "demands.csv"),))
    assert sum(row.gbps for row in rows) == pytest.approx(500.0, rel=1e-8)
    assert made.total_gbps == pytest.approx(500.0, rel=1e-12)
    assert {row.traffic_class for row in rows} == {made.traffic_class} == {"sync"}
    assert max(row.gbps for row in rows) == pytest.approx(made.largest_gbps, rel=1e-8)


def test_the_same_seed_makes_the_same_bytes(abilene):
    tables = [
        made_by_gravity(abilene, GravityQuestion(total_gbps=1.0, seed=seed)).table
        for seed in (1, 1, 2)
    ]
    assert tables[0] == tables[1] != tables[2]


def test_masses_are_degrees_people_or_a_table(abilene, drill, tmp_path):
    question = GravityQuestion(total_gbps=10.0, noise=0.0)
    rows = [line.split(",") for line in made_by_gravity(abilene, question).table.splitlines()[1:]]
    network = load_network(abilene)
    degree = {
        site.name: sum(site.name in (link.a, link.z) for link in network.links)
        for site in network.sites
    }
    ratio = [float(gbps) / degree[a] / degree[z] for _, a, z, gbps in rows]
    assert max(ratio) == pytest.approx(min(ratio), rel=1e-7)

    people = GravityQuestion(total_gbps=10.0, mass="population")
    markets = {market.site for market in load_network(drill).markets}
    assert made_by_gravity(drill, people).demands == len(markets) * (len(markets) - 1)

    (tmp_path / "m.csv").write_text("site,mass\nSeattle,1\nAtlanta,3\nDenver,0\n")
    given = GravityQuestion(total_gbps=10.0, mass=str(tmp_path / "m.csv"), noise=0.0)
    assert made_by_gravity(abilene, given).table.splitlines()[1:] == [
        "data,Seattle,Atlanta,5",
        "data,Atlanta,Seattle,5",
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (GravityQuestion(total_gbps=1.0, traffic_class="date"), "Did you mean 'data'"),
        (GravityQuestion(total_gbps=1.0, mass="population"), "fewer than two sites have mass"),
        (GravityQuestion(total_gbps=1.0, mass="nowhere.csv"), "no such file"),
    ],
)
def test_what_gravity_cannot_do_is_told(abilene, question, words):
    with pytest.raises(ModelError, match=words):
        made_by_gravity(abilene, question)


def test_a_table_that_no_load_could_read_is_refused(ring, monkeypatch):
    question = GravityQuestion(total_gbps=1.0)
    monkeypatch.setattr(demand_tables, "TABLE_BYTES", 1000)
    with pytest.raises(ModelError, match="132 demands take more than"):
        made_by_gravity(ring, question)
    monkeypatch.setattr(demand_tables, "MOST_DEMANDS", 100)
    with pytest.raises(ModelError, match="At most 100"):
        made_by_gravity(ring, question)
    few = GravityQuestion(total_gbps=1.0, pairs=5)
    assert made_by_gravity(ring, few).demands == 5


def test_a_series_is_taken_at_its_peak_at_95_percent_or_at_its_busiest_step(ring):
    cells = [line.split(",") for line in B4.read_text().splitlines()[1:]]
    steps = sorted({cell[0] for cell in cells}, key=float)
    by_step = {step: sum(float(c[3]) for c in cells if c[0] == step) for step in steps}
    peak = taken(ring, B4, SeriesQuestion(take="peak"))
    busiest = taken(ring, B4, SeriesQuestion(take="busiest"))
    assert busiest.total_gbps == pytest.approx(max(by_step.values()))
    assert peak.total_gbps >= busiest.total_gbps
    assert peak.steps == len(steps) == 6
    rows = {(row.source, row.target): row.gbps for row in loaded(ring, peak.table)}
    assert rows["b0", "b1"] == max(float(c[3]) for c in cells if c[1:3] == ["b0", "b1"])
    # Of six steps the 95th percentile is the last: the same as the peak.
    assert taken(ring, B4, SeriesQuestion(take="p95")).table == peak.table


def test_each_step_becomes_a_table_of_its_own(ring, tmp_path):
    made = taken(ring, B4, SeriesQuestion(take="each"), tmp_path / "steps")
    assert [Path(file).name for file in made.files][:2] == ["demands-0001.csv", "demands-0002.csv"]
    assert len(made.files) == 6
    for file in made.files:
        assert len(loaded(ring, Path(file).read_text())) == 132


def test_local_curves_move_with_the_longitude_of_their_source(ring, tmp_path):
    evening = ["time_h,source,target,gbps"]
    evening += [
        f"{hour},b{n},b{(n + 1) % 12},{1 + (hour == 20)}" for hour in range(24) for n in (0, 6)
    ]
    path = tmp_path / "s.csv"
    path.write_text("\n".join(evening))
    question = SeriesQuestion(take="each", shift=True)
    made = taken(ring, path, question, tmp_path / "steps")
    peaks = {}
    for step, file in enumerate(made.files):
        for row in loaded(ring, Path(file).read_text()):
            if row.gbps == 2.0:
                peaks[row.source] = step
    # b0 stands at 165 degrees west, 11 hours behind; b6 at 15 east, one hour ahead.
    assert peaks == {"b0": (20 + 11) % 24, "b6": 19}


def test_what_a_series_lacks_is_told(ring, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("time_h,source,target,gbps\n0,b0,b1,1\n1,b0,b1,2\n3,b0,b1,1\n3,b2,b2,7\n")
    with pytest.raises(ModelError, match="not equally far apart"):
        taken(ring, path, SeriesQuestion(shift=True))
    with pytest.raises(ModelError, match="Name a folder"):
        taken(ring, path, SeriesQuestion(take="each"))
    made = taken(ring, path, SeriesQuestion())
    assert made.table == "traffic_class,source,target,gbps\nsync,b0,b1,2\n"
    assert "left out: 1 rows from a site to itself" in made.notes
    path.write_text("time_h,source,target,gbps\n0,b0,b1,0\n")
    with pytest.raises(ModelError, match="no pair of sites exchanges anything"):
        taken(ring, path, SeriesQuestion())
    sites = (ring / "sites.csv").read_text().replace("b3,3,-75", "b3,,")
    (ring / "sites.csv").write_text(sites)
    path.write_text("time_h,source,target,gbps\n0,b0,b1,1\n1,b0,b1,2\n")
    with pytest.raises(ModelError, match="1 sites have no longitude, 'b3' first"):
        taken(ring, path, SeriesQuestion(shift=True))
