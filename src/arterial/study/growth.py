"""``growth``: how much fibre carries between campuses, and how many years of growth that is.

The light of C and of C+L, each under the pairs lit and under all of them, alone and beside a plan's
other waves, with regenerators and without. Demand grows by the same share every year.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from msgspec import Struct

from arterial.design.growth import light_of_network
from arterial.design.growth_bound import fibre_caps_gbps
from arterial.design.growth_grid import Line
from arterial.design.growth_plant import banded, plant_of, standing_of
from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.model.site import Campus
from arterial.names import did_you_mean
from arterial.optics.sections import load_sections
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan
from arterial.report.growth_chart import growth_svg
from arterial.study.growth_answer import (
    CampusPower,
    Grown,
    PairGrowth,
    PlantGrowth,
    Verdict,
)
from arterial.study.growth_curves import curves_of
from arterial.study.growth_demand import Asked, asked_of, campus_power
from arterial.study.growth_pair import Pace, Scope, pair_growth
from arterial.study.growth_table import csv_of

__all__ = ["CampusPower", "Grown", "Growth", "PairGrowth", "PlantGrowth", "growth"]

STAGE = "growth by pair of campuses"
PLAN_FILE = "plan.json"
FIRST_YEAR, LAST_YEAR = 1, 9_999
MOST_YEARS = 100
MOST_GROWTH = 100.0
"""More a year, or for longer, is a slip of the pen, and no rate that a number could hold."""

NOTES = (
    "ASSUMPTION: demand between any two campuses grows by the same share every year",
    "ASSUMPTION: demand follows planned power in proportion, where it is scaled by power",
    "waves of one mode end to end over one route, regenerated as seldom as the mode allows",
    "ports, racks, power and add/drop of sites are not counted: this is what fibre carries",
    "after no failure: what must be kept in hand for one is not taken off",
)
LIT_NOTE = "today's capacity is that of C-band light over the pairs lit already: no plan, no links"
PLAN_NOTE = (
    "beside the plan: direct waves only; IP links that join the two directly are dealt anew, all "
    "others keep their spectrum, whatever L-band light beside them would cost them"
)


class Growth(Struct, frozen=True, kw_only=True):
    """What is asked."""

    between: tuple[str, str] | None = None
    """Two campuses, by name or site; all pairs by default."""
    growth_per_year: float = 0.4
    """ASSUMPTION: 40 % a year."""
    from_year: int = 2026
    """The year that the load and the power now stand for."""
    horizon: int = 2040
    top: int = 0
    """Only so many pairs; 0 for all."""
    load: str = ""
    with_candidates: bool = False
    """Fibres for lease or to be built count as well."""


def growth(
    folder: Path,
    question: Growth,
    *,
    output: Path | None = None,
    picture: Path | None = None,
    report: Report = silent,
) -> Grown:
    """How much the fibres of a network or a plan carry between campuses, and for how long.

    Parameters
    ----------
    output
        Where to write every figure as CSV.
    picture
        Where to write demand by year against capacities, as SVG.

    Raises
    ------
    ModelError
        The description is wrong, holds fewer than two campuses or none of such a name, or the years
        make no sense.
    DamagedError
        The plan is cut or changed.
    """
    plan = read_plan(folder) if (folder / PLAN_FILE).exists() else None
    network = plan.network if plan else load_network(folder)
    _check(network, str(folder / NETWORK_FILE), question, plan)
    asked = asked_of(network, plan, question.load)
    scope = _scope(network, plan, question, asked, report)
    pairs = _pairs(network, question, asked)
    shown = pairs[: question.top] if question.top else pairs
    rows: list[PairGrowth] = []
    for number, (a, z) in enumerate(shown):
        report(STAGE, float(number), float(len(shown)))
        rows.append(pair_growth(scope, a, z))
    report(STAGE, float(len(shown)), float(len(shown)))
    answer = Grown(
        network=network.name,
        of="plan" if plan else "network",
        load=asked.load,
        verdict=_worst([row.verdict for row in rows]),
        growth_per_year=question.growth_per_year,
        from_year=question.from_year,
        horizon=question.horizon,
        with_candidates=question.with_candidates,
        pairs_in_all=len(pairs),
        pairs=tuple(rows),
        campuses=campus_power(network, asked, _caps(scope)),
        notes=(*NOTES, *_notes(network, plan), *_loads(scope)),
    )
    if output is not None:
        write_atomically(output, csv_of(answer).encode())
    if picture is not None:
        write_atomically(picture, growth_svg(*curves_of(answer)).encode())
    return answer


def _scope(
    network: Network, plan: Plan | None, question: Growth, asked: Asked, report: Report
) -> Scope:
    lines: list[Line] = []
    for bands in ("C", "C+L"):
        there = banded(network, bands)
        sections = load_sections(there, report)
        lines.append(Line(bands, light_of_network(there, sections), standing_of(there, plan)))
    return Scope(
        network=network,
        plan=plan,
        asked=asked,
        lines=tuple(lines),
        with_candidates=question.with_candidates,
        pace=Pace(question.growth_per_year, question.from_year, question.horizon),
    )


def _caps(scope: Scope) -> tuple[float, ...]:
    """(M,) what each fibre carries at most with all pairs, in the better of the line systems."""
    found = [
        fibre_caps_gbps(
            line.light.items,
            plant_of(
                line.light.network,
                line.light.sections,
                line.standing,
                "all",
                with_candidates=scope.with_candidates,
            ),
        )
        for line in scope.lines
    ]
    return tuple(max(caps) for caps in zip(*found, strict=True))


def _pairs(network: Network, question: Growth, asked: Asked) -> list[tuple[Campus, Campus]]:
    """Pairs of campuses at different sites: most training first, then most traffic, then names."""
    if question.between is not None:
        a, z = (_campus(network, name) for name in question.between)
        return [(a, z)] if a is not None and z is not None else []
    found = [pair for pair in combinations(network.campuses, 2) if pair[0].site != pair[1].site]

    def rank(pair: tuple[Campus, Campus]) -> tuple[float, float, str, str]:
        a, z = pair
        if not asked.load:
            return (0.0, 0.0, a.name, z.name)
        return (
            -asked.training_gbps(a.site, z.site),
            -asked.gbps(a.site, z.site),
            a.name,
            z.name,
        )

    return sorted(found, key=rank)


def _campus(network: Network, name: str) -> Campus | None:
    """A campus by its name, or by its site."""
    named = [campus for campus in network.campuses if campus.name == name]
    there = [campus for campus in network.campuses if campus.site == name]
    return next(iter((*named, *there)), None)


def _check(network: Network, file: str, question: Growth, plan: Plan | None) -> None:
    """Raise ModelError for all that is wrong in a question."""
    problems = [
        Problem(file=file, found=found, expected=what)
        for found, what in _wrong_campuses(network, question)
    ]
    problems += [
        Problem(file="growth", found=found, expected=what)
        for found, what in _wrong_words(question, plan)
    ]
    if problems:
        raise ModelError(problems)


def _wrong_campuses(network: Network, question: Growth) -> Iterator[tuple[str, str]]:
    count = len({campus.site for campus in network.campuses})
    if count < 2:  # noqa: PLR2004 - nobody to exchange with
        found = "campuses at one site only" if count else "no campus"
        yield f"{found}: growth is told for pairs", "Describe two or more in campuses.csv"
        return
    asked = {name: _campus(network, name) for name in question.between or ()}
    names = [name for campus in network.campuses for name in (campus.name, campus.site)]
    known = ", ".join(campus.name for campus in network.campuses)
    for name, campus in asked.items():
        if campus is None:
            yield f"no campus is called '{name}'", did_you_mean(name, names) or f"Known: {known}"
    sites = {campus.site if campus else name for name, campus in asked.items()}
    if len(sites) == 1:
        yield "one campus stands at both ends", "Name two that fibre lies between"


def _wrong_words(question: Growth, plan: Plan | None) -> Iterator[tuple[str, str]]:
    if not -1.0 < question.growth_per_year <= MOST_GROWTH:
        yield (
            f"--growth-per-year {question.growth_per_year:g}",
            f"Give a number above -1 and at most {MOST_GROWTH:g}, as 0.4 for 40 %",
        )
    first, last = question.from_year, question.horizon
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first > MOST_YEARS:
        yield (
            f"--from-year {first} --horizon {last}",
            f"Both in {FIRST_YEAR} to {LAST_YEAR}, the horizon at most {MOST_YEARS} years later",
        )
    if plan is not None and question.load not in ("", plan.load):
        yield f"--load: the plan does not carry '{question.load}'", f"It has '{plan.load}'"


def _notes(network: Network, plan: Plan | None) -> tuple[str, ...]:
    if plan is not None:
        return (PLAN_NOTE,)
    return () if network.standing_links else (LIT_NOTE,)


def _loads(scope: Scope) -> tuple[str, ...]:
    return tuple(f"{line.bands}: {line.light.sections.load_words}" for line in scope.lines)


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    if "no" in verdicts:
        return "no"
    return "yes" if verdicts and "unknown" not in verdicts else "unknown"
