"""The least to buy so that every case holds, and what nothing can cost less than: round by round.

First relaxed: cut sets until none is broken, then prices of cases that are short. Once the bound
rises slowly a whole point is bought without a program, so that cost and gap are finite early. Then
whole: the cheapest whole point under all rows known is looked at case by case; what is short gives
new rows, and the point is mended by adding to it until every case holds. A generator of frozen
steps: callers show progress, save, stop and go on. Rounds are counted, not timed.
"""

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from arterial.design.capacity.checker import Checker
from arterial.design.capacity.few import Few
from arterial.design.capacity.lane import Lanes
from arterial.design.capacity.master import Master
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row
from arterial.design.capacity.separation import Separation
from arterial.design.capacity.shop import Shopper
from arterial.design.capacity.step import Cut, Phase, Step
from arterial.errors import SolverError
from arterial.jobs.deadline import FOREVER, Deadline, LateError
from arterial.solve.program import FloatArray, Solution

__all__ = ["capacity"]

FEW = 10
"""Rows of cut sets in a round below which cases are looked at too."""
SHORT_A_ROUND = 12
SLOW = 2e-4
"""A relaxed bound that rises by less than this share in ``PATIENCE`` rounds has arrived."""
PATIENCE = 4
EARLY = 0.05
"""A bound that rises by less in ``PATIENCE`` rounds is near enough to buy a whole point by."""
COARSE = 0.02
"""A gap from which on a point bought anew at the end may be good enough."""
WORTH = 20.0
"""A rise in ``PATIENCE`` rounds that is worth a round: the gap by this."""
NODES, FEW_NODES = 2000, 500
"""Branch-and-bound nodes for a whole point, and at first for the program of a small problem."""
PIECE_ROUNDS = 8
"""Rounds of pieces before anything is proved of whole points: as long as they find something."""
LEAN_NODES, LEAN_ROUNDS = 20, 16
"""Nodes of points that are mended, rounds of whole points that are wanted soon and not best."""
ASKED = 3
"""Points bought by what a case's program says."""
LEAN_SHARE = 0.7
"""Rounds with fewer columns are left out where more than this share of them stays."""
MENDS, MENDED, MENDED_SHORT = 60, 2e-3, 48
"""Rounds of a point that is mended, the gap of each, cases found short in each."""
NONE: FloatArray = np.zeros(0)


def capacity(
    problem: Problem,
    *,
    gap: float = 0.005,
    rounds: int = 1000,
    seed: int = 0,
    start: Step | None = None,
    lanes: Lanes | None = None,
    whole: bool = True,
    deadline: Deadline = FOREVER,
) -> Iterator[Step]:
    """Buy the least that carries every case, better and better.

    Parameters
    ----------
    gap
        Stop when (cost - bound) / cost is no more.
    rounds
        Rounds at most, those before ``start`` included.
    start
        The last step of an earlier run of the same problem.
    lanes
        Where cases are looked at, and how many at once: one after the other in this process
        without. Steps are the same wherever it is.
    whole
        False stops where the bound with parts of modules has arrived.
    deadline
        Asked between sub-problems, and the limit of each program: the last step tells it.

    Raises
    ------
    SolverError
        HiGHS stopped without an answer.
    """
    search = _Search(problem, gap, seed, start, lanes, deadline=deadline)
    for step in search.until_cut(search.steps() if whole else search.relaxed()):
        yield step
        if step.infeasible or step.cut or step.gap <= gap or step.round >= rounds:
            return


