import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.description import Description
from arterial.model.draft import Draft
from arterial.model.fibre import Fibre
from arterial.model.joined import joined_problems
from arterial.model.record import Record
from arterial.model.site import Site

ROLES = ["junction", "campus", "edge", "candidate-edge", "market"]
SITES = "ABCDEFGH"


def record(kind, line, **values):
    return Record(kind, "t.csv", line, "", values, {})


def draft(roles, ends):
    sites = [record(Site, n, name=name, roles=(role,)) for n, (name, role) in enumerate(roles)]
    fibres = [record(Fibre, n, name=str(n), a=a, z=z) for n, (a, z) in enumerate(ends)]
    tables = {"sites": tuple(sites), "fibres": tuple(fibres), "links": ()}
    return Draft(record(Description, 1), tables, {}, ())


@given(
    st.fixed_dictionaries({name: st.sampled_from(ROLES) for name in SITES}),
    st.lists(st.tuples(st.sampled_from(SITES), st.sampled_from(SITES)), min_size=1, max_size=12),
)
def test_sites_that_add_traffic_stand_on_one_network_or_islands_are_told(roles, ends):
    """The oracle is networkx's components."""
    graph = nx.Graph(ends)
    adding = {name for name, role in roles.items() if role != "junction"}
    islands = [part & adding for part in nx.connected_components(graph) if part & adding]
    problems = list(joined_problems(draft(roles.items(), ends)))
    lonely = [problem for problem in problems if "is on no fibre" in problem.found]
    apart = [problem for problem in problems if "joins" in problem.found]
    assert len(lonely) == len(adding - set(graph))
    assert len(apart) == max(0, len(islands) - 1)
    assert len(problems) == len(lonely) + len(apart)


@pytest.mark.parametrize(("site", "role"), [("Hazel", "campus"), ("Gorse", "market")])
def test_a_campus_or_market_on_no_fibre_is_told_where_its_site_stands(drill, site, role):
    rows = (drill.path / "fibres.csv").read_text().splitlines()
    kept = [row for row in rows if site not in row]
    (drill.path / "fibres.csv").write_text("\n".join(kept) + "\n")
    (problem,) = drill.problems()
    assert problem.found == f"{role} '{site}' is on no fibre and no link"
    assert (problem.file, problem.line) == ("sites.csv", drill.line("sites.csv", f"{site},"))


def test_an_island_is_told_with_its_sites(drill):
    drill.append("sites.csv", "Moss,41,-80,edge,x\nNettle,41,-81,market,x\n")
    drill.append("fibres.csv", "Moss-Nettle,Moss,Nettle,120,existing,4,0,,x\n")
    (problem,) = drill.problems()
    assert problem.found == "no fibre and no link joins Moss, Nettle to the rest"


def test_what_only_a_candidate_joins_is_joined(drill):
    drill.append("sites.csv", "Moss,41,-86,edge,x\n")
    drill.append("fibres.csv", "Moss-Fir,Moss,Fir,200,candidate,4,0,,x\n")
    assert len(drill.load().sites) == 11


def test_a_network_without_fibres_and_links_is_refused(drill):
    drill.replace("network.yaml", "  fibres: fibres.csv\n", "")
    assert [problem.found for problem in drill.problems()] == [
        "there is neither a fibre nor a link"
    ]


def test_a_network_without_sites_is_refused(drill):
    (drill.path / "sites.csv").write_text("name\n")
    assert "there is no site" in [problem.found for problem in drill.problems()]


def test_links_alone_make_a_network(drill):
    drill.replace("network.yaml", "fibres: fibres.csv", "links: links.csv")
    for name in ("Fir-Larch", "Dogwood-Fir"):
        drill.replace("network.yaml", f"    fibres: [{name}]\n", "")
    header, *rows = (drill.path / "fibres.csv").read_text().splitlines()
    assert header.startswith("name,a,z,length_km")
    links = [",".join([*row.split(",")[:4], "400"]) for row in rows]
    text = "\n".join(["name,a,z,length_km,capacity_gbps", *links])
    (drill.path / "links.csv").write_text(text)
    network = drill.load()
    assert network.fibres == ()
    assert {link.capacity_gbps for link in network.links} == {400.0}
