"""``route``: where a network's traffic goes when it is engineered, and how far from the best."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from arterial.clock import seconds
from arterial.demand.traffic import asking
from arterial.jobs.progress import Report, silent
from arterial.routing.ask import BARRED, barred, ways_of
from arterial.routing.candidates import candidates
from arterial.routing.classes import Objective, Routing, Task, route_classes
from arterial.routing.ecmp import ip_of
from arterial.routing.growth import Asked
from arterial.routing.most import Solver, Status
from arterial.routing.realised import Limits, Realised, realised
from arterial.routing.segments import igp_of
from arterial.routing.supply import Listed, Network, Scope
from arterial.solve.program import BoolArray, IntArray
from arterial.study.route_tables import Tables, read_before, tables_of, write_routing
from arterial.study.scene import FIBRE_GBPS, Scene, scene
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

NEARLY = 1e-6
"""Share of a demand that a solver's tolerance may take: less than all, and told as all."""

WORST = 10


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


class StepLeft(Struct, frozen=True, kw_only=True):
    """What is left after a limit on what routers can be given."""

    step: str
    carried_gbps: float
    mlu: float
    value: float


class ClassCarried(Struct, frozen=True, kw_only=True):
    """A class; latencies are NaN where nothing is carried or a delay is unknown."""

    name: str
    priority: int
    rtt_ms: float
    """Bound on the round trip; NaN where the class has none."""
    demands: int
    offered_gbps: float
    carried_gbps: float
    least_share: float
    """Of the demand that is worst off."""
    mean_rtt_ms: float
    """Over what is carried, access included."""
    worst_rtt_ms: float
    bound: float
    """Of its priority; see ``Routed.bound`` for the unit."""
    gap: float
    bound_scope: Scope
    status: Status


class Unserved(Struct, frozen=True, kw_only=True):
    """A demand that is not carried whole."""

    demand: str
    traffic_class: str = msgspec.field(name="class")
    offered_gbps: float
    carried_gbps: float
    why: str
    """``no room``, ``no way``, ``too far`` or ``delay unknown``."""


