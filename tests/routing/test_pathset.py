import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.routing.pathset import PathSet

ARCS, DEMANDS = 6, 4
PATHS = st.lists(
    st.tuples(
        st.integers(0, DEMANDS - 1), st.lists(st.integers(0, ARCS - 1), unique=True, max_size=4)
    ),
    max_size=8,
)


def spoken(paths):
    """The (demand, arcs) of each path."""
    return [
        (int(demand), paths.arc[start:end].tolist())
        for demand, start, end in zip(paths.demand, paths.start[:-1], paths.start[1:], strict=True)
    ]


@given(PATHS)
def test_paths_come_out_as_they_went_in(given_paths):
    paths = PathSet.of(given_paths)
    assert len(paths) == len(given_paths)
    assert spoken(paths) == given_paths


@given(PATHS, st.randoms(use_true_random=False))
def test_taken_paths_are_those_chosen_and_in_that_order(given_paths, chance):
    chosen = chance.sample(range(len(given_paths)), chance.randint(0, len(given_paths)))
    taken = PathSet.of(given_paths).taken(np.array(chosen, dtype=np.int64))
    assert spoken(taken) == [given_paths[path] for path in chosen]


@given(PATHS)
def test_sums_are_those_of_the_naive_loop(given_paths):
    paths = PathSet.of(given_paths)
    rate = np.arange(1.0, 1.0 + len(paths))
    value = 2.0 ** np.arange(ARCS)
    assert paths.load(rate, ARCS).tolist() == [
        sum(r for r, (_, arcs) in zip(rate, given_paths, strict=True) if arc in arcs)
        for arc in range(ARCS)
    ]
    assert paths.by_demand(rate, DEMANDS).tolist() == [
        sum(r for r, (demand, _) in zip(rate, given_paths, strict=True) if demand == k)
        for k in range(DEMANDS)
    ]
    assert paths.along(value).tolist() == [sum(value[a] for a in arcs) for _, arcs in given_paths]
    assert paths.least(value).tolist() == [
        min((value[a] for a in arcs), default=np.inf) for _, arcs in given_paths
    ]


@given(PATHS, PATHS)
def test_joined_paths_are_those_of_all_parts(one, other):
    joined = PathSet.joined([PathSet.of(one), PathSet.of(other), PathSet.of([])])
    assert spoken(joined) == one + other


@given(PATHS)
def test_once_keeps_the_first_of_each(given_paths):
    seen = []
    for demand, arcs in given_paths:
        if (demand, arcs) not in seen:
            seen.append((demand, arcs))
    assert spoken(PathSet.of(given_paths).once()) == seen


@given(PATHS)
def test_the_cheapest_of_each_demand_is_its_least_sum(given_paths):
    value = 2.0 ** np.arange(ARCS)
    assert PathSet.of(given_paths).cheapest(value, DEMANDS).tolist() == [
        min((sum(value[a] for a in arcs) for k, arcs in given_paths if k == demand), default=np.inf)
        for demand in range(DEMANDS)
    ]
