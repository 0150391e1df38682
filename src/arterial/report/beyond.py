"""What two losses at once do: rows as the page shows them."""

from msgspec import Struct

from arterial.plan.losses import OUT
from arterial.plan.verdict import Beyond, NoWay, Proof
from arterial.report.gates import WAYS

__all__ = ["BeyondRow", "beyond_rows", "no_way_rows"]


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
