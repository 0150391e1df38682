"""A module that a row needs is kept, unless a cheaper column may take its place."""

import numpy as np

from arterial.design.capacity.needs import Needs
from arterial.design.capacity.row import Row


def test_what_a_row_needs_is_kept_where_nothing_cheaper_is_in_it():
    row = Row(np.array([0, 1]), np.array([1.0, 1.0]), 2.0)
    needs = Needs(np.array([1.0, 2.0, 0.5]), [row])
    point = np.array([1.0, 1.0, 3.0])
    assert needs.kept(point, 0)
    assert not needs.kept(point, 1)
    assert not needs.kept(point, 2)
    assert not needs.kept(point + 1.0, 0)


def test_without_rows_nothing_is_kept():
    assert not Needs(np.ones(2), []).kept(np.ones(2), 0)
