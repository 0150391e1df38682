"""``protect``: traffic protected beforehand against failures, and each failure at three moments."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.plan.folder import write_tables
from arterial.routing.installed import Installed, installed_over
from arterial.routing.moments import Moment, moments
from arterial.routing.moments import Scene as Routable
from arterial.routing.patterns import PATHS
from arterial.solve.program import BoolArray
from arterial.study.guarded import Guarded, guarded, restored
from arterial.study.protect_answer import (
    TABLES,
    CaseFigures,
    Level,
    MomentAt,
    MomentFigures,
    levels_of,
    moment_figures,
    tables_of,
    worst_cases,
)
from arterial.study.protect_methods import INSTALLED, Method, Promise, Question, promised
from arterial.study.scene import Scene, scene
from arterial.study.stopwatch import Stopwatch

__all__ = [
    "CaseFigures",
    "Level",
    "Method",
    "MomentAt",
    "MomentFigures",
    "Protected",
    "Question",
    "protect",
]

Verdict = Literal["yes", "no", "unknown"]

ANSWER = "protect.json"
NEARLY = 1e-6
"""Share of what is offered that a solver's tolerance may take."""


class Protected(Struct, frozen=True, kw_only=True):
    """What is promised, and what it is worth."""

    network: str
    load: str
    method: Method
    failures: str
    k: int
    """Cases at once; of ``cvar`` elements down at once, 0 where the cases are the states."""
    beta: float
    """NaN but for ``cvar``."""
    verdict: Verdict
    cases: int
    demands: int
    offered_gbps: float
    admitted_gbps: float
    """``backup``: carried where nothing failed. Else what the guarantee covers."""
    bound: float
    """Gb/s; what no admission over the same tunnels beats."""
    gap: float
    bound_scope: Literal["paths", "restricted"]
    status: Literal["optimal", "limit"]
    levels: tuple[Level, ...]
    uncovered: float
    """Probability of the states that nobody described; NaN but for ``cvar``."""
    unserved: int
    """Demands without a path within their round trip."""
    exposed: int
    """Demands whose tunnels can all fall at once in what is guarded against."""
    inexact: int
    """Demands whose backup may share more risks than it has to."""
    moments: tuple[MomentFigures, ...]
    worst: tuple[CaseFigures, ...]
    notes: tuple[str, ...]
    seconds: float
    output: str


def protect(
    folder: Path, question: Question, *, output: Path | None = None, report: Report = silent
) -> Protected:
    """Protect a network's traffic.

    Parameters
    ----------
    output
        Folder for the answer and its tables.

    Raises
    ------
    ModelError
        The description, a table or the question is wrong.
    DamagedError
        The plan is cut or changed.
    InfeasibleError
        A market has no edge within its class's round trip.
    """
    watch = Stopwatch(report)
    watch("reading", 0, 1)
    found = scene(
        folder,
        load=question.load,
        demand_file=question.demands,
        fibre_gbps=question.capacity_gbps,
    )
    cases = guarded(found, question.failures)
    _checked(question, cases)
    back, assumed = restored(found, cases, question.restored)  # a slip in a table is told at once
    watch("looking for tunnels", 0, 1)
    ways, routable = _ways(found, question)
    watch(f"protecting by {question.method}", 0, 1)
    promise = promised(found, ways, cases, question)
    told = moments(
        routable,
        promise.local,
        cases.links,
        back,
        watch,
        time_limit_s=question.time_limit_s,
    )
    answer = _answer(found, ways, cases, question, promise, told)
    answer = msgspec.structs.replace(
        answer,
        network=str(folder),
        notes=tuple(
            note for note in (*found.notes, *promise.notes, assumed, *answer.notes) if note
        ),
        seconds=round(watch.elapsed_s, 3),
        output=str(output or ""),
    )
    if output is not None:
        watch("writing", 0, 1)
        write_tables(tables_of(found, cases.names, ways, promise, told), TABLES, output)
        text = msgspec.json.format(msgspec.json.encode(answer), indent=2)
        write_atomically(output / ANSWER, text + b"\n")
    return answer


