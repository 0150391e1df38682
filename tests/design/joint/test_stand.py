"""A placement changed costs what it would cost if its network were booked afresh."""

import numpy as np
import pytest

from arterial.design.search import restored
from arterial.design.state import total_cost


def test_bookings_after_many_moves_are_those_of_the_last(start, drawn_stand, seed):
    draw = np.random.default_rng(seed)
    stand = None
    for _ in range(6):
        stand = drawn_stand(start, draw) or stand
    assert stand is not None
    fresh = restored(start.stands.chooser.instance, stand.flows, stand.state.placements)
    built = total_cost(fresh.instance, fresh.required_gbps())
    assert stand.bill == pytest.approx(built + start.stands.choices.edge_cost(stand.pairs))
    assert set(stand.state.placements) == {flow.name for flow in stand.flows}


def test_a_move_leaves_what_it_came_from_as_it_was(start, drawn_stand, seed):
    before = start.stand.state.required_gbps().copy()
    drawn_stand(start, np.random.default_rng(seed))
    assert (start.stand.state.required_gbps() == before).all()
