"""From the best routing to one that routers can be given: each limit, and what it costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from arterial.routing.buckets import in_buckets
from arterial.routing.churn import Before, moved_gbps, steady
from arterial.routing.classes import Objective, Routing, Task, passing, reached, route_classes
from arterial.routing.few import few_tunnels
from arterial.routing.growth import Asked
from arterial.routing.path_lp import utilisation
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Ways
from arterial.routing.segments import Igp, Segmented, segment_counts
from arterial.routing.supply import Listed, Supply
from arterial.solve.program import FloatArray

__all__ = ["Limits", "Realised", "Step", "realised"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What routers and operators allow; 0 and None ask for nothing."""

    sids: int = 0
    """Longest segment list."""
    tunnels: int = 0
    """Most tunnels a demand."""
    buckets: int = 0
    """Equal parts of a split."""
    before: Before | None = None
    """The routing that runs."""
    churn: float | None = None
    """Share of it that may move."""

    @property
    def any(self) -> bool:
        """Whether there are some."""
        return bool(self.sids or self.tunnels or self.buckets or self.before)


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is left after a limit."""

    name: str
    carried_gbps: float
    mlu: float
    value: float


@dataclass(frozen=True, kw_only=True)
class Realised:
    """Rates on paths within all limits."""

    paths: PathSet
    rate_gbps: FloatArray
    carried_gbps: FloatArray
    """float (K,)"""
    load_gbps: FloatArray
    """float (E,)"""
    value: float
    steps: tuple[Step, ...]
    overload: float
    """Load over room of the fullest arc once splits were in equal parts, before demands were cut
    down to fit; NaN without buckets."""
    moved_gbps: float
    """NaN where nothing ran before."""
    within: bool
    """Whether the limit on churn is kept."""


@dataclass
class _State:
    paths: PathSet
    rate: FloatArray
    known: Routing
    overload: float = np.nan
    within: bool = True


@dataclass(frozen=True)
class _Work:
    task: Task
    objective: Objective
    asked: Asked

    def route(self, state: _State, supply: Supply) -> None:
        """Anew, over other paths."""
        found = route_classes(replace(self.task, supply=supply), self.objective, self.asked)
        state.paths, state.rate, state.known = found.paths, found.rate_gbps, found

    def steady(
        self, state: _State, before: Before, churn: float | None, only: PathSet | None = None
    ) -> None:
        """So that little moves."""
        moved = steady(
            self.task,
            self.objective,
            state.known,
            before,
            limit=churn,
            gap=self.asked.gap,
            only=only,
            left_s=self.asked.left_s,
        )
        state.paths, state.rate = moved.paths, moved.rate_gbps

    def few(self, state: _State, before: Before | None, limits: Limits) -> None:
        """With few tunnels."""
        known = PathSet.joined([state.paths, state.known.known]).once()
        rate = np.zeros(len(known))
        rate[: len(state.paths)] = state.rate
        if before is not None:
            known, rate = state.paths, state.rate  # others would only move more
        kept = few_tunnels(
            self.task, self.objective, known, rate, limits.tunnels, left_s=self.asked.left_s
        )
        self.route(state, Listed(kept, len(self.task.demand_gbps)))
        if before is not None:
            self.steady(state, before, limits.churn, kept)


def realised(
    task: Task,
    objective: Objective,
    found: Routing,
    limits: Limits,
    asked: Asked,
    *,
    igp: Igp,
    ways: Ways,
) -> Realised:
    """Bring a routing within limits.

    Parameters
    ----------
    found
        The best without them.
    """
    state = _State(found.paths, found.rate_gbps, found)
    steps = [_step("optimum", task, objective, state)]
    done = _applied(_Work(task, objective, asked), state, limits, igp, ways)
    steps += [_step(name, task, objective, state) for name in done]
    before, moved = limits.before, np.nan
    if before is not None:
        moved = moved_gbps(before, state.paths, state.rate)
        most = np.inf if limits.churn is None else limits.churn * before.total_gbps
        state.within = moved <= most * (1.0 + 1e-6) + 1e-9 * before.total_gbps
    carried = passing(task, state.paths, state.rate)
    return Realised(
        paths=state.paths,
        rate_gbps=state.rate,
        carried_gbps=state.paths.by_demand(carried, len(task.demand_gbps)),
        load_gbps=state.paths.load(state.rate, len(task.room_gbps)),
        value=steps[-1].value,
        steps=tuple(steps),
        overload=state.overload,
        moved_gbps=moved,
        within=state.within,
    )


def _applied(work: _Work, state: _State, limits: Limits, igp: Igp, ways: Ways) -> Iterator[str]:
    before = limits.before
    if limits.sids:
        work.route(state, _short(work.task.supply, igp, ways, limits.sids))
        yield f"sids {limits.sids}"
        if before is not None:
            fits = np.flatnonzero(segment_counts(igp, before.paths) <= limits.sids)
            kept = before.paths.taken(fits.astype(np.int64))
            before = Before(kept, before.rate_gbps[fits], before.forced_gbps)
    if before is not None:
        work.steady(state, before, limits.churn)
        yield "churn" if limits.churn is None else f"churn {limits.churn:g}"
    if limits.tunnels:
        work.few(state, before, limits)
        yield f"tunnels {limits.tunnels}"
    if limits.buckets:
        cut = work.objective != "mlu"
        left_s = work.asked.left_s
        split = in_buckets(
            work.task, state.paths, state.rate, limits.buckets, cut=cut, left_s=left_s
        )
        state.paths, state.rate, state.overload = split.paths, split.rate_gbps, split.overload
        yield f"buckets {limits.buckets}"


def _short(supply: Supply, igp: Igp, ways: Ways, sids: int) -> Supply:
    """Paths that so many SIDs can ask for."""
    if not isinstance(supply, Listed):
        return Segmented(igp, ways, sids)
    fits = np.flatnonzero(segment_counts(igp, supply.paths) <= sids)
    return replace(supply, paths=supply.paths.taken(fits.astype(np.int64)))


def _step(name: str, task: Task, objective: Objective, state: _State) -> Step:
    load = state.paths.load(state.rate, len(task.room_gbps))
    return Step(
        name=name,
        carried_gbps=float(passing(task, state.paths, state.rate).sum()),
        mlu=utilisation(load, task.room_gbps),
        value=reached(task, objective, state.paths, state.rate),
    )
