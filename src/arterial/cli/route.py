"""``arterial route``."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import (
    EXIT_CODES,
    Count,
    Demands,
    Described,
    FibreGbps,
    Json,
    Limit,
    Load,
    Share,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import route as study

__all__ = ["route"]

_DEFAULT = study.Question()

_UNITS = {"throughput": "Gb/s", "mlu": "", "fair": "", "latency": "ms"}
_DIGITS = {"throughput": 1, "mlu": 4, "fair": 4, "latency": 3}
_WORDS = {
    "throughput": "carried",
    "mlu": "fullest link",
    "fair": "least share of a demand",
    "latency": "mean latency, one way",
}
_BESIDE = {"fair", "latency"}
"""Objectives whose value is neither what is carried nor the fullest link."""

_NONE = 1e-9


def _share(_: object, value: float | None) -> None:
    if value is not None and not 0.0 <= value <= 1.0:
        raise ValueError("give a number from 0 to 1, as 0.05")


_Sids = Annotated[Count, Parameter(help="Longest segment list; 0 sets no limit.")]
_Tunnels = Annotated[Count, Parameter(help="Most tunnels a demand; 0 sets no limit.")]
_Buckets = Annotated[Count, Parameter(help="Equal parts of a demand's split; 0 splits freely.")]
_Previous = Annotated[
    Path | None, Parameter(help="The tunnels.parquet that runs now: move little of it.")
]
_Churn = Annotated[
    float | None,
    Parameter(
        validator=_share, help="Share of it that may move; without it as little as the gap allows."
    ),
]


def route(
    network: Described,
    /,
    *,
    objective: Annotated[
        study.Objective, Parameter(help="What is sought once classes have their order.")
    ] = _DEFAULT.objective,
    paths: Annotated[
        Count, Parameter(help="Candidate paths a demand; 0 looks anywhere in the network.")
    ] = _DEFAULT.paths,
    load: Load = "",
    demands: Demands = None,
    capacity_gbps: FibreGbps = _DEFAULT.fibre_gbps,
    solver: Annotated[
        study.Solver | None,
        Parameter(help="Without it one is picked by size; the answer names it."),
    ] = None,
    gap: Annotated[Share, Parameter(help="Stop at this gap to the bound.")] = _DEFAULT.gap,
    time_limit: Annotated[
        Limit, Parameter(help="Seconds after which the best so far is answered.")
    ] = math.inf,
    sids: _Sids = 0,
    tunnels: _Tunnels = 0,
    buckets: _Buckets = 0,
    previous: _Previous = None,
    churn: _Churn = None,
    output: Annotated[
        Path | None,
        Parameter(name=["--output", "-o"], help="Folder for tables of tunnels and links."),
    ] = None,
    json: Json = False,
) -> int:
    """Route the traffic of a network or a plan by traffic engineering, with a bound.

    Exits 0 if all is carried, 1 if it is shown that not all can be on the bound's scope, 3 if
    neither was found out: it was stopped before, or only the limits asked for are in the way.
    """
    question = study.Question(
        load=load,
        demand_file=demands,
        fibre_gbps=capacity_gbps,
        objective=objective,
        paths=paths,
        solver=solver,
        gap=gap,
        time_limit_s=time_limit,
        sids=sids,
        tunnels=tunnels,
        buckets=buckets,
        previous=previous,
        churn=churn,
    )
    with Progress() as report:
        result = study.route(network, question, output=output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Routed) -> None:
    share = done.carried_gbps / done.offered_gbps if done.offered_gbps else 1.0
    heading(
        f"{done.network}: {_rate(done.carried_gbps)} of {_rate(done.offered_gbps)} Gb/s "
        f"carried ({percent(share)}), fullest link {percent(done.mlu)}",
        done.verdict,
    )
    digits, unit = _DIGITS[done.objective], _UNITS[done.objective]
    facts(
        [
            ("asked", f"{done.demands} demands over {done.links} links, load {done.load}"),
            (_WORDS[done.objective], f"{_value(done.value, digits)} {unit}".strip()),
            (
                "bound",
                f"{_value(done.bound, digits)} {unit}".strip()
                + f" (gap {_gap(done.gap)}, scope {done.bound_scope})",
            ),
            ("tunnels", f"{done.tunnels}, of {done.most_sids} SIDs at most"),
            *_extra(done),
            ("solved by", f"{done.solver}, {done.rounds} rounds, status {done.status}"),
        ]
    )
    columns = ("class", "rtt ms<=>", "offered>", "carried>", "least>", "mean rtt>")
    table((*columns, "worst rtt>", "gap>", "scope"), [_class(row) for row in done.classes])
    if len(done.steps) > 1:
        more = (_WORDS[done.objective] + ">",) if done.objective in _BESIDE else ()
        rows = [_step(row, digits)[: 3 + len(more)] for row in done.steps]
        table(("limit", "carried>", "fullest link>", *more), rows)
    if done.unserved:
        heading(f"not carried whole: {done.unserved_demands} of {done.demands} demands; the worst:")
        table(("demand", "offered>", "carried>", "why"), [_short(row) for row in done.unserved])
    lines(done.notes)


def _extra(done: study.Routed) -> Iterator[tuple[str, str]]:
    yield "uneven hashing", f"fills the fullest link to {percent(done.hashed_mlu)}"
    if math.isfinite(done.overload):
        yield "equal parts", f"would fill the fullest link to {percent(done.overload)}"
    if math.isfinite(done.moved_gbps):
        yield "moved", f"{_rate(done.moved_gbps)} Gb/s ({percent(done.moved_share)})"


def _value(value: float, digits: int) -> str:
    """Three digits of what is small: a network of Mb/s is no network of nothing."""
    return f"{value:.3g}" if 0.0 < abs(value) < 0.1 else amount(value, digits)  # noqa: PLR2004


def _rate(gbps: float) -> str:
    return _value(gbps, 1)


def _gap(share: float) -> str:
    """In per cent; what rounding leaves is none."""
    if not math.isfinite(share):
        return "-"
    return f"{100.0 * share if share > _NONE else 0.0:.3g} %"


def _step(row: study.StepLeft, digits: int) -> tuple[str, ...]:
    return (row.step, _rate(row.carried_gbps), percent(row.mlu), _value(row.value, digits))


def _class(row: study.ClassCarried) -> tuple[str, ...]:
    rates = (_rate(row.offered_gbps), _rate(row.carried_gbps), percent(row.least_share))
    delays = (amount(row.mean_rtt_ms, 1), amount(row.worst_rtt_ms, 1))
    return (
        row.name,
        amount(row.rtt_ms),
        *rates,
        *delays,
        _gap(row.gap),
        row.bound_scope,
    )


def _short(row: study.Unserved) -> tuple[str, ...]:
    return (row.demand, _rate(row.offered_gbps), _rate(row.carried_gbps), row.why)
