"""The grid: levels that differ, none beyond the most, and axes that are not there are said."""

from itertools import pairwise
from math import isnan

import pytest

from arterial.design.siting import Siting
from arterial.model.reader import load_network
from arterial.study.tradeoff_grid import grid_of


@pytest.fixture(scope="module")
def network(drill):
    return load_network(drill)


def test_levels_rise_to_the_most_and_each_is_given_by_its_own_placement(network):
    grid = grid_of(network, "base", within_ms=3.5, points=4, overlap=1.0)
    covers = list(dict.fromkeys(cell.cover for cell in grid.cells))
    assert covers[0] is None
    shares = [cover.share for cover in covers if cover is not None]
    assert len(shares) > 1
    assert all(one < other for one, other in pairwise(shares))
    assert shares[-1] == pytest.approx(grid.most_people)
    people = {market.name: market.people for market in network.markets}
    for cover in covers[1:]:
        rows = Siting(network, "base", spare_fibre=False, cover=cover).placed().replicas
        near = sum(people[row.market] for row in rows if row.rtt_ms <= cover.rtt_ms)
        assert near == pytest.approx(cover.share * sum(people.values()))


def test_the_base_is_the_network_as_it_was_described(network):
    grid = grid_of(network, "base", within_ms=3.5, points=3, overlap=1.0)
    assert grid.base.network is network
    assert grid.base.cover is None
    assert len({cell.name for cell in grid.cells}) == len(grid.cells)


def test_axes_that_a_load_does_not_have_are_said(network):
    grid = grid_of(network, "given", within_ms=3.5, points=5, overlap=1.0)
    assert [cell.name for cell in grid.cells] == ["people-any"]
    assert isnan(grid.cells[0].pace)
    assert any("no axis of people" in note for note in grid.notes)
    assert any("no axis of training" in note for note in grid.notes)
