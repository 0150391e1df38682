"""``route``: where a network's traffic goes when it is engineered, and how far from the best."""

from pathlib import Path

import numpy as np
from msgspec import Struct

from arterial.clock import seconds
from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.routing.ask import barred, ways_of
from arterial.routing.candidates import candidates
from arterial.routing.churn import Before, in_time
from arterial.routing.classes import Objective, Task, route_classes
from arterial.routing.ecmp import ip_of
from arterial.routing.growth import Asked
from arterial.routing.most import Solver
from arterial.routing.realised import Limits, realised
from arterial.routing.segments import igp_of
from arterial.routing.supply import Listed, Network
from arterial.study.route_answer import (
    ClassCarried,
    Routed,
    Run,
    StepLeft,
    Unserved,
    answer_of,
)
from arterial.study.route_tables import read_before, tables_of, write_routing
from arterial.study.scene import FIBRE_GBPS, scene
from arterial.study.stopwatch import Stopwatch

__all__ = [
    "ClassCarried",
    "Objective",
    "Question",
    "Routed",
    "Solver",
    "StepLeft",
    "Unserved",
    "route",
]

LARGE = 5000
"""Demands beyond which the own solver is the default for what it knows. All 24,806 pairs of 158
sites take it 1 CPU-s to a gap of 2e-5, simplex 6, the interior point method 13 and PDLP 16."""

SHARP: Solver = "highs-simplex"
"""Starts warm, ends exactly, and settles ties."""

OWN = {"throughput", "mlu"}
"""What the own solver knows."""


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of a routing."""

    load: str = ""
    demand_file: Path | None = None
    fibre_gbps: float = FIBRE_GBPS
    objective: Objective = "throughput"
    paths: int = 0
    """Candidate paths a demand; 0 looks for them anywhere in the network."""
    solver: Solver | None = None
    """None picks one by size."""
    gap: float = 1e-3
    time_limit_s: float = float("inf")
    sids: int = 0
    """Longest segment list; 0 sets no limit."""
    tunnels: int = 0
    """Most tunnels a demand."""
    buckets: int = 0
    """Equal parts of a demand's split."""
    previous: Path | None = None
    """Tunnels that run now."""
    churn: float | None = None
    """Share of their traffic that may move; None moves as little as the gap allows."""


def route(
    folder: Path, question: Question, *, output: Path | None = None, report: Report = silent
) -> Routed:
    """Route the traffic of a network or plan folder.

    Parameters
    ----------
    output
        Folder for the tables of tunnels and links.

    Raises
    ------
    ModelError
        The description is wrong, nothing says who sends to whom, or a limit on churn has no
        routing that runs.
    DamagedError
        A plan is cut or changed.
    InfeasibleError
        A market has no edge within its class's round trip.
    SolverError
        A solver failed.
    """
    _check(question)
    watch = Stopwatch(report)
    watch("reading the network", 0, 1)
    seen = scene(
        folder,
        load=question.load,
        demand_file=question.demand_file,
        fibre_gbps=question.fibre_gbps,
    )
    until_s = seconds() + question.time_limit_s
    ways = ways_of(seen.ip, seen.traffic, seen.network.latency.router_ms)
    solver = _solver(question, len(ways))
    watch("routing: ways", 0, 1)
    reason = barred(ways, seen.ip.capacity_gbps)
    supply = Network(ways)
    if question.paths:
        risks = [links for _, links in seen.ip.risks]
        supply = Listed(candidates(ways, risks, question.paths), len(ways))
    task = Task(
        supply=supply,
        demand_gbps=seen.traffic.gbps,
        priority=seen.traffic.priority[seen.traffic.of_class],
        room_gbps=seen.ip.capacity_gbps,
        latency_ms=ways.tie,
    )
    asked = Asked(solver=solver, gap=question.gap, left_s=lambda: until_s - seconds(), report=watch)
    found = route_classes(task, question.objective, asked)
    igp = igp_of(
        ip_of(seen.ip.ends, len(seen.ip.sites), seen.ip.metric, np.ones(len(seen.ip.metric)))
    )
    before, strange = read_before(seen, question.previous) if question.previous else (None, 0)
    limits = _limits(question, in_time(before, ways) if before else None)
    watch("routing: limits", 0, 1)
    made = realised(task, question.objective, found, limits, asked, igp=igp, ways=ways)
    tables = tables_of(seen, ways, igp, made.paths, made.rate_gbps)
    if output is not None:
        watch("writing the tables", 0, 1)
        write_routing(tables, output)
    run = Run(
        seen=seen,
        objective=question.objective,
        gap=question.gap,
        solver=solver,
        other_solver=question.solver not in {None, solver},
        found=found,
        made=made,
        limits=limits,
        tables=tables,
        reason=reason,
        strange=strange,
    )
    return answer_of(run, watch.elapsed_s)


def _check(question: Question) -> None:
    if question.churn is not None and question.previous is None:
        found, expected = "a limit on churn needs a routing that runs", "Name it by --previous"
        raise ModelError([Problem(file="--churn", found=found, expected=expected)])


def _limits(question: Question, before: Before | None) -> Limits:
    return Limits(
        sids=question.sids,
        tunnels=question.tunnels,
        buckets=question.buckets,
        before=before,
        churn=question.churn,
    )


def _solver(question: Question, demands: int) -> Solver:
    """What solves it, by name: simplex, where the own solver does not know the objective."""
    asked = question.solver or ("own" if demands > LARGE else SHARP)
    return asked if asked != "own" or question.objective in OWN else SHARP