class Routed(Struct, frozen=True, kw_only=True):
    """A routing in figures; its tables are written where asked."""

    network: str
    load: str
    objective: Objective
    verdict: str
    """``yes``: all is carried. ``no``: not all. ``unknown``: it was not found out."""
    status: Status
    solver: Solver
    sites: int
    links: int
    demands: int
    tunnels: int
    offered_gbps: float
    carried_gbps: float
    mlu: float
    """Load over capacity of the fullest link, all that is placed in."""
    hashed_mlu: float
    """The same where bundles lose the policy's share to uneven hashing."""
    value: float
    """What the objective reached: Gb/s, utilisation, least share, or mean latency in ms."""
    bound: float
    """What nothing on ``bound_scope`` beats, in the same unit."""
    gap: float
    bound_scope: Scope
    rounds: int
    seconds: float
    steps: tuple[StepLeft, ...]
    """The optimum, then each limit."""
    overload: float
    """Load over capacity of the fullest link once splits were in equal parts, before demands were
    cut down to fit; NaN where splits are free."""
    most_sids: int
    """Of the longest segment list."""
    moved_gbps: float
    """Off the tunnels that ran before; NaN where none did."""
    moved_share: float
    classes: tuple[ClassCarried, ...]
    unserved_demands: int
    without_way: int
    """Those among them that no way would serve, whatever the room."""
    unserved: tuple[Unserved, ...]
    """The worst few."""
    notes: tuple[str, ...]


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
        The description is wrong, or nothing says who sends to whom.
    DamagedError
        A plan is cut or changed.
    InfeasibleError
        A market has no edge within its class's round trip.
    SolverError
        A solver failed.
    """
    watch = Stopwatch(report)
    watch("reading the network", 0, 1)
    seen = scene(
        folder,
        load=question.load,
        demand_file=question.demand_file,
        fibre_gbps=question.fibre_gbps,
    )
    until_s = seconds() + question.time_limit_s
    ways = ways_of(seen.ip, seen.traffic, seen.network.latency.router_us / 1000.0)
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
    limits = Limits(
        sids=question.sids,
        tunnels=question.tunnels,
        buckets=question.buckets,
        before=before,
        churn=question.churn,
    )
    watch("routing: limits", 0, 1)
    made = realised(task, question.objective, found, limits, asked, igp=igp, ways=ways)
    tables = tables_of(seen, ways, igp, made.paths, made.rate_gbps)
    if output is not None:
        watch("writing the tables", 0, 1)
        write_routing(tables, output)
    notes = (*seen.notes, *_notes(seen, made, limits, reason, strange))
    run = _Run(seen, question, solver, found, made, limits, tables, reason, notes)
    return _routed(run, watch.elapsed_s)


def _solver(question: Question, demands: int) -> Solver:
    """What solves it, by name: simplex, where the own solver does not know the objective."""
    asked = question.solver or ("own" if demands > LARGE else SHARP)
    return asked if asked != "own" or question.objective in OWN else SHARP


@dataclass(frozen=True)
class _Run:
    """All that an answer is told from."""

    seen: Scene
    question: Question
    solver: Solver
    found: Routing
    made: Realised
    limits: Limits
    tables: Tables
    reason: IntArray
    notes: tuple[str, ...]


def _routed(run: _Run, spent_s: float) -> Routed:
    seen, found, made, limits = run.seen, run.found, run.made, run.limits
    offered = seen.traffic.gbps
    short = made.carried_gbps < offered * (1.0 - NEARLY)
    mlu = made.steps[-1].mlu
    ran_gbps = limits.before.total_gbps if limits.before else np.nan
    return Routed(
        network=seen.network.name,
        load=seen.load,
        objective=run.question.objective,
        verdict=_verdict(found, short, run.reason),
        status=found.status,
        solver=run.solver,
        sites=len(seen.ip.sites),
        links=len(seen.ip.links),
        demands=len(offered),
        tunnels=len(run.tables.tunnels),
        offered_gbps=float(offered.sum()),
        carried_gbps=float(made.carried_gbps.sum()),
        mlu=mlu,
        hashed_mlu=mlu / (1.0 - seen.network.policy.hash_inefficiency),
        value=made.value if limits.any else found.value,
        bound=found.bound,
        gap=_gap(run.question.objective, made.value, found.bound) if limits.any else found.gap,
        bound_scope=found.scope,
        rounds=found.rounds,
        seconds=round(spent_s, 3),
        steps=tuple(
            StepLeft(step=one.name, carried_gbps=one.carried_gbps, mlu=one.mlu, value=one.value)
            for one in made.steps
        ),
        overload=made.overload,
        most_sids=max((len(row.sids) for row in run.tables.tunnels), default=0),
        moved_gbps=made.moved_gbps,
        moved_share=made.moved_gbps / ran_gbps if ran_gbps > 0.0 else made.moved_gbps,
        classes=tuple(_classes(seen, found, made, run.tables)),
        unserved_demands=int(short.sum()),
        without_way=int((run.reason > 0).sum()),
        unserved=tuple(_unserved(seen, made, short, run.reason)),
        notes=run.notes,
    )


def _gap(objective: Objective, value: float, bound: float) -> float:
    """Share of the larger of both that lies between them."""
    lost = bound - value if objective in {"throughput", "fair"} else value - bound
    return max(0.0, lost) / max(value, bound) if max(value, bound) > 0.0 else 0.0


def _verdict(found: Routing, short: BoolArray, reason: IntArray) -> str:
    """Whether all is carried; what is left for want of a figure is not known to be lost."""
    if not short.any():
        return "yes"
    never = (reason == BARRED.index("no way")) | (reason == BARRED.index("too far"))
    if never.any():
        return "no"
    unproved = reason == BARRED.index("delay unknown")
    open_question = found.status == "limit" or (unproved.any() and not (short & ~unproved).any())
    return "unknown" if open_question else "no"


def _classes(seen: Scene, found: Routing, made: Realised, tables: Tables) -> Iterator[ClassCarried]:
    traffic = seen.traffic
    share = made.carried_gbps / traffic.gbps
    for number, name in enumerate(traffic.classes):
        ours = traffic.of_class == number
        priority = int(traffic.priority[number])
        level = next((one for one in found.levels if one.priority == priority), found.levels[0])
        mine = [row for row in tables.tunnels if row.traffic_class == name]
        rate = sum(row.rate_gbps for row in mine)
        delay = sum(row.rate_gbps * row.rtt_ms for row in mine)
        bound_ms = float(traffic.rtt_ms[number])
        yield ClassCarried(
            name=name,
            priority=priority,
            rtt_ms=bound_ms if np.isfinite(bound_ms) else np.nan,
            demands=int(ours.sum()),
            offered_gbps=float(traffic.gbps[ours].sum()),
            carried_gbps=float(made.carried_gbps[ours].sum()),
            least_share=float(share[ours].min(initial=1.0)),
            mean_rtt_ms=delay / rate if rate > 0.0 else np.nan,
            worst_rtt_ms=max((row.rtt_ms for row in mine), default=np.nan),
            bound=level.bound,
            gap=level.gap,
            bound_scope=level.scope,
            status=level.status,
        )


def _unserved(
    seen: Scene, made: Realised, short: BoolArray, reason: IntArray
) -> Iterator[Unserved]:
    named = asking(seen.demands)
    lost = np.where(short, seen.traffic.gbps - made.carried_gbps, -1.0)
    worst: list[int] = np.argsort(-lost, kind="stable").tolist()
    for k in worst[: min(WORST, int(short.sum()))]:
        demand = named[k]
        yield Unserved(
            demand=demand.name,
            traffic_class=demand.traffic_class,
            offered_gbps=demand.gbps,
            carried_gbps=float(made.carried_gbps[k]),
            why=BARRED[int(reason[k])] or "no room",
        )


def _notes(
    seen: Scene, made: Realised, limits: Limits, reason: IntArray, strange: int
) -> Iterator[str]:
    words = {
        "no way": "demands have no way: nothing joins their ends",
        "too far": "demands have no way within their class's round trip",
        "delay unknown": "demands have no way that is known to keep their class's round trip",
    }
    for number, why in enumerate(BARRED):
        count = int((reason == number).sum())
        if why and count:
            yield f"{count} {words[why]}"
    if (made.load_gbps > seen.ip.capacity_gbps * (1.0 + NEARLY)).any():
        yield "Not all fits: what is placed fills a link above 1, and higher classes pass first"
    if strange:
        yield f"{strange} earlier tunnels belong to demands that are no more"
    if limits.before is not None and limits.before.forced_gbps > 0.0:
        gone = f"{limits.before.forced_gbps:,.1f}"
        yield f"{gone} Gb/s was on tunnels that are gone, and counts in no limit"
    if not made.within:
        yield "More moves than the limit on churn allows: none within the other limits was found"
    if np.isnan(seen.ip.latency_ms).any():
        yield "ASSUMPTION: a link of unknown delay is as long as the longest known one"
