import numpy as np
import pytest

from arterial.routing.pathset import PathSet
from arterial.routing.supply import Listed, Network


@pytest.mark.parametrize("seed", range(10))
def test_first_paths_avoid_what_has_no_room_and_serve_all_that_can_be(world_of, checked, seed):
    world = world_of(seed, bounded=0.5)
    chosen = np.array([1, 3, 4])
    shut = world.room <= 0.0
    found = Network(world.ways).first(chosen, shut)
    named = PathSet(start=found.start, arc=found.arc, demand=chosen[found.demand])
    checked(world, named, np.zeros(len(named)))
    assert not shut[found.arc].any()
    served = [bool(world.simple_paths(k)) for k in chosen]
    assert np.unique(found.demand).tolist() == np.flatnonzero(served).tolist()


def test_listed_paths_are_numbered_by_the_chosen_demands():
    paths = PathSet.of([(2, (0,)), (0, (1,)), (2, (3,))])
    listed = Listed(paths, 3)
    chosen = np.array([2])
    first = listed.first(chosen, np.array([False, False, False, True]))
    assert (first.demand.tolist(), first.arc.tolist()) == ([0], [0])
    priced = listed.of(chosen).cheapest(np.array([5.0, 1.0, 1.0, 2.0]), np.zeros(1))
    assert priced.price.tolist() == [2.0]
