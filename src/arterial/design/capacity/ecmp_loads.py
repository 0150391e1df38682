"""What ECMP asks of each link over all cases: loads by the failure sweep, worst need, its culprit.

Cases that ask the same and lose the same links are played once. Needs only grow while cases are
played, so that metrics which already cost more than the best are given up before the rest is: those
that bound before go first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.errors import InfeasibleError
from arterial.paths.parts import parts
from arterial.routing.ecmp import base_of, ip_of
from arterial.routing.repair import play
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["CLOSED", "EcmpLoads", "Need"]

CLOSED = 0
"""In place of a metric: the link is not used, whatever fails."""
SHUT = float(2**40)
"""Metric of what is closed, for the sweep: beyond the longest way over open links, and so small
that sums stay exact. Only what has no other way rides it, and then the metrics are refused."""
FIRST_CHUNK = 12
CHUNK = 48
"""Plays at once: few at first, where most metrics are given up."""
NOTHING = 1e-9
"""Share of all that is asked: less is rounding."""

Worse = Callable[[FloatArray], bool]


@dataclass(frozen=True, kw_only=True)
class Need:
    """What each of L links must have."""

    gbps: FloatArray
    """(L,) Gb/s, what may not be filled included; inf where a closed link is ridden."""
    case: IntArray
    """(L,) the first case that asks so much; -1 where nothing is loaded."""


@dataclass(frozen=True)
class _Plays:
    """Cases that ask the same, one play for all of them that lose the same links."""

    offered: FloatArray
    """(N, N, 1) ``[d, v]``."""
    lost: BoolArray
    """(J, L)"""
    per_gbps: FloatArray
    """(J, L) Gb/s needed for one loaded: the most of its cases."""
    case: IntArray
    """(J, L) the case that needs it."""


class EcmpLoads:
    """A problem ready to be asked for the needs of one set of metrics after the other."""

    def __init__(self, problem: Problem) -> None:
        links = problem.links
        self._links = links
        self._plays: list[_Plays] = [_plays(problem, cases) for cases in _alike(problem.cases.gbps)]
        self._order: list[IntArray] = [np.arange(len(each.lost)) for each in self._plays]
        self._nothing = NOTHING * float(problem.cases.gbps.sum(axis=1).max(initial=0.0))
        self.played = 0
        """Cases played so far, of those that differ."""
        _check_ways(problem)

    def need(self, metrics: IntArray, worse: Worse | None = None) -> Need | None:
        """What metrics (L,), ``CLOSED`` among them, ask; None once ``worse`` says so of a part."""
        gbps = np.zeros(len(metrics))
        culprit = np.full(len(metrics), -1, dtype=np.int64)
        for loads, per_gbps, case in self._played(metrics):
            need = np.multiply(loads, per_gbps, out=np.zeros_like(loads), where=loads > 0.0)
            row = need.argmax(axis=0)
            most = need[row, np.arange(len(row))]
            raised = most > gbps
            gbps = np.where(raised, most, gbps)
            culprit = np.where(raised, case[row, np.arange(len(row))], culprit)
            if worse is not None and worse(gbps):
                return None
        return Need(gbps=gbps, case=culprit)

    def remember(self, need: Need) -> None:
        """Play the cases that bind in ``need`` first from now on."""
        binding = np.unique(need.case[need.case >= 0])
        times: list[IntArray] = [np.isin(each.case, binding).sum(axis=1) for each in self._plays]
        most = np.array([int(each.max(initial=0)) for each in times], dtype=np.int64)
        rank: list[int] = np.argsort(-most, kind="stable").tolist()
        self._plays = [self._plays[place] for place in rank]
        self._order = [np.argsort(-times[place], kind="stable") for place in rank]

    def _played(self, metrics: IntArray) -> Iterator[tuple[FloatArray, FloatArray, IntArray]]:
        """Loads (J, L) of some plays at once; inf on links that are closed and ridden."""
        links = self._links
        by_arc = np.repeat(np.where(metrics == CLOSED, SHUT, metrics.astype(np.float64)), 2)
        if links.one_way is not None:
            by_arc[1::2][links.one_way] = SHUT
        ip = ip_of(links.ends, links.sites, by_arc, np.ones(len(by_arc)))
        nowhere = np.zeros((CHUNK, links.sites), dtype=np.bool_)
        for plays, order in zip(self._plays, self._order, strict=True):
            base = base_of(ip, plays.offered)
            for some in _chunks(order):
                lost = plays.lost[some]
                first = np.concatenate([[0], np.cumsum(lost.sum(axis=1))]).astype(np.int64)
                down = np.nonzero(lost)[1].astype(np.int64)
                load, _, _ = play(ip, base, plays.offered, (first, down), nowhere[: len(some)])
                self.played += len(some)
                yield self._by_link(load[:, :, 0], by_arc), plays.per_gbps[some], plays.case[some]

    def _by_link(self, load: FloatArray, by_arc: FloatArray) -> FloatArray:
        load = np.where(load > self._nothing, load, 0.0)
        load = np.where((by_arc == SHUT) & (load > 0.0), np.inf, load)
        if self._links.shared:
            return load[:, 0::2] + load[:, 1::2]
        return np.maximum(load[:, 0::2], load[:, 1::2])


def _chunks(order: IntArray) -> Iterator[IntArray]:
    yield order[:FIRST_CHUNK]
    for begin in range(FIRST_CHUNK, len(order), CHUNK):
        yield order[begin : begin + CHUNK]


def _alike(gbps: FloatArray) -> list[IntArray]:
    """Cases by what they ask, in the order of the first of each; none of nothing."""
    _, first, like = np.unique(gbps, axis=0, return_index=True, return_inverse=True)
    of_case = like.reshape(-1)
    groups = [np.flatnonzero(of_case == group) for group in np.argsort(first).tolist()]
    return [group for group in groups if (gbps[group[0]] > 0.0).any()]


def _plays(problem: Problem, cases: IntArray) -> _Plays:
    demands, links = problem.demands, problem.links
    offered = np.zeros((links.sites, links.sites, 1))
    asked = problem.cases.gbps[cases[0]]
    np.add.at(offered[:, :, 0], (demands.target, demands.source), asked)
    alive = np.asarray(problem.cases.alive[cases], dtype=np.float64)
    left = alive * problem.cases.usable[cases, np.newaxis]
    per_gbps = np.divide(1.0, left, out=np.full_like(left, np.inf), where=left > 0.0)
    per_gbps[alive <= 0.0] = 0.0  # nothing rides a lost link
    lost, like = np.unique(alive <= 0.0, axis=0, return_inverse=True)
    row = like.reshape(-1)
    most = np.zeros(lost.shape)
    culprit = np.full(lost.shape, cases[0], dtype=np.int64)
    for number, case in enumerate(cases.tolist()):
        raised = per_gbps[number] > most[row[number]]
        most[row[number], raised] = per_gbps[number, raised]
        culprit[row[number], raised] = case
    return _Plays(offered, lost, most, culprit)


def _check_ways(problem: Problem) -> None:
    """Refuse a case that parts a demand which it asks for: no metrics help."""
    demands, cases = problem.demands, problem.cases
    dead = np.asarray(cases.alive, dtype=np.float64) <= 0.0
    piece = parts(problem.links.ends, problem.links.sites, dead)
    parted = (piece[:, demands.source] != piece[:, demands.target]) & (cases.gbps > 0.0)
    if parted.any():
        case, demand = (int(found[0]) for found in np.nonzero(parted))
        raise InfeasibleError(
            f"demand {demand} from site {demands.source[demand]} to {demands.target[demand]}",
            f"has no way in case '{cases.names[case]}'",
            ("ask nothing of it there", "a candidate link around what the case takes"),
        )
