import numpy as np

from arterial.routing.pathset import PathSet
from arterial.routing.straight import TIE, shortest, told, toll_of

PATHS = PathSet.of([(0, (0, 1)), (0, (2,)), (1, (1,))])
LATENCY = np.array([1.0, 2.0, 4.0])


def test_all_of_a_demand_takes_its_shortest_path():
    assert shortest(PATHS, np.array([5.0, 7.0]), LATENCY).tolist() == [5.0, 0.0, 7.0]


def test_the_longest_path_pays_the_tie_in_all():
    assert PATHS.along(toll_of(PATHS, LATENCY)).max() == TIE
    assert toll_of(PATHS, np.zeros(3)).tolist() == [0.0, 0.0, 0.0]


def test_an_unknown_latency_counts_as_the_longest_known():
    assert told(np.array([1.0, np.nan, 3.0])).tolist() == [1.0, 3.0, 3.0]
    assert told(np.array([np.nan, np.nan]), 1.0).tolist() == [1.0, 1.0]
    assert told(np.array([np.nan, 0.0])).tolist() == [0.0, 0.0]
