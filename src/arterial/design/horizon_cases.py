"""What every phase asks in every failure, as demands and cases of a capacity problem.

The policy's own words: without failure all is carried; after a failure of a kind, what its rules
keep. A market is answered at its edge without failure, at its fail-over once the edge is lost, and
at either after any other failure: by arcs of their own to a place where both answer, which nothing
passes through. The loss of one router of several is no case here: a plan says who ends on which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.capacity.problem import FIXED, Cases, Demands
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "Answers",
    "Asked",
    "Pair",
    "answer_alive",
    "answer_ends",
    "answers_of",
    "asked_of",
    "cases_of",
    "demands_of",
]

Pair = tuple[int, int, float, str]
"""Source, target, most latency of its links, traffic class."""

Answers = tuple[tuple[int, int], ...]
"""(V,) edge and fail-over of those markets that share both.

Behind the N sites follow two places for each: where what is asked arrives, and where answers start.
"""


@dataclass(frozen=True)
class Asked:
    """What one matrix asks: by case (without failure first), Gb/s by pair."""

    name: str
    stage: int
    usable: BoolArray
    """(L,) candidates that can be used at all."""
    gbps: tuple[Mapping[Pair, float], ...]
    """(1 + F,)"""


def answers_of(flows: Iterable[Flow]) -> Answers:
    """Every edge and fail-over that some market has."""
    return tuple(sorted({(flow.far, flow.backup_far) for flow in flows if flow.market}))


def answer_ends(sites: int, answers: Answers) -> IntArray:
    """(4 V, 2) arcs from edge and fail-over to where questions arrive, and back from answers."""
    ends: list[tuple[int, int]] = []
    for number, (edge, failover) in enumerate(answers):
        asked, answered = sites + 2 * number, sites + 2 * number + 1
        ends += [(edge, asked), (failover, asked), (answered, edge), (answered, failover)]
    return np.array(ends, dtype=np.int64).reshape(-1, 2)


def answer_alive(instance: Instance, answers: Answers, case: int) -> BoolArray:
    """(4 V,) which of these arcs a case leaves; case 0 is without failure."""
    failure = instance.failures[case - 1] if case else None
    lost = -1
    if failure is not None and failure.kind in {"edge", "site"}:
        lost = instance.ground.site_index[failure.site]
    alive: list[bool] = []
    for edge, failover in answers:
        one, other = lost != edge, failure is not None and lost != failover
        alive += [one, other] * 2
    return np.array(alive, dtype=np.bool_)


def asked_of(
    instance: Instance,
    flows: Sequence[Flow],
    answers: Answers,
    name: str,
    *,
    stage: int,
    usable: BoolArray,
) -> Asked:
    """Add the flows of one load up, case by case."""
    network = instance.ground.network
    gbps: list[dict[Pair, float]] = [{} for _ in range(1 + len(instance.failures))]
    for flow in flows:
        demand = flow.up or flow.down
        assert demand is not None
        kind, limit = demand.traffic_class, flow.limit_ms - instance.hop_ms
        for case, failure in enumerate((None, *instance.failures)):
            must = case == 0 or bool(flow.must[case - 1])
            share = 1.0 if failure is None else network.policy.kept(kind, failure.kind) * must
            to, back = _far(instance, flow, answers)
            if share and to != flow.near:
                for pair, rate in (
                    ((flow.near, to, limit, kind), flow.up_gbps),
                    ((back, flow.near, limit, kind), flow.down_gbps),
                ):
                    if rate:
                        gbps[case][pair] = gbps[case].get(pair, 0.0) + share * rate
    return Asked(name, stage, usable, tuple(gbps))


def _far(instance: Instance, flow: Flow, answers: Answers) -> tuple[int, int]:
    """Where a flow goes to and comes back from."""
    if not flow.market:
        return flow.far, flow.far
    first = instance.graph.sites + 2 * answers.index((flow.far, flow.backup_far))
    return first, first + 1


def demands_of(asked: Sequence[Asked]) -> tuple[tuple[Pair, ...], Demands]:
    """Every pair that some matrix asks for, and the same as arrays."""
    pairs = tuple(sorted({pair for one in asked for case in one.gbps for pair in case}))
    return pairs, Demands(
        source=np.array([pair[0] for pair in pairs], dtype=np.int64),
        target=np.array([pair[1] for pair in pairs], dtype=np.int64),
        limit_ms=np.array([pair[2] for pair in pairs], dtype=np.float64),
        scaled_by=np.full(len(pairs), FIXED, dtype=np.int64),
    )


def cases_of(
    instance: Instance, answers: Answers, asked: Sequence[Asked], pairs: Sequence[Pair]
) -> Cases:
    """All cases of all matrices; those that another of the same stage implies are left out.

    One case implies another where it leaves no more links, fills them no fuller and asks as much.
    """
    rows = [row for one in asked for row in _rows(instance, answers, one, pairs)]
    kept_rows = _undominated(rows)
    return Cases(
        names=tuple(row.name for row in kept_rows),
        alive=np.array([row.alive for row in kept_rows], dtype=np.bool_),
        usable=np.array([row.usable for row in kept_rows], dtype=np.float64),
        gbps=np.array([row.gbps for row in kept_rows], dtype=np.float64),
        stage=np.array([row.stage for row in kept_rows], dtype=np.int64),
    )


@dataclass(frozen=True)
class _Row:
    name: str
    stage: int
    alive: BoolArray
    usable: float
    gbps: FloatArray


def _rows(
    instance: Instance, answers: Answers, one: Asked, pairs: Sequence[Pair]
) -> Iterator[_Row]:
    place = {pair: k for k, pair in enumerate(pairs)}
    for case, asked in enumerate(one.gbps):
        if case and not asked:
            continue
        gbps = np.zeros(len(pairs))
        for pair, rate in asked.items():
            gbps[place[pair]] = rate
        name = "no failure" if case == 0 else instance.failures[case - 1].name
        alive = one.usable & ~instance.dead[case - 1] if case else one.usable
        alive = np.concatenate([alive, answer_alive(instance, answers, case)])
        usable = instance.usable_failed if case else instance.usable_normal
        yield _Row(f"{one.name}: {name}", one.stage, alive, usable, gbps)


def _undominated(rows: Sequence[_Row]) -> list[_Row]:
    """The first case of each stage always stays: it is the one without failure."""
    kept_rows: list[_Row] = []
    firsts = {
        next(n for n, row in enumerate(rows) if row.stage == s) for s in {r.stage for r in rows}
    }
    for number, row in enumerate(rows):
        implied = number not in firsts and any(
            _implies(other, row) and not (_implies(row, other) and n > number)
            for n, other in enumerate(rows)
            if n != number and other.stage == row.stage
        )
        if not implied:
            kept_rows.append(row)
    return kept_rows


def _implies(one: _Row, other: _Row) -> bool:
    """True where ``other`` holds whenever ``one`` does."""
    return bool(
        (one.gbps / one.usable >= other.gbps / other.usable).all()
        and (other.alive | ~one.alive).all()
    )
