"""``upgrade``: more capacity between two sites of a plan, over what lies in the ground."""

import math
from collections.abc import Iterator
from pathlib import Path

from arterial.design import upgrade as engine
from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.names import did_you_mean
from arterial.optics.sections import load_sections
from arterial.plan.plan import Plan
from arterial.plan.store import plan_hash, read_plan, write_plan
from arterial.prove.integrity import check_integrity
from arterial.prove.light import spectrum_conflicts
from arterial.study.stopwatch import Stopwatch
from arterial.study.upgrade_answer import (
    ModeFigures,
    RouteFigures,
    SectionFigures,
    Upgraded,
    answered,
)

__all__ = [
    "ModeFigures",
    "RouteFigures",
    "SectionFigures",
    "Upgraded",
    "mode_problems",
    "spectrum_problems",
    "upgrade",
]

_NAMED = 6
"""Sites that a message names."""


def upgrade(
    folder: Path, ask: engine.Ask, *, output: Path | None = None, report: Report = silent
) -> Upgraded:
    """Raise the capacity between two sites of the plan in ``folder``.

    Parameters
    ----------
    output
        Where the upgraded plan goes; nothing is written when the upgrade is refused.

    Raises
    ------
    DamagedError
        The plan is missing, cut or changed.
    ModelError
        It holds no such site or mode, no IP link joins the two, or its spectrum is in conflict.
    InfeasibleError
        A site has too few ports, slots or watts.
    """
    watch = Stopwatch(report)
    watch("reading the plan", 0, 1)
    plan = read_plan(folder)
    check_integrity(plan)
    problems = list(_problems(plan, str(folder), ask))
    if problems:
        raise ModelError(problems)
    done = engine.upgrade(plan, load_sections(plan.network, watch), ask, watch)
    written = ""
    if output is not None and done.verdict == "yes":
        watch("writing the plan", 0, 1)
        write_plan(done.plan, output, watch.facts())
        written = str(output)
    digest = plan_hash(done.plan)
    return answered(done, ask, plan=str(folder), output=written, plan_hash=digest)


def mode_problems(plan: Plan, file: str, mode: str) -> Iterator[Problem]:
    """A mode that the plan's catalogue does not know; empty for any."""
    modes = [row.name for row in plan.network.modes]
    if mode and mode not in modes:
        found = f"no mode is called '{mode}'"
        expected = did_you_mean(mode, modes) or f"It knows {', '.join(modes)}"
        yield Problem(file=file, found=found, expected=expected)


def spectrum_problems(plan: Plan, file: str) -> Iterator[Problem]:
    """The first conflict of a plan's light."""
    for conflict in spectrum_conflicts(plan):
        expected = "An upgrade starts from a plan whose light holds; see `arterial prove`"
        yield Problem(file=file, found=conflict, expected=expected)
        break


def _problems(plan: Plan, file: str, ask: engine.Ask) -> Iterator[Problem]:
    yield from mode_problems(plan, file, ask.mode)
    if not math.isfinite(ask.target_gbps) or ask.target_gbps <= 0.0:
        found = f"a target of {ask.target_gbps:g} Gb/s"
        yield Problem(file=file, found=found, expected="Give a number above 0")
    yield from _ends(plan, file, ask)
    yield from spectrum_problems(plan, file)


def _ends(plan: Plan, file: str, ask: engine.Ask) -> Iterator[Problem]:
    sites = {site.name for site in plan.network.sites}
    ends = [(link.a, link.z) for link in plan.ip_links]
    joined = {site for pair in ends for site in pair}
    for name in dict.fromkeys((ask.a, ask.z)):
        if name not in sites:
            expected = did_you_mean(name, joined or sites) or "See `arterial check` of its network"
            yield Problem(file=file, found=f"no site is called '{name}'", expected=expected)
    if not {ask.a, ask.z} <= sites:
        return
    if ask.a == ask.z:
        yield Problem(file=file, found=f"'{ask.a}' stands at both ends", expected="Name two sites")
    elif not any({a, z} == {ask.a, ask.z} for a, z in ends):
        others = sorted({site for pair in ends if ask.a in pair for site in pair} - {ask.a})
        named = ", ".join(others[:_NAMED]) or "nothing"
        yield Problem(
            file=file,
            found=f"no IP link joins '{ask.a}' and '{ask.z}'",
            expected=did_you_mean(ask.z, others) or f"'{ask.a}' is joined to {named}",
        )
