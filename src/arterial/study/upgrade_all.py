"""``upgrade --all``: every joined pair of sites of a plan raised to a multiple of what it has."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.design import upgrade_all as engine
from arterial.design.stock import Exchanged
from arterial.design.works import Step
from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.optics.sections import load_sections
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.prove.integrity import check_integrity
from arterial.study.stopwatch import Stopwatch
from arterial.study.upgrade import mode_problems, spectrum_problems

__all__ = ["PairFigures", "UpgradedAll", "upgrade_all"]


class PairFigures(Struct, frozen=True, kw_only=True):
    """One pair of sites."""

    a: str
    z: str
    verdict: Literal["yes", "no", "unknown"]
    gbps_before: float
    target_gbps: float
    gbps_after: float
    routes: int
    best_mode: str
    """The fastest mode with a price that reaches on any of the routes; empty where none does."""
    why: tuple[str, ...]
    """Of a refusal."""


class UpgradedAll(Struct, frozen=True, kw_only=True):
    """The upgrade of all pairs in figures; ``yes`` when each was raised."""

    plan: str
    """The plan that was asked."""
    output: str
    """Where the upgraded plan was written; empty where it was not."""
    plan_hash: str
    """Of the upgraded plan."""
    target_factor: float
    mode: str
    """The only mode that might be newly lit; empty for any."""
    verdict: Literal["yes", "no", "unknown"]
    raised: int
    """Pairs of sites."""
    refused: int
    gbps_before: float
    """Of all IP links."""
    gbps_after: float
    cost: float
    """Of all that is bought, and of power; freed pieces bring nothing in."""
    bound: float
    gap: float
    bound_scope: Literal["paths"]
    """No upgrade of the pairs that were raised, over these routes, costs less than the bound."""
    pairs: tuple[PairFigures, ...]
    steps: tuple[Step, ...]
    exchanged: tuple[Exchanged, ...]
    notes: tuple[str, ...]


def upgrade_all(
    folder: Path, ask: engine.AskAll, *, output: Path | None = None, report: Report = silent
) -> UpgradedAll:
    """Raise the capacity of every joined pair of sites of the plan in ``folder``.

    Parameters
    ----------
    output
        Where the upgraded plan goes, pairs that were refused as they stood; nothing is written
        where no work is done.

    Raises
    ------
    DamagedError
        The plan is missing, cut or changed.
    ModelError
        It holds no such mode, no IP link, or its spectrum is in conflict.
    """
    watch = Stopwatch(report)
    watch("reading the plan", 0, 1)
    plan = read_plan(folder)
    check_integrity(plan)
    problems = list(_problems(ask, str(folder), joined=bool(plan.ip_links)))
    problems += [*mode_problems(plan, str(folder), ask.mode), *spectrum_problems(plan, str(folder))]
    if problems:
        raise ModelError(problems)
    done = engine.upgrade_all(plan, load_sections(plan.network, watch), ask, watch)
    written = ""
    if output is not None and done.steps:
        watch("writing the plan", 0, 1)
        write_plan(done.plan, output, watch.facts())
        written = str(output)
    verdicts = [pair.verdict for pair in done.pairs]
    return UpgradedAll(
        plan=str(folder),
        output=written,
        plan_hash=plan_hash(done.plan),
        target_factor=ask.target_factor,
        mode=ask.mode,
        verdict=done.verdict,
        raised=verdicts.count("yes"),
        refused=len(verdicts) - verdicts.count("yes"),
        gbps_before=sum(row.capacity_gbps for row in plan.ip_links),
        gbps_after=sum(row.capacity_gbps for row in done.plan.ip_links),
        cost=done.cost,
        bound=done.bound,
        gap=done.gap,
        bound_scope="paths",
        pairs=tuple(_pair(pair) for pair in done.pairs),
        steps=done.steps,
        exchanged=done.exchanged,
        notes=done.notes,
    )


def _problems(ask: engine.AskAll, file: str, *, joined: bool) -> Iterator[Problem]:
    if not math.isfinite(ask.target_factor) or ask.target_factor <= 0.0:
        found = f"a target of {ask.target_factor:g} times what stands"
        yield Problem(file=file, found=found, expected="Give a number above 0")
    if not joined:
        yield Problem(file=file, found="it has no IP link", expected="An upgrade raises links")


def _pair(pair: engine.Pair) -> PairFigures:
    """A refusal without a reason of its own says how fast the routes are at best."""
    reach = [
        (row.rate_gbps, row.mode)
        for way in pair.ways
        for row in way.modes
        if row.verdict == "yes" and any(one.mode == row.mode for one in way.options)
    ]
    best = max(reach, default=(0.0, ""))
    return PairFigures(
        a=pair.ask.a,
        z=pair.ask.z,
        verdict=pair.verdict,
        gbps_before=pair.before_gbps,
        target_gbps=pair.ask.target_gbps,
        gbps_after=pair.after_gbps,
        routes=len(pair.ways),
        best_mode=best[1],
        why=() if pair.verdict == "yes" else pair.notes or (_why(pair, best),),
    )


def _why(pair: engine.Pair, best: tuple[float, str]) -> str:
    if not pair.ways:
        return "no fibre route joins the two"
    if not best[1]:
        return "no mode with a price reaches over any of the routes"
    fastest = f"{best[1]}, {best[0]:g} Gb/s a wave, is the fastest that reaches"
    return f"{fastest}: with it on every wave and all room used, the target is missed"
