"""Services for GNPy from a plan's lightpaths or from routes that ``reach`` shows.

A lightpath is cut into transparent segments at its regenerators; each is a service of its own, lit
both ways. What Arterial has no figure for cannot be compared, and is told by name; so is light
under the sea, which GNPy has no element for.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from arterial.model.network import Network
from arterial.optics.gnpy_files import Service
from arterial.optics.gnpy_planes import Ride
from arterial.optics.reach import Reach, segment_reach
from arterial.optics.routes import route_sites
from arterial.optics.sections import Sections
from arterial.optics.wet import system_of
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop
from arterial.prove.waves import hops_by_name
from arterial.study.reach import Reached, RouteReach

__all__ = ["Services", "plan_services", "reach_services"]


class Services(Struct, frozen=True, kw_only=True):
    """What GNPy can be asked, and what it cannot."""

    services: tuple[Service, ...]
    unknown: tuple[str, ...]
    """Segments without a figure of ours, each with what is missing."""


class _Wanted(Struct, frozen=True, kw_only=True):
    name: str
    mode: str
    ride: Ride
    centre_ghz: float | None = None
    slot_ghz: float = 0.0


def plan_services(plan: Plan, sections: Sections) -> Services:
    """Every transparent segment of every lightpath, on its pairs and its frequency."""
    number = {fibre.name: index for index, fibre in enumerate(plan.network.fibres)}
    hops = hops_by_name(plan.lightpath_hops)
    wanted = [
        _Wanted(
            name=f"{wave.name} / {count}",
            mode=wave.mode,
            ride=Ride(
                route=tuple(2 * number[hop.fibre] + (not hop.forward) for hop in segment),
                pairs=tuple(hop.pair for hop in segment),
            ),
            centre_ghz=segment[0].centre_ghz,
            slot_ghz=wave.slot_ghz,
        )
        for wave in plan.lightpaths
        for count, segment in enumerate(_segments(plan, wave, hops[wave.name]), 1)
    ]
    return _services(plan.network, sections, wanted)


def reach_services(network: Network, sections: Sections, reached: Reached) -> Services:
    """Every transparent segment of every mode that gets there, on the first pair."""
    wanted = [
        _Wanted(
            name=f"route {count} {row.mode} / {part}",
            mode=row.mode,
            ride=Ride(route=stretch, pairs=(1,) * len(stretch)),
        )
        for count, route in enumerate(reached.routes, 1)
        for row in route.modes
        if row.verdict == "yes"
        for part, stretch in enumerate(_stretches(network, route, row.regenerator_sites), 1)
    ]
    return _services(network, sections, wanted)


def _services(network: Network, sections: Sections, wanted: Sequence[_Wanted]) -> Services:
    modes = {mode.name: mode for mode in network.modes}
    known: dict[tuple[int, ...], dict[str, Reach]] = {}
    services: list[Service] = []
    unknown: list[str] = []
    for one in wanted:
        route = one.ride.route
        wet = next((system for s in route if (system := system_of(network, s // 2))), None)
        if wet is not None:
            unknown.append(f"{one.name}: GNPy knows no such thing as subsea system '{wet.name}'")
            continue
        if route not in known:
            known[route] = {row.mode: row for row in segment_reach(network, sections, route)}
        row = known[route][one.mode]
        penalty_db = row.gsnr_db - row.osnr_db - row.margin_db
        if penalty_db != penalty_db:  # noqa: PLR0124 - NaN: a figure is missing
            unknown.append(f"{one.name}: {', '.join(row.why)}")
            continue
        services.append(
            Service(
                name=one.name,
                mode=modes[one.mode],
                ride=one.ride,
                centre_ghz=one.centre_ghz,
                slot_ghz=one.slot_ghz,
                gsnr_db=row.gsnr_db,
                penalty_db=max(0.0, round(penalty_db, 6)),
            )
        )
    return Services(services=tuple(services), unknown=tuple(unknown))


def _segments(
    plan: Plan, wave: Lightpath, hops: Sequence[LightpathHop]
) -> Iterator[list[LightpathHop]]:
    """Hops between regenerators, in order."""
    ends = {fibre.name: (fibre.a, fibre.z) for fibre in plan.network.fibres}
    waiting = list(wave.regenerators)
    segment: list[LightpathHop] = []
    for hop in hops:
        segment.append(hop)
        if waiting and ends[hop.fibre][hop.forward] == waiting[0] and hop is not hops[-1]:
            waiting.pop(0)
            yield segment
            segment = []
    yield segment


def _stretches(
    network: Network, route: RouteReach, regenerators: Sequence[str]
) -> Iterator[tuple[int, ...]]:
    """Directed sections between regenerators, in order."""
    number = {fibre.name: index for index, fibre in enumerate(network.fibres)}
    sections = tuple(
        2 * number[name] + (network.fibres[number[name]].a != site)
        for name, site in zip(route.fibres, route.sites, strict=False)
    )
    assert route_sites(network, sections) == route.sites, "fibres lead along the sites shown"
    stops = [0, *(route.sites.index(site) for site in regenerators), len(sections)]
    for start, stop in pairwise(stops):
        yield sections[start:stop]
