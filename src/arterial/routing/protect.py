"""Backups installed beforehand: what runs in each failure case before anybody re-optimises.

Each demand runs on the first of its paths that stands. Classes take links in order of priority;
within one priority each demand keeps the share of its tightest link, as equipment does that drops
what does not fit. Nothing here looks for another path. Only what a case touches is worked out anew:
the demands whose primary is down, and those on arcs that become too full.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.routing.outcome import Outcome, cut_off_gbps, offered_gbps
from arterial.routing.pathset import PathSet
from arterial.routing.standby import Told, net_of, stand_by
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["backup_outcome"]


def backup_outcome(
    paths: PathSet,
    traffic: Traffic,
    capacity_gbps: FloatArray,
    down: BoolArray,
    *,
    ends: IntArray,
    sites: int,
    threads: int = 1,
) -> Outcome:
    """What the installed paths carry in each case.

    Parameters
    ----------
    paths
        By demand and, within one, in the order in which they take over: the primary first.
    capacity_gbps : float (E,)
        What traffic may take of each arc. A link that is down has none.
    down : bool (F, L)
        Link l is down in case f; its arcs are 2l and 2l + 1.
    ends : int (L, 2)
        Sites that each link joins: what has no way at all is told apart from what is dropped.
    threads
        That share the cases; the answer is the same for any number.

    Examples
    --------
    >>> one = np.array([0])
    >>> asks = Traffic(
    ...     classes=("gold",),
    ...     priority=one,
    ...     rtt_ms=np.array([np.inf]),
    ...     source=one,
    ...     target=one + 1,
    ...     of_class=one,
    ...     gbps=np.array([8.0]),
    ...     access_ms=np.zeros(1),
    ... )
    >>> two_links = PathSet.of([(0, (0,)), (0, (2,))])
    >>> room = np.array([9.0, 9.0, 6.0, 6.0])
    >>> cases = np.array([[False, False], [True, False], [True, True]])
    >>> ends = np.array([[0, 1], [0, 1]])
    >>> backup_outcome(two_links, asks, room, cases, ends=ends, sites=2).carried_gbps.tolist()
    [[8.0], [6.0], [0.0]]
    """
    assert down.shape[1] * 2 == len(capacity_gbps), "a column a link"
    net = net_of(paths, traffic, capacity_gbps, np.zeros(len(capacity_gbps)))
    parts = np.array_split(down, max(1, min(threads, len(down))))

    def played(part: BoolArray) -> Told:
        where, links = np.nonzero(part)
        first = np.concatenate([[0], np.cumsum(np.bincount(where, minlength=len(part)))])
        none = np.zeros(len(part) + 1, dtype=np.int64), np.empty(0, np.int64), np.empty(0)
        return stand_by(net, (first.astype(np.int64), links.astype(np.int64)), none)

    with ThreadPoolExecutor(len(parts)) as pool:
        told = list(pool.map(played, parts))
    return Outcome(
        offered_gbps=offered_gbps(traffic),
        carried_gbps=np.concatenate([part.carried for part in told]),
        cut_off_gbps=cut_off_gbps(traffic, ends, sites, down),
        utilisation=np.concatenate([part.used for part in told]),
        arc=np.concatenate([part.used_arc for part in told]),
    )
