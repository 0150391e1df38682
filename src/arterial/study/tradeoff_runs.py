"""The designs behind a trade-off: side by side, each in a plan folder of its own.

A plan folder that answers the same question is taken as it stands, and a design that was cut off
goes on from its last round: so a run that is killed loses nothing and does nothing twice.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.design import engine
from arterial.design.priced import CostGroup, by_group
from arterial.errors import DamagedError, InfeasibleError, SolverError, in_one_line
from arterial.jobs.processes import in_processes
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.optics.sections import load_sections
from arterial.placement.replicas import Cover
from arterial.plan.plan import Plan
from arterial.plan.store import plan_hash, read_plan
from arterial.study.design import designed
from arterial.study.stopwatch import Stopwatch

__all__ = ["Made", "Run", "made"]

AT_ONCE = 2
STAGE = "designs"


class Run(Struct, frozen=True, kw_only=True):
    """One design to make."""

    name: str
    """Of its folder."""
    network: Network
    load: str
    cover: Cover | None = None
    gap: float
    rounds: int
    bound_rounds: int
    seed: int
    within_ms: float
    """Round trip whose people are counted."""

    def ask(self) -> engine.Ask:
        """As the design takes it."""
        return engine.Ask(
            load=self.load,
            gap=self.gap,
            rounds=self.rounds,
            bound_rounds=self.bound_rounds,
            seed=self.seed,
            cover=self.cover,
        )


class Made(Struct, frozen=True, kw_only=True):
    """What came of a design; figures are NaN where it has no plan."""

    name: str
    refused: str = ""
    """Why there is no plan."""
    infeasible: bool = False
    """No plan exists; else, without a plan, nobody knows."""
    plan_hash: str = ""
    cost: float = float("nan")
    bound: float = float("nan")
    gap: float = float("nan")
    status: str = ""
    people: float = float("nan")
    """Share within the round trip, by the tunnels installed; NaN where there is no market."""
    slowest_ms: float = float("nan")
    """Of any market's tunnels, to its edge or its fail-over."""
    edges: tuple[str, ...] = ()
    ip_links: tuple[str, ...] = ()
    waves: int = 0
    new_pairs: int = 0
    spent: dict[CostGroup, float] = {}


def made(folder: Path, runs: Sequence[Run], report: Report) -> list[Made]:
    """Design every run below ``folder``, two at a time; results in the order of the runs.

    Raises ModelError where a description is wrong; a run without a plan is told in its result.
    """
    fibres = runs[0].network if runs else None
    if fibres is not None and fibres.fibres:
        load_sections(fibres, report)  # light is worked out once, before two ask for it
    tasks = [_Task(folder=folder / run.name, run=run) for run in runs]
    return in_processes(_one, tasks, at_once=AT_ONCE, report=_Count(report, len(tasks)))


class _Task(Struct, frozen=True, kw_only=True):
    folder: Path
    run: Run


class _Count:
    """Progress of many designs as one: how many have ended."""

    def __init__(self, report: Report, total: int) -> None:
        self._report = report
        self._total = total
        self._done = 0

    def __call__(self, stage: str, done: float, total: float) -> None:
        if stage == STAGE:
            self._done += 1
            self._report(STAGE, float(self._done), float(self._total))
        elif stage.startswith("warning"):
            self._report(stage, done, total)


def _one(task: _Task, report: Report) -> Made:
    run = task.run
    try:
        found = _found(run, _plan(task, report))
    except (InfeasibleError, SolverError) as error:
        found = Made(
            name=run.name,
            refused=in_one_line(error),
            infeasible=isinstance(error, InfeasibleError),
        )
    report(STAGE, 1.0, 1.0)
    return found


def _plan(task: _Task, report: Report) -> Plan:
    """The plan that stands and answers the same question, or a new one."""
    run, ask = task.run, task.run.ask()
    if (task.folder / "plan.json").exists():
        try:
            stands = read_plan(task.folder)
        except DamagedError:
            stands = None
        if stands is not None and stands.input_hash == engine.input_hash(run.network, ask):
            return stands
    return designed(run.network, task.folder, ask, watch=Stopwatch(report))


def _found(run: Run, plan: Plan) -> Made:
    return Made(
        name=run.name,
        plan_hash=plan_hash(plan),
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        status=plan.status,
        people=_people(plan, run.within_ms),
        slowest_ms=max((max(row.rtt_ms, row.failover_rtt_ms) for row in plan.replicas), default=0),
        edges=tuple(sorted({site for row in plan.replicas for site in (row.edge, row.failover)})),
        ip_links=tuple(link.name for link in plan.ip_links),
        waves=sum(link.waves for link in plan.ip_links),
        new_pairs=sum(row.new_pairs for row in plan.lit_fibres),
        spent=by_group(plan.bill),
    )


def _people(plan: Plan, within_ms: float) -> float:
    people = {market.name: market.people for market in plan.network.markets}
    served = [(people[row.market], row.rtt_ms <= within_ms) for row in plan.replicas]
    total = sum(count for count, _ in served)
    return sum(count for count, near in served if near) / total if total else float("nan")
