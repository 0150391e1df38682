"""Every figure that a network relies on, with its source: what the report's list is made of.

A figure that the user set has the source the user gave, or "user". A default has the source in its
``Meta``; a table's rows have their own, counted by text. Nothing here is left without a source.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import cast

import msgspec
from msgspec import Struct, inspect

from arterial.model.convert import fields_of
from arterial.model.cost import Costs
from arterial.model.description import TABLES
from arterial.model.lead import LeadTimes
from arterial.model.line import Latency, LineSystem, Margins
from arterial.model.network import Network
from arterial.model.phase import Horizon
from arterial.model.pluggable import Mode
from arterial.model.policy import Policy
from arterial.model.restoration import Restoration
from arterial.model.workload import Inference

__all__ = ["USER", "Figure", "default_source", "figures"]

USER = "user"
"""Source of what a user says without saying where from."""

_Section = LineSystem | Margins | Latency | Policy | Costs | Restoration | LeadTimes | Horizon
_SECTIONS = ("line", "margins", "latency", "policy", "costs", "restoration", "lead_times")


class Figure(Struct, frozen=True, kw_only=True):
    """A figure, or all rows of a table that share a source."""

    name: str
    value: str
    source: str
    assumption: bool
    """The source says ASSUMPTION: nobody vouches for the figure."""
    count: int = 1
    """Rows that it stands for."""


def figures(network: Network, modes: Collection[str] | None = None) -> tuple[Figure, ...]:
    """Figures of a network, section by section, in a fixed order.

    Parameters
    ----------
    modes
        Names of the modes to list, those that a plan uses; all of them when None.
    """
    return (
        *(figure for section in _SECTIONS for figure in _section(network, section)),
        *(
            _figure(
                f"line.reserved {entry.note}".strip(),
                _said(entry, ("note", "source")),
                entry.source,
            )
            for entry in network.line.reserved
        ),
        *_phases(network),
        *_policy(network.policy),
        *(
            _figure(f"class {one.name}", _said(one, ("name", "source")), one.source)
            for one in network.classes
        ),
        *_workloads(network),
        *(
            _figure(f"load {load.name}", _said(load, ("name", "source")), load.source)
            for load in network.loads
        ),
        *(
            _figure(f"subsea {one.name}", _said(one, ("name", "source")), one.source)
            for one in network.subsea
        ),
        *(figure for table in TABLES for figure in _table(network, table)),
        *(
            _figure(f"demands {load}", "", USER, len(rows))
            for load, rows in network.demands.items()
        ),
        *(
            figure
            for mode in network.modes
            if modes is None or mode.name in modes
            for figure in _mode(mode)
        ),
    )


def _figure(name: str, value: str, source: str, count: int = 1) -> Figure:
    source = source or USER
    assumption = "ASSUMPTION" in source
    return Figure(name=name, value=value, source=source, assumption=assumption, count=count)


def _section(network: Network, name: str) -> Iterator[Figure]:
    """Numbers and names of a section: the user's source, the default's, or the user."""
    section: _Section = getattr(network, name)
    for field in fields_of(type(section)).values():
        value = getattr(section, field.name)
        if isinstance(value, int | float | str):
            default = default_source(field) if value == field.default else ""
            source = section.sources.get(field.name) or default
            yield _figure(f"{name}.{field.name}", _shown(value), source)


def _phases(network: Network) -> Iterator[Figure]:
    """Nothing where there are none: no figure of a horizon is then used."""
    if network.phases:
        yield from _section(network, "horizon")
    for phase in network.phases:
        yield _figure(f"phase {phase.name}", _said(phase, ("name", "source")), phase.source)


def _policy(policy: Policy) -> Iterator[Figure]:
    for rule in policy.rules:
        name = f"policy {', '.join(rule.classes)} after {', '.join(rule.after)}"
        yield _figure(name, f"keep {_shown(rule.keep)}", rule.source)


def _workloads(network: Network) -> Iterator[Figure]:
    for workload in network.workloads:
        said = _said(workload, ("name", "source", "traffic_class", "replica"))
        yield _figure(f"workload {workload.name}", said, workload.source)
        if isinstance(workload, Inference) and workload.replica is not msgspec.UNSET:
            need = workload.replica
            yield _figure(
                f"workload {workload.name}.replica", _said(need, ("source",)), need.source
            )
        for field in fields_of(type(workload)).values():
            value = getattr(workload, field.name)
            if default_source(field) and value == field.default:
                name = f"workload {workload.name}.{field.name}"
                yield _figure(name, _shown(value), default_source(field))


def _table(network: Network, table: str) -> Iterator[Figure]:
    """Rows by their source, then defaults that rows of the table stand on."""
    rows: tuple[Struct, ...] = getattr(network, table)
    sources = Counter(str(getattr(row, "source", "")) for row in rows)
    for source, count in sorted(sources.items()):
        yield _figure(table, f"{count} of {len(rows)} rows", source, count)
    for field in fields_of(TABLES[table]).values():
        count = sum(getattr(row, field.name) == field.default for row in rows)
        if default_source(field) and count:
            default = field.default
            value = "absent" if default is None else _shown(default)
            yield _figure(f"{table}.{field.name}", value, default_source(field), count)


def _mode(mode: Mode) -> Iterator[Figure]:
    said = _said(mode, ("name", "source", "cost", "cost_source"))
    yield _figure(f"mode {mode.name}", said, mode.source)
    if mode.cost is not None:
        yield _figure(f"mode {mode.name}.cost", _shown(mode.cost), mode.cost_source)


def default_source(field: inspect.Field) -> str:
    """Where a field's default comes from, empty where nothing says so."""
    info = field.type
    if not isinstance(info, inspect.Metadata):
        return ""
    extra = cast("dict[str, object]", info.extra or {})
    return str(extra.get("source", ""))


def _said(struct: Struct, without: tuple[str, ...]) -> str:
    """Fields that say something, as ``name value``."""
    said = msgspec.structs.asdict(struct)
    shown = {name: _shown(value) for name, value in said.items() if name not in without}
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return " ".join(f"{key}={_shown(item)}" for key, item in pairs)
    if isinstance(value, tuple):
        return " ".join(str(item) for item in cast("tuple[object, ...]", value))
    return "" if value is None or value is msgspec.UNSET else str(value)
