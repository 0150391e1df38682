"""A failure judged at three moments: local repair, re-optimised, restored.

Local repair is what the routing installed beforehand does by itself. Re-optimised: each class in
order of priority is carried as far as the candidate paths that stand allow. Restored: the same once
links come back in part, with another delay; a path over a restored link is refused to a demand
whose bound it breaks. A case that drops nothing is left as it is: no routing carries more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.errors import SolverError
from arterial.jobs.progress import Report, silent
from arterial.routing.again import Again
from arterial.routing.outcome import Outcome, cut_off_gbps, fullest
from arterial.routing.pathset import PathSet
from arterial.routing.restored import Restored
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Moment", "Scene", "moments"]

_Name = Literal["local repair", "re-optimised", "restored"]

_NOTHING = 1e-9
"""Share of the offered traffic: what is dropped below it is rounding."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What routing may use, the same in every case."""

    paths: PathSet
    """Candidates, by demand; each within its demand's limit where every link is as planned."""
    traffic: Traffic
    capacity_gbps: FloatArray
    """(E,)"""
    arc_ms: FloatArray
    """(E,) one way; NaN where unknown."""
    hop_ms: float
    """What a router adds, once for each arc of a path."""
    limit_ms: FloatArray
    """(K,) longest path, one way; inf where the class has no bound."""
    ends: IntArray
    """(L, 2)"""
    sites: int


@dataclass(frozen=True, kw_only=True)
class Moment:
    """F cases at one moment."""

    name: _Name
    outcome: Outcome
    bound_gbps: FloatArray
    """(F, C) no routing over the candidate paths carries more of the class: of the first priority
    in any way, of a lower one beside the placement of the higher ones."""
    gap: FloatArray
    """(F,) of the priority furthest from its bound: share of the bound that is not carried. Of
    local repair the first priority alone counts: of a lower one no bound is known."""
    scope: Literal["paths", "restricted"]
    known: BoolArray
    """(F,) false where the solver stopped early: what was carried before still is."""


def moments(
    scene: Scene,
    local: Outcome,
    down: BoolArray,
    restored: Restored,
    report: Report = silent,
    *,
    time_limit_s: float = np.inf,
) -> tuple[Moment, Moment, Moment]:
    """Local repair, re-optimised and restored, over the same cases.

    Parameters
    ----------
    local
        What the installed routing carries over some of the candidate paths.
    down : bool (F, L)
    time_limit_s
        For each program.
    """
    used = np.unique(scene.traffic.priority[scene.traffic.of_class])
    first = scene.traffic.priority == (used[0] if len(used) else 0)
    scope: Literal["paths", "restricted"] = "paths" if len(used) <= 1 else "restricted"
    priority = scene.traffic.priority[scene.traffic.of_class]
    again = Again(
        scene.paths,
        scene.traffic.gbps,
        priority,
        scene.capacity_gbps,
        scene.arc_ms,
        time_limit_s=time_limit_s,
    )
    levels = len(again.priorities)
    before = [_told(local, case, levels) for case in range(len(down))]
    after = list(before)
    for case, row in enumerate(before):
        report("re-optimising", case, len(down))
        if _drops(row):
            after[case] = _routed(scene, again, row, down[case])
            bound = np.where(first, after[case].bound, row.bound)
            most = after[case].level_bound.copy()
            most[1:] = 0.0
            before[case] = replace(row, bound=bound, level_bound=most, known=after[case].known)
    late = list(after)
    cut = cut_off_gbps(scene.traffic, scene.ends, scene.sites, down & (restored.share <= 0.0))
    for case, row in enumerate(after):
        report("restoring", case, len(down))
        if restored.share[case].any() and (_drops(row) or (cut[case] < row.cut_off).any()):
            back = restored.share[case], restored.latency_ms[case]
            open_row = replace(row, cut_off=cut[case])
            late[case] = _routed(scene, again, open_row, down[case], back)
    report("restoring", len(down), len(down))
    level = np.searchsorted(again.priorities, scene.traffic.priority)
    return (
        _moment("local repair", before, scope, local.offered_gbps, level),
        _moment("re-optimised", after, scope, local.offered_gbps, level),
        _moment("restored", late, scope, local.offered_gbps, level),
    )


