"""``arterial diff``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Count, Json, Picture, Plan, answer
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import diff as study

__all__ = ["diff", "difference"]

_ROWS = 60
_MORE = "a larger --rows, --table or --json"
_LINKS = 10
"""Links and markets on the page that change most; the answer in JSON has all."""


def diff(
    plan_a: Annotated[Plan, Parameter(help="The older plan: a folder that `design` wrote.")],
    plan_b: Annotated[Plan, Parameter(help="The newer plan: a folder that `design` wrote.")],
    /,
    *,
    table: Annotated[
        Path | None, Parameter(help="File for all differences: .csv or .parquet.")
    ] = None,
    picture: Annotated[
        Picture, Parameter(help="SVG file: the map with what is built and freed in colours.")
    ] = None,
    rows: Annotated[Count, Parameter(help="Things to list that are built or freed.")] = _ROWS,
    json: Json = False,
) -> int:
    """What is built, moved and freed from one plan to another, and what gets better or worse.

    Exits 0 if both build the same (markets and tunnels may run otherwise), 1 if they differ, 2 if
    a folder holds no whole plan.
    """
    result = study.diff(plan_a, plan_b, table=table, picture=picture)
    answer(result, lambda told: _page(told, rows), as_json=json)
    return 0 if result.same else 1


def _page(told: study.Differs, rows: int) -> None:
    words = "the same is built" if told.same else "what is built differs"
    heading(f"{told.a} to {told.b}: {words}")
    lines(told.notes)
    difference(told, rows)
    _better(told)
    _runs(told)
    lines(
        [f"written: {file}" for file in (told.table, told.picture) if file]
        + ["a: the older plan, b: the newer one; costs in the unit of `costs`"]
    )


def difference(told: study.Differs, rows: int, more: str = _MORE) -> None:
    """What is built, freed and moved: sums, then so many things."""
    facts(_sums(told))
    _things(told, rows, more)


def _things(told: study.Differs, rows: int, more: str) -> None:
    if not told.built:
        return
    table(
        ("", "", "where", "kind", "a>", "b>", "change>"),
        [
            (row.fate, row.thing, row.where, row.kind, *_counts(row.a, row.b, _digits(row.thing)))
            for row in told.built[:rows]
        ],
    )
    if len(told.built) > rows:
        lines([f"{len(told.built) - rows} more things: {more}"])


def _digits(thing: str) -> int:
    return 1 if thing == "IP link" else 0


def _sums(told: study.Differs) -> Iterator[tuple[str, str]]:
    for thing in dict.fromkeys(row.thing for row in told.built):
        fates = [row.fate for row in told.built if row.thing == thing]
        told_by = [f"{amount(_pieces(told, thing, fate))} {fate}" for fate in dict.fromkeys(fates)]
        yield thing if thing.endswith("s") else f"{thing}s", ", ".join(told_by)
    yield "IP links over the same fibres", str(told.links_same)
    if told.retuned:
        yield "waves retuned", f"{told.retuned} on the same fibres, another pair or frequency"
    moved = told.tunnels
    primaries = f"{moved.primaries} ways, {amount(moved.primaries_gbps, 1)} Gb/s"
    backups = f"backups {moved.backups} ways, {amount(moved.backups_gbps, 1)} Gb/s"
    yield "primaries elsewhere", f"{primaries}; {backups}"
    if moved.only_a or moved.only_b or moved.gbps_a != moved.gbps_b:
        counts = f"{moved.demands} in both, {moved.only_a} in a alone, {moved.only_b} in b alone"
        rates = f"{amount(moved.gbps_a, 1)} and {amount(moved.gbps_b, 1)} Gb/s"
        yield "demands", f"{counts}; {rates}"


def _pieces(told: study.Differs, thing: str, fate: str) -> float:
    own = [row for row in told.built if (row.thing, row.fate) == (thing, fate)]
    if thing == "IP link":
        return len(own)
    return sum(row.a if fate == "moved" else abs(row.change) for row in own)


def _counts(a: float, b: float, digits: int) -> tuple[str, str, str]:
    return amount(a, digits), amount(b, digits), f"{round(b - a, digits) + 0.0:+,.{digits}f}"


def _better(told: study.Differs) -> None:
    table(
        ("figure", "a>", "b>", "change>", "unit", ""),
        [
            (row.name, *_shown(row.a, row.b, row.unit), row.unit.replace("share", "%"), row.word)
            for row in told.figures
        ],
    )
    table(
        ("bill", "a>", "b>", "cost a>", "cost b>", "change>"),
        [
            (
                row.item,
                amount(row.quantity_a),
                amount(row.quantity_b),
                *_counts(row.cost_a, row.cost_b, 2),
            )
            for row in told.bill
        ],
    )


def _shown(a: float, b: float, unit: str) -> tuple[str, str, str]:
    scale = 100.0 if unit == "share" else 1.0
    change = (b - a) * scale
    told = f"{round(change, 2) + 0.0:+,.2f}" if change == change else "-"  # noqa: PLR0124 - NaN is unknown
    return amount(a * scale, 2), amount(b * scale, 2), told


def _runs(told: study.Differs) -> None:
    if told.served:
        table(
            ("market", "edge a", "edge b", "fail-over a", "fail-over b"),
            [
                (row.market, row.edge_a, row.edge_b, row.failover_a, row.failover_b)
                for row in told.served[:_LINKS]
            ],
        )
    if told.markets:
        table(
            ("market", "round trip a>", "b>", "fail-over a>", "b>", ""),
            [
                (
                    row.market,
                    amount(row.rtt_a_ms, 2),
                    amount(row.rtt_b_ms, 2),
                    amount(row.failover_a_ms, 2),
                    amount(row.failover_b_ms, 2),
                    row.word,
                )
                for row in told.markets[:_LINKS]
            ],
        )
    if told.gates:
        table(
            ("gate that changes", "a", "b", "value a>", "value b>", "limit>", "unit"),
            [
                (
                    row.gate,
                    row.verdict_a or "-",
                    row.verdict_b or "-",
                    amount(row.value_a, 3),
                    amount(row.value_b, 3),
                    amount(row.limit, 3),
                    row.unit,
                )
                for row in told.gates
            ],
        )
    if told.links:
        table(
            ("link fuller or emptier at worst", "a>", "b>", "case a", "case b", ""),
            [
                (
                    row.link,
                    percent(row.utilisation_a),
                    percent(row.utilisation_b),
                    row.case_a or "no failure",
                    row.case_b or "no failure",
                    row.word,
                )
                for row in told.links[:_LINKS]
            ],
        )
