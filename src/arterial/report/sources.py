"""Every figure behind the plan with its source, those that nobody vouches for first."""

from msgspec import Struct

from arterial.model.figures import figures
from arterial.plan.plan import Plan

__all__ = ["SourceRow", "source_rows"]

WORD = "ASSUMPTION"


class SourceRow(Struct, frozen=True, kw_only=True):
    """A figure, or all rows of a table that share a source."""

    name: str
    value: str
    assumption: bool
    source: str
    """Without the word ASSUMPTION at its head, which stands in a column of its own."""
    count: int


def source_rows(plan: Plan) -> tuple[SourceRow, ...]:
    """Figures that the plan rests on; of the modes those it uses, or all when it lights nothing."""
    used = {path.mode for path in plan.lightpaths} or None
    rows = [
        SourceRow(
            name=row.name,
            value=row.value,
            assumption=row.assumption,
            source=row.source.removeprefix(WORD).lstrip(": "),
            count=row.count,
        )
        for row in figures(plan.network, used)
    ]
    return tuple(sorted(rows, key=lambda row: not row.assumption))
