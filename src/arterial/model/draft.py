"""A description as read, before its parts are held against each other.

A table that could not be read is None here: what would refer to it is not called unknown.
"""

from collections.abc import Iterator

from msgspec import Struct

from arterial.model.network import DemandRow
from arterial.model.policy import DEFAULT_CLASSES
from arterial.model.record import Record

__all__ = ["Draft"]


class Draft(Struct, frozen=True, eq=False):
    """Records of every file."""

    root: Record
    """``network.yaml``."""
    tables: dict[str, tuple[Record, ...] | None]
    """By the table's name in ``tables``; absent tables are empty."""
    demands: dict[str, tuple[Record | DemandRow, ...]]
    """Rows of each load's demand table; those that are plainly right are built already."""
    mode_names: tuple[str, ...]
    """Of the package's catalogue."""

    def rows(self, table: str) -> tuple[Record, ...]:
        """Rows of a table, none where it could not be read."""
        return self.tables.get(table) or ()

    def unread(self, *tables: str) -> bool:
        """True when one of the tables could not be read."""
        return any(self.tables.get(table) is None for table in tables)

    def names(self, table: str) -> frozenset[str]:
        """Names that the rows of a table have."""
        return frozenset(row.text("name") for row in self.rows(table))

    def section_names(self, section: str) -> frozenset[str]:
        """Names of a list in ``network.yaml``."""
        return frozenset(record.text("name") for record in self.root.records(section))

    def class_names(self) -> frozenset[str]:
        """Names of the traffic classes, the default ones where none are given."""
        if "classes" in self.root.lines:
            return self.section_names("classes")
        return frozenset(traffic_class.name for traffic_class in DEFAULT_CLASSES)

    def doubtful_demands(self) -> Iterator[Record]:
        """Demands that somebody must still look at."""
        for rows in self.demands.values():
            yield from (row for row in rows if isinstance(row, Record))

    def routes(self) -> Iterator[Record]:
        """Fibres and ready-made links."""
        yield from self.rows("fibres")
        yield from self.rows("links")
