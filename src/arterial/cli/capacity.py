"""``arterial capacity``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from msgspec.structs import replace

from arterial.cli.options import (
    EXIT_CODES,
    Count,
    Demands,
    Json,
    Limit,
    Load,
    Output,
    Ray,
    Share,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import capacity as study

__all__ = ["capacity"]

_DEFAULT = study.Effort()
_SHOWN = 40
"""Links on the page; the answer in JSON and its table have all."""


def capacity(
    place: Annotated[Path, Parameter(help="An SNDlib file, or a network folder with links.")],
    /,
    *,
    model: Annotated[
        str, Parameter(help="Of an SNDlib file: a model file, or letters as U-U-M-N-C-A-N-N.")
    ] = "",
    module: Annotated[
        tuple[str, ...],
        Parameter(help="Of a network: GBPS:COST or GBPS:COST+COST/km; may be given again."),
    ] = (),
    failures: Annotated[
        str,
        Parameter(help="none, fibre, fibre2; of a network also srlg, site or a file of cases."),
    ] = "",
    load: Load = "",
    demands: Demands = None,
    keep: Annotated[
        bool, Parameter(negative=(), help="Capacity of links that stand costs nothing.")
    ] = False,
    leave_parted: Annotated[
        bool,
        Parameter(negative=(), help="A case asks for nothing that no candidate could carry in it."),
    ] = False,
    gap: Annotated[Share, Parameter(help="Good enough: cost above the bound.")] = _DEFAULT.gap,
    rounds: Annotated[Count, Parameter(help="At most.")] = _DEFAULT.rounds,
    time_limit: Annotated[
        Limit | None, Parameter(help="Seconds, after which the best so far is told.")
    ] = None,
    seed: Count = _DEFAULT.seed,
    routing: Annotated[
        study.Routing, Parameter(help="ecmp: metrics and modules for ECMP too.")
    ] = _DEFAULT.routing,
    resume: Annotated[
        bool, Parameter(negative=(), help="Go on from what -o keeps of an earlier run.")
    ] = False,
    ray: Ray = "",
    output: Annotated[
        Output | None, Parameter(help="Folder for the answer, its table and what was reached.")
    ] = None,
    json: Json = False,
) -> int:
    """Whole modules on candidate links at least cost, so that every failure is survived.

    Exits 0 if the gap is met and every case holds, 3 if it was stopped before, with the best so
    far, 1 if there is no answer: what stands in the way is told, and what would free it.
    """
    asked = study.Source(model=model, modules=module, failures=failures, load=load, demands=demands)
    source = replace(asked, keep=keep, leave_parted=leave_parted)
    effort = study.Effort(
        gap=gap,
        rounds=rounds,
        time_limit_s=_DEFAULT.time_limit_s if time_limit is None else time_limit,
        seed=seed,
        resume=resume,
        routing=routing,
        ray=ray,
    )
    with Progress() as report:
        result = study.capacity(place, source, effort, output=output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(found: study.CapacityFound) -> None:
    asked = f"{found.demands} demands, {amount(found.offered_gbps, 1)} Gb/s"
    heading(f"{found.name}: {found.cases} cases, {asked}", found.verdict)
    held = f"'{found.lacking_case}' finds no room" if found.lacking_case else "all hold"
    facts(
        [
            ("cost", amount(found.cost, 2)),
            ("bound", f"{amount(found.bound, 2)} ({found.bound_scope})"),
            ("gap", percent(found.gap)),
            ("stopped by", f"{found.stopped}, round {found.rounds}, {found.cuts} cuts"),
            ("cases routed once more", f"{found.checked_cases}: {held}" if found.links else "-"),
        ]
    )
    bought = [row for row in found.links if row.gbps > 0.0]
    columns = ("link", "ends", "modules", "Gb/s>", "cost>", "filled>", "at worst>", "in case")
    if bought:
        table(columns, [_row(row) for row in bought[:_SHOWN]])
    if len(bought) > _SHOWN:
        lines((f"{len(bought) - _SHOWN} more links: see --json or the table",))
    unused = len(found.links) - len(bought)
    if unused:
        lines((f"candidates without capacity: {unused}",))
    if found.ecmp is not None:
        _ecmp(found.ecmp)
    lines(found.notes)
    if found.output:
        lines((f"written to {found.output}: capacity.json, capacity.csv",))


def _ecmp(found: study.EcmpFound) -> None:
    tried = f"{found.metrics_tried} sets of metrics in {found.rounds} rounds"
    facts(
        [
            ("cost under ECMP", f"{amount(found.cost, 2)}: {tried}"),
            ("bound", f"{amount(found.bound, 2)} ({found.bound_scope})"),
            ("gap", percent(found.gap)),
        ]
    )
    used = [row for row in found.links if row.metric]
    rows = [
        (row.link, str(row.metric), amount(row.gbps, 1), amount(row.cost, 2), row.worst_case)
        for row in used[:_SHOWN]
    ]
    if rows:
        table(("link", "metric>", "Gb/s>", "cost>", "worst in case"), rows)
    if len(used) > _SHOWN:
        lines((f"{len(used) - _SHOWN} more links: see --json",))


def _row(row: study.LinkBought) -> tuple[str, ...]:
    return (
        row.link,
        f"{row.a} - {row.z}",
        row.modules or "-",
        amount(row.gbps, 1),
        amount(row.cost, 2),
        percent(row.utilisation),
        percent(row.worst_utilisation),
        row.worst_case or "-",
    )
