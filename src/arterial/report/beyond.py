"""What two losses at once do, and which cuts part the network: rows as the page shows them."""

from msgspec import Struct

from arterial.plan.verdict import Beyond, LossKind, NoWay, Parting, Proof
from arterial.report.gates import WAYS

__all__ = ["OUT", "BeyondRow", "beyond_rows", "no_way_rows", "parted_words"]

OUT: dict[LossKind, str] = {"fibre2": "two fibres", "maintenance": "work, then a failure"}


class BeyondRow(Struct, frozen=True, kw_only=True):
    """A class, what is out and who routes, with shares of the cases."""

    out: str
    way: str
    row: Beyond
    keeps_all: float
    keeps_share: float
    known: bool
    """No witness of its worst cases was refused."""


def beyond_rows(proof: Proof | None) -> tuple[BeyondRow, ...]:
    """In the proof's order; none where it was not asked."""
    return tuple(
        BeyondRow(
            out=OUT[row.kind],
            way=WAYS[row.policy],
            row=row,
            keeps_all=row.keeps_all / row.cases,
            keeps_share=row.keeps_share / row.cases,
            known=row.refused == 0,
        )
        for row in (proof.beyond if proof else ())
    )


def no_way_rows(proof: Proof | None) -> tuple[tuple[str, NoWay], ...]:
    """What is out, in words, with each case."""
    return tuple((OUT[row.kind], row) for row in (proof.no_way if proof else ()))


def parted_words(partings: tuple[Parting, ...]) -> str:
    """What cuts do to the network as such, in a line.

    >>> parted_words((Parting(fibres=("F1", "F2"), sites=("Elko",), markets=()),))
    '0 single and 1 double cuts part the network of existing fibres; 0 leave a market without an edge'
    """
    single = sum(len(row.fibres) == 1 for row in partings)
    count = f"{single} single and {len(partings) - single} double cuts"
    bare = sum(bool(row.markets) for row in partings)
    return f"{count} part the network of existing fibres; {bare} leave a market without an edge"
