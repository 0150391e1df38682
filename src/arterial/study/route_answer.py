"""What ``route`` answers: a routing in figures, and what may be concluded from them.

A value is held against its bound only where both are about the same traffic; that not all can be
carried is concluded from a bound, never from a routing that carries less.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct

from arterial.demand.traffic import asking
from arterial.routing.ask import BARRED
from arterial.routing.classes import Level, Objective, Routing
from arterial.routing.most import TIGHT, Solver, Status
from arterial.routing.realised import Limits, Realised
from arterial.routing.supply import Scope
from arterial.solve.program import BoolArray, IntArray
from arterial.study.route_tables import Tables
from arterial.study.scene import Scene

__all__ = ["ClassCarried", "Routed", "Run", "StepLeft", "Unserved", "answer_of"]

NEARLY = 1e-6
"""Share of a demand that a solver's tolerance may take: less than all, and told as all."""

WORST = 10


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
    """NaN where limits changed what the bound is about."""
    bound_scope: Scope
    status: Status


class Unserved(Struct, frozen=True, kw_only=True):
    """A demand that is not carried whole."""

    demand: str
    traffic_class: str = msgspec.field(name="class")
    offered_gbps: float
    carried_gbps: float
    why: str
    """``no room``, ``no way``, ``too far``, ``delay unknown``, ``limits`` (what routers can be
    given), or ``not found out``."""


