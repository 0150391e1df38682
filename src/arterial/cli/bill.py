"""``arterial bill``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Json, Output, Plan, answer
from arterial.cli.show import amount, heading, lines, table
from arterial.clock import today
from arterial.study import bill as study

__all__ = ["bill"]


def bill(
    plan: Plan,
    /,
    *,
    output: Annotated[Output | None, Parameter(help="CSV file to write.")] = None,
    since: Annotated[
        Path | None, Parameter(help="Folder of an older plan: bill the phase after it.")
    ] = None,
    in_service: Annotated[
        str, Parameter(help="Date of service, as 2027-06-01: when to order what.")
    ] = "",
    site: Annotated[str, Parameter(help="List this site alone.")] = "",
    json: Json = False,
) -> int:
    """Bill of materials by site: pieces, costs, watts, lead times and dates of order.

    Exits 0 when it is made, whatever it says.
    """
    result = study.bill(plan, output, since=since, in_service=in_service, site=site, today=today())
    answer(result, _page, as_json=json)
    return 0


def _page(made: study.Billed) -> None:
    words = f"{amount(made.cost, 2)} in {len(made.rows)} rows"
    heading(f"{made.plan} beyond {made.since}: {words}" if made.since else f"{made.plan}: {words}")
    if made.freed:
        bought = amount(made.cost - made.freed, 2)
        heading(f"  bought for {bought}, freed {amount(-made.freed, 2)} at its price")
    if made.first_order:
        late = f"; {made.late} rows are late already" if made.late else ""
        heading(f"  in service {made.in_service}: first order by {made.first_order}{late}")
    for name, parts in (("item", made.by_item), ("site", made.by_site)):
        table((name, "rows>", "cost>", "freed>", "W>"), [_part(part) for part in parts])
    lines(
        [
            *([f"written: {made.file}"] if made.file else []),
            "costs in the unit of `costs`; W of pieces whose datasheets say what they draw",
        ]
    )


def _part(part: study.Part) -> tuple[str, ...]:
    return (
        part.name or "(no site)",
        amount(part.rows),
        amount(part.cost, 2),
        amount(-part.freed, 2) if part.freed else "",
        amount(part.watts),
    )
