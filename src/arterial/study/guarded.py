"""What `protect` guards against: what fails, how often, and what comes back of its links."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from arterial.errors import ModelError, Problem
from arterial.model.failure_file import read_failures, read_restored
from arterial.names import did_you_mean
from arterial.routing.restored import Restored, restored_by_rule
from arterial.routing.scenarios import independent, states_of, uncovered
from arterial.solve.program import BoolArray, FloatArray
from arterial.study.scene import Scene

__all__ = ["Guarded", "States", "guarded", "restored", "states"]

KINDS = ("fibre", "srlg")
CUTS_PER_KM_YEAR = 4.39 / 1609.344
"""4.39 cuts a year per 1,000 sheath miles: D. E. Crawford, "Fiber optic cable dig-ups: causes and
cures", FCC Network Reliability Council, 1993. ASSUMPTION: cables of today are cut as often."""
REPAIR_H = 12.0
"""M. To and P. Neusy, "Unavailability analysis of long-haul networks", IEEE JSAC 12(1), 1994.
ASSUMPTION, as above."""
RISK_KM = 10.0
"""ASSUMPTION: a shared risk is hit as often as so much cable."""
HOURS_A_YEAR = 8760.0

_CUTS = "cables are cut 4.39 times a year in 1,000 miles (Crawford 1993)"
_MENDED = "mended in 12 h (To and Neusy 1994), each by itself"
_ODDS = (
    f"ASSUMPTION: {_CUTS} and {_MENDED}",
    f"ASSUMPTION: a shared risk is hit as often as {RISK_KM:g} km of cable",
    "ASSUMPTION: a fibre of unknown length is cut as often as the longest known one",
)

MOST_STATES = 20_000
"""Of independent elements; a program over more takes minutes."""
MOST_TOGETHER = 3
"""Elements down at once that are looked at to cover an availability."""


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """G elements over L links."""

    names: tuple[str, ...]
    links: BoolArray
    """(G, L) that fall with each."""
    down: FloatArray
    """(G,) share of the time; NaN from a file."""
    probability: FloatArray | None
    """(G,) of a file's cases, each a state of the whole network; None where one has none."""
    from_file: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class States:
    """F states of the network with their probabilities."""

    down: BoolArray
    probability: FloatArray
    k: int
    """Elements down at once at most; 0 for the cases of a file."""


def guarded(found: Scene, failures: str) -> Guarded:
    """The elements of a kind, or the cases of a file.

    ``srlg`` is every shared risk and every fibre that is in none.

    Raises
    ------
    ModelError
        There is nothing of the kind, or the file is wrong.
    """
    ip = found.ip
    if failures not in KINDS:
        return _listed(found, Path(failures))
    shared = {link for _, links in ip.risks for link in links}
    alone = [(name, held) for name, held in ip.fibres if not shared & set(held)]
    members = [*ip.risks, *alone] if failures == "srlg" else [*ip.fibres]
    named = [(name, held) for name, held in members if held]
    links = np.zeros((len(named), len(ip.links)), dtype=np.bool_)
    for number, (_, held) in enumerate(named):
        links[number, list(held)] = True
    down, notes = _unavailable(found, [name for name, _ in named])
    return Guarded(
        names=tuple(name for name, _ in named),
        links=links,
        down=down,
        probability=None,
        from_file=False,
        notes=notes,
    )


def states(cases: Guarded, k: int | None, beta: float) -> States:
    """States with probabilities: a file's cases, or all of at most k independent elements.

    Without k, the fewest at once that cover ``beta``, if so many are looked at.

    Raises
    ------
    ModelError
        A case has no probability, they add up to more than 1, or there are too many states.
    """
    if cases.from_file:
        if cases.probability is None:
            raise _wrong("a case has no probability", "Give each one, the one without failure too")
        if cases.probability.sum() > 1.0 + 1e-9:
            found = f"the probabilities add up to {cases.probability.sum():.6g}"
            raise _wrong(found, "Each is the share of the time spent in that state and no other")
        return States(down=cases.links, probability=cases.probability, k=0)
    together = 1 if k is None else k
    while True:
        if states_of(len(cases.names), together) > MOST_STATES:
            found = f"{len(cases.names)} elements, {together} at once, are too many states"
            raise _wrong(found, f"At most {MOST_STATES:,}: give a smaller --k or a file of cases")
        down, probability, _ = independent(cases.links, cases.down, together)
        wider = states_of(len(cases.names), together + 1)
        enough = uncovered(probability) <= 1.0 - beta or together >= MOST_TOGETHER
        if k is not None or enough or wider > MOST_STATES:
            return States(down=down, probability=probability, k=together)
        together += 1