class Routed(Struct, frozen=True, kw_only=True):
    """A routing in figures; its tables are written where asked."""

    network: str
    load: str
    objective: Objective
    verdict: str
    """``yes``: all is carried. ``no``: on ``bound_scope`` not all can be. ``unknown``: it was not
    found out, or nothing is asked."""
    status: Status
    """``limit`` also where the limits cost more than the gap asked for, or nobody knows what."""
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
    """NaN where limits leave less placed, so that value and bound cannot be compared."""
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


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that an answer is told from."""

    seen: Scene
    objective: Objective
    gap: float
    """Asked for."""
    solver: Solver
    other_solver: bool
    """Whether another one was asked for."""
    found: Routing
    """Without limits."""
    made: Realised
    limits: Limits
    tables: Tables
    reason: IntArray
    """(K,) places in ``BARRED``."""
    strange: int
    """Earlier tunnels of demands that are no more."""

    @property
    def short(self) -> BoolArray:
        """(K,) what is not carried whole."""
        return self.made.carried_gbps < self.seen.traffic.gbps * (1.0 - NEARLY)

    @property
    def unproved(self) -> BoolArray:
        """(K,) what has no way for want of a figure."""
        return self.reason == BARRED.index("delay unknown")

    @property
    def priority(self) -> IntArray:
        """(K,)."""
        return self.seen.traffic.priority[self.seen.traffic.of_class]

    def level(self, priority: int) -> Level:
        """Of a class; the only one for ``mlu``."""
        levels = self.found.levels
        return next((one for one in levels if one.priority == priority), levels[0])


def answer_of(run: Run, spent_s: float) -> Routed:
    """A run in figures."""
    seen, found, made, limits = run.seen, run.found, run.made, run.limits
    offered, short, mlu = seen.traffic.gbps, run.short, made.steps[-1].mlu
    ran_gbps = limits.before.total_gbps if limits.before else np.nan
    gap = _gap(run)
    return Routed(
        network=seen.network.name,
        load=seen.load,
        objective=run.objective,
        verdict=_verdict(run),
        status=_status(run, found.status, gap),
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
        gap=gap,
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
        classes=tuple(_classes(run)),
        unserved_demands=int(short.sum()),
        without_way=int((run.reason > 0).sum()),
        unserved=tuple(_unserved(run)),
        notes=(*seen.notes, *_notes(run)),
    )


def _gap(run: Run) -> float:
    """Share of the larger of value and bound that lies between them."""
    found, made = run.found, run.made
    if not run.limits.any:
        return found.gap
    if not _same_traffic(run):
        return np.nan
    most = run.objective in {"throughput", "fair"}
    lost = found.bound - made.value if most else made.value - found.bound
    whole = max(made.value, found.bound)
    return max(0.0, lost) / whole if whole > 0.0 else 0.0


def _same_traffic(run: Run) -> bool:
    """Whether value and bound are about as much traffic, and the same demands."""
    found, made = run.found, run.made
    if run.objective == "fair":
        return bool(np.isin(found.paths.demand, made.paths.demand).all())
    placed = float(found.rate_gbps.sum()) * (1.0 - NEARLY)
    return run.objective == "throughput" or float(made.rate_gbps.sum()) >= placed


def _status(run: Run, status: Status, gap: float) -> Status:
    """A status without limits, and what is left of it with them."""
    if not run.limits.any or status == "limit":
        return status
    if not gap <= run.gap:
        return "limit"
    return "optimal" if gap <= TIGHT else "gap"


def _verdict(run: Run) -> str:
    """Whether all is carried, or cannot be; what no bound proves is not known."""
    if not len(run.seen.traffic):
        return "unknown"
    if not run.short.any():
        return "yes"
    never = (run.reason == BARRED.index("no way")) | (run.reason == BARRED.index("too far"))
    return "no" if never.any() or _too_much(run) else "unknown"


def _too_much(run: Run) -> bool:
    """Whether it is known that not all that surely has a way can be carried."""
    found, gbps, known = run.found, run.seen.traffic.gbps, ~run.unproved
    ended = found.status != "limit"
    if not (known & (found.carried_gbps < gbps * (1.0 - NEARLY))).any():
        return False
    if run.objective == "latency":
        return ended
    if run.objective == "mlu":
        return found.bound > 1.0 + TIGHT
    for level in found.levels:
        asked = float(gbps[known & (run.priority == level.priority)].sum())
        asked = asked if run.objective == "throughput" else 1.0
        # What an unfinished class above left says little of what could be left.
        if level.bound < asked * (1.0 - TIGHT) and (ended or level.scope != "restricted"):
            return True
    return False


def _classes(run: Run) -> Iterator[ClassCarried]:
    traffic, made = run.seen.traffic, run.made
    share = made.carried_gbps / traffic.gbps
    for number, name in enumerate(traffic.classes):
        ours = traffic.of_class == number
        priority = int(traffic.priority[number])
        level = run.level(priority)
        mine = [row for row in run.tables.tunnels if row.traffic_class == name]
        rate = np.array([row.rate_gbps for row in mine])
        rtt_ms = np.array([row.rtt_ms for row in mine])
        total = float(rate.sum())
        bound_ms = float(traffic.rtt_ms[number])
        gap = _class_gap(run, level, priority)
        yield ClassCarried(
            name=name,
            priority=priority,
            rtt_ms=bound_ms if np.isfinite(bound_ms) else np.nan,
            demands=int(ours.sum()),
            offered_gbps=float(traffic.gbps[ours].sum()),
            carried_gbps=float(made.carried_gbps[ours].sum()),
            least_share=float(share[ours].min(initial=1.0)),
            mean_rtt_ms=float(rate @ rtt_ms) / total if total > 0.0 else np.nan,
            worst_rtt_ms=float(rtt_ms.max()) if mine else np.nan,
            bound=level.bound,
            gap=gap,
            bound_scope=level.scope,
            status=_status(run, level.status, gap),
        )


def _class_gap(run: Run, level: Level, priority: int) -> float:
    """With limits, what a priority carries is held against its bound; other goals are not."""
    if not run.limits.any:
        return level.gap
    if run.objective != "throughput":
        return _gap(run) if run.objective == "mlu" else np.nan
    carried = float(run.made.carried_gbps[run.priority == priority].sum())
    return max(0.0, level.bound - carried) / level.bound if level.bound > 0.0 else 0.0


def _unserved(run: Run) -> Iterator[Unserved]:
    seen, made, short = run.seen, run.made, run.short
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
            why=_why(run, k),
        )


def _why(run: Run, k: int) -> str:
    """Why a demand is not carried whole."""
    if run.reason[k]:
        return BARRED[int(run.reason[k])]
    if run.found.carried_gbps[k] >= run.seen.traffic.gbps[k] * (1.0 - NEARLY):
        return "limits"
    stopped = run.level(int(run.priority[k])).status == "limit"
    return "not found out" if stopped else "no room"


def _notes(run: Run) -> Iterator[str]:
    seen, limits, total = run.seen, run.limits, len(run.reason)
    words = {
        "no way": "no way at all: nothing joins their ends",
        "too far": "no way within their class's round trip",
        "delay unknown": "no way that is known to keep their class's round trip",
    }
    if not total:
        yield "Nothing is asked of the network, so nothing is shown"
    if run.other_solver:
        yield f"The solver asked for does not know this objective: {run.solver} solved it"
    for number, why in enumerate(BARRED):
        count = int((run.reason == number).sum())
        if why and count:
            yield f"{count} of {total} demands: {words[why]}"
    if (run.made.load_gbps > seen.ip.capacity_gbps * (1.0 + NEARLY)).any():
        known = "Not all fits" if _too_much(run) else "Whether all could fit was not found out"
        yield f"{known}: what is placed fills a link above 1, and higher classes pass first"
    if run.strange:
        yield f"{run.strange} earlier tunnels belong to demands that are no more"
    if limits.before is not None and limits.before.forced_gbps > 0.0:
        gone = f"{limits.before.forced_gbps:,.1f}"
        yield f"{gone} Gb/s was on tunnels that are gone or too slow now, and counts in no limit"
    if not run.made.within:
        yield "More moves than the limit on churn allows: none within the other limits was found"
    if np.isnan(seen.ip.latency_ms).any():
        yield "ASSUMPTION: a link of unknown delay is as long as the longest known one"
