"""``restore``: what light comes back after every cut of a plan, when, and on whose spares."""

import csv
import io
from collections.abc import Sequence
from math import isnan
from pathlib import Path

import msgspec

from arterial.design.restoration import SparesAsked, spares_chosen, with_restoration, without_spares
from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.optics.restore import Restoration, installed_spares, player_of, restored
from arterial.optics.restore_case import CasePlayer
from arterial.optics.restore_cuts import SINGLES, Cut, CutKind, cuts_of
from arterial.optics.restore_figures import CaseFigures, case_figures, many_figures
from arterial.optics.restore_options import Spares
from arterial.optics.restore_spares import SpareChoice
from arterial.optics.restored_links import RestoredLink, restored_links
from arterial.optics.sections import Sections, load_sections
from arterial.plan.plan import Plan
from arterial.plan.rows import SpareRegenerators
from arterial.plan.store import read_plan, write_plan
from arterial.report.refused import Refused, refused
from arterial.study.restore_answer import (
    LinkFigures,
    Restored,
    Times,
    links_of,
    times_of,
    verdict_of,
)
from arterial.study.stopwatch import Stopwatch

__all__ = [
    "CaseFigures",
    "LinkFigures",
    "Question",
    "Refused",
    "Restored",
    "SparesAsked",
    "Times",
    "restore",
]

HEADER = ("case", "link", "share", "latency_ms")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked."""

    failures: str = "fibre,srlg"
    """Kinds, comma-separated: fibre, srlg, fibre2."""
    spares: SparesAsked = "installed"
    share: float = 1.0
    """Of the cut rate, that spares bought by ``auto`` must bring back in every single case, where
    any number of spares would."""
    worst: int = 20
    """Cases that are listed."""


def restore(
    folder: Path,
    question: Question,
    *,
    output: Path | None = None,
    table: Path | None = None,
    report: Report = silent,
) -> Restored:
    """Restore the light of a plan after every cut.

    Parameters
    ----------
    output
        Folder for the plan with its restoration: tables of single cuts, spares, bill.
    table
        File for what routers see: case, link, share, latency.

    Raises
    ------
    DamagedError
        The plan is missing, cut or changed.
    ModelError
        The question is wrong, or the plan has no lightpaths.
    SolverError
        GNPy or HiGHS stopped without an answer.
    """
    watch = Stopwatch(report)
    watch("reading the plan", 0, 1)
    plan = read_plan(folder)
    kinds = _kinds(question, plan, folder)
    sections = load_sections(plan.network, watch)
    singles = cuts_of(plan, [kind for kind in kinds if kind != "fibre2"])
    plan, choice, stock = _equipped(plan, sections, question, watch)
    player = player_of(plan, sections, stock)
    light = restored(player, singles, watch)
    figures = case_figures(light, player, sections)
    if "fibre2" in kinds:
        doubles: Sequence[Cut] = cuts_of(plan, ("fibre2",))
        figures += many_figures(plan, sections, stock, doubles, watch)
    whole = with_restoration(plan, _all_singles(plan, kinds, player, light), plan.spares)
    played = {cut.name for cut in singles}
    seen = [row for row in restored_links(whole) if row.case in played]
    if table is not None:
        write_atomically(table, _csv(seen).encode())
    if output is not None:
        watch("writing the plan", 0, 1)
        write_plan(whole, output, watch.facts())
    return _answer(folder, question, whole, (figures, seen, choice), (output, table), watch)


def _kinds(question: Question, plan: Plan, folder: Path) -> list[CutKind]:
    known: tuple[CutKind, ...] = (*SINGLES, "fibre2")
    asked = [word.strip() for word in question.failures.split(",") if word.strip()]
    problems: list[Problem] = [
        Problem(
            file="restore",
            found=f"--failures: no cut is called '{word}'",
            expected=f"Name some of {', '.join(known)}",
        )
        for word in asked or [""]
        if word not in known
    ]
    if question.share < 1.0 and question.spares != "auto":
        expected = "Ask for --spares auto: it buys what a share asks"
        problems.append(Problem(file="restore", found="--share has no use", expected=expected))
    if not plan.lightpaths:
        expected = "Restoration needs a plan with lightpaths; ready-made links bring none"
        problems.append(Problem(file=str(folder), found="there is no light", expected=expected))
    if problems:
        raise ModelError(problems)
    return [kind for kind in known if kind in asked]


def _equipped(
    plan: Plan, sections: Sections, question: Question, watch: Report
) -> tuple[Plan, SpareChoice | None, Spares]:
    """The plan with the spares that are asked for, and what cases may use."""
    if question.spares == "installed":
        return plan, None, installed_spares(plan)
    plan = without_spares(plan)
    if question.spares == "none":
        return plan, None, Spares({})
    choice = spares_chosen(plan, sections, cuts_of(plan), share=question.share, report=watch)
    rows = tuple(
        SpareRegenerators(site=plan.network.sites[site].name, module=module, regenerators=count)
        for (site, module), count in choice.bought.items()
    )
    plan = with_restoration(plan, choice.restoration, rows)
    return plan, choice, installed_spares(plan)


def _all_singles(
    plan: Plan, kinds: Sequence[CutKind], player: CasePlayer, light: Restoration
) -> Restoration:
    """A plan's tables hold every single cut, whichever were asked for."""
    if set(SINGLES) <= set(kinds):
        return light
    return restored(player, cuts_of(plan))


def _csv(rows: Sequence[RestoredLink]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for row in rows:
        late = "" if isnan(row.latency_ms) else f"{row.latency_ms:.6f}"
        writer.writerow((row.case, row.link, f"{row.share:.9g}", late))
    return text.getvalue()


def _answer(
    folder: Path,
    question: Question,
    plan: Plan,
    found: tuple[tuple[CaseFigures, ...], list[RestoredLink], SpareChoice | None],
    written: tuple[Path | None, Path | None],
    watch: Stopwatch,
) -> Restored:
    figures, seen, choice = found
    singles = [case for case in figures if " + fibre " not in case.case]
    worst = sorted(figures, key=lambda case: (case.share, -case.cut_gbps, case.case))
    cut, bound = sum(c.cut_gbps for c in figures), sum(c.bound_gbps for c in figures)
    back = sum(c.restored_gbps for c in figures)
    return Restored(
        plan=str(folder),
        verdict=verdict_of(singles or figures),
        failures=question.failures,
        cases=len(figures),
        share=min((case.share for case in figures), default=1.0),
        mean_share=back / cut if cut else 1.0,
        bound_share=bound / cut if cut else 1.0,
        gap=(bound - back) / bound if bound else 0.0,
        bound_scope="network",
        worst=tuple(worst[: question.worst]),
        links=links_of(seen),
        times=times_of(plan.network),
        spares=plan.spares,
        installed=sum(site.spare_regenerators for site in plan.network.sites),
        spares_cost=plan.spares_cost,
        spares_bound=choice.bound if choice else float("nan"),
        spares_gap=choice.gap if choice else float("nan"),
        refused=refused(plan, seen),
        cost=plan.cost,
        plan_gap=plan.gap,
        output=str(written[0] or ""),
        table=str(written[1] or ""),
        seconds=round(watch.elapsed_s, 3),
    )
