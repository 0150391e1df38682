import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.pathset import PathSet
from arterial.routing.trie import trie_of

ARCS = 6
PATHS = st.lists(
    st.tuples(st.integers(0, 7), st.lists(st.integers(0, ARCS - 1), min_size=1, max_size=5)),
    max_size=40,
)


@settings(deadline=None)
@given(PATHS)
def test_every_path_is_the_way_from_its_end_to_a_root(given_paths):
    paths = PathSet.of(sorted(given_paths, key=lambda row: row[0]))
    trie = trie_of(paths, 8, ARCS)
    assert sorted(trie.path.tolist()) == list(range(len(paths)))
    for place, path in enumerate(trie.path.tolist()):
        way, node = [], int(trie.end[place])
        while node >= 0:
            way.append(int(trie.arc[node]))
            node = int(trie.parent[node])
        assert way[::-1] == paths.arc[paths.start[path] : paths.start[path + 1]].tolist()


@settings(deadline=None)
@given(PATHS)
def test_parents_stand_before_their_children_within_a_part_and_no_beginning_twice(given_paths):
    paths = PathSet.of(sorted(given_paths, key=lambda row: row[0]))
    trie = trie_of(paths, 8, ARCS)
    part = np.searchsorted(trie.part, np.arange(len(trie.parent)), side="right") - 1
    below = trie.parent >= 0
    assert (trie.parent[below] < np.flatnonzero(below)).all()
    assert (part[trie.parent[below]] == part[below]).all()
    rooted = list(zip(part.tolist(), trie.parent.tolist(), trie.arc.tolist(), strict=True))
    again = [row for row in rooted if row[1] >= 0]
    assert len(set(again)) == len(again)


@settings(deadline=None)
@given(PATHS)
def test_demands_lie_together_and_in_one_part_with_all_their_paths(given_paths):
    paths = PathSet.of(sorted(given_paths, key=lambda row: row[0]))
    trie = trie_of(paths, 8, ARCS)
    assert sorted(trie.demand.tolist()) == sorted(set(paths.demand.tolist()))
    for place, demand in enumerate(trie.demand.tolist()):
        own = trie.path[trie.first[place] : trie.first[place + 1]]
        assert paths.demand[own].tolist() == [demand] * len(own)
        piece = np.searchsorted(trie.turn, place, side="right") - 1
        ends = trie.end[trie.first[place] : trie.first[place + 1]]
        assert (trie.part[piece] <= ends).all()
        assert (ends < trie.part[piece + 1]).all()


def test_what_paths_have_in_common_stands_there_once():
    paths = PathSet.of([(0, (0, 2, 4)), (0, (0, 2, 5)), (1, (0, 2, 4, 1))])
    assert len(trie_of(paths, 2, ARCS).parent) == 5


def test_threads_change_nothing():
    draw = np.random.default_rng(0)
    rows = [(k, draw.integers(0, ARCS, 4).tolist()) for k in range(50) for _ in range(3)]
    paths = PathSet.of(rows)
    one, two = trie_of(paths, 50, ARCS, threads=1), trie_of(paths, 50, ARCS, threads=2)
    assert all((a == z).all() for a, z in zip(one, two, strict=True))
