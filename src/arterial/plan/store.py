"""Plans and proofs on disk: a folder that holds the old one or the new one, never half of either.

    PLAN/plan.json               scalars, the network, SHA-256 of every table; sealed
    PLAN/plan-<hash>/*.parquet   one file a table
    PLAN/run.json                wall times and machine facts, outside every hash
    PLAN/proof.json, proof-<hash>/*.parquet, proof-run.json    the same of the proof

Tables go into a folder of their own before the document that names them is renamed into place: that
one rename is the last thing that a reader needs, and a run that dies or fills the disk before it
leaves the old plan (at most the wall times are those of the newer run). A file that is missing, cut
or changed is refused by name.
"""

import hashlib
import math
import numbers
from pathlib import Path
from typing import Literal, TypeVar, cast

import msgspec
from msgspec import Struct

from arterial.errors import DamagedError
from arterial.jobs.files import write_atomically
from arterial.model.network import Network
from arterial.plan import rows
from arterial.plan.folder import clear, read_tables, write_tables
from arterial.plan.plan import Plan, Status
from arterial.plan.seal import sealed, unsealed
from arterial.plan.verdict import (
    Beyond,
    BeyondCase,
    CutOff,
    Excepted,
    Gate,
    NoWay,
    Parting,
    Proof,
    Verdict,
    WorstClass,
    WorstLink,
)

__all__ = [
    "RunFacts",
    "plan_hash",
    "read_plan",
    "read_proof",
    "read_run",
    "stored_hash",
    "write_plan",
    "write_proof",
]

FORMAT = 1
Number = float | Literal["nan", "inf", "-inf"]
Holder = TypeVar("Holder", Plan, Proof)

_PLAN_TABLES: dict[str, type[Struct]] = {
    "lightpaths": rows.Lightpath,
    "lightpath_hops": rows.LightpathHop,
    "ip_links": rows.IpLink,
    "bought_units": rows.BoughtUnit,
    "lit_fibres": rows.LitFibre,
    "replicas": rows.Replica,
    "demands": rows.Demand,
    "tunnels": rows.Tunnel,
    "tunnel_hops": rows.TunnelHop,
    "bill": rows.BillItem,
    "restored_waves": rows.RestoredWave,
    "restored_hops": rows.RestoredHop,
    "spares": rows.SpareRegenerators,
    "serving": rows.Serving,
}
_WHERE_SAID = ("serving",)
"""Tables of a plan that are there only where the network speaks of what they hold."""
_PROOF_TABLES: dict[str, type[Struct]] = {
    "gates": Gate,
    "worst_links": WorstLink,
    "worst_classes": WorstClass,
    "cut_off": CutOff,
    "partings": Parting,
    "beyond": Beyond,
    "beyond_worst": BeyondCase,
    "no_way": NoWay,
    "excepted": Excepted,
}
_SINCE_0_1 = ("partings", "beyond", "beyond_worst", "no_way", "excepted")
"""Proofs written before have no such tables, and are read as saying nothing there."""
_DESIGN_AGAIN = "Run `arterial design NETWORK -o PLAN` again"
_PROVE_AGAIN = "Run `arterial prove PLAN` again"


class RunFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run took and where it ran: true once, never part of a result."""

    seconds: float = 0.0
    stages: dict[str, float] = {}
    """Seconds by stage."""
    machine: dict[str, str] = {}


class _PlanDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    plan_hash: str
    folder: str
    tables: dict[str, str]
    load: str
    seed: int
    input_hash: str
    versions: dict[str, str]
    cost: Number
    bound: Number
    gap: Number
    bound_scope: Literal["network", "restricted", "paths"]
    bound_note: str
    status: Status
    network: Network


class _ProofDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    folder: str
    tables: dict[str, str]
    plan_hash: str
    verdict: Verdict
    cases: int
    without: tuple[str, ...]


def plan_hash(plan: Plan) -> str:
    """SHA-256 over everything a plan says; equal plans have equal hashes, NaN and all."""
    return _digest(_typed(plan))


def stored_hash(folder: Path) -> str:
    """``plan_hash`` of the plan in ``folder``, read from its sealed document alone."""
    return _plan_document(folder).plan_hash


def write_plan(plan: Plan, folder: Path, run: RunFacts | None = None) -> None:
    """Replace the plan in ``folder``, whole or not at all. Raises OSError when the disk refuses."""
    plan = _typed(plan)
    digest = _digest(plan)
    inside = f"plan-{digest[:16]}"
    held = _PLAN_TABLES if plan.serving is not msgspec.UNSET else _unsaid(_PLAN_TABLES)
    tables = write_tables(plan, held, folder / inside)
    document = _PlanDocument(
        format=FORMAT,
        plan_hash=digest,
        folder=inside,
        tables=tables,
        load=plan.load,
        seed=plan.seed,
        input_hash=plan.input_hash,
        versions=plan.versions,
        cost=_written(plan.cost),
        bound=_written(plan.bound),
        gap=_written(plan.gap),
        bound_scope=plan.bound_scope,
        bound_note=plan.bound_note,
        status=plan.status,
        network=plan.network,
    )
    write_atomically(folder / "run.json", sealed(run or RunFacts()))
    write_atomically(folder / "plan.json", sealed(document))
    clear(folder, "plan", inside, _PLAN_TABLES)


def read_plan(folder: Path) -> Plan:
    """The plan in ``folder``. Raises DamagedError unless every byte is as written."""
    document = _plan_document(folder)
    kinds = _said(_PLAN_TABLES, document.tables, _WHERE_SAID)
    tables = read_tables(folder / document.folder, document.tables, kinds, remedy=_DESIGN_AGAIN)
    plan = Plan(
        network=document.network,
        load=document.load,
        seed=document.seed,
        input_hash=document.input_hash,
        versions=document.versions,
        cost=float(document.cost),
        bound=float(document.bound),
        gap=float(document.gap),
        bound_scope=document.bound_scope,
        bound_note=document.bound_note,
        status=document.status,
        **tables,  # pyright: ignore[reportArgumentType] - each table was converted to its own rows
    )
    if _digest(plan) != document.plan_hash:
        found = "its tables do not make the plan that it names"
        raise DamagedError(str(folder / "plan.json"), found, _DESIGN_AGAIN)
    return plan


def write_proof(proof: Proof, folder: Path, run: RunFacts | None = None) -> None:
    """Replace the proof beside the plan in ``folder``; its seconds go into ``proof-run.json``."""
    proof = _typed(proof)
    inside = f"proof-{_digest(msgspec.structs.replace(proof, seconds=0.0))[:16]}"
    document = _ProofDocument(
        format=FORMAT,
        folder=inside,
        tables=write_tables(proof, _PROOF_TABLES, folder / inside),
        plan_hash=proof.plan_hash,
        verdict=proof.verdict,
        cases=proof.cases,
        without=proof.without,
    )
    write_atomically(folder / "proof-run.json", sealed(run or RunFacts(seconds=proof.seconds)))
    write_atomically(folder / "proof.json", sealed(document))
    clear(folder, "proof", inside, _PROOF_TABLES)


def read_proof(folder: Path) -> Proof:
    """The proof in ``folder``. Raises DamagedError unless every byte is as written."""
    document = unsealed(folder / "proof.json", _ProofDocument, remedy=_PROVE_AGAIN)
    kinds = _said(_PROOF_TABLES, document.tables, _SINCE_0_1)
    tables = read_tables(folder / document.folder, document.tables, kinds, remedy=_PROVE_AGAIN)
    run = unsealed(folder / "proof-run.json", RunFacts, remedy=_PROVE_AGAIN)
    return Proof(
        verdict=document.verdict,
        cases=document.cases,
        plan_hash=document.plan_hash,
        without=document.without,
        seconds=run.seconds,
        **tables,  # pyright: ignore[reportArgumentType] - each table was converted to its own rows
    )


def _unsaid(kinds: dict[str, type[Struct]]) -> dict[str, type[Struct]]:
    """Tables of a plan whose network does not speak of what the others hold."""
    return {name: kind for name, kind in kinds.items() if name not in _WHERE_SAID}


def _said(
    kinds: dict[str, type[Struct]], tables: dict[str, str], may_lack: tuple[str, ...]
) -> dict[str, type[Struct]]:
    """Tables that a document names, or must name."""
    return {name: kind for name, kind in kinds.items() if name in tables or name not in may_lack}


def read_run(folder: Path) -> RunFacts:
    """What the design in ``folder`` took."""
    return unsealed(folder / "run.json", RunFacts, remedy=_DESIGN_AGAIN)


def _plan_document(folder: Path) -> _PlanDocument:
    if not (folder / "plan.json").exists():
        found, remedy = "there is no such folder", "Name one that `arterial design` wrote"
        if folder.is_dir():
            found = "no plan is in this folder, or its design was not finished"
            remedy = f"{_DESIGN_AGAIN}: it goes on where it stopped"
        raise DamagedError(str(folder), found, remedy)
    return unsealed(folder / "plan.json", _PlanDocument, remedy=_DESIGN_AGAIN)


def _written(number: float) -> Number:
    """JSON has no NaN and no infinity: they are written as words."""
    words: dict[str, Number] = {"nan": "nan", "inf": "inf", "-inf": "-inf"}
    return words.get(str(number), number)


def _typed(holder: Holder) -> Holder:
    """The same with every number in the type of its field (400 is 400.0) and one kind of NaN."""
    plain = msgspec.to_builtins(holder, enc_hook=_number)
    one_nan = {name: _one_nan(value) for name, value in plain.items()}
    return msgspec.convert(one_nan, type(holder))


def _one_nan(value: object) -> object:
    """Processors differ in the sign of a NaN: rows and scalars take Python's own."""
    if isinstance(value, list):
        return [_one_nan(row) for row in cast("list[object]", value)]
    if isinstance(value, dict):
        row = cast("dict[str, object]", value)
        return {name: math.nan if cell != cell else cell for name, cell in row.items()}  # noqa: PLR0124
    return math.nan if value != value else value  # noqa: PLR0124


def _number(value: object) -> float:
    """An engine's scalar as Python's own."""
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    raise NotImplementedError(f"a {type(value).__name__} in a plan")


def _digest(typed: Plan | Proof) -> str:
    # By way of plain values: a Struct that leaves fields out is packed with another header.
    plain = msgspec.to_builtins(typed, order="deterministic")
    return hashlib.sha256(msgspec.msgpack.encode(plain)).hexdigest()
