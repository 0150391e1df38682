from hypothesis import given
from hypothesis import strategies as st

from arterial.paths.graph import Graph, arc_link, reverse


@st.composite
def multigraphs(draw):
    sites = draw(st.integers(1, 8))
    end = st.integers(0, sites - 1)
    links = draw(st.lists(st.tuples(end, end), max_size=20))
    return sites, [a for a, _ in links], [z for _, z in links]


@given(multigraphs())
def test_each_link_is_ridden_both_ways(drawn):
    sites, a, z = drawn
    graph = Graph.of(sites, a, z)
    assert [graph.arc_target[2 * link] for link in range(len(a))] == z
    assert [graph.arc_target[2 * link + 1] for link in range(len(a))] == a
    assert [arc_link(arc) for arc in range(2 * len(a))] == [m for m in range(len(a)) for _ in "az"]
    assert all(reverse(reverse(arc)) == arc for arc in range(2 * len(a)))


@given(multigraphs())
def test_every_arc_leaves_one_site_and_in_order(drawn):
    sites, a, z = drawn
    graph = Graph.of(sites, a, z)
    assert sorted(arc for arcs in graph.leaving for arc in arcs) == list(range(2 * len(a)))
    assert all(list(arcs) == sorted(arcs) for arcs in graph.leaving)
    for site, arcs in enumerate(graph.leaving):
        assert all(graph.arc_target[reverse(arc)] == site for arc in arcs)


@given(multigraphs(), st.randoms(use_true_random=False))
def test_a_path_visits_one_site_more_than_it_has_hops(drawn, chance):
    graph = Graph.of(*drawn)
    site = chance.randrange(graph.sites)
    path, visited = [], [site]
    while graph.leaving[site] and len(path) < 5:
        path.append(chance.choice(graph.leaving[site]))
        site = graph.arc_target[path[-1]]
        visited.append(site)
    assert graph.sites_of(tuple(path)) == (tuple(visited) if path else ())
