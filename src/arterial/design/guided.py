"""A search led by the capacity problem: what its answer lights is cheap, everything else as it is.

The capacity problem sees every case at once and re-routes freely; the search installs tunnels and
backups one by one. Led, the search fills what the other would buy; then it goes on at true prices.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.search import Found, priced, search
from arterial.solve.program import FloatArray

__all__ = ["led"]

LEANINGS = (0.1, 0.3, 0.6)
"""Share of its price that light of the answer costs while the search is led."""
LIT = 0.05
"""Parts of a wave, or of a pair, from which on it counts as lit."""


def led(
    chooser: Chooser, flows: Sequence[Flow], columns: FloatArray, *, rounds: int
) -> Iterator[Found]:
    """Designs at true prices, each found by leaning on an answer by so much.

    Parameters
    ----------
    columns : float (X,)
        Of the capacity problem (``underlay``); parts of modules lead too.
    rounds
        Of search with leaning prices.
    """
    for leaning in LEANINGS:
        slanted = _slanted(chooser.instance, columns, leaning)
        *_, found = search(Chooser(slanted), flows, rounds=rounds)
        yield priced(chooser.instance, flows, found.placements)


def _slanted(instance: Instance, columns: FloatArray, leaning: float) -> Instance:
    """The instance with light of the answer at ``leaning`` of its price, and its pairs lit."""
    links, options = instance.rate_gbps.shape
    waves = columns[: links * options].reshape(links, options)
    pairs = columns[links * options : links * options + len(instance.ground.lit)]
    lit = waves.sum(axis=1) > LIT
    fresh = np.where(pairs > LIT, np.ceil(pairs - LIT), 0.0).astype(np.int64)
    ground = replace(instance.ground, lit=instance.ground.lit + fresh)
    cost = np.where(lit[:, None] & instance.real, instance.wave_cost * leaning, instance.wave_cost)
    return replace(instance, ground=ground, wave_cost=cost)
