"""A load's table of demands, up to a million rows: what is plainly right is built in one go.

A row is plainly right when it has every cell, its sites and its class are known, its ends differ
and its numbers are numbers. Any other row becomes a record, and is told with its line or found
sound after all by the checks that every table goes through.
"""

from collections.abc import Callable, Collection, Sequence
from typing import cast

from msgspec import inspect

from arterial.errors import Problem
from arterial.model.convert import fields_of
from arterial.model.network import DemandRow
from arterial.model.record import Record
from arterial.model.tables import read_rows
from arterial.model.values import inner, number_of

__all__ = ["read_demands"]

_ASKED = ("traffic_class", "source", "target", "gbps")


def read_demands(
    text: str,
    file: str,
    sites: Collection[str],
    classes: Collection[str],
    problems: list[Problem],
) -> tuple[Record | DemandRow, ...] | None:
    """The demands of a table; what is wrong in its cells is added to ``problems``.

    Parameters
    ----------
    sites, classes
        Names that a plainly right row may use; rows that use others come back as records.

    Returns
    -------
    tuple or None
        None when the table could not be read whole.
    """
    site_of, class_of = {name: name for name in sites}, {name: name for name in classes}

    def maker(columns: Sequence[str]) -> Callable[[Sequence[str]], DemandRow | None]:
        return _made(columns, site_of, class_of)

    rows = read_rows(text, file, DemandRow, problems, maker)
    return cast("tuple[Record | DemandRow, ...] | None", rows)


def _made(
    columns: Sequence[str], site_of: dict[str, str], class_of: dict[str, str]
) -> Callable[[Sequence[str]], DemandRow | None]:
    """A function from cells to a demand; the names it takes are those of the dictionaries.

    One string a name, not one a cell: a million rows would otherwise hold three million of them.
    """
    if not set(_ASKED) <= set(columns):
        return lambda _: None
    width = len(columns)
    class_at, source_at, target_at, gbps_at = (columns.index(name) for name in _ASKED)
    transfer_at = columns.index("transfer_h") if "transfer_h" in columns else None
    low, high = _limits()

    def made(cells: Sequence[str]) -> DemandRow | None:
        if len(cells) != width:
            return None
        traffic_class = class_of.get(cells[class_at])
        source, target = site_of.get(cells[source_at]), site_of.get(cells[target_at])
        gbps = number_of(cells[gbps_at])
        if not traffic_class or not source or not target or source is target:
            return None
        if gbps is None or not low < gbps <= high:
            return None
        transfer_h = None
        if transfer_at is not None and cells[transfer_at]:
            transfer_h = number_of(cells[transfer_at])
            if transfer_h is None or not low < transfer_h <= high:
                return None
        return DemandRow(
            traffic_class=traffic_class,
            source=source,
            target=target,
            gbps=gbps,
            transfer_h=transfer_h,
        )

    return made


def _limits() -> tuple[float, float]:
    """What a rate lies above, and the most it may be: the schema's own limits."""
    kind = inner(fields_of(DemandRow)["gbps"].type)
    assert isinstance(kind, inspect.FloatType)
    assert kind.gt is not None
    assert kind.le is not None
    return kind.gt, kind.le
