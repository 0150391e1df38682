"""Links that come back in part, once optics has found their light another way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arterial.model.restored_file import RestoredRow
from arterial.paths.graph import Graph
from arterial.paths.tree import Adjacency, lightest_path
from arterial.routing.straight import told
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Restored", "restored_as_told", "restored_by_rule"]


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What returns of each link in each case; 0 where it stands or stays down."""

    share: FloatArray
    """(F, L) of its capacity, 0 to 1."""
    latency_ms: FloatArray
    """(F, L) one way while restored; NaN where nothing returns, or nobody knows."""


def restored_by_rule(
    ends: IntArray, sites: int, latency_ms: FloatArray, down: BoolArray, share: float
) -> Restored:
    """ASSUMPTION: a share of a lost link returns where standing links still join its ends.

    Its light then takes the shortest of these ways, and as long. Whether spectrum and reach allow
    it is not asked.

    Parameters
    ----------
    ends : int (L, 2)
    latency_ms : float (E,)
        By arc; unknown (NaN) counts as the longest known.
    down : bool (F, L)
    share
        From 0 to 1.
    """
    assert 0.0 <= share <= 1.0, "a share"
    known_ms = told(latency_ms)
    adjacency = Adjacency.of(Graph.of(sites, ends[:, 0], ends[:, 1]))
    back, late = np.zeros(down.shape), np.full(down.shape, np.nan)
    for case, gone in enumerate(down if share > 0.0 else down[:0]):
        weight = np.where(np.repeat(gone, 2), np.inf, known_ms)
        for link in np.flatnonzero(gone).tolist():
            way = lightest_path(adjacency, weight, int(ends[link, 0]), int(ends[link, 1]))
            if way is not None:
                back[case, link] = share
                late[case, link] = float(weight[list(way)].sum())
    return Restored(share=back, latency_ms=late)


def restored_as_told(
    links: Sequence[str], cases: Sequence[str], down: BoolArray, rows: Sequence[RestoredRow]
) -> Restored:
    """What returns as a table says, case by case.

    A row without a case counts in every case that has no row of its own for the link. Rows of
    cases or links that are not asked for are left alone.

    Parameters
    ----------
    down : bool (F, L)
        A link that stands in a case has nothing to return.
    """
    number = {name: place for place, name in enumerate(links)}
    place = {name: case for case, name in enumerate(cases)}
    back, late = np.zeros(down.shape), np.full(down.shape, np.nan)
    for row in sorted(rows, key=lambda row: bool(row.case)):
        if row.link in number and (not row.case or row.case in place):
            case = place[row.case] if row.case else slice(None)
            back[case, number[row.link]] = row.share
            late[case, number[row.link]] = np.nan if row.latency_ms is None else row.latency_ms
    return Restored(share=np.where(down, back, 0.0), latency_ms=np.where(down, late, np.nan))
