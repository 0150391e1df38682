"""Rows that contradict themselves or another row: ends, lengths, pairs, roles, bands."""

from collections.abc import Iterator

from arterial.errors import Problem
from arterial.model.draft import Draft
from arterial.model.impossible import mode_problems, system_problems
from arterial.model.record import Record
from arterial.units import great_circle_km

__all__ = ["soundness_problems"]

_LENGTH_SLACK = 0.01
_LENGTH_SLACK_KM = 1.0
"""Figures are rounded: a length below the great circle by no more than 1 % and 1 km is believed."""


def soundness_problems(draft: Draft) -> Iterator[Problem]:
    """Every contradiction inside a row or between a row and what it names."""
    for site in draft.rows("sites"):
        yield from _place(site)
    places = _coordinates(draft)
    for route in draft.routes():
        yield from _loop(route, "a", "z", "join two sites")
        yield from _length(route, places)
    for fibre in draft.rows("fibres"):
        yield from _pairs(fibre)
    for demand in draft.doubtful_demands():
        yield from _loop(demand, "source", "target", "go from one site to another")
    for workload in draft.root.records("workloads"):
        yield from _same_site(workload)
    yield from _models(draft)
    yield from _roles(draft)
    yield from _figures(draft)


def _place(site: Record) -> Iterator[Problem]:
    given = [field for field in ("lat", "lon") if field in site.lines]
    if len(given) == 1:
        other = "lon" if given == ["lat"] else "lat"
        yield site.problem(other, f"{given[0]} is given without {other}", "Give both or neither")


def _coordinates(draft: Draft) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for site in draft.rows("sites"):
        lat, lon = site.number("lat"), site.number("lon")
        if lat is not None and lon is not None:
            found[site.text("name")] = (lat, lon)
    return found


def _loop(record: Record, start: str, end: str, purpose: str) -> Iterator[Problem]:
    if record.text(start) and record.text(start) == record.text(end):
        found = f"from '{record.text(start)}' to itself"
        yield record.problem(end, found, f"It must {purpose}")


def _same_site(workload: Record) -> Iterator[Problem]:
    for field in ("sites", "hubs"):
        sites = workload.texts(field)
        for site in sorted({site for site in sites if sites.count(site) > 1}):
            yield workload.problem(field, f"'{site}' stands here twice", "Name each site once")


def _models(draft: Draft) -> Iterator[Problem]:
    """Replicas of one model are alike, whichever workload asks them."""
    first: dict[str, Record] = {}
    for workload in draft.root.records("workloads"):
        for need in workload.records("replica"):
            other = first.setdefault(need.text("model"), need)
            for field in ("gpus", "kw"):
                here, there = need.values.get(field), other.values.get(field)
                if here != there and field in need.values and field in other.values:
                    found = f"model '{need.text('model')}' has another {field} on line {other.line}"
                    yield need.problem(field, found, "Give both the same, or models of two names")


def _length(route: Record, places: dict[str, tuple[float, float]]) -> Iterator[Problem]:
    a, z = places.get(route.text("a")), places.get(route.text("z"))
    length_km = route.number("length_km")
    if a is None or z is None or length_km is None:
        return
    direct_km = great_circle_km(*a, *z)
    if length_km < direct_km * (1.0 - _LENGTH_SLACK) - _LENGTH_SLACK_KM:
        found = f"{length_km:g} km is shorter than the great circle of {direct_km:.1f} km"
        expected = "Correct the length (km, not miles) or the coordinates of its ends"
        yield route.problem("length_km", found, expected)


def _pairs(fibre: Record) -> Iterator[Problem]:
    pairs, lit = fibre.number("pairs"), fibre.number("lit_pairs")
    if pairs is not None and lit is not None and lit > pairs:
        found = f"{lit:.0f} lit pairs of {pairs:.0f}"
        yield fibre.problem("lit_pairs", found, f"Give at most {pairs:.0f}, or more pairs")
    if fibre.text("system") and fibre.values.get("subsea") is False:
        found = f"system '{fibre.text('system')}' on a fibre that is not subsea"
        yield fibre.problem("system", found, "Say yes under subsea, or name no system")
    if lit and fibre.text("status") == "candidate":
        found = f"{lit:.0f} lit pairs on a candidate"
        yield fibre.problem("lit_pairs", found, "A fibre with light on it is existing or leasable")


def _roles(draft: Draft) -> Iterator[Problem]:
    roles = {site.text("name"): site.texts("roles") for site in draft.rows("sites")}
    unread = {site.text("name") for site in draft.rows("sites") if "roles" not in site.values}
    for table, role in (("campuses", "campus"), ("markets", "market")):
        for record in draft.rows(table):
            site = record.text("site")
            if site in roles and site not in unread and role not in roles[site]:
                found = f"site '{site}' has no role '{role}'"
                expected = "Add it, or name another site"
                yield record.problem("site", found, expected)


def _l_band(line: Record) -> Iterator[Problem]:
    """An L band has a width, and ends below the C band: amplifiers of the two share no channel."""
    start, end, above = (line.number(name) for name in ("l_min_thz", "l_max_thz", "f_min_thz"))
    if line.text("bands") != "C+L" or start is None or end is None or above is None:
        return
    if start >= end:
        found = f"the L band ends at {end:g} THz and starts at {start:g}"
        yield line.problem("l_max_thz", found, "l_max_thz lies above l_min_thz")
    if end > above:
        found = f"the L band ends at {end:g} THz and the C band starts at {above:g}"
        yield line.problem("l_max_thz", found, "l_max_thz is at most f_min_thz")


def _reserved(line: Record) -> Iterator[Problem]:
    for entry in line.records("reserved"):
        low, high = entry.number("low_ghz"), entry.number("high_ghz")
        if low is not None and high is not None and low >= high:
            found = f"the slice ends at {high:g} GHz and starts at {low:g}"
            yield entry.problem("high_ghz", found, "high_ghz lies above low_ghz")


def _figures(draft: Draft) -> Iterator[Problem]:
    for line in draft.root.records("line"):
        low, high = line.number("f_min_thz"), line.number("f_max_thz")
        if low is not None and high is not None and low >= high:
            found = f"the band ends at {high:g} THz and starts at {low:g}"
            yield line.problem("f_max_thz", found, "f_max_thz lies above f_min_thz")
        yield from _l_band(line)
        yield from _reserved(line)
    for mode in draft.root.records("pluggables"):
        yield from mode_problems(mode)
    for system in draft.root.records("subsea"):
        yield from system_problems(system)
    for load in draft.root.records("loads"):
        empty = not load.texts("workloads") and not load.text("demands")
        if empty and "workloads" in load.values and "demands" in load.values:
            expected = "Name workloads or a table of demands"
            yield load.problem("workloads", "this load holds nothing", expected)
