"""What each class keeps after each kind of failure, as a table of classes by kinds."""

from msgspec import Struct

from arterial.plan.verdict import Proof, WorstClass

__all__ = ["ClassRow", "class_rows", "failure_kinds"]


class ClassRow(Struct, frozen=True, kw_only=True):
    """A class with its worst case of every kind, None where the proof says nothing."""

    traffic_class: str
    cells: tuple[WorstClass | None, ...]
    """One for each of ``failure_kinds``."""


def failure_kinds(proof: Proof | None) -> tuple[str, ...]:
    """Kinds of failure in the proof's order."""
    rows = proof.worst_classes if proof else ()
    return tuple(dict.fromkeys(row.kind for row in rows))


def class_rows(proof: Proof | None) -> tuple[ClassRow, ...]:
    """Classes in the proof's order."""
    rows = proof.worst_classes if proof else ()
    cell = {(row.traffic_class, row.kind): row for row in rows}
    return tuple(
        ClassRow(
            traffic_class=name,
            cells=tuple(cell.get((name, kind)) for kind in failure_kinds(proof)),
        )
        for name in dict.fromkeys(row.traffic_class for row in rows)
    )
