"""``diff``: what is built, moved and freed between two plans, and what gets better or worse."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, read_proof, stored_hash
from arterial.plan.table import database, write_table
from arterial.plan.verdict import Proof
from arterial.report.better import (
    Figure,
    GateChange,
    ItemCost,
    LinkLoad,
    RoundTrip,
    bill_items,
    figures,
    gate_changes,
    link_loads,
    round_trips,
)
from arterial.report.built import Change, built, retuned
from arterial.report.diff_map import diff_svg
from arterial.report.moved import Rerouted, Served, rerouted, served
from arterial.report.same_links import link_pairs
from arterial.report.words import counted
from arterial.study.diff_table import DiffRow, csv_of, table_of

__all__ = ["Differs", "diff"]


class Differs(Struct, frozen=True, kw_only=True):
    """The difference of two plans, all of it from a to b."""

    a: str
    b: str
    same: bool
    """Nothing is built, moved or freed; markets and tunnels may still run otherwise."""
    network: Literal["same", "changed", "other"]
    """``changed``: one name, other figures; ``other``: another name."""
    load_a: str
    load_b: str
    hash_a: str
    hash_b: str
    cost_change: float
    links_same: int
    """IP links over the same fibres in both, whatever their names and rates."""
    retuned: int
    """Waves on the same fibres in the same mode, on another pair or frequency."""
    built: tuple[Change, ...]
    served: tuple[Served, ...]
    tunnels: Rerouted
    bill: tuple[ItemCost, ...]
    figures: tuple[Figure, ...]
    markets: tuple[RoundTrip, ...]
    """Whose round trip changes by more than 0.1 ms."""
    gates: tuple[GateChange, ...] | None
    """None unless a proof stands beside each plan."""
    links: tuple[LinkLoad, ...] | None
    """As ``gates``: links whose worst case changes."""
    notes: tuple[str, ...]
    table: str
    picture: str


def diff(
    folder_a: Path, folder_b: Path, *, table: Path | None = None, picture: Path | None = None
) -> Differs:
    """Compare two plans.

    Parameters
    ----------
    table
        File for every difference as a row: ``.csv`` or ``.parquet``.
    picture
        SVG file for the map with what is built, freed and changed in colours.

    Raises
    ------
    DamagedError
        No plan is in a folder, or it or its proof is cut or changed.
    ModelError
        A file's name ends otherwise, or it would stand among a plan's tables.
    OSError
        A file cannot be written.
    """
    _writable((folder_a, folder_b), table, picture)
    a, b = read_plan(folder_a), read_plan(folder_b)
    hashes = stored_hash(folder_a), stored_hash(folder_b)
    notes = _network_notes(a, b)
    proofs = _proof(folder_a, hashes[0], notes), _proof(folder_b, hashes[1], notes)
    found = _compared(a, b, proofs)
    answer = msgspec.structs.replace(
        found,
        a=str(folder_a),
        b=str(folder_b),
        hash_a=hashes[0],
        hash_b=hashes[1],
        notes=tuple(dict.fromkeys(notes)),
        table=str(table or ""),
        picture=str(picture or ""),
    )
    if table is not None:
        _write(table, _rows(answer))
    if picture is not None:
        write_atomically(picture, diff_svg(a, b).encode())
    return answer


def _compared(a: Plan, b: Plan, proofs: tuple[Proof | None, Proof | None]) -> Differs:
    pairs = link_pairs(a, b)
    things = built(a, b, pairs)
    before, after = proofs
    both = None if before is None or after is None else (before, after)
    return Differs(
        a="",
        b="",
        same=not things,
        network=_network(a.network, b.network),
        load_a=a.load,
        load_b=b.load,
        hash_a="",
        hash_b="",
        cost_change=b.cost - a.cost,
        links_same=sum(pair.fate == "same" for pair in pairs),
        retuned=retuned(a, b, pairs),
        built=things,
        served=served(a, b),
        tunnels=rerouted(a, b),
        bill=bill_items(a, b),
        figures=figures(a, b, proofs),
        markets=round_trips(a, b),
        gates=gate_changes(*both) if both else None,
        links=link_loads(*both, pairs) if both else None,
        notes=(),
        table="",
        picture="",
    )


def _network(a: Network, b: Network) -> Literal["same", "changed", "other"]:
    if a.name != b.name:
        return "other"
    return "same" if a == b else "changed"


def _network_notes(a: Plan, b: Plan) -> list[str]:
    """What makes the two plans answers to different questions."""
    notes: list[str] = []
    kind = _network(a.network, b.network)
    if kind == "other":
        sites = [{site.name for site in plan.network.sites} for plan in (a, b)]
        words = f"networks differ: {a.network.name} and {b.network.name}"
        shared = counted(len(sites[0] & sites[1]), "site")
        notes.append(f"{words}, with {shared} in common by name: what is common is compared")
    elif kind == "changed":
        parts = [
            name
            for name in a.network.__struct_fields__
            if getattr(a.network, name) != getattr(b.network, name)
        ]
        notes.append(f"the network's description has changed: {', '.join(parts)}")
    if a.load != b.load:
        notes.append(f"loads differ: {a.load} and {b.load}; costs answer different questions")
    elif {(row.name, row.gbps) for row in a.demands} != {(row.name, row.gbps) for row in b.demands}:
        notes.append(f"load {a.load} asks for other traffic in the two plans")
    return notes


def _proof(folder: Path, plan_hash: str, notes: list[str]) -> Proof | None:
    """The proof beside a plan; a note where there is none of this plan."""
    again = f"run `arterial prove {folder}` to compare worst cases"
    if not (folder / "proof.json").exists():
        notes.append(f"no proof stands beside {folder}: {again}")
        return None
    proof = read_proof(folder)
    if proof.plan_hash != plan_hash:
        notes.append(f"the proof beside {folder} is of another plan: {again}")
        return None
    return proof


def _writable(folders: tuple[Path, Path], table: Path | None, picture: Path | None) -> None:
    """Files end as their kind does, and none of them stands among a plan's tables."""
    plans = {folder.resolve() for folder in folders}
    problems: list[Problem] = []
    for option, file, ends in (
        ("--table", table, (".csv", ".parquet")),
        ("--picture", picture, (".svg",)),
    ):
        if file is not None and file.suffix not in ends:
            found, expected = f"'{file.name}' does not end in {' or '.join(ends)}", "Name it so"
            problems.append(Problem(file=option, found=found, expected=expected))
        elif file is not None and file.resolve().parent.parent in plans:
            found = f"'{file}' stands among a plan's tables"
            problems.append(Problem(file=option, found=found, expected="Name another place"))
    if problems:
        raise ModelError(problems)


def _rows(told: Differs) -> tuple[DiffRow, ...]:
    return table_of(
        told.built,
        told.bill,
        told.figures,
        told.served,
        told.markets,
        gates=told.gates or (),
        links=told.links or (),
    )


def _write(table: Path, rows: tuple[DiffRow, ...]) -> None:
    if table.suffix == ".csv":
        write_atomically(table, csv_of(rows).encode())
        return
    table.parent.mkdir(parents=True, exist_ok=True)
    fresh = table.with_name(f".{table.name}.new")
    try:
        with database() as inside:
            write_table(inside, fresh, DiffRow, rows)
        fresh.replace(table)
    finally:
        fresh.unlink(missing_ok=True)
