"""``arterial protect``."""

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
    Limit,
    Load,
    Output,
    Rates,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, lines, percent, table
from arterial.routing.tail_program import Loss
from arterial.study import protect as study

__all__ = ["protect"]

_DEFAULT = study.Question()

_Loss = Annotated[
    Loss, Parameter(help="Of all traffic, or of the demand that is hit worst (cvar).")
]
_Restored = Annotated[
    str,
    Parameter(
        help="What comes back: a share, or a table: case,link,share,latency_ms (case may be left "
        "out); without it what the plan's own tables say, else 0.5."
    ),
]


def protect(
    network: Described,
    /,
    *,
    method: Annotated[
        study.Method,
        Parameter(
            help="Backups installed beforehand, rates that outlive any k failures, or the least "
            "loss in the worst 1 - beta of the time."
        ),
    ] = _DEFAULT.method,
    failures: Failures = _DEFAULT.failures,
    rates: Rates = _DEFAULT.rates,
    k: Annotated[
        int | None,
        Parameter(help="Failures at once; without it 1, and for cvar as many as cover beta."),
    ] = None,
    beta: Annotated[float, Parameter(help="Availability asked for, as 0.999 (cvar).")] = (
        _DEFAULT.beta
    ),
    loss: _Loss = _DEFAULT.loss,
    load: Load = "",
    demands: Demands = None,
    capacity_gbps: FibreGbps = _DEFAULT.capacity_gbps,
    tunnels: Annotated[Count, Parameter(help="Candidate tunnels a demand.")] = _DEFAULT.tunnels,
    restored: _Restored = _DEFAULT.restored,
    time_limit: Annotated[Limit, Parameter(help="Seconds for each program.")] = float("inf"),
    worst: Annotated[Count, Parameter(help="Cases to list.")] = _DEFAULT.worst,
    output: Annotated[
        Output | None, Parameter(help="Folder for the answer and its tables.")
    ] = None,
    json: Json = False,
) -> int:
    """Protect traffic beforehand, and judge each failure at three moments.

    The network may be a plan's folder. Exits 0 if all traffic is protected as asked, 1 if it is
    not, 3 if that stays unknown.
    """
    question = study.Question(
        method=method,
        failures=failures,
        rates=rates,
        k=k,
        beta=beta,
        loss=loss,
        load=load,
        demands=demands,
        capacity_gbps=capacity_gbps,
        tunnels=tunnels,
        restored=restored,
        time_limit_s=time_limit,
        worst=worst,
    )
    with Progress() as report:
        result = study.protect(network, question, output=output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(told: study.Protected) -> None:
    against = f"any {told.k} of {told.failures}" if told.k else told.failures
    heading(f"{told.method} against {against}, load {told.load}", told.verdict)
    heading(
        f"{amount(told.admitted_gbps, 1)} of {amount(told.offered_gbps, 1)} Gb/s admitted, at most"
        f" {amount(told.bound, 1)} could be ({told.bound_scope}): gap {percent(told.gap)}"
    )
    table(
        ("priority>", "classes", "offered>", "admitted>", "bound>", "VaR>", "CVaR>", "CVaR bound>"),
        [_level(level) for level in told.levels],
    )
    columns = ("moment", "least carried>", "in case", "fullest>", "link", "in case", "gap>")
    table(columns, [_moment(one) for one in told.moments])
    moments = tuple(f"{one.moment}>" for one in told.moments)
    table(
        ("worst cases", *moments, "cut off Gb/s>", "fullest>", "link"),
        [_case(case) for case in told.worst],
    )
    counts = (
        (told.unserved, "have no path within their round trip"),
        (told.exposed, "can lose all their tunnels at once"),
        (told.inexact, "have a backup that may share more than it has to"),
    )
    lines(f"{count} of {told.demands} demands {words}" for count, words in counts if count)
    unknown = sum(one.unknown for one in told.moments)
    if unknown or told.status == "limit":
        lines(("the solver stopped early: figures hold, better ones may exist",))
    lines(told.notes)


def _level(level: study.Level) -> tuple[str, ...]:
    return (
        str(level.priority),
        " ".join(level.classes),
        amount(level.offered_gbps, 1),
        amount(level.admitted_gbps, 1),
        amount(level.bound, 1),
        percent(level.value_at_risk),
        percent(level.cvar),
        percent(level.cvar_bound),
    )


def _moment(one: study.MomentFigures) -> tuple[str, ...]:
    least = (one.moment, percent(one.carried_fraction), one.worst_case)
    fullest = (percent(one.max_utilisation), one.link or "-", one.fullest_case)
    return (*least, *fullest, percent(one.gap))


def _case(case: study.CaseFigures) -> tuple[str, ...]:
    carried = tuple(percent(one.carried_fraction) for one in case.moments)
    rest = (amount(case.cut_off_gbps, 1), percent(case.max_utilisation), case.link or "-")
    return (case.case, *carried, *rest)
