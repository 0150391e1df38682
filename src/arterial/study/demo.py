"""``demo``: the whole way on the reference network, load by load, against a budget of seconds.

The budget is written for two cores after installation; being late is told and changes no verdict.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.clock import seconds, today
from arterial.errors import InfeasibleError
from arterial.jobs.processes import in_processes
from arterial.jobs.progress import Report, silent
from arterial.model.reader import load_network
from arterial.optics.sections import load_sections
from arterial.plan.verdict import Verdict
from arterial.study.bill import bill
from arterial.study.check import Checked, check
from arterial.study.design import Designed, Question, design
from arterial.study.prove import Proved, prove
from arterial.study.report import report_page

__all__ = ["BUDGET_S", "GAP", "Demo", "Infeasible", "Stage", "demo"]

GAP = 0.10
BUDGET_S = {
    "check": 1.0,
    "light": 15.0,
    "design": 30.0,
    "prove": 8.0,
    "beyond": 20.0,
    "report": 4.0,
}
"""Seconds a stage, each load its own; GNPy works the light out once and it is kept."""
TOTAL_S = 90.0
AT_ONCE = 2
"""Loads side by side: one a core of the machine that the budget is for. Those of most workloads
begin first, for they are likely to take longest."""


class Stage(Struct, frozen=True, kw_only=True):
    """A stage and what it took."""

    name: str
    seconds: float
    budget_s: float


class Infeasible(Struct, frozen=True, kw_only=True):
    """A load that no plan carries: what collides, and what would free it."""

    load: str
    demand: str
    constraint: str
    remedies: tuple[str, ...]


class Demo(Struct, frozen=True, kw_only=True):
    """What the demo leaves. ``proved`` only when every load is; an infeasible one refutes."""

    verdict: Verdict
    network: Checked
    designs: tuple[Designed, ...]
    proofs: tuple[Proved, ...]
    """One for each design, in the same order."""
    infeasible: tuple[Infeasible, ...]
    reports: tuple[str, ...]
    """The first one compares the loads."""
    bills: tuple[str, ...]
    """Bill of materials of each design, in the same order."""
    stages: tuple[Stage, ...]
    total: Stage


def demo(network: Path, folder: Path, *, report: Report = silent) -> Demo:
    """Check, design, prove, bill and report ``network`` under each of its loads, into ``folder``.

    Loads run side by side, each in a process of its own; they share the light of the fibres, which
    is worked out first. Raises what the verbs raise, but goes on after a load that is infeasible;
    what earlier stages wrote stays.
    """
    clock = _Clock()
    checked = check(network)
    clock.lap("check", BUDGET_S["check"])
    described = load_network(network)
    if described.fibres:
        load_sections(described, report)
    clock.lap("light", BUDGET_S["light"])
    longest_first = sorted(described.loads, key=lambda load: -len(load.workloads))
    tasks = [
        _Task(
            network=network,
            folder=folder / load.name,
            load=load.name,
            # Of the first load alone: it takes longer than all the rest of a proof.
            beyond=load.name == checked.loads[0],
        )
        for load in longest_first
    ]
    done = in_processes(_one_load, tasks, at_once=AT_ONCE, report=report)
    done.sort(key=lambda one: checked.loads.index(one.load))
    clock.stages += [stage for one in done for stage in one.stages]
    made = [one for one in done if one.designed is not None and one.proved is not None]
    clock.skip()
    reports = _reports(folder, [one.load for one in made], report)
    clock.lap("report", BUDGET_S["report"])
    infeasible = tuple(one.infeasible for one in done if one.infeasible is not None)
    proofs = tuple(one.proved for one in made if one.proved is not None)
    return Demo(
        verdict="refuted" if infeasible else _verdict([proof.verdict for proof in proofs]),
        network=checked,
        designs=tuple(one.designed for one in made if one.designed is not None),
        proofs=proofs,
        infeasible=infeasible,
        reports=reports,
        bills=tuple(one.bill for one in made),
        stages=tuple(clock.stages),
        total=clock.total(),
    )


class _Task(Struct, frozen=True, kw_only=True):
    """One load to design and prove."""

    network: Path
    folder: Path
    load: str
    beyond: bool
    """Whether its proof tells what two losses at once do."""


class _Done(Struct, frozen=True, kw_only=True):
    """What came of one load."""

    load: str
    designed: Designed | None = None
    proved: Proved | None = None
    infeasible: Infeasible | None = None
    bill: str = ""
    stages: tuple[Stage, ...]


def _one_load(task: _Task, report: Report) -> _Done:
    """Design and prove one load, in a process of its own."""
    clock = _Clock()
    named = _named(task.load, report)
    # Spares too, so that what a cut takes comes back wherever light can.
    question = Question(load=task.load, gap=GAP, spares="auto")
    try:
        designed = design(task.network, task.folder, question, report=named)
    except InfeasibleError as error:
        clock.lap(f"design {task.load}", BUDGET_S["design"])
        missed = Infeasible(
            load=task.load,
            demand=error.demand,
            constraint=error.constraint,
            remedies=error.remedies,
        )
        return _Done(load=task.load, infeasible=missed, stages=tuple(clock.stages))
    clock.lap(f"design {task.load}", BUDGET_S["design"])
    proved = prove(task.folder, with_beyond=task.beyond, report=named)
    beyond_s = BUDGET_S["beyond"] if task.beyond else 0.0  # its loops are compiled the first time
    clock.lap(f"prove {task.load}", BUDGET_S["prove"] + beyond_s)
    billed = bill(task.folder, task.folder / "bill.csv", today=today())
    return _Done(
        load=task.load,
        designed=designed,
        proved=proved,
        bill=billed.file,
        stages=tuple(clock.stages),
    )


def _reports(folder: Path, loads: Sequence[str], report: Report) -> tuple[str, ...]:
    """``report.html`` on the first load beside the others, then one page for each other."""
    pages: list[str] = []
    for load in loads:
        others = [folder / other for other in loads if other != load]
        page = folder / ("report.html" if not pages else f"report-{load}.html")
        pages.append(report_page(folder / load, page, beside=others, report=report).report)
    return tuple(pages)


def _verdict(verdicts: list[Verdict]) -> Verdict:
    """Refuted beats unknown beats proved; nothing proves nothing."""
    if "refuted" in verdicts:
        return "refuted"
    return "proved" if verdicts and set(verdicts) == {"proved"} else "unknown"


def _named(load: str, report: Report) -> Report:
    """Stages told with the load that they work on."""

    def told(stage: str, done: float, total: float) -> None:
        report(stage if stage.startswith("warning") else f"{load}: {stage}", done, total)

    return told


class _Clock:
    """Seconds from stage to stage, and from the start."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self._start_s = self._last_s = seconds()

    def lap(self, name: str, budget_s: float) -> None:
        """A stage ends here."""
        spent_s = self.skip()
        self.stages.append(Stage(name=name, seconds=spent_s, budget_s=budget_s))

    def skip(self) -> float:
        """Seconds since the last stage ended; the next one begins here."""
        now_s = seconds()
        spent_s, self._last_s = round(now_s - self._last_s, 2), now_s
        return spent_s

    def total(self) -> Stage:
        """Wall time of it all; loads that ran side by side count once."""
        spent_s = round(seconds() - self._start_s, 2)
        return Stage(name="all, side by side", seconds=spent_s, budget_s=TOTAL_S)