class _Search:
    def __init__(
        self,
        problem: Problem,
        gap: float,
        seed: int,
        start: Step | None,
        lanes: Lanes | None,
        *,
        deadline: Deadline,
    ) -> None:
        self._problem = problem
        self._gap, self._seed = gap, seed
        self._master = Master(problem, seed=seed, deadline=deadline)
        self._separation = Separation(problem, seed=seed, deadline=deadline)
        self._checker = Checker(problem, lanes, deadline)
        self._deadline = deadline
        self._bound, self._cost, self._columns = -np.inf, np.inf, NONE
        self._round, self._stuck = 0, False
        self._phase: Phase = "parts"
        if start is not None:
            self._master.add(list(start.rows))
            self._bound, self._cost, self._columns = start.bound, start.cost, start.columns
            self._round = start.round

    def steps(self) -> Iterator[Step]:
        """Rounds without end, until the point is proved best or nothing is possible."""
        yield from self.relaxed(early=True)
        if self._problem.program.integer.any() and not self._stuck:
            yield from self._whole()

    def until_cut(self, steps: Iterator[Step]) -> Iterator[Step]:
        """The same steps; where time or memory ends, one more with the best so far."""
        cut: Cut = ""
        try:
            yield from steps
        except LateError as late:
            cut, self._bound = "time", max(self._bound, late.bound)
        except MemoryError:
            cut = "memory"
        if cut:
            del self._separation
            yield self._step(self._phase, 0, cut=cut)

    def _step(self, phase: Phase, short: int, *, infeasible: bool = False, cut: Cut = "") -> Step:
        self._round += 1
        self._phase = phase
        self._stuck = infeasible
        return Step(
            round=self._round,
            phase=phase,
            bound=min(self._bound, self._cost),
            cost=self._cost,
            columns=self._columns,
            parts=self._master.point,
            rows=tuple(self._master.rows),
            short=short,
            solved=self._checker.solved,
            infeasible=infeasible,
            cut=cut,
        )

    def relaxed(self, *, early: bool = False) -> Iterator[Step]:
        """Rounds with parts of modules, until the bound has arrived; a whole point on the way."""
        history: list[float] = []
        whole, looked = bool(self._problem.program.integer.any()), 0
        again = early and whole and self._gap >= COARSE
        early &= whole and not np.isfinite(self._cost)
        slow, looks = (self._gap / WORTH, PATIENCE) if again else (SLOW, 0)
        while True:
            answer = self._master.relaxed()
            if answer.status == "infeasible":
                yield self._step("parts", 0, infeasible=True)
                return
            if answer.status != "optimal":
                raise SolverError("HiGHS (capacity, parts of modules)", answer.detail)
            self._bound = max(self._bound, answer.objective)
            history.append(answer.objective)
            added = self._master.add(self._broken(answer.primal))
            short, all_seen = 0, False
            if added < FEW or (again and _arrived(history, slow)):
                looked += 1
                checked = self._checker.check(answer.primal, most=SHORT_A_ROUND)
                short, all_seen = len(checked.short), checked.whole
                added += self._master.add(self._checker.rows(checked, answer.primal))
            if not whole and all_seen and not short:
                self._offer(answer.primal)
            if early and (added < FEW or _arrived(history, EARLY)):
                early = False
                self._buy(answer.primal)
            ends = not added or (whole and looked > looks and _arrived(history, slow))
            if ends and again:
                self._buy_again()
            yield self._step("parts", short)
            if ends:
                return

    def _whole(self) -> Iterator[Step]:
        """Rounds with whole modules, until the point is proved best."""
        yield from self._first_points()
        small = self._few is not None and self._few.small
        within, nodes = self._gap / 4.0, FEW_NODES if small else NODES
        while True:
            answer = self._best(within, nodes)
            if not len(answer.primal):
                yield self._step("whole", 0, infeasible=answer.status == "infeasible")
                return
            self._bound = max(self._bound, answer.bound)
            added = self._master.add(self._broken(answer.primal))
            checked = self._checker.check(answer.primal, most=SHORT_A_ROUND)
            added += self._master.add(self._checker.rows(checked, answer.primal))
            if not checked.short:
                self._offer(answer.primal)
                if not added and answer.status == "limit":
                    if nodes == FEW_NODES and self._few is not None:
                        self._offer(self._few.annealed())
                    nodes *= 2
                elif not added and within <= 0.0:
                    yield self._step("whole", 0)
                    return
                within = within / 4.0 if within > SLOW / 4.0 else 0.0
            elif float(self._problem.program.cost @ answer.primal) < self._cost:
                self._mend(answer.primal)
            yield self._step("whole", len(checked.short))
            self._master.relaxed()
            if self._few is not None:
                self._better(self._few.bettered)

    def _best(self, within: float, nodes: int) -> Solution:
        """The cheapest whole point under all rows known; of a small problem, under all."""
        if self._few is None or not self._few.small:
            return self._master.whole(gap=within, nodes=nodes)
        return self._few.whole(gap=within, nodes=nodes, start=self._columns)

    def _first_points(self) -> Iterator[Step]:
        """Whole points before anything is proved of them."""
        few = self._few
        if few is None:
            yield from self._lean()
            return
        self._offer(few.started())
        yield self._step("whole", 0)
        if few.small:
            return
        if few.kicks:
            yield from self._asked(few)
        self._offer(few.annealed())
        yield self._step("whole", 0)
        if not few.kicks:
            yield from self._lean()
        for _ in range(PIECE_ROUNDS):
            if not self._better(few.bettered):
                break
            yield self._step("whole", 0)

    def _asked(self, few: Few) -> Iterator[Step]:
        """Points bought near those that rows allow, and kicked."""
        for _ in range(ASKED):
            answer = self._master.whole(gap=MENDED, nodes=LEAN_NODES)
            if not len(answer.primal):
                return
            self._bound = max(self._bound, answer.bound)
            self._master.add(self._broken(answer.primal))
            self._buy(answer.primal, asks=True)
            yield self._step("whole", 0)
            self._master.relaxed()
        while self._better(few.kicked):
            yield self._step("whole", 0)

    def _better(self, betters: Callable[[FloatArray, int], Iterator[FloatArray]]) -> bool:
        """Whether a round bettered the best point."""
        before = self._cost
        for point in betters(self._columns, self._round):
            self._offer(point)
        return self._cost < before

    @cached_property
    def _few(self) -> Few | None:
        return Few.of(self._problem, self._master, seed=self._seed, deadline=self._deadline)

    def _lean(self) -> Iterator[Step]:
        """Rounds with whole modules of few columns: points, no bound."""
        for _ in range(LEAN_ROUNDS):
            high = self._master.lean()
            if (high > 0.0).mean() > LEAN_SHARE:
                return
            answer, back = self._master.soon(high)
            if not len(answer.primal) or answer.objective >= self._cost:
                return
            added = self._master.add(self._broken(answer.primal)) + back
            short = 0
            if added < FEW:
                checked = self._checker.check(answer.primal, most=MENDED_SHORT)
                short = len(checked.short)
                added += self._master.add(self._checker.rows(checked, answer.primal))
                if not short:
                    self._offer(answer.primal)
            self._buy(answer.primal)
            yield self._step("whole", short)
            if self._near() or not added:
                return
            self._master.relaxed()

    def _buy(self, parts: FloatArray, *, asks: bool = False) -> None:
        """Offer a whole point near one with parts, bought module by module, if one is found."""
        if not Shopper.serves(self._problem):
            return
        whole = self._problem.program.integer & self._problem.links.gives
        start = np.where(whole, np.round(parts), parts)
        found = self._shopper.point(start, rows=self._master.rows, asks=asks)
        if found is None:
            return
        if Shopper.settles(self._problem):
            self._offer(found)  # its ways carry every case: no program need say so again
        else:
            self._mend(found)

    def _buy_again(self) -> None:
        """Offer a whole point near the cheapest one that rows allow, where nothing else has a word.

        As good as is asked for, and no better.
        """
        if not Shopper.settles(self._problem):
            return
        answer = self._master.whole(gap=self._gap / 4.0, nodes=NODES)
        if not len(answer.primal):
            return
        self._bound = max(self._bound, answer.bound)
        found = self._shopper.point(
            answer.primal,
            rows=self._master.rows,
            enough=self._bound / (1.0 - self._gap),
            asks=True,
        )
        if found is not None:
            self._offer(found)

    @cached_property
    def _shopper(self) -> Shopper:
        return Shopper(self._problem, self._deadline)

    def _mend(self, point: FloatArray) -> None:
        """Add to a point until every case holds, or it costs as much as the best."""
        low = np.where(self._problem.links.gives, point, self._problem.program.low)
        for _ in range(MENDS):
            answer = self._master.whole(gap=MENDED, nodes=LEAN_NODES, low=low, near=point)
            if not len(answer.primal) or answer.objective >= self._cost:
                return
            point = answer.primal
            low = np.where(self._problem.links.gives, point, self._problem.program.low)
            self._master.add(self._broken(point))
            checked = self._checker.check(point, most=MENDED_SHORT)
            if not checked.short:
                self._offer(point)
                return
            self._master.add(self._checker.rows(checked, point))

    def _broken(self, point: FloatArray) -> list[Row]:
        """Rows of borders that a point breaks, and rows known made stronger.

        Raises LateError when time is up.
        """
        return self._separation.rows(point, self._master.rows)

    def _near(self) -> bool:
        return self._cost - self._bound <= self._gap * abs(self._cost)

    def _offer(self, point: FloatArray | None) -> None:
        if point is None:
            return
        cost = float(self._problem.program.cost @ point)
        if cost < self._cost:
            self._cost, self._columns = cost, point


def _arrived(history: list[float], slow: float = SLOW) -> bool:
    if len(history) <= PATIENCE:
        return False
    return history[-1] - history[-1 - PATIENCE] <= slow * abs(history[-1])