def _checked(question: Question, cases: Guarded) -> None:
    """Raise ModelError where the question cannot be meant."""
    count = len(cases.names)
    wrong: list[tuple[str, str]] = []
    if not 0.0 <= question.beta < 1.0:
        wrong.append((f"--beta {question.beta:g}", "Give a share of the time below 1, as 0.999"))
    if question.k is not None and not 0 <= question.k <= count:
        wrong.append((f"--k {question.k}", f"{count} can fail: give a number from 0 to that"))
    if not INSTALLED <= question.tunnels <= PATHS:
        wrong.append((f"--tunnels {question.tunnels}", f"Give {INSTALLED} to {PATHS}"))
    if wrong:
        raise ModelError([Problem(file="protect", found=f, expected=e) for f, e in wrong])


def _ways(found: Scene, question: Question) -> tuple[Installed, Routable]:
    """Tunnels of every demand, and what routing may use."""
    ip, hop_ms = found.ip, found.network.latency.router_ms
    ways = installed_over(ip, found.traffic, hop_ms, question.tunnels)
    return ways, Routable(
        paths=ways.paths,
        traffic=found.traffic,
        capacity_gbps=ip.capacity_gbps,
        arc_ms=ip.latency_ms,
        hop_ms=hop_ms,
        limit_ms=ways.limit_ms,
        ends=ip.ends,
        sites=len(ip.sites),
    )


def _answer(
    found: Scene,
    ways: Installed,
    cases: Guarded,
    question: Question,
    promise: Promise,
    told: Sequence[Moment],
) -> Protected:
    traffic, bare = found.traffic, ways.without_path()
    levels = levels_of(found, promise)
    offered = float(traffic.gbps.sum())
    admitted = sum(level.admitted_gbps for level in levels)
    bound = max(sum(one.bound_gbps for one in promise.guarantee.promises), admitted)
    return Protected(
        network="",
        load=found.load,
        method=question.method,
        failures=question.failures,
        k=promise.k,
        beta=question.beta if promise.tail else float("nan"),
        verdict=_verdict(found, cases, promise, told, admitted),
        cases=len(cases.names),
        demands=len(traffic),
        offered_gbps=offered,
        admitted_gbps=admitted,
        bound=bound,
        gap=(bound - admitted) / bound if bound > 0.0 else 0.0,
        bound_scope="restricted" if promise.tail else promise.guarantee.scope,
        status=_status(promise),
        levels=levels,
        uncovered=promise.tail.uncovered if promise.tail else float("nan"),
        unserved=len(bare),
        exposed=int(promise.exposed.sum()),
        inexact=int((~ways.exact).sum()),
        moments=moment_figures(found, cases.names, told),
        worst=worst_cases(found, cases.names, told, question.worst),
        notes=(
            *_notes(found, cases),
            *(
                f"no path within the round trip: {found.ip.sites[int(traffic.source[k])]} to"
                f" {found.ip.sites[int(traffic.target[k])]}"
                f" ({traffic.classes[int(traffic.of_class[k])]})"
                for k in bare[: question.worst].tolist()
            ),
        ),
        seconds=0.0,
        output="",
    )


def _notes(found: Scene, cases: Guarded) -> Iterator[str]:
    if not cases.names:
        yield "there is no such failure: nothing was guarded against"
    lost: BoolArray = np.asarray(cases.sites.any(axis=0), dtype=np.bool_)
    traffic = found.traffic
    ending = int((lost[traffic.source] | lost[traffic.target]).sum())
    if ending:
        yield f"{ending} demands end at a site that some case takes whole: no tunnel guards them"


def _status(promise: Promise) -> Literal["optimal", "limit"]:
    stopped = promise.guarantee.status, promise.tail.status if promise.tail else "optimal"
    return "limit" if "limit" in stopped else "optimal"


def _verdict(
    found: Scene, cases: Guarded, promise: Promise, told: Sequence[Moment], admitted: float
) -> Verdict:
    """Whether all that is offered is protected as asked; what is shown needs no solver."""
    if not len(found.traffic) or not cases.names:
        return "unknown"
    offered = float(found.traffic.gbps.sum())
    if promise.method == "backup":
        short = float(told[0].outcome.dropped_gbps.sum(axis=1).max())
    elif promise.tail is None:
        short = offered - admitted
    elif not promise.covered:
        return "unknown"
    else:
        short = offered * max(tail.value_at_risk for tail in promise.tail.tails)
    if short <= NEARLY * offered:
        return "yes"
    stopped = promise.method != "backup" and _status(promise) == "limit"
    return "unknown" if stopped else "no"
