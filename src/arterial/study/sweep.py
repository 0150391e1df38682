"""``sweep``: every failure of a set played on a network or a plan; what is carried, lost, late."""

import hashlib
import math
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct

from arterial import __version__
from arterial.errors import InterruptedRunError
from arterial.fabric.ip_cases import CaseSet
from arterial.fabric.odds import Rates, case_odds, none_down
from arterial.jobs.files import write_atomically
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.verdict import Verdict
from arterial.prove.installed_cases import installed_cases
from arterial.routing.backups import backups
from arterial.routing.reoptimised import reoptimised
from arterial.routing.sweep import (
    NO_CASE,
    Outcome,
    Player,
    Split,
    ecmp,
    joined,
    nothing_failed,
)
from arterial.solve.program import FloatArray
from arterial.study.cases import PUBLISHED, asked_cases, asked_rates, misused
from arterial.study.scene import FIBRE_GBPS, Scene, scene
from arterial.study.stopwatch import Stopwatch
from arterial.study.stretches import STRETCH, Stretches, played
from arterial.study.sweep_answer import (
    CaseFigures,
    ClassFigures,
    Found,
    LinkFigures,
    Odds,
    Parted,
    case_figures,
    class_figures,
    link_figures,
    odds,
    parted_cases,
    verdict,
    worst_cases,
)
from arterial.study.sweep_tables import write_tables

__all__ = [
    "LEDGER",
    "PUBLISHED",
    "CaseFigures",
    "ClassFigures",
    "LinkFigures",
    "Odds",
    "Parted",
    "Question",
    "RoutedBy",
    "Split",
    "Swept",
    "sweep",
]

LEDGER = "sweep.ledger"
ANSWER = "sweep.json"
TE_PATHS = 4
TE_STRETCH = 32
"""A case that is routed anew by programs takes up to a second."""


RoutedBy = Literal["ecmp", "te", "backup"]


class Question(Struct, frozen=True, kw_only=True):
    """What to play and how."""

    failures: str = "fibre"
    """Kinds, comma-separated, or the name of a file of cases."""
    routing: RoutedBy = "ecmp"
    split: Split = "equal"
    load: str = ""
    demands: Path | None = None
    capacity_gbps: float = FIBRE_GBPS
    """Of a link over a fibre, where a network has no links."""
    rates: str = ""
    """A table, or ``published``."""
    worst: int = 10
    """Cases and links that are listed."""
    tables: bool = False
    threads: int = 2
    ray: str = ""
    """Address of a Ray cluster."""


class Swept(Struct, frozen=True, kw_only=True):
    """What came of it."""

    network: str
    load: str
    failures: str
    routing: RoutedBy
    verdict: Verdict
    cases: int
    seconds: float
    offered_gbps: float
    unserved_gbps: float
    """Has no way even where nothing failed."""
    normal: CaseFigures
    worst: tuple[CaseFigures, ...]
    classes: tuple[ClassFigures, ...]
    links: tuple[LinkFigures, ...]
    disconnecting_cases: int
    disconnecting: tuple[Parted, ...]
    odds: Odds | None
    gap: float
    """Largest of all cases, for ``te``; else NaN."""
    bound_scope: str
    output: str
    tables: tuple[str, ...]
    notes: tuple[str, ...]


def sweep(
    folder: Path, question: Question, *, output: Path | None = None, report: Report = silent
) -> Swept:
    """Play every failure of a set.

    Parameters
    ----------
    output
        Folder for the answer, its tables, and what stands should the run be stopped.

    Raises
    ------
    ModelError
        A file is wrong or an option does not fit.
    DamagedError
        The plan is cut or changed.
    SolverError
        A solver or a cluster stopped without an answer.
    InterruptedRunError
        The user stopped it.
    """
    watch = Stopwatch(report)
    watch("reading the network", 0, 1)
    if question.tables and output is None:
        raise misused("--tables", "tables need a place", "Name a folder by -o")
    if question.threads < 1:
        raise misused("--threads", f"{question.threads} threads play nothing", "Give 1 or more")
    if not 0.0 < question.capacity_gbps < math.inf:
        found = f"{question.capacity_gbps:g} Gb/s is no capacity"
        raise misused("--capacity-gbps", found, "Give a number above 0")
    seen = scene(
        folder,
        load=question.load,
        demand_file=question.demands,
        fibre_gbps=question.capacity_gbps,
    )
    cases = asked_cases(seen, question.failures)
    rates = asked_rates(seen, cases, question.rates) if question.rates else None
    watch("routing without failure", 0, 1)
    player = _player(seen, cases, question)
    with _stoppable(output):
        stretches = Stretches(player, cases, TE_STRETCH if question.routing == "te" else STRETCH)
        found = _found(seen, stretches, rates, question, output, report=watch)
        watch("summing up", 0, 1)
        tables = write_tables(output, found, rates) if output and question.tables else ()
    answer = _swept(seen, found, rates, question, (str(output or ""), tables), watch.elapsed_s)
    if output:
        text = msgspec.json.format(msgspec.json.encode(answer), indent=1)
        write_atomically(output / ANSWER, text + b"\n")
        (output / LEDGER).unlink(missing_ok=True)
    return answer


def _player(seen: Scene, cases: CaseSet, question: Question) -> Player:
    router_ms = seen.network.latency.router_ms
    if question.routing == "te":
        return reoptimised(seen.ip, seen.traffic, router_ms, TE_PATHS)
    if question.routing == "ecmp":
        return ecmp(seen.ip, seen.traffic, router_ms, question.split)
    if seen.plan is None:
        return backups(seen.ip, seen.traffic, router_ms)
    return installed_cases(seen.plan, cases, seen.traffic.classes)


