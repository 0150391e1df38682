"""``arterial restore``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Count, Json, Output, Plan, Share, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import restore as study

__all__ = ["restore"]

_DEFAULT = study.Question()
_REFUSED = 20


def restore(
    plan: Plan,
    /,
    *,
    failures: Annotated[
        str, Parameter(help="fibre, srlg, fibre2 (any two), several of them with commas.")
    ] = _DEFAULT.failures,
    spares: Annotated[
        study.SparesAsked,
        Parameter(help="Spare regenerators: none, those that stand, or the cheapest that do."),
    ] = _DEFAULT.spares,
    share: Annotated[
        Share, Parameter(help="With --spares auto: of the cut rate, in every case, where it can.")
    ] = _DEFAULT.share,
    worst: Annotated[Count, Parameter(help="Cases to list.")] = _DEFAULT.worst,
    output: Annotated[
        Output | None, Parameter(help="Folder for the plan with its restoration.")
    ] = None,
    table: Annotated[
        Path | None, Parameter(help="CSV file for `arterial protect --restored`.")
    ] = None,
    json: Json = False,
) -> int:
    """What light comes back after every cut, when, and on whose spares.

    Exits 0 if every cut wave comes back at least in part in every single case, 1 if one does not,
    3 where its light is unknown.
    """
    question = study.Question(failures=failures, spares=spares, share=share, worst=worst)
    with Progress() as report:
        result = study.restore(plan, question, output=output, table=table, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(told: study.Restored) -> None:
    heading(f"{told.plan}: light after {told.cases} cases ({told.failures})", told.verdict)
    facts(
        [
            ("restored", f"{percent(told.mean_share)} of what is cut; worst {percent(told.share)}"),
            (
                "at most",
                f"{percent(told.bound_share)} ({told.bound_scope}): gap {percent(told.gap)}",
            ),
            ("light is back after", _seconds(told.times)),
            ("traffic returns after", f"{amount(told.times.return_s)} s, with wait-to-restore"),
            ("spare regenerators", _spares(told)),
            ("plan's cost", f"{amount(told.cost, 1)}, gap {percent(told.plan_gap)}"),
        ]
    )
    columns = ("case", "waves>", "back>", "cut Gb/s>", "restored>", "bound>", "share>", "missing")
    table(columns, [_case(case) for case in told.worst])
    table(
        ("link", "cases>", "worst share>", "in case", "mean>", "slowest ms>"),
        [_link(link) for link in told.links if link.share < 1.0],
    )
    lines(
        (
            "missing: waves that stay away, and for want of what",
            "links not always whole: share of the rate that stands or is back; slowest: one way",
        )
    )
    if told.spares:
        table(
            ("spares at", "module", "regenerators>"),
            [(row.site, row.module, str(row.regenerators)) for row in told.spares],
        )
    lines(
        f"after {row.case}, class {row.traffic_class} stays on its backup: over {row.link} "
        f"restored its round trip is {amount(row.rtt_ms, 2)} ms, "
        f"{amount(row.limit_ms, 2)} are allowed"
        for row in told.refused[:_REFUSED]
    )
    if len(told.refused) > _REFUSED:
        lines((f"{len(told.refused) - _REFUSED} more refusals: --json lists them",))
    lines(told.times.notes)


def _seconds(times: study.Times) -> str:
    steps = (
        f"confirm {amount(times.confirm_s)}, switch {amount(times.switch_s)},"
        f" settle {amount(times.settle_s)}"
    )
    loaded = "with" if times.noise_loading else "without"
    return f"{amount(times.light_s)} s: {steps} {loaded} noise loading"


def _spares(told: study.Restored) -> str:
    bought = sum(row.regenerators for row in told.spares)
    words = f"{told.installed} installed, {bought} bought for {amount(told.spares_cost, 1)}"
    if told.spares_bound == told.spares_bound:  # NaN unless chosen here
        words += f" (at least {amount(told.spares_bound, 1)}: gap {percent(told.spares_gap)})"
    return words


def _case(case: study.CaseFigures) -> tuple[str, ...]:
    return (
        case.case,
        str(case.cut),
        str(case.back),
        amount(case.cut_gbps),
        amount(case.restored_gbps),
        amount(case.bound_gbps),
        percent(case.share),
        ", ".join(f"{why}: {count}" for why, count in case.missing.items()) or "-",
    )


def _link(link: study.LinkFigures) -> tuple[str, ...]:
    return (
        link.link,
        str(link.cases),
        percent(link.share),
        link.worst_case,
        percent(link.mean_share),
        amount(link.latency_ms, 2),
    )
