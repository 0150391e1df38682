"""``prove``: a plan folder to its proof, beside the plan; ``critical`` elements, resumable."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.clock import seconds
from arterial.errors import InterruptedRunError
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, stored_hash, write_proof
from arterial.plan.verdict import (
    Excepted,
    Gate,
    LossKind,
    NoWay,
    Parting,
    Policy,
    Proof,
    Verdict,
)
from arterial.prove import proof as prover
from arterial.prove.critical import Critical, critical, elements
from arterial.prove.promised import after_two_cuts
from arterial.study.margins import segment_margins
from arterial.study.stopwatch import Stopwatch

__all__ = ["LEDGER", "BeyondFigures", "Critical", "GateFigures", "Proved", "prove"]

LEDGER = "critical.ledger"
_BATCH_S = 1.0
"""Elements are recorded together so often: a kill loses no more."""


class GateFigures(Struct, frozen=True, kw_only=True):
    """A gate as the command line tells it; NaN is written as null."""

    name: str
    traffic_class: str = msgspec.field(name="class")
    load: str
    policy: str
    value: float
    limit: float
    unit: str
    verdict: Verdict
    worst_case: str
    cases: int
    note: str


class BeyondFigures(Struct, frozen=True, kw_only=True):
    """What a class keeps when two things are out: facts, no gate (``verdict.Beyond``)."""

    kind: LossKind
    traffic_class: str = msgspec.field(name="class")
    policy: Policy
    cases: int
    keeps_all: int
    keeps_share: int
    carried: float
    carried_mean: float
    worst_case: str
    demand: str
    dropped_gbps: float
    no_way: int
    verified: int
    refused: int


class Proved(Struct, frozen=True, kw_only=True):
    """The verdict with its gates; what was not asked for is None."""

    plan: str
    plan_hash: str
    load: str
    verdict: Verdict
    cases: int
    without: tuple[str, ...]
    gates: tuple[GateFigures, ...]
    seconds: float
    critical: tuple[Critical, ...] | None = None
    partings: tuple[Parting, ...]
    """Cuts that part the graph of existing fibres, whatever runs on it."""
    beyond: tuple[BeyondFigures, ...] | None = None
    no_way: tuple[NoWay, ...] | None = None
    excepted: tuple[Excepted, ...] | None = None
    """Double cuts that leave somebody no way in time, where a rule speaks of double cuts."""


def prove(
    folder: Path,
    *,
    without: Sequence[str] = (),
    with_critical: bool = False,
    with_beyond: bool = False,
    report: Report = silent,
) -> Proved:
    """Prove or refute the plan in ``folder``.

    The proof is written beside the plan, unless elements are taken out: a question of what would be
    leaves the standing proof alone.

    Parameters
    ----------
    without
        Elements out of service in every case, by name.
    with_critical
        Try the loss of every wave and lit pair as well.
    with_beyond
        Tell what two losses at once do: all double cuts, and planned work with a failure on top.

    Raises
    ------
    DamagedError
        The plan is missing, cut or changed, or breaks its own promises.
    ModelError
        ``without`` names what the plan does not hold.
    InterruptedRunError
        The user stopped it; elements that were tried are on disk.
    """
    watch = Stopwatch(report)
    watch("reading the plan", 0, 1)
    plan = read_plan(folder)
    digest = stored_hash(folder)
    proof = prover.prove(
        plan,
        without=without,
        plan_hash=digest,
        margin_db=segment_margins(plan.network, watch) if plan.lightpaths else None,
        two_losses=with_beyond,
        report=watch,
    )
    proof = msgspec.structs.replace(proof, seconds=round(watch.elapsed_s, 3))
    if not without:
        watch("writing the proof", 0, 1)
        write_proof(proof, folder, watch.facts())
    tried = _critical(plan, folder, digest, without, watch) if with_critical else None
    told = _figures(proof, plan, folder, watch.elapsed_s, tried)
    if not with_beyond:
        return told
    rows = tuple(BeyondFigures(**msgspec.structs.asdict(row)) for row in proof.beyond)
    return msgspec.structs.replace(told, beyond=rows, no_way=proof.no_way)


def _critical(
    plan: Plan, folder: Path, digest: str, without: Sequence[str], report: Report
) -> tuple[Critical, ...]:
    """What each loss does; elements tried by an earlier run are not tried again."""
    key = " ".join((digest, *without))
    try:
        with Ledger(folder / LEDGER, key) as ledger:
            found = _recorded(ledger)
            tried = critical(plan, without_names=without, done=frozenset(found), report=report)
            _keep(ledger, found, tried)
            ledger.remove()
    except KeyboardInterrupt as stop:
        saved = f"Elements that were tried stand in {folder}; the same command goes on from there"
        raise InterruptedRunError("prove --critical", saved) from stop
    return tuple(found[name] for name, _ in elements(plan))


def _keep(ledger: Ledger, found: dict[str, Critical], tried: Iterator[Critical]) -> None:
    """Record elements as they are tried, a batch at a time, and the rest when it stops."""
    batch: list[Critical] = []
    recorded_s = seconds()
    try:
        for row in tried:
            batch.append(row)
            if seconds() - recorded_s > _BATCH_S:
                recorded_s = seconds()
                _record(ledger, found, batch)
    finally:
        _record(ledger, found, batch)


def _recorded(ledger: Ledger) -> dict[str, Critical]:
    batches = (msgspec.json.decode(chunk, type=list[Critical]) for chunk in ledger.done().values())
    return {row.element: row for batch in batches for row in batch}


def _record(ledger: Ledger, found: dict[str, Critical], batch: list[Critical]) -> None:
    if batch:
        ledger.record(f"from {batch[0].element}", msgspec.json.encode(batch))
        found |= {row.element: row for row in batch}
        batch.clear()


def _figures(
    proof: Proof, plan: Plan, folder: Path, spent_s: float, tried: tuple[Critical, ...] | None
) -> Proved:
    return Proved(
        plan=str(folder),
        plan_hash=proof.plan_hash,
        load=plan.load,
        verdict=proof.verdict,
        cases=proof.cases,
        without=proof.without,
        gates=tuple(_gate(gate) for gate in proof.gates),
        seconds=round(spent_s, 3),
        critical=tried,
        partings=proof.partings,
        excepted=proof.excepted if after_two_cuts(plan) else None,
    )


def _gate(gate: Gate) -> GateFigures:
    return GateFigures(**msgspec.structs.asdict(gate))
