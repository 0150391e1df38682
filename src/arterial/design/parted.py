"""What must be lit: parts of the fibre graph that a case leaves alone though traffic must cross.

Where the fibres that are lit and outlive a case leave a part of the network without any of its
border, and something must cross it, one of the dark fibres of the border must be lit. Such rows see
whole pairs where the rows of light see parts of them.
"""

from collections.abc import Iterator

import numpy as np

from arterial.design.cuts import Asks, Row
from arterial.design.instance import Instance
from arterial.paths.parts import parts
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["fibres_standing", "parted_rows"]

ANY_PAIR = 0.5
"""A whole number above this is a pair."""


def fibres_standing(instance: Instance) -> BoolArray:
    """(1 + F, M) fibres that stand in each case, the first without failure."""
    fibres = instance.ground.network.fibres
    number = {fibre.name: m for m, fibre in enumerate(fibres)}
    stands = np.ones((1 + len(instance.failures), len(fibres)), dtype=np.bool_)
    for case, failure in enumerate(instance.failures, start=1):
        if failure.kind == "site":
            at = [m for m, fibre in enumerate(fibres) if failure.site in (fibre.a, fibre.z)]
        else:
            at = [number[name] for name in failure.fibres if name in number]
        stands[case, at] = False
    return stands


def parted_rows(instance: Instance, asks: Asks, pairs: FloatArray | None = None) -> Iterator[Row]:
    """Rows over what lights a fibre beyond the pairs there are (``lighting``), each once.

    Parameters
    ----------
    pairs : float (M,), optional
        A point: fibres that it lights count as lit. None lights none.
    """
    ground = instance.ground
    lit = ground.lit > 0 if pairs is None else (ground.lit > 0) | (pairs > ANY_PAIR)
    stands = fibres_standing(instance)
    given = [link for link, route in enumerate(instance.routes) if route.given]
    ends = np.vstack([_ends(instance), instance.ends[given]]).astype(np.int64)
    alive = ~asks.dead[: len(stands), given]
    part = parts(ends, ground.graph.sites, np.hstack([~(stands & lit), ~alive]))
    known: dict[bytes, FloatArray] = {}
    seen: set[tuple[int, ...]] = set()
    for case in range(len(stands)):
        for one in np.unique(part[case]):
            inside = part[case] == one
            key = inside.tobytes()
            if key not in known:
                known[key] = asks.asked_gbps(frozenset(np.flatnonzero(inside).tolist()))
            if known[key][case] <= 0.0:
                continue
            crossed = inside[ends[:, 0]] != inside[ends[:, 1]]
            dark = tuple(np.flatnonzero(crossed[: len(lit)] & stands[case]).tolist())
            if dark and dark not in seen:
                seen.add(dark)
                yield instance.lighting[list(dark)].tolist(), [1.0] * len(dark), 1.0, np.inf


def _ends(instance: Instance) -> IntArray:
    """(M, 2) sites that each fibre joins."""
    index = instance.ground.site_index
    fibres = instance.ground.network.fibres
    ends = [(index[fibre.a], index[fibre.z]) for fibre in fibres]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)
