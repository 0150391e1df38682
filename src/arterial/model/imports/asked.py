"""Demands as other files ask for them: what our own table cannot hold is left out and told."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from arterial.model.imports.found import DATA
from arterial.model.network import DemandRow

__all__ = ["Asked", "demand_rows", "left_out"]


class Asked(Struct, frozen=True):
    """One demand of a file, ends by our names."""

    source: str
    target: str
    gbps: float
    """Zero or more."""


def demand_rows(asked: Sequence[Asked], *, both_ways: bool = False) -> tuple[DemandRow, ...]:
    """Rows of those that ask something of the network; each of them back too if ``both_ways``."""
    rows: list[DemandRow] = []
    for ask in asked:
        if ask.source == ask.target or ask.gbps == 0.0:
            continue
        ways = [(ask.source, ask.target), (ask.target, ask.source)]
        rows.extend(
            DemandRow(traffic_class=DATA, source=source, target=target, gbps=ask.gbps)
            for source, target in ways[: 2 if both_ways else 1]
        )
    return tuple(rows)


def left_out(asked: Sequence[Asked]) -> Iterator[str]:
    """Remarks on the demands that make no row."""
    inside = [ask for ask in asked if ask.source == ask.target]
    if inside:
        total_gbps = sum(ask.gbps for ask in inside)
        yield f"left out: {len(inside)} demands from a site to itself, {total_gbps:g} Gb/s"
    empty = sum(ask.gbps == 0.0 and ask.source != ask.target for ask in asked)
    if empty:
        yield f"left out: {empty} demands of 0 Gb/s"