def _found(
    seen: Scene,
    stretches: Stretches,
    rates: Rates | None,
    question: Question,
    output: Path | None,
    *,
    report: Report,
) -> Found:
    normal = stretches.player(nothing_failed(len(seen.ip.sites)))
    cases = stretches.cases
    # HiGHS keeps its threads in one place: two programs at once in one process are in each other's
    # way.
    threads = 1 if question.routing == "te" else question.threads
    with _memory(output, seen, cases, question) as ledger:
        outcome = (
            played(stretches, threads=threads, ray=question.ray, ledger=ledger, report=report)
            if len(cases)
            else _none_played(normal)
        )
    count = len(cases)
    return Found(
        ip=seen.ip,
        cases=cases,
        classes=seen.traffic.classes,
        offered_gbps=_offered_gbps(seen, question, normal),
        normal=normal,
        outcome=outcome,
        probability=case_odds(cases, rates, 0, count) if rates else np.full(count, np.nan),
        none_down=none_down(rates) if rates else np.nan,
    )


def _offered_gbps(seen: Scene, question: Question, normal: Outcome) -> FloatArray:
    """(C,) of what is played: a plan's tunnels also answer markets where their edge stands."""
    if question.routing == "backup" and seen.plan is not None:
        return (normal.carried + normal.dropped + normal.overload + normal.ended)[0]
    return seen.traffic.matrix(len(seen.ip.sites)).sum(axis=(0, 1))


def _memory(
    output: Path | None, seen: Scene, cases: CaseSet, question: Question
) -> AbstractContextManager[Ledger | None]:
    if output is None or not len(cases):
        return nullcontext()
    return Ledger(output / LEDGER, _key(seen, cases, question))


def _none_played(normal: Outcome) -> Outcome:
    rows = Outcome._make(column[:0] for column in normal)
    return rows._replace(
        peak=np.zeros_like(normal.peak), peak_case=np.full_like(normal.peak_case, NO_CASE)
    )


def _key(seen: Scene, cases: CaseSet, question: Question) -> str:
    """Over all that a stretch's outcome depends on."""
    digest = hashlib.sha256(f"{__version__} {question.routing} {question.split}".encode())
    digest.update(msgspec.json.encode([seen.network, seen.plan, seen.demands]))
    digest.update(msgspec.json.encode([cases.elements.kinds, cases.elements.names]))
    for array in (seen.ip.capacity_gbps, seen.ip.metric, seen.ip.latency_ms):
        digest.update(array.tobytes())
    for part in cases.parts:
        digest.update(type(part).__name__.encode())
        for array in part.arrays:
            digest.update(array.tobytes())
    return digest.hexdigest()


@contextmanager
def _stoppable(output: Path | None) -> Generator[None]:
    try:
        yield
    except KeyboardInterrupt as stop:
        saved = (
            f"Cases that were played stand in {output}; the same command goes on from there"
            if output
            else "Nothing is kept without -o FOLDER"
        )
        raise InterruptedRunError("sweep", saved) from stop


def _swept(
    seen: Scene,
    found: Found,
    rates: Rates | None,
    question: Question,
    written: tuple[str, tuple[str, ...]],
    spent_s: float,
) -> Swept:
    parted, listed = parted_cases(found)
    unserved = float(found.normal.dropped.sum())
    both = joined([found.normal, found.outcome]).gap
    return Swept(
        network=seen.network.name,
        load=seen.load,
        failures=question.failures,
        routing=question.routing,
        verdict=verdict(found),
        cases=len(found.cases),
        seconds=round(spent_s, 3),
        offered_gbps=float(found.offered_gbps.sum()),
        unserved_gbps=unserved,
        normal=case_figures(found, [-1])[0],
        worst=case_figures(found, worst_cases(found, question.worst)),
        classes=class_figures(found),
        links=link_figures(found, question.worst),
        disconnecting_cases=parted,
        disconnecting=listed,
        odds=odds(found),
        gap=float(both.max()),
        bound_scope=_scope(seen, question),
        output=written[0],
        tables=written[1],
        notes=(*seen.notes, *_notes(found, question, seen.plan), *(rates.notes if rates else ())),
    )


def _scope(seen: Scene, question: Question) -> str:
    if question.routing != "te":
        return ""
    return "paths" if len(np.unique(seen.traffic.priority)) <= 1 else "restricted"


def _notes(found: Found, question: Question, plan: Plan | None) -> Iterator[str]:
    if not len(found.cases):
        yield "there is no such failure: nothing was played"
    if not found.offered_gbps.sum():
        yield "nothing is offered: no case can lose anything"
    unserved = float(found.normal.dropped.sum())
    if unserved > 0.0:
        bound = " within their round trip" if question.routing == "backup" and plan is None else ""
        yield f"{unserved:.6g} Gb/s have no way{bound} even where nothing failed"
    if question.routing == "ecmp" and found.outcome.overload.any():
        yield "a demand is held to the least share on any arc of its equal ways: the safe side"
    if np.isnan(found.ip.latency_ms).any():
        yield "links of unknown delay: means over them are unknown"
    if question.routing == "backup" and plan is None:
        yield "no plan: each demand has a primary and a backup, as `arterial protect` installs them"
    if question.routing == "te":
        yield f"each case routed anew over {TE_PATHS} diverse paths a pair, and the lightest left"
