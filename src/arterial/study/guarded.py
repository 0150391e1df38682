"""What `protect` guards against: what fails, how often, and what comes back of its links."""

from dataclasses import dataclass
from itertools import combinations
from math import isnan
from pathlib import Path

import numpy as np

from arterial.errors import ModelError, Problem
from arterial.fabric.ip_cases import CaseSet, Chunk, Listed, Singles
from arterial.fabric.odds import Rates, case_odds
from arterial.model.restored_file import RestoredRow, read_restored
from arterial.names import did_you_mean
from arterial.optics.restored_links import restored_links
from arterial.plan.plan import Plan
from arterial.routing.restored import Restored, restored_as_told, restored_by_rule
from arterial.routing.scenarios import states_of, uncovered
from arterial.solve.program import BoolArray, FloatArray
from arterial.study.cases import asked_cases, misused
from arterial.study.scene import Scene

__all__ = ["Guarded", "States", "guarded", "restored", "states"]

MOST_CASES = 20_000
"""Cases or states; a program over more takes minutes."""
RESTORED = "0.5"
"""Share that is assumed where nobody says."""
MOST_TOGETHER = 3
"""Elements down at once that are looked at to cover an availability."""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """G cases over L links."""

    cases: CaseSet
    names: tuple[str, ...]
    links: BoolArray
    """(G, L) that fall with each."""
    sites: BoolArray
    """(G, N) lost whole: what ends there is cut off."""


@dataclass(frozen=True, kw_only=True)
class States:
    """F states of the network with their probabilities."""

    down: BoolArray
    probability: FloatArray
    k: int
    """Elements down at once at most; 0 where the cases themselves are the states."""


def guarded(found: Scene, failures: str) -> Guarded:
    """The cases of some kinds or of a file, each as the links that it takes down.

    Raises
    ------
    ModelError
        There is no such kind, the file is wrong, a case takes a part of a link's capacity, or there
        are too many.
    """
    cases = asked_cases(found, failures)
    if len(cases) > MOST_CASES:
        expected = f"At most {MOST_CASES:,}: name fewer kinds, or a file of cases"
        raise misused("--failures", f"{len(cases):,} cases are too many", expected)
    chunk = cases.chunk(0, len(cases))
    partly = np.flatnonzero(np.diff(chunk.weak_first)).tolist()
    if partly:
        case, more = cases.name(partly[0]), len(partly) - 1
        also = f" (and {more} more)" if more else ""
        part = f"'{case}'{also} takes a part of its links' capacity"
        expected = "Name what takes links down whole; `arterial sweep` plays such cases too"
        raise misused("--failures", part, expected)
    return Guarded(
        cases=cases,
        names=tuple(cases.name(case) for case in range(len(cases))),
        links=_down(chunk, len(found.ip.links)),
        sites=chunk.sites,
    )


def states(guard: Guarded, rates: Rates, k: int | None, beta: float) -> States:
    """States with probabilities: no failure, and the cases, or any k of them where each is single.

    Without k, the fewest at once that cover ``beta``, if so many are looked at. What has no rate
    never fails by itself: it has no part in any state.

    Raises
    ------
    ModelError
        Nothing has a rate, or there are too many states.
    """
    cases = guard.cases
    first, flat = cases.members(0, len(cases))
    rated = ~np.isnan(rates.down)
    single = all(isinstance(part, Singles) for part in cases.parts)
    sets = np.split(flat, first[1:-1]) if len(cases) else []
    known = [tuple(one.tolist()) for one in sets if rated[one].all()]
    if not known:
        expected = "Give rates for what fails, by --rates"
        raise misused("--rates", "no case has a rate for all that is down in it", expected)
    if not single:
        return _states(cases, rates, [(), *known], 0)
    pool = [one for (one,) in known]
    together = 1 if k is None else k
    while True:
        if states_of(len(pool), together) > MOST_CASES:
            few = f"{len(pool)} elements, {together} at once, are too many states"
            expected = f"At most {MOST_CASES:,}: give a smaller --k or a file of cases"
            raise misused("--k", few, expected)
        chosen = [one for many in range(together + 1) for one in combinations(pool, many)]
        told = _states(cases, rates, chosen, together)
        wider = states_of(len(pool), together + 1)
        enough = uncovered(told.probability) <= 1.0 - beta or together >= MOST_TOGETHER
        if k is not None or enough or wider > MOST_CASES:
            return told
        together += 1


def _states(cases: CaseSet, rates: Rates, chosen: list[tuple[int, ...]], k: int) -> States:
    """States of which each is told by the elements that are down."""
    listed = CaseSet(ip=cases.ip, elements=cases.elements, parts=(Listed.of(chosen),))
    return States(
        down=_down(listed.chunk(0, len(chosen)), len(cases.ip.links)),
        probability=case_odds(listed, rates, 0, len(chosen)),
        k=k,
    )


def _down(chunk: Chunk, links: int) -> BoolArray:
    """(F, L) links that a case takes down."""
    down = np.zeros((len(chunk.sites), links), dtype=np.bool_)
    down[np.repeat(np.arange(len(down)), np.diff(chunk.first)), chunk.links] = True
    return down


def restored(found: Scene, guard: Guarded, told: str) -> tuple[Restored, str]:
    """What returns in each case, and what was assumed or where it comes from.

    Parameters
    ----------
    told
        A share or a table; empty takes what the plan's own tables say, where it has any.

    Raises
    ------
    ModelError
        It is neither a share from 0 to 1 nor a table of links of the network.
    """
    ip, down = found.ip, guard.links
    if not told and found.plan is not None and found.plan.restored_waves:
        return _from_plan(found, found.plan, guard), "restored light is that of the plan's tables"
    try:
        share = float(told or RESTORED)
    except ValueError:
        return _from_table(found, guard, Path(told)), ""
    if not 0.0 <= share <= 1.0:
        raise misused("--restored", f"{told} is no share", "Give a number from 0 to 1, or a table")
    rule = "where standing links still join a lost link's ends, along the shortest of these ways"
    note = f"ASSUMPTION: {share:g} of its capacity is restored {rule}"
    back = restored_by_rule(ip.ends, len(ip.sites), ip.latency_ms, down, share)
    return back, note if share > 0.0 else ""


def _from_table(found: Scene, guard: Guarded, path: Path) -> Restored:
    """A row of a case counts there; one without a case wherever its link has no row of the case."""
    known = set(found.ip.links)
    rows: list[RestoredRow] = []
    problems: list[Problem] = []
    for row, record in read_restored(path):
        if row.link not in known:
            expected = did_you_mean(row.link, known) or "Name a link of the network"
            problems.append(record.problem("link", f"no link is called '{row.link}'", expected))
        rows.append(row)
    if problems:
        raise ModelError(problems)
    return restored_as_told(found.ip.links, guard.names, guard.links, rows)


def _from_plan(found: Scene, plan: Plan, guard: Guarded) -> Restored:
    rows = [
        RestoredRow(
            case=row.case,
            link=row.link,
            share=row.share,
            latency_ms=None if isnan(row.latency_ms) else row.latency_ms,
        )
        for row in restored_links(plan)
    ]
    return restored_as_told(found.ip.links, guard.names, guard.links, rows)