def restored(found: Scene, down: BoolArray, told: str) -> tuple[Restored, str]:
    """What returns in each case, by a share or from a table, and what was assumed.

    Raises
    ------
    ModelError
        It is neither a share from 0 to 1 nor a table of links of the network.
    """
    ip = found.ip
    try:
        share = float(told)
    except ValueError:
        return _from_table(found, down, Path(told)), ""
    if not 0.0 <= share <= 1.0:
        raise _wrong(f"--restored {told} is no share", "Give a number from 0 to 1, or a table")
    rule = "where standing links still join a lost link's ends, along the shortest of these ways"
    note = f"ASSUMPTION: {share:g} of its capacity is restored {rule}"
    back = restored_by_rule(ip.ends, len(ip.sites), ip.latency_ms, down, share)
    return back, note if share > 0.0 else ""


def _from_table(found: Scene, down: BoolArray, path: Path) -> Restored:
    number = {name: place for place, name in enumerate(found.ip.links)}
    share, late = np.zeros(len(number)), np.full(len(number), np.nan)
    problems: list[Problem] = []
    for row, record in read_restored(path):
        if row.link not in number:
            expected = did_you_mean(row.link, number) or "Name a link of the network"
            problems.append(record.problem("link", f"no link is called '{row.link}'", expected))
            continue
        share[number[row.link]] = row.share
        if row.latency_ms is not None:
            late[number[row.link]] = row.latency_ms
    if problems:
        raise ModelError(problems)
    return Restored(share=np.where(down, share, 0.0), latency_ms=np.where(down, late, np.nan))


def _listed(found: Scene, path: Path) -> Guarded:
    """The cases of a file."""
    ip = found.ip
    held = {name: (place,) for place, name in enumerate(ip.links)} | dict(ip.fibres)
    held |= {name: links for name, links in ip.risks if name not in held}
    rows = read_failures(path)
    links = np.zeros((len(rows), len(ip.links)), dtype=np.bool_)
    problems: list[Problem] = []
    for number, (row, record) in enumerate(rows):
        for name in row.links:
            if name in held:
                links[number, list(held[name])] = True
            else:
                expected = did_you_mean(name, held) or "Name a link, a fibre or a shared risk"
                problems.append(record.problem("links", f"nothing is called '{name}'", expected))
    if problems:
        raise ModelError(problems)
    odds = [row.probability for row, _ in rows]
    told = [value for value in odds if value is not None]
    return Guarded(
        names=tuple(row.case for row, _ in rows),
        links=links,
        down=np.full(len(rows), np.nan),
        probability=np.array(told) if len(told) == len(odds) else None,
        from_file=True,
        notes=(),
    )


def _unavailable(found: Scene, names: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
    """Share of the time in which each element is down, and what that assumes."""
    routes = [*found.network.fibres, *found.network.links]
    length = {route.name: route.length_km for route in routes}
    known = [km for km in length.values() if km is not None]
    longest = max(known, default=RISK_KM)
    told = (length.get(name, RISK_KM) for name in names)
    km = np.array([longest if value is None else value for value in told], dtype=np.float64)
    hours = CUTS_PER_KM_YEAR * km * REPAIR_H
    return hours / (hours + HOURS_A_YEAR), _ODDS


def _wrong(found: str, expected: str) -> ModelError:
    return ModelError([Problem(file="protect", found=found, expected=expected)])
