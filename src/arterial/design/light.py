"""Lightpaths of a build: regenerators placed, spectrum assigned, pairs lit.

Waves in service keep their slots, and nothing of theirs is moved; new ones are put beside them.
Every wave is cut into transparent segments at its regenerators; each segment takes the first
frequency that is free all along. Where one finds no room another pair is lit, while the cable has
one; a cable without is told, never overfilled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.build import Build
from arterial.design.candidates import Route
from arterial.design.instance import Instance
from arterial.design.kept import in_service
from arterial.design.standing import Wave
from arterial.design.state import new_pairs
from arterial.errors import InfeasibleError
from arterial.model.network import Network
from arterial.optics.modes import RouteOption
from arterial.optics.occupancy import installed_groups, installed_slots
from arterial.optics.spectrum import Assignment, Group, SpectrumRequest, assign
from arterial.optics.wet import network_band
from arterial.paths.graph import arc_link
from arterial.plan.rows import Lightpath, LightpathHop, LitFibre

__all__ = ["Light", "light_of", "link_names", "wave_name"]


@dataclass(frozen=True)
class Light:
    """Rows of the optical layer."""

    lightpaths: tuple[Lightpath, ...]
    hops: tuple[LightpathHop, ...]
    lit: tuple[LitFibre, ...]


def link_names(instance: Instance) -> tuple[str, ...]:
    """(L,) names of candidate links: ends, and a number where routes run in parallel."""
    sites = [site.name for site in instance.ground.network.sites]
    seen: dict[str, int] = {}
    names: list[str] = []
    stand = {kept.name for kept in instance.kept if kept is not None}
    for route, kept in zip(instance.routes, instance.kept, strict=True):
        if route.given or kept is not None:
            names.append(route.given if kept is None else kept.name)
            continue
        names.append(_free_name(f"{sites[route.a]}--{sites[route.z]}", seen, stand))
    return tuple(names)


def _free_name(plain: str, seen: dict[str, int], stand: set[str]) -> str:
    """The next name of two ends that nothing that stands bears."""
    while True:
        seen[plain] = seen.get(plain, 0) + 1
        name = plain if seen[plain] == 1 else f"{plain} #{seen[plain]}"
        if name not in stand:
            return name


def wave_name(link: str, wave: int) -> str:
    """Name of a link's wave, counted from 0."""
    return f"{link} w{wave + 1}"


def light_of(instance: Instance, build: Build) -> Light:
    """Assign spectrum, lighting pairs as they fill.

    Raises InfeasibleError when a cable has no pair left.
    """
    pairs = {
        m: int(instance.ground.lit[m] + fresh)
        for m, fresh in enumerate(new_pairs(instance, build.waves, build.option))
    }
    # Before the waves are listed: those of a demand far beyond every fibre would fill the memory.
    for m, lit in pairs.items():
        _check_room(instance.ground.network, m, lit - 1)
    requests = list(_requests(instance, build))
    stands = in_service(
        instance.ground.network, [kept for kept in instance.kept if kept is not None]
    )
    band = network_band(stands)
    taken = installed_slots(stands, band)
    groups = installed_groups(stands, band)
    while True:
        assignment = assign(requests, pairs, band, taken=taken, groups=groups)
        if not assignment.unplaced:
            break
        _check_contention(requests, assignment)
        stopped = sorted({entry.fibre for entry in assignment.unplaced})
        for m in stopped:
            _check_room(instance.ground.network, m, pairs[m])
            pairs[m] += 1
    return Light(
        lightpaths=tuple(_lightpaths(instance, build)),
        hops=tuple(_hops(instance, build, assignment)),
        lit=tuple(_lit(instance, pairs, assignment)),
    )


def _check_contention(requests: Sequence[SpectrumRequest], assignment: Assignment) -> None:
    """No further pair helps where an add/drop group has every frequency once."""
    contended = {left.name for left in assignment.unplaced if left.why == "contention"}
    for request in requests:
        if request.name in contended:
            groups = ", ".join(f"{site}/{router}" for site, router in request.groups)
            raise InfeasibleError(
                f"wave '{request.name}'",
                f"no frequency is free on all its add/drop groups: {groups}",
                ("add/drop that is contentionless (CDC)", "one more router at the site"),
            )


def _check_room(network: Network, m: int, lit: int) -> None:
    fibre = network.fibres[m]
    if lit < fibre.pairs:
        return
    stand = sum(fibre.name in wave.fibres for wave in network.waves)
    beside = f"; {stand} waves in service stand there" if stand else ""
    move = (f"waves in service moved off '{fibre.name}'",) if stand else ()
    raise InfeasibleError(
        f"fibre '{fibre.name}'",
        f"all {fibre.pairs} pairs are full and a wave finds no room{beside}",
        (f"more pairs on '{fibre.name}'", "another fibre beside it", "a denser mode", *move),
    )


