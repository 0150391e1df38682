"""Phases that contradict each other or what they name, told by line, all at once."""

from collections.abc import Iterator

from arterial.errors import Problem
from arterial.model.draft import Draft
from arterial.model.lead import LeadTimes
from arterial.model.record import Record

__all__ = ["phase_problems"]

MONTHS = 12.0


def phase_problems(draft: Draft) -> Iterator[Problem]:
    """Every contradiction between phases, or between a phase and campuses, fibres, loads."""
    phases = draft.root.records("phases")
    yield from _years(draft, phases)
    yield from _scales(draft, phases)
    yield from _twice(phases)
    if not draft.unread("fibres", "campuses"):
        opens = _opens(draft, phases)
        yield from _gone(draft, phases, opens)
        yield from _campuses(draft, phases, opens)
        yield from _early(draft, phases)
        yield from _lead(draft, phases, opens)


def _years(draft: Draft, phases: tuple[Record, ...]) -> Iterator[Problem]:
    before: Record | None = None
    for phase in phases:
        year = phase.number("year")
        if year is None:
            continue
        earlier = before.number("year") if before else None
        if before and earlier is not None and year <= earlier:
            found = f"{year:.0f} does not come after {earlier:.0f} of '{before.text('name')}'"
            yield phase.problem("year", found, "Phases stand in the order of their years")
        before = phase
    first = phases[0].number("year") if phases else None
    for horizon in draft.root.records("horizon"):
        start = horizon.number("start_year")
        if start is not None and first is not None and start > first:
            found = f"{start:.0f} lies after {first:.0f}, the year of the first phase"
            yield horizon.problem("start_year", found, "Orders come before what is in service")


def _scales(draft: Draft, phases: tuple[Record, ...]) -> Iterator[Problem]:
    """A phase scales workloads of its load, and rows of a table only where there is one."""
    loads = {load.text("name"): load for load in draft.root.records("loads")}
    for phase in phases:
        load = loads.get(phase.text("load"))
        if load is None:
            continue
        yield from phase.unknown(("scale",), "workload of this load", load.texts("workloads"))
        if "demand_scale" in phase.lines and not load.text("demands"):
            found = f"load '{load.text('name')}' has no table of demands"
            yield phase.problem("demand_scale", found, "Scale its workloads under scale")


def _twice(phases: tuple[Record, ...]) -> Iterator[Problem]:
    """A fibre or a risk comes once."""
    for field, word in (("fibres", "fibre"), ("risks", "risk")):
        first: dict[str, str] = {}
        for phase in phases:
            for name in phase.texts(field):
                if name in first:
                    found = f"{word} '{name}' comes in '{first[name]}' already"
                    yield phase.problem(field, found, "What has come stays: name it once")
                first.setdefault(name, phase.text("name"))


def _opens(draft: Draft, phases: tuple[Record, ...]) -> dict[str, int]:
    """By fibre: the number of the phase before which it cannot be used; 0 where no phase says."""
    opens: dict[str, int] = {}
    for route in draft.rows("fibres"):
        name, risks = route.text("name"), set(route.texts("risks"))
        named = [
            number
            for number, phase in enumerate(phases)
            if name in phase.texts("fibres") or risks & set(phase.texts("risks"))
        ]
        opens[name] = max(named, default=0)
    return opens


def _gone(draft: Draft, phases: tuple[Record, ...], opens: dict[str, int]) -> Iterator[Problem]:
    """A fibre that is lit today cannot be gone until later."""
    for fibre in draft.rows("fibres"):
        lit, number = fibre.number("lit_pairs"), opens[fibre.text("name")]
        if lit and number:
            field = "fibres" if fibre.text("name") in phases[number].texts("fibres") else "risks"
            found = f"fibre '{fibre.text('name')}' has {lit:.0f} lit pairs today and would go away"
            yield phases[number].problem(field, found, "What stands stays: leave it out")


def _campuses(draft: Draft, phases: tuple[Record, ...], opens: dict[str, int]) -> Iterator[Problem]:
    """A campus comes when some fibre of its site is there."""
    site_of = {row.text("name"): row.text("site") for row in draft.rows("campuses")}
    for number, phase in enumerate(phases):
        for campus in phase.texts("campuses_mw"):
            site = site_of.get(campus)
            ends = [row for row in draft.rows("fibres") if site in (row.text("a"), row.text("z"))]
            first = min((opens[row.text("name")] for row in ends), default=0)
            if first > number:
                found = (
                    f"campus '{campus}' comes before the first fibre of its site '{site}',"
                    f" in '{phases[first].text('name')}'"
                )
                yield phase.problem("campuses_mw", found, "Move the campus or the fibre")


def _early(draft: Draft, phases: tuple[Record, ...]) -> Iterator[Problem]:
    """A workload names sites whose campus is not there yet."""
    comes: dict[str, int] = {}
    for number, phase in enumerate(phases):
        for campus in phase.texts("campuses_mw"):
            comes.setdefault(campus, number)
    late: dict[str, int] = {}
    for row in draft.rows("campuses"):
        site, first = row.text("site"), comes.get(row.text("name"), 0)
        late[site] = min(late.get(site, first), first)
    loads = {load.text("name"): load for load in draft.root.records("loads")}
    workloads = {one.text("name"): one for one in draft.root.records("workloads")}
    for number, phase in enumerate(phases):
        load = loads.get(phase.text("load"))
        for name in load.texts("workloads") if load else ():
            work = workloads.get(name)
            sites = {*work.texts("sites"), work.text("origin")} if work else set[str]()
            for site in sorted(site for site in sites if late.get(site, 0) > number):
                comes_in = phases[late[site]].text("name")
                found = f"workload '{name}' runs at '{site}', whose campus comes in '{comes_in}'"
                yield phase.problem("load", found, "Move the campus, or name another load")


def _lead(draft: Draft, phases: tuple[Record, ...], opens: dict[str, int]) -> Iterator[Problem]:
    """From the start there is time for every order of a phase."""
    start = next((one.number("start_year") for one in draft.root.records("horizon")), None)
    if start is None:
        return
    times = _lead_times(draft)
    for number, phase in enumerate(phases):
        year = phase.number("year")
        months = MONTHS * (year - start) if year is not None else None
        if months is None:
            continue
        for word, lead in times.items():
            if lead > months:
                found = f"{word} take {lead:g} months and {months:g} are left from {start:.0f}"
                yield phase.problem("year", found, "Give a later year, or start_year earlier")
        for fibre in draft.rows("fibres"):
            own = fibre.number("lead_time_months")
            here = number and opens[fibre.text("name")] == number
            if here and own is not None and own > months:
                found = (
                    f"fibre '{fibre.text('name')}' takes {own:g} months and {months:g} are left"
                    f" from {start:.0f}"
                )
                yield phase.problem("year", found, "Give a later year, or start_year earlier")


def _lead_times(draft: Draft) -> dict[str, float]:
    """Months of what every phase orders; a section that says nothing has its defaults."""
    given = next(iter(draft.root.records("lead_times")), None)
    found: dict[str, float] = {}
    for field, word in (
        ("pluggable", "pluggables"),
        ("router", "routers"),
        ("line_system", "line systems"),
    ):
        own = given.number(field) if given is not None else getattr(LeadTimes(), field)
        if own is not None:
            found[word] = own
    return found
