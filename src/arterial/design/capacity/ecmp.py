"""Link metrics and whole modules such that ECMP carries every case, as cheap as search finds them.

Metrics decide loads, loads decide modules; so metrics are what is searched. A round begins at the
best known (at times a little beside it), tries single and paired changes and keeps what costs no
more; a change is given up as soon as the cases that bind make it dearer. Only then the program buys
modules for the needs, with all its rows. The core's bound is for any routing, and so for ECMP too.
A round hangs on the best point, the seed and its number alone: a run goes on from any step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from arterial.design.capacity.covering import Covering, Curves
from arterial.design.capacity.ecmp_loads import CLOSED, EcmpLoads, Need
from arterial.design.capacity.metric_moves import Moves
from arterial.design.capacity.metrics import MOST, starts
from arterial.design.capacity.problem import FIXED, Problem
from arterial.design.capacity.step import Step
from arterial.errors import ModelError
from arterial.errors import Problem as Fault
from arterial.solve.program import FloatArray, IntArray

__all__ = ["SCOPE", "EcmpStep", "check_held", "ecmp_design"]

SCOPE = "any routing that may split every demand at will; ECMP can do no better"
"""What the bound of an ``EcmpStep`` holds for."""
TRIES = 300
"""Changes tried a round."""
SMOOTH = 0.3
"""Weight of parts of modules in the score: of changes that buy the same, the one nearer to buying
less is kept."""
KICKED = 4
"""One round in so many begins beside the best: more of them cost more than they found."""
BETTER = 1e-9


@dataclass(frozen=True, kw_only=True)
class EcmpStep:
    """Where the search stands after a round."""

    round: int
    bound: float
    """Nothing costs less; ``SCOPE``."""
    cost: float
    """Of the columns; inf while no metrics are known that carry every case."""
    metrics: IntArray = field(repr=False)
    """(L,) 1 to 65535, the same in both directions; 0 where the link is not used."""
    columns: FloatArray = field(repr=False)
    """(X,) what is bought; empty while the cost is inf."""
    need_gbps: FloatArray = field(repr=False)
    """(L,) capacity that the worst case of each link asks, what may not be filled included."""
    culprit: IntArray = field(repr=False)
    """(L,) that case; -1 where nothing is loaded."""
    begun: str
    """The start that the best metrics come from."""
    tried: int
    """Metrics looked at so far in this run."""

    @property
    def gap(self) -> float:
        """(cost - bound) / cost; inf without a point."""
        if not np.isfinite(self.cost):
            return np.inf
        return max(0.0, (self.cost - self.bound) / abs(self.cost)) if self.cost else 0.0


def ecmp_design(
    problem: Problem,
    core: Step,
    *,
    rounds: int = 40,
    gap: float = 0.005,
    seed: int = 0,
    most: int = MOST,
    start: EcmpStep | None = None,
) -> Iterator[EcmpStep]:
    """Metrics and modules for ECMP, better and better.

    Parameters
    ----------
    core
        A step of ``engine.capacity`` on the same problem: its bound, and where to begin.
    rounds
        Rounds at most, those before ``start`` included.
    gap
        Stop when (cost - bound) / cost is no more.
    most
        Largest metric to use.
    start
        The last step of an earlier run with the same problem and seed.

    Raises
    ------
    ModelError
        The problem holds what this search does not know, each thing by name.
    InfeasibleError
        A case parts a demand from its other end.
    """
    check_held(problem, most)
    search = _Search(problem, core, seed, most)
    best = search.begun() if start is None else search.again(start)
    yield best
    while best.round < rounds and best.gap > gap:
        best = search.round(best)
        yield best


def check_held(problem: Problem, most: int = MOST) -> None:
    """Refuse by name what is not whole modules for demands without limits in one stage."""
    demands, given = problem.demands, np.unique(problem.links.supply.tocoo().col)
    wrong = {
        ("demands.scaled_by", "demands scaled by a column", "Give demands that are known"): (
            demands.scaled_by != FIXED
        ).any(),
        ("demands.limit_ms", "limits on delay", "Leave them out: ECMP goes by metric alone"): (
            np.isfinite(demands.limit_ms).any()
        ),
        ("stage", "stages", "Design each alone: each has metrics of its own"): (
            problem.column_stage.any() or problem.cases.stage.any()
        ),
        ("program.integer", "modules in parts", "Make columns that give capacity whole"): (
            not problem.program.integer[given].all()
        ),
        ("most", f"a largest metric of {most}", f"It is from 1 to {MOST}"): not 1 <= most <= MOST,
    }
    found = [
        Fault(file="capacity problem for ECMP", field=where, found=what, expected=instead)
        for (where, what, instead), is_so in wrong.items()
        if is_so
    ]
    if found:
        raise ModelError(found)


class _Search:
    def __init__(self, problem: Problem, core: Step, seed: int, most: int) -> None:
        self._problem, self._core, self._seed, self._most = problem, core, seed, most
        self._loads = EcmpLoads(problem)
        self._curves = Curves(problem, _most_gbps(problem))
        self._covering = Covering(problem, seed=seed)
        self._moves = Moves(problem, most)
        self._tried = 0

    def begun(self) -> EcmpStep:
        """The best of all starts."""
        found: list[tuple[float, EcmpStep]] = []
        for name, metrics in starts(
            self._problem, self._core.columns, self._core.rows, most=self._most
        ):
            need = self._loads.need(metrics)
            self._tried += 1
            assert need is not None
            score = self._score(need.gbps)
            if not found or score < found[0][0]:
                found = [(score, self._step(0, metrics, need, name))]
        return found[0][1]

    def again(self, start: EcmpStep) -> EcmpStep:
        """An earlier run's last step, to go on from."""
        self._tried = start.tried
        return start

    def round(self, best: EcmpStep) -> EcmpStep:
        """One round from the best known."""
        number = best.round + 1
        random = np.random.default_rng([self._seed, number])
        metrics, need = best.metrics, Need(gbps=best.need_gbps, case=best.culprit)
        if number % KICKED == 0:
            metrics = self._moves.kicked(metrics, need, random)
            whole = self._loads.need(metrics)
            assert whole is not None
            need = whole
        metrics, need = self._descended(metrics, need, random)
        return self._better(best, self._step(number, metrics, need, best.begun))

    def _descended(
        self, metrics: IntArray, need: Need, random: np.random.Generator
    ) -> tuple[IntArray, Need]:
        """Small changes, of which those that score no worse are kept."""
        score = self._score(need.gbps)
        self._loads.remember(need)
        weight = self._weight(need)
        for _ in range(TRIES):
            tried = self._moves.changed(metrics, need, weight, random)
            if (tried == metrics).all():
                continue
            limit = score
            found = self._loads.need(tried, lambda gbps, at=limit: self._score(gbps) > at)
            self._tried += 1
            if found is None:
                continue
            fell = self._score(found.gbps) < score - BETTER
            metrics, need, score = tried, found, self._score(found.gbps)
            if fell:
                self._loads.remember(need)
                weight = self._weight(need)
        return metrics, need

    def _score(self, gbps: FloatArray) -> float:
        """What needs cost by the curves, a little of it smoothed."""
        return float((self._curves.cost(gbps) + SMOOTH * self._curves.smooth(gbps)).sum())

    def _weight(self, need: Need) -> FloatArray:
        """Half by chance, half by what a link costs."""
        cost = self._curves.cost(need.gbps)
        cost = np.where(np.isfinite(cost), cost, 0.0)
        return 1.0 / len(cost) + cost / max(float(cost.sum()), 1e-12)

    def _step(self, number: int, metrics: IntArray, need: Need, begun: str) -> EcmpStep:
        columns = self._covering.columns(need.gbps)
        cost = np.inf if columns is None else float(self._problem.program.cost @ columns)
        return EcmpStep(
            round=number,
            bound=min(self._core.bound, cost),
            cost=cost,
            metrics=np.where(need.case >= 0, metrics, CLOSED),
            columns=np.zeros(0) if columns is None else columns,
            need_gbps=need.gbps,
            culprit=need.case,
            begun=begun,
            tried=self._tried,
        )

    def _better(self, best: EcmpStep, found: EcmpStep) -> EcmpStep:
        """The new step where it costs less, or as much and scores no worse; else the best again."""
        least = best.cost - BETTER * abs(best.cost) if np.isfinite(best.cost) else np.inf
        dearer = found.cost > best.cost
        worse = self._score(found.need_gbps) > self._score(best.need_gbps)
        if found.cost < least or (not dearer and not worse):
            return found
        return EcmpStep(
            round=found.round,
            bound=best.bound,
            cost=best.cost,
            metrics=best.metrics,
            columns=best.columns,
            need_gbps=best.need_gbps,
            culprit=best.culprit,
            begun=best.begun,
            tried=found.tried,
        )


def _most_gbps(problem: Problem) -> float:
    """No link needs more: all that is asked, over the least share that may be filled."""
    cases = problem.cases
    alive = np.asarray(cases.alive, dtype=np.float64)
    left = np.where(alive > 0.0, alive, np.inf).min(axis=1) * cases.usable
    asked = cases.gbps.sum(axis=1)
    each = np.divide(asked, left, out=np.zeros_like(asked), where=(left > 0.0) & (asked > 0.0))
    return float(each.max(initial=0.0))
