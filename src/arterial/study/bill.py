"""``bill``: a plan's bill of materials by site, as a table that a buyer opens.

The table is CSV as RFC 4180 has it, in UTF-8, its cells safe for spreadsheets.
"""

import csv
import io
import math
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.names import did_you_mean
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan
from arterial.report.materials import Material, materials
from arterial.report.phase import next_phase
from arterial.report.spreadsheet import cell

__all__ = ["Billed", "Part", "bill", "order_by"]

_MONTH_DAYS = 30


class Part(Struct, frozen=True, kw_only=True):
    """All rows of one site, or of one item."""

    name: str
    rows: int
    cost: float
    freed: float
    """The part of ``cost`` below 0: what is freed, at its price."""
    watts: float
    """Of the pieces whose datasheets say what they draw; NaN where none does."""


class Billed(Struct, frozen=True, kw_only=True):
    """The bill and its sums."""

    plan: str
    since: str
    """The older plan; empty for a plan alone."""
    in_service: str
    """Date, year first; empty where none is given."""
    file: str
    """The table; empty where none was asked for."""
    cost: float
    """Of all rows."""
    plan_cost: float
    """Of the whole plan: equal for a plan alone with all its sites."""
    freed: float
    late: int
    """Rows that should have been ordered before today."""
    first_order: str
    """The earliest date by which something is to be ordered."""
    by_site: tuple[Part, ...]
    by_item: tuple[Part, ...]
    rows: tuple[Material, ...]


def bill(
    plan_folder: Path,
    output: Path | None = None,
    *,
    since: Path | None = None,
    in_service: str = "",
    site: str = "",
    today: date,
) -> Billed:
    """Make the bill of materials of a plan, or of a phase between two.

    Parameters
    ----------
    output
        CSV file to write.
    since
        An older plan: rows are then what the plan adds to it, and what it frees.
    in_service
        Date, year first, on which the plan is to carry traffic.
    site
        Name of the only site to list; empty lists all.
    today
        Orders before this day are late.

    Raises
    ------
    ModelError
        The site is unknown, the date is none, or the older plan is of another network.
    DamagedError
        No plan is in a folder.
    OSError
        The table cannot be written.
    """
    plan = read_plan(plan_folder)
    old = None if since is None else read_plan(since)
    ready = _ready(str(plan_folder), plan, in_service, site)
    if old is not None and not _sites(old) & _sites(plan):
        found = f"no site in common with {plan_folder}: this is no older plan of it"
        expected = "Name a plan of the same network"
        raise ModelError([Problem(file=str(since), found=found, expected=expected)])
    rows = materials(plan) if old is None else next_phase(plan, old)
    listed = tuple(_dated(row, ready) for row in rows if site in ("", row.site))
    if output is not None:
        write_atomically(output, _csv(listed).encode())
    orders = sorted(row.order_by for row in listed if row.order_by)
    return Billed(
        plan=str(plan_folder),
        since="" if since is None else str(since),
        in_service="" if ready is None else ready.isoformat(),
        file="" if output is None else str(output),
        cost=math.fsum(row.cost for row in listed),
        plan_cost=plan.cost,
        freed=math.fsum(min(0.0, row.cost) for row in listed),
        late=sum(order < today.isoformat() for order in orders),
        first_order=orders[0] if orders else "",
        by_site=_parts(listed, lambda row: row.site),
        by_item=_parts(listed, lambda row: row.item),
        rows=listed,
    )


def order_by(ready: date, months: float) -> date:
    """The day so many months before another; a part of a month counts as days of 30.

    >>> order_by(date(2027, 5, 31), 3.0), order_by(date(2027, 6, 1), 1.5)
    (datetime.date(2027, 2, 28), datetime.date(2027, 4, 16))
    """
    months = min(months, 12.0 * ready.year)  # before the first year there is no date
    whole = math.floor(months)
    year, month = divmod(ready.year * 12 + ready.month - 1 - whole, 12)
    if year < date.min.year:
        return date.min
    day = date(year, month + 1, min(ready.day, monthrange(year, month + 1)[1]))
    part = math.ceil((months - whole) * _MONTH_DAYS)
    return date.fromordinal(max(day.toordinal() - part, date.min.toordinal()))


def _ready(file: str, plan: Plan, in_service: str, site: str) -> date | None:
    """The date of service; raises ModelError with all that is wrong."""
    problems: list[Problem] = []
    ready: date | None = None
    try:
        ready = date.fromisoformat(in_service) if in_service else None
    except ValueError:
        expected = "Give year, month and day, as 2027-06-01"
        found = f"'{in_service}' is no date"
        problems.append(Problem(file="--in-service", found=found, expected=expected))
    known = [one.name for one in plan.network.sites]
    if site and site not in known:
        expected = did_you_mean(site, known) or f"The plan has {len(known)} sites"
        problems.append(Problem(file=file, found=f"no site is called '{site}'", expected=expected))
    if problems:
        raise ModelError(problems)
    return ready


def _sites(plan: Plan) -> set[str]:
    return {site.name for site in plan.network.sites}


def _dated(row: Material, ready: date | None) -> Material:
    if ready is None or row.change != "bought" or math.isnan(row.lead_time_months):
        return row
    day = order_by(ready, row.lead_time_months)
    return msgspec.structs.replace(row, order_by=day.isoformat())


def _parts(rows: Iterable[Material], name: Callable[[Material], str]) -> tuple[Part, ...]:
    """Sums by name, dearest first."""
    groups: dict[str, list[Material]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    parts = [_part(one, own) for one, own in groups.items()]
    return tuple(sorted(parts, key=lambda part: (-part.cost, part.name)))


def _part(name: str, rows: Sequence[Material]) -> Part:
    drawn = [row.watts for row in rows if not math.isnan(row.watts)]
    return Part(
        name=name,
        rows=len(rows),
        cost=math.fsum(row.cost for row in rows),
        freed=math.fsum(min(0.0, row.cost) for row in rows),
        watts=math.fsum(drawn) if drawn else math.nan,
    )


def _csv(rows: Sequence[Material]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = [field.name for field in msgspec.structs.fields(Material)]
    writer.writerow(names)
    writer.writerows([cell(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue()
