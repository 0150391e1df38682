"""Names that refer to nothing, or to two things: found in every table before anything is built."""

from collections.abc import Iterable, Iterator

from arterial.errors import Problem
from arterial.model.convert import fields_of
from arterial.model.draft import Draft
from arterial.model.record import Record

__all__ = ["reference_problems", "repeated_names"]

_SECTIONS_WITH_SOURCES = (
    "line",
    "margins",
    "latency",
    "policy",
    "costs",
    "restoration",
    "lead_times",
    "horizon",
)


def reference_problems(draft: Draft) -> Iterator[Problem]:
    """Every name that stands twice and every name that nothing bears."""
    yield from _repeated(draft)
    yield from _site_references(draft)
    yield from _risk_references(draft)
    yield from _wave_references(draft)
    yield from _class_references(draft)
    yield from _load_references(draft)
    yield from _figure_references(draft)
    yield from _system_references(draft)
    yield from _phase_references(draft)


def _phase_references(draft: Draft) -> Iterator[Problem]:
    """Phases name loads, campuses, fibres and risks; prices that fall name modes."""
    loads = draft.section_names("loads")
    risks = {
        *draft.names("risks"),
        *(name for row in draft.routes() for name in row.texts("risks")),
    }
    for phase in draft.root.records("phases"):
        yield from phase.unknown(("load", "also"), "load", loads)
        if not draft.unread("campuses"):
            yield from phase.unknown(("campuses_mw",), "campus", draft.names("campuses"))
        if any(draft.routes()) and not draft.unread("fibres", "links", "risks"):
            yield from phase.unknown(("fibres",), "fibre", draft.names("fibres"))
            yield from phase.unknown(("risks",), "risk", risks)
    modes = {*draft.mode_names, *draft.section_names("pluggables")}
    for horizon in draft.root.records("horizon"):
        yield from horizon.unknown(("price_factors",), "pluggable mode", modes)


def _system_references(draft: Draft) -> Iterator[Problem]:
    """Fibres name subsea systems, and those name modes of their line terminals."""
    systems = draft.section_names("subsea")
    for fibre in draft.rows("fibres"):
        yield from fibre.unknown(("system",), "subsea system", systems)
    modes = {*draft.mode_names, *draft.section_names("pluggables")}
    for system in draft.root.records("subsea"):
        yield from system.unknown(("modes",), "pluggable mode", modes)


def _repeated(draft: Draft) -> Iterator[Problem]:
    groups: tuple[tuple[str, Iterable[Record]], ...] = (
        ("site", draft.rows("sites")),
        ("fibre or link", draft.routes()),
        ("market", draft.rows("markets")),
        ("campus", draft.rows("campuses")),
        ("risk", draft.rows("risks")),
        ("wave", draft.rows("waves")),
        *(
            (word, draft.root.records(section))
            for word, section in (
                ("class", "classes"),
                ("workload", "workloads"),
                ("load", "loads"),
                ("phase", "phases"),
                ("subsea system", "subsea"),
                ("pluggable mode", "pluggables"),
            )
        ),
    )
    for word, records in groups:
        yield from repeated_names(word, records)


def repeated_names(word: str, records: Iterable[Record]) -> Iterator[Problem]:
    """A problem for every record whose name an earlier one bears."""
    first: dict[str, Record] = {}
    for record in records:
        name = record.text("name")
        other = first.setdefault(name, record)
        if name and other is not record:
            place = f"{other.file}:{other.lines.get('name', other.line)}"
            found = f"a second {word} called '{name}', the first stands in {place}"
            yield record.problem("name", found, "Give each its own name")


def _site_references(draft: Draft) -> Iterator[Problem]:
    if draft.unread("sites"):
        return
    sites = draft.names("sites")
    ends = ("a", "z")
    for record in draft.routes():
        yield from record.unknown(ends, "site", sites)
    for table in ("markets", "campuses"):
        for record in draft.rows(table):
            yield from record.unknown(("site",), "site", sites)
    for record in draft.root.records("workloads"):
        yield from record.unknown(("sites", "hubs", "origin"), "site", sites)
    for record in draft.doubtful_demands():
        yield from record.unknown(("source", "target"), "site", sites)


def _risk_references(draft: Draft) -> Iterator[Problem]:
    """Only where risks are listed must every risk be listed."""
    if draft.unread("risks") or not draft.root.records("tables")[0].text("risks"):
        return
    risks = draft.names("risks")
    for record in draft.routes():
        yield from record.unknown(("risks",), "risk", risks)


def _wave_references(draft: Draft) -> Iterator[Problem]:
    modes = {*draft.mode_names, *draft.section_names("pluggables")}
    for record in draft.rows("waves"):
        if not draft.unread("sites"):
            yield from record.unknown(("a",), "site", draft.names("sites"))
        if not draft.unread("fibres"):
            yield from record.unknown(("fibres",), "fibre", draft.names("fibres"))
        yield from record.unknown(("mode",), "pluggable mode", modes)


def _class_references(draft: Draft) -> Iterator[Problem]:
    classes = draft.class_names()
    for policy in draft.root.records("policy"):
        for rule in policy.records("rules"):
            yield from rule.unknown(("classes",), "class", classes)
    for record in draft.root.records("workloads"):
        yield from record.unknown(("traffic_class",), "class", classes)
    for record in draft.doubtful_demands():
        yield from record.unknown(("traffic_class",), "class", classes)


def _load_references(draft: Draft) -> Iterator[Problem]:
    workloads = draft.section_names("workloads")
    for load in draft.root.records("loads"):
        yield from load.unknown(("workloads",), "workload", workloads)
        here = load.texts("workloads")
        yield from load.unknown(("scale", "scale_by_power"), "workload of this load", here)


def _figure_references(draft: Draft) -> Iterator[Problem]:
    """Sources name figures of their section; costs name modes."""
    for name in _SECTIONS_WITH_SOURCES:
        for section in draft.root.records(name):
            figures = fields_of(section.kind)
            yield from section.unknown(("sources",), "figure of this section", figures)
    modes = {*draft.mode_names, *draft.section_names("pluggables")}
    for costs in draft.root.records("costs"):
        yield from costs.unknown(("pluggables",), "pluggable mode", modes)
