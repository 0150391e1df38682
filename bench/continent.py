"""Plain capacity problems of any size: the fibres of a synthetic continent, gravity between cities.

``networks/continent`` makes sites and fibres; here every fibre is a link, as ``bench.plain`` has
it. The places with most people ask for traffic between any two of them, both ways.
"""

import importlib
import sys
from pathlib import Path

import numpy as np

from arterial.design.capacity.problem import Problem
from bench.plain import plain

__all__ = ["plain_instance"]

SOURCE = Path(__file__).parent.parent / "networks" / "continent"
LARGEST = 24
GBPS_A_SITE = 85.0
"""Traffic in all, by site: what the draft of the US AI backbone comes to."""


def plain_instance(sites: int, seed: int = 0) -> Problem:
    """Waves on the fibres of a continent of so many places, any of them cut.

    Parameters
    ----------
    sites
        N, up to about 800.
    seed
        0 takes the largest places; another draws another continent.
    """
    if str(SOURCE) not in sys.path:
        sys.path.append(str(SOURCE))
    places_of, read_lines, trunk, rails = (
        importlib.import_module("places").chosen_places,
        importlib.import_module("railways").read_lines,
        importlib.import_module("trunk").trunk,
        SOURCE / "raw" / "rails.csv",
    )
    lines = read_lines(rails)
    places = places_of(lines, sites, seed)
    fibres = trunk(lines, places).fibres
    people = np.array([place.people for place in places], dtype=np.float64)
    largest = np.argsort(-people, kind="stable")[:LARGEST]
    pair = np.array([(a, z) for a in largest for z in largest if a != z], dtype=np.int64)
    mass = people[pair[:, 0]] * people[pair[:, 1]]
    return plain(
        len(places),
        np.array([(fibre.a, fibre.z) for fibre in fibres], dtype=np.int64),
        np.array([fibre.km for fibre in fibres]),
        pair=pair,
        gbps=GBPS_A_SITE * len(places) * mass / mass.sum(),
    )
