"""The floor never exceeds a plan's bound, and rises with what is asked."""

import numpy as np
import pytest

from arterial.demand.throughput import paced
from arterial.design.floor import cost_floor
from arterial.design.siting import Siting
from arterial.errors import InfeasibleError
from arterial.placement.replicas import Cover

LOAD = "base"
WITHIN_MS = 3.0


def test_more_training_never_lowers_the_floor(drill):
    floors = [cost_floor(paced(drill, LOAD, pace), LOAD) for pace in np.linspace(0.0, 1.0, 5)]
    assert floors == sorted(floors)
    assert floors[0] < floors[-1]


def test_more_people_never_lower_the_floor(drill):
    most = Siting(drill, LOAD, spare_fibre=False).most_near(WITHIN_MS)
    covers = [Cover(rtt_ms=WITHIN_MS, share=share) for share in np.linspace(0.0, most, 5)]
    floors = [cost_floor(drill, LOAD, cover=cover) for cover in (None, *covers)]
    assert floors == sorted(floors)


def test_nobody_gets_more_people_near_than_there_are_edges_for(drill):
    with pytest.raises(InfeasibleError, match=r"of people within 0\.5 ms"):
        cost_floor(drill, LOAD, cover=Cover(rtt_ms=0.5, share=1.0))