@dataclass(frozen=True)
class _Case:
    """One case at one moment; (C,) each."""

    offered: FloatArray
    carried: FloatArray
    cut_off: FloatArray
    bound: FloatArray
    level_bound: FloatArray
    """By priority, 0 where none is known."""
    utilisation: float
    arc: int
    known: bool = True


def _told(local: Outcome, case: int, levels: int) -> _Case:
    return _Case(
        local.offered_gbps,
        local.carried_gbps[case],
        local.cut_off_gbps[case],
        local.joined_gbps[case],
        np.zeros(levels),
        float(local.utilisation[case]),
        int(local.arc[case]),
    )


def _drops(row: _Case) -> bool:
    dropped = row.offered - row.carried - row.cut_off
    return bool((dropped > _NOTHING * np.maximum(row.offered, 1.0)).any())


def _routed(
    scene: Scene,
    again: Again,
    row: _Case,
    gone: BoolArray,
    back: tuple[FloatArray, FloatArray] | None = None,
) -> _Case:
    """The case routed anew; ``back`` is the share and delay (L,) of links that are restored."""
    traffic = scene.traffic
    share = np.where(gone, 0.0, 1.0)
    link_ms = scene.arc_ms
    if back is not None:
        returned = gone & (back[0] > 0.0)
        share[returned] = back[0][returned]
        link_ms = np.where(np.repeat(returned, 2), np.repeat(back[1], 2), link_ms)
    room, arc_ms = scene.capacity_gbps * np.repeat(share, 2), link_ms + scene.hop_ms
    try:
        found = again.routed(room, _open(scene, room, arc_ms))
    except SolverError:
        return replace(row, bound=np.maximum(row.offered - row.cut_off, 0.0), known=False)
    count = len(traffic.classes)
    carried = np.bincount(traffic.of_class, weights=found.carried_gbps, minlength=count)
    bound = np.maximum(row.offered - row.cut_off, 0.0)
    for priority, most_gbps in zip(again.priorities, found.bound_gbps, strict=True):
        ours = traffic.priority == priority
        bound[ours] = np.minimum(bound[ours], most_gbps)
    most, arc = fullest(found.load_gbps[np.newaxis, :], room)
    return replace(
        row,
        carried=carried.astype(np.float64),
        bound=np.maximum(bound, carried),
        level_bound=found.bound_gbps,
        utilisation=float(most[0]),
        arc=int(arc[0]),
    )


def _open(scene: Scene, room: FloatArray, arc_ms: FloatArray) -> BoolArray:
    """Bool (P,) paths that stand and keep their demand's limit."""
    limit = scene.limit_ms[scene.paths.demand]
    kept = np.isinf(limit) | (scene.paths.along(arc_ms) <= limit * (1.0 + _NOTHING))
    return (scene.paths.least(room) > 0.0) & kept


def _moment(
    name: _Name,
    rows: Sequence[_Case],
    scope: Literal["paths", "restricted"],
    offered: FloatArray,
    level: IntArray,
) -> Moment:
    def stacked(values: list[FloatArray]) -> FloatArray:
        return np.array(values, dtype=np.float64).reshape(len(rows), len(offered))

    carried = stacked([row.carried for row in rows])
    bound = stacked([row.bound for row in rows])
    return Moment(
        name=name,
        outcome=Outcome(
            offered_gbps=offered,
            carried_gbps=carried,
            cut_off_gbps=stacked([row.cut_off for row in rows]),
            utilisation=np.array([row.utilisation for row in rows], dtype=np.float64),
            arc=np.array([row.arc for row in rows], dtype=np.int64),
        ),
        bound_gbps=bound,
        gap=np.array([_gap(row, level) for row in rows], dtype=np.float64),
        scope=scope,
        known=np.array([row.known for row in rows], dtype=np.bool_),
    )


def _gap(row: _Case, level: IntArray) -> float:
    """Of the priority furthest from its bound; ``level`` is the place of each class's priority.

    Where the solver stopped, of all that still has its ends.
    """
    if not row.known:
        whole = float(row.bound.sum())
        return max(0.0, 1.0 - float(row.carried.sum()) / whole) if whole > 0.0 else 0.0
    most = row.level_bound
    carried = np.zeros(len(most))
    used = row.offered > 0.0
    np.add.at(carried, level[used], row.carried[used])
    lost = np.maximum(most - carried, 0.0)
    return float(np.divide(lost, most, out=np.zeros_like(lost), where=most > 0.0).max(initial=0.0))