def _chosen(instance: Instance, build: Build) -> Iterator[tuple[int, Route, RouteOption]]:
    for link in np.flatnonzero(build.waves):
        if not instance.routes[link].given:
            yield int(link), instance.routes[link], instance.options[link][build.option[link]]


def _segments(route: Route, option: RouteOption) -> list[tuple[int, int]]:
    """Transparent segments as (first hop, one past the last)."""
    ends = [hop + 1 for hop in option.regenerator_hops]
    return list(zip([0, *ends], [*ends, len(route.arcs)], strict=True))


def _stand(instance: Instance, link: int) -> tuple[Wave, ...]:
    kept = instance.kept[link]
    return () if kept is None else kept.waves


def _requests(instance: Instance, build: Build) -> Iterator[SpectrumRequest]:
    names = link_names(instance)
    for link, route, option in _chosen(instance, build):
        for wave in range(instance.stand_waves[link], build.waves[link]):
            for first, end in _segments(route, option):
                yield SpectrumRequest(
                    name=f"{wave_name(names[link], wave)}@{first}",
                    fibres=tuple(arc_link(arc) for arc in route.arcs[first:end]),
                    slot_ghz=option.slot_ghz,
                    groups=_groups(instance, route, build.routers[link][wave], (first, end)),
                )


def _groups(
    instance: Instance, route: Route, routers: tuple[int, int], hops: tuple[int, int]
) -> tuple[Group, ...]:
    """Add/drop groups, one a router (ASSUMPTION), that a segment ends on and that contend.

    Regenerators stand on groups of their own, as many as they need (ASSUMPTION).
    """
    sites = instance.ground.network.sites
    ends = [(route.a, routers[0])] if hops[0] == 0 else []
    ends += [(route.z, routers[1])] if hops[1] == len(route.arcs) else []
    return tuple(
        (sites[site].name, router) for site, router in ends if not sites[site].contentionless
    )


def _lightpaths(instance: Instance, build: Build) -> Iterator[Lightpath]:
    names = link_names(instance)
    sites = [site.name for site in instance.ground.network.sites]
    for link, route, option in _chosen(instance, build):
        passed = instance.ground.graph.sites_of(route.arcs)
        stand = _stand(instance, link)
        yield from (wave.row for wave in stand)
        for wave, (router_a, router_z) in enumerate(build.routers[link]):
            if wave < len(stand):
                continue
            yield Lightpath(
                name=wave_name(names[link], wave),
                link=names[link],
                mode=option.mode,
                rate_gbps=option.rate_gbps,
                slot_ghz=option.slot_ghz,
                router_a=router_a,
                router_z=router_z,
                regenerators=tuple(sites[passed[hop + 1]] for hop in option.regenerator_hops),
                gsnr_db=option.gsnr_db,
                osnr_db=option.osnr_db,
                margin_db=option.margin_db,
                watts=option.watts,
            )


def _hops(instance: Instance, build: Build, assignment: Assignment) -> Iterator[LightpathHop]:
    names = link_names(instance)
    fibres = instance.ground.network.fibres
    placed = {entry.name: entry for entry in assignment.placed}
    for link, route, option in _chosen(instance, build):
        stand = _stand(instance, link)
        yield from (hop for wave in stand for hop in wave.hops)
        for wave in range(len(stand), build.waves[link]):
            name = wave_name(names[link], wave)
            for first, end in _segments(route, option):
                entry = placed[f"{name}@{first}"]
                for hop in range(first, end):
                    arc = route.arcs[hop]
                    yield LightpathHop(
                        lightpath=name,
                        hop=hop,
                        fibre=fibres[arc_link(arc)].name,
                        forward=arc % 2 == 0,
                        pair=entry.pairs[hop - first],
                        centre_ghz=entry.centre_ghz,
                    )


def _lit(
    instance: Instance, pairs: Mapping[int, int], assignment: Assignment
) -> Iterator[LitFibre]:
    fibres: Sequence[str] = [fibre.name for fibre in instance.ground.network.fibres]
    for m, lit in pairs.items():
        if lit > 0 and assignment.fill(m) > 0:
            yield LitFibre(
                fibre=fibres[m],
                pairs=lit,
                new_pairs=lit - int(instance.ground.lit[m]),
                fill=assignment.fill(m),
            )
