from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.fabric.ip_cases import CASE_KINDS, CaseSet, Listed, Pairs, cases_of_kinds
from arterial.fabric.ip_elements import elements_of


def rows(chunk):
    """Of each case: links down, sites lost, and what weak links keep."""
    return [
        (
            sorted(chunk.links[chunk.first[case] : chunk.first[case + 1]].tolist()),
            np.flatnonzero(chunk.sites[case]).tolist(),
            {
                int(chunk.weak[place]): float(chunk.weak_share[place])
                for place in range(chunk.weak_first[case], chunk.weak_first[case + 1])
            },
        )
        for case in range(len(chunk.sites))
    ]


def listed(square, *cases):
    """The case set of some elements by title."""
    elements = elements_of(square)
    number = {elements.title(one): one for one in range(len(elements))}
    flat = [number[title] for case in cases for title in case]
    first = np.cumsum([0, *(len(case) for case in cases)])
    part = Listed(first.astype(np.int64), np.array(flat, dtype=np.int64))
    return CaseSet(ip=square, elements=elements, parts=(part,))


@pytest.mark.parametrize(
    ("kind", "count", "first", "last"),
    [
        ("fibre", 5, "fibre AB", "fibre AC"),
        ("srlg", 1, "srlg duct", "srlg duct"),
        ("router", 5, "router A/1", "router D/1"),
        ("site", 4, "site A", "site D"),
        ("fibre2", 10, "fibre AB + fibre BC", "fibre DA + fibre AC"),
        ("maintenance", 105, "fibre AB + fibre BC", "site C + site D"),
    ],
)
def test_a_kind_names_its_cases(square, kind, count, first, last):
    cases = cases_of_kinds(square, elements_of(square), (kind,))
    assert (len(cases), cases.name(0), cases.name(count - 1)) == (count, first, last)


def test_kinds_asked_for_together_have_no_case_twice(square):
    cases = cases_of_kinds(square, elements_of(square), (*CASE_KINDS, "fibre"))
    names = [cases.name(case) for case in range(len(cases))]
    assert len(set(names)) == len(names) == 5 + 1 + 5 + 4 + 105


@given(st.integers(0, 12), st.data())
def test_pairs_are_numbered_as_itertools_numbers_them(size, data):
    pool = np.arange(size) * 3
    part, expected = Pairs(pool), list(combinations(pool.tolist(), 2))
    assert len(part) == len(expected)
    start = data.draw(st.integers(0, len(expected)))
    _, flat = part.members(np.arange(start, len(expected)))
    assert flat.reshape(-1, 2).tolist() == [list(pair) for pair in expected[start:]]


@given(st.data())
def test_a_set_is_the_same_however_it_is_cut(square, data):
    cases = cases_of_kinds(square, elements_of(square), CASE_KINDS)
    whole = rows(cases.chunk(0, len(cases)))
    start = data.draw(st.integers(0, len(cases) - 1))
    stop = data.draw(st.integers(start + 1, len(cases)))
    assert rows(cases.chunk(start, stop)) == whole[start:stop]


def test_one_router_of_two_takes_half_of_its_links_and_no_site(square):
    half = {0: 0.5, 3: 0.5, 4: 0.5}
    assert rows(listed(square, ["router A/1"]).chunk(0, 1)) == [([], [], half)]


def test_the_last_router_takes_its_site(square):
    both, single = ["router A/1", "router A/2"], ["router B/1"]
    found = rows(listed(square, both, single).chunk(0, 2))
    assert found == [([0, 3, 4], [0], {}), ([0, 1], [1], {})]


def test_what_several_elements_take_down_is_down_once(square):
    found = rows(listed(square, ["fibre AB", "srlg duct", "site A", "router A/1"]).chunk(0, 1))
    assert found == [([0, 3, 4], [0], {})]


def test_a_link_that_is_down_is_not_weak_and_weak_ends_multiply(square):
    twice = square.routers.copy()
    twice[2] = 4
    square = type(square)(**{**vars(square), "routers": twice})
    found = rows(listed(square, ["fibre AB", "router A/1", "router C/1", "router C/2"]).chunk(0, 1))
    assert found == [([0], [], {3: 0.5, 4: 0.25, 1: 0.5, 2: 0.5})]


def test_kinds_are_joined_each_once(square):
    cases = cases_of_kinds(square, elements_of(square), ("srlg", "fibre", "srlg"))
    assert [cases.name(case) for case in range(len(cases))][:2] == ["srlg duct", "fibre AB"]
    assert len(cases) == 6
