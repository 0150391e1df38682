"""What must be lit, held against designs that stand and against every set of fibres lit."""

import numpy as np
import pytest

from arterial.design.cuts import asks_of
from arterial.design.parted import fibres_standing, parted_rows
from arterial.design.search import restored
from arterial.design.state import link_cost, new_pairs


@pytest.fixture
def asked(doubled):
    return doubled[1]


def pairs_of(asked, found):
    instance = asked.instance
    state = restored(instance, asked.flows, found.placements)
    _, option, waves = link_cost(instance, state.required_gbps())
    return new_pairs(instance, waves, option)


def test_a_design_that_outlives_its_cases_obeys_every_row(doubled, seed):
    _, asked, found = doubled
    instance = asked.instance
    pairs, asks = pairs_of(asked, found), asks_of(instance, asked.flows)
    random = np.random.default_rng(seed)
    points = [None, *(random.random((20, len(pairs))) < random.random((20, 1)))]
    told = 0
    for point in points:
        for columns, values, low, high in parted_rows(instance, asks, point):
            lit = pairs[np.array(columns) - instance.rate_gbps.size]
            assert low <= lit @ np.array(values) <= high
            told += 1
    assert told > 0


def test_a_point_that_lights_what_a_row_asks_is_told_it_no_more(asked):
    asks = asks_of(asked.instance, asked.flows)
    first = asked.instance.rate_gbps.size
    pairs = np.zeros(len(asked.instance.ground.lit))
    while rows := list(parted_rows(asked.instance, asks, pairs)):
        for columns, *_ in rows:
            at = np.array(columns) - first
            assert not pairs[at].any()
            assert not asked.instance.ground.lit[at].any()
        pairs[rows[0][0][0] - first] = 1.0


def test_fibres_stand_where_their_links_do(asked):
    instance = asked.instance
    stands = fibres_standing(instance)
    assert stands[0].all()
    for case, dead in enumerate(instance.dead, start=1):
        ridden = instance.link_fibre[~dead].any(axis=0)
        assert stands[case, ridden].all()
