"""How many of a link's waves each case needs: the installed routing played with fewer and fewer.

By arrays alone: what decides whether a wave is needed is a proof without it. A case needs so many
waves that no promise breaks in it which holds with all of them; a link with few waves may hurt more
than one that is down, since a link that is down hands its traffic to backups.
"""

from collections.abc import Callable, Sequence

import numpy as np

from arterial.prove.backup import Installed, routed
from arterial.prove.cases import Cases, without
from arterial.prove.in_time import share_in_time
from arterial.prove.outage import NOTHING, Element, Outage
from arterial.prove.promised import Promise
from arterial.prove.sweep import demands_of
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import BoolArray, IntArray

__all__ = ["broken_without", "waves_needed"]


def waves_needed(broken: Callable[[Outage], BoolArray], waves: Sequence[str]) -> IntArray:
    """Fewest waves of a link with which each case keeps what it keeps with all of them.

    Parameters
    ----------
    broken
        Bool (F, K) of what is out besides: which demands miss a promise in each case.
    waves
        Of the link, by name, in the order in which they are done without.

    Returns
    -------
    int (F,)
        From 0 to ``len(waves)``.
    """
    whole = broken(NOTHING)
    needed = np.zeros(len(whole), dtype=np.int64)
    for gone in range(len(waves), 0, -1):
        lost: frozenset[Element] = frozenset(("wave", name, 0) for name in waves[:gone])
        hurt = (broken(lost) & ~whole).any(axis=1)
        needed[hurt] = len(waves) - gone + 1
    return needed


def broken_without(
    ready: Installed, cases: Cases, promises: Sequence[Promise], lost: Outage
) -> BoolArray:
    """Bool (F, K): a demand gets less than its promise in the case, with more elements out."""
    tables = ready.tables
    cases = without(tables, cases, lost) if lost else cases
    share = share_in_time(tables, routed(ready, cases))
    share[cases.site_down @ tables.demands.own_end.T] = np.inf
    broken = np.zeros(share.shape, dtype=np.bool_)
    for promise in promises:
        own = demands_of(tables, promise.traffic_class.name)
        rows = cases.of_kind(promise.kind or "")
        broken[rows] |= (share[rows] < promise.keep - TOLERANCE) & own
    return broken
