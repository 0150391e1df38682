"""``arterial sweep``."""

from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import (
    EXIT_CODES,
    Count,
    Demands,
    Described,
    Failures,
    FibreGbps,
    Json,
    Load,
    Output,
    Rates,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import sweep as study

__all__ = ["sweep"]

_DEFAULT = study.Question()
_SHOWN = 10
"""Disconnecting cases on the page; the answer in JSON has more."""


def sweep(
    network: Described,
    /,
    *,
    failures: Failures = _DEFAULT.failures,
    routing: Annotated[
        study.RoutedBy,
        Parameter(help="Who routes: equal-cost paths, each case anew, or tunnels with backups."),
    ] = _DEFAULT.routing,
    load: Load = "",
    demands: Demands = None,
    capacity_gbps: FibreGbps = _DEFAULT.capacity_gbps,
    split: Annotated[
        study.Split, Parameter(help="How ECMP divides traffic among its next hops.")
    ] = _DEFAULT.split,
    rates: Rates = "",
    worst: Annotated[Count, Parameter(help="Cases and links to list.")] = _DEFAULT.worst,
    tables: Annotated[
        bool, Parameter(negative=(), help="Write every case, class and link as Parquet to -o.")
    ] = False,
    output: Annotated[
        Output | None, Parameter(help="Folder for the answer; a stopped run goes on from there.")
    ] = None,
    threads: Annotated[Count, Parameter(help="Of this process.")] = _DEFAULT.threads,
    ray: Annotated[str, Parameter(help="Address of a Ray cluster to play the cases on.")] = "",
    json: Json = False,
) -> int:
    """Play every failure of a set: what is carried, what is lost, which link is fullest.

    The network may be a plan's folder. Exits 0 if all traffic between standing sites is carried in
    every case, 1 if some finds no way or no room, 3 if nothing was played or nothing is offered.
    """
    question = study.Question(
        failures=failures,
        routing=routing,
        split=split,
        load=load,
        demands=demands,
        capacity_gbps=capacity_gbps,
        rates=rates,
        worst=worst,
        tables=tables,
        threads=threads,
        ray=ray,
    )
    with Progress() as report:
        result = study.sweep(network, question, output=output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Swept) -> None:
    offered = f"{amount(done.offered_gbps)} Gb/s offered"
    heading(
        f"{done.network}, load {done.load}: {done.cases} cases by {done.routing}, {offered}",
        done.verdict,
    )
    normal = done.normal
    full = f"{percent(normal.max_utilisation)} on {normal.link or '-'}"
    facts(
        [
            ("without failure", f"{percent(normal.carried_fraction)} carried, fullest {full}"),
            ("cases that disconnect sites", str(done.disconnecting_cases)),
            ("seconds", amount(done.seconds, 2)),
        ]
    )
    columns = ("worst case", "carried>", "no way>", "no room>", "end lost>", "fullest>", "link")
    table((*columns, "stretch>"), [_case(row) for row in done.worst])
    columns = ("class", "Gb/s>", "carried>", "worst case", "mean ms>", "worst ms>", "expected>")
    told = len(columns) if done.odds else -1
    table(columns[:told], [_class(row)[:told] for row in done.classes])
    table(
        ("fullest link", "worst>", "normal>", "case"),
        [
            (row.link, percent(row.utilisation), percent(row.normal_utilisation), row.worst_case)
            for row in done.links
        ],
    )
    lines(f"{row.case}: cuts off {', '.join(row.sites)}" for row in done.disconnecting[:_SHOWN])
    if done.disconnecting_cases > _SHOWN:
        lines((f"{done.disconnecting_cases - _SHOWN} more cases cut sites off: see --json",))
    if done.odds:
        _odds(done.odds)
    lines(done.notes)
    if done.output:
        files = ("sweep.json", *(f"{name}.parquet" for name in done.tables))
        lines((f"written to {done.output}: {', '.join(files)}",))


def _odds(found: study.Odds) -> None:
    low, high = found.expected_low, found.expected_high
    facts(
        [
            ("expected share carried", f"{amount(low, 6)} to {amount(high, 6)}"),
            ("states not played", f"{amount(found.left_out, 6)} of the time"),
        ]
    )


def _case(row: study.CaseFigures) -> tuple[str, ...]:
    lost = (row.dropped_gbps, row.overload_gbps, row.ended_gbps)
    return (
        row.case,
        percent(row.carried_fraction),
        *(amount(gbps, 1) for gbps in lost),
        percent(row.max_utilisation),
        row.link,
        amount(row.stretch, 2),
    )


def _class(row: study.ClassFigures) -> tuple[str, ...]:
    return (
        row.name,
        amount(row.offered_gbps, 1),
        percent(row.carried_fraction),
        row.worst_case or "-",
        amount(row.latency_ms, 1),
        amount(row.latency_ms_max, 1),
        amount(row.expected_low, 5),
    )
