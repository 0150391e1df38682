"""``demo``: the whole way on the reference network, load by load, against a budget of seconds.

The budget is written for two cores after installation; being late is told and changes no verdict.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from arterial.clock import seconds
from arterial.errors import InfeasibleError
from arterial.jobs.progress import Report, silent
from arterial.plan.verdict import Verdict
from arterial.study.check import Checked, check
from arterial.study.design import Designed, Question, design
from arterial.study.prove import Proved, prove
from arterial.study.report import report_page

__all__ = ["BUDGET_S", "GAP", "Demo", "Infeasible", "Stage", "demo"]

GAP = 0.10
BUDGET_S = {"check": 1.0, "design": 15.0, "prove": 5.0, "report": 1.0}
"""Seconds a stage, each load its own; the first design also has GNPy work the sections out."""
FIRST_OPTICS_S = 20.0


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
    stages: tuple[Stage, ...]
    total: Stage


def demo(network: Path, folder: Path, *, report: Report = silent) -> Demo:
    """Check, design, prove and report ``network`` under each of its loads, into ``folder``.

    Raises what the verbs raise, but goes on after a load that is infeasible; what earlier stages
    wrote stays.
    """
    clock = _Clock()
    checked = check(network)
    clock.lap("check", BUDGET_S["check"])
    designs: list[Designed] = []
    proofs: list[Proved] = []
    infeasible: list[Infeasible] = []
    for number, load in enumerate(checked.loads):
        optics_s = 0.0 if number else FIRST_OPTICS_S
        named = _named(load, report)
        made = _designed(network, folder / load, load, named)
        clock.lap(f"design {load}", BUDGET_S["design"] + optics_s)
        if isinstance(made, Infeasible):
            infeasible.append(made)
            continue
        designs.append(made)
        proofs.append(prove(folder / load, report=named))
        clock.lap(f"prove {load}", BUDGET_S["prove"])
    reports = _reports(folder, [made.load for made in designs], report)
    clock.lap("report", BUDGET_S["report"] * len(reports))
    return Demo(
        verdict="refuted" if infeasible else _verdict([proof.verdict for proof in proofs]),
        network=checked,
        designs=tuple(designs),
        proofs=tuple(proofs),
        infeasible=tuple(infeasible),
        reports=reports,
        stages=tuple(clock.stages),
        total=clock.total(),
    )


def _designed(network: Path, folder: Path, load: str, report: Report) -> Designed | Infeasible:
    try:
        return design(network, folder, Question(load=load, gap=GAP), report=report)
    except InfeasibleError as error:
        return Infeasible(
            load=load,
            demand=error.demand,
            constraint=error.constraint,
            remedies=error.remedies,
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
    """Seconds from stage to stage."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self._last_s = seconds()

    def lap(self, name: str, budget_s: float) -> None:
        """A stage ends here."""
        now_s = seconds()
        spent_s = round(now_s - self._last_s, 2)
        self.stages.append(Stage(name=name, seconds=spent_s, budget_s=budget_s))
        self._last_s = now_s

    def total(self) -> Stage:
        """All stages together."""
        return Stage(
            name="all",
            seconds=round(sum(stage.seconds for stage in self.stages), 2),
            budget_s=sum(stage.budget_s for stage in self.stages),
        )
