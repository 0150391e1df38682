"""A design settled: how many waves of which option each link has, and on which routers they end.

Waves of a link alternate between a site's routers. Single waves are told apart where a market's
primary and backup leave by them, so that one router's loss takes one of the two. What a router
failure then still breaks is mended with further waves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.kernels import ANY
from arterial.design.state import Placement, State, link_cost
from arterial.errors import InfeasibleError, SolverError
from arterial.paths.graph import Path, arc_link
from arterial.solve.program import FloatArray, IntArray

__all__ = ["Build", "routers_lost", "settled"]

MENDS = 50
"""Waves added for router failures before giving up, beside one a link: each mends one link."""


@dataclass(frozen=True)
class Build:
    """What is built on the candidate links."""

    option: IntArray
    """(L,)"""
    waves: IntArray
    """(L,) 0 where the link is not built."""
    routers: tuple[tuple[tuple[int, int], ...], ...]
    """By link: router at a and at z (1-based) of each wave."""


def settled(instance: Instance, flows: Sequence[Flow], state: State) -> Build:
    """Waves, options and routers such that router failures hold too.

    Raises InfeasibleError where the only router of an end is lost, and SolverError where waves
    added to what is weak do not mend it.
    """
    _, option, waves = link_cost(instance, state.required_gbps())
    waves = np.maximum(waves, instance.stand_waves)
    _check_routers(instance, flows)
    least = instance.ground.network.policy.min_links
    light = instance.most_waves == ANY
    # A wave that fell short alone may take as many more as make a bundle at each router.
    waves = np.where(light & (waves > 0), np.maximum(waves, least), waves)
    for _ in range(MENDS + len(waves) * least):
        build = Build(option, waves, _routers(instance, flows, state.placements, waves))
        weak = _weak_link(instance, flows, state.placements, build)
        if weak is None:
            return build
        if waves[weak] >= instance.most_waves[weak]:
            break
        waves = waves.copy()
        waves[weak] += 1
    raise SolverError(
        "design search",
        "tunnels found that no added wave protects from the loss of a router; more capacity on"
        " ready-made links, more units for sale or a second router at sites that have one may",
    )


def _check_routers(instance: Instance, flows: Sequence[Flow]) -> None:
    """Refuse a flow that must outlive routers and ends at a site that has one."""
    sites = instance.ground.network.sites
    for flow in _protected(instance, flows):
        for site in {flow.near} if flow.market else {flow.near, flow.far}:
            if instance.ground.routers[site] == 1 and (flow.near != flow.far):
                name = sites[site].name
                raise InfeasibleError(
                    f"demand '{flow.demand}'",
                    f"after 'router {name}/1' nothing is left at {name}",
                    (f"a second router at {name}",),
                )


def _protected(instance: Instance, flows: Sequence[Flow]) -> list[Flow]:
    """Flows of which the policy keeps some after the loss of a router."""
    network = instance.ground.network
    return [flow for flow in flows if network.policy.kept(_class_of(flow), "router") > 0]


def _routers(
    instance: Instance,
    flows: Sequence[Flow],
    placements: Mapping[str, Placement],
    waves: IntArray,
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Give every wave a router at each end."""
    apart = _apart(flows, placements)
    count = instance.ground.routers
    load: dict[tuple[int, int], int] = {}
    first: dict[tuple[int, int], int] = {}
    result: list[list[list[int]]] = [[[0, 0] for _ in range(int(w))] for w in waves]
    ends = [
        (site, link, end)
        for link, route in enumerate(instance.routes)
        for end, site in enumerate((route.a, route.z))
        if waves[link] > 0
    ]
    for site, link, end in _standing_ends(instance, ends):
        for wave, router in enumerate(_stand(instance, link, end)):
            load[site, router] = load.get((site, router), 0) + 1
            first.setdefault((site, link), router)
            result[link][wave][end] = router
    for site, link, end in sorted(ends, key=lambda e: (e[0], waves[e[1]], e[1])):
        routers = range(1, max(1, int(count[site])) + 1)
        taken = {
            first[site, other] for other in apart.get((site, link), ()) if (site, other) in first
        }
        stand = _stand(instance, link, end)
        start = min(routers, key=lambda r: (r in taken, load.get((site, r), 0), r))
        start = stand[0] if stand else start
        first[site, link] = start
        for wave in range(len(stand), int(waves[link])):
            router = (start - 1 + wave) % len(routers) + 1
            load[site, router] = load.get((site, router), 0) + 1
            result[link][wave][end] = router
    return tuple(tuple((a, z) for a, z in link) for link in result)


def _stand(instance: Instance, link: int, end: int) -> list[int]:
    """Routers at one end of the waves that stand on a link."""
    kept = instance.kept[link]
    rows = () if kept is None else (wave.row for wave in kept.waves)
    return [row.router_z if end else row.router_a for row in rows]


def _standing_ends(
    instance: Instance, ends: Sequence[tuple[int, int, int]]
) -> list[tuple[int, int, int]]:
    return [entry for entry in ends if instance.kept[entry[1]] is not None]


def _apart(
    flows: Sequence[Flow], placements: Mapping[str, Placement]
) -> dict[tuple[int, int], set[int]]:
    """By site and link: links that should not end on the same router there."""
    found: dict[tuple[int, int], set[int]] = {}
    for flow in flows:
        placement = placements[flow.name]
        backup = placement.backup
        if backup and placement.paths[0]:
            one, other = arc_link(placement.paths[0][0]), arc_link(backup[0])
            found.setdefault((flow.near, one), set()).add(other)
            found.setdefault((flow.near, other), set()).add(one)
    return found


def _weak_link(
    instance: Instance,
    flows: Sequence[Flow],
    placements: Mapping[str, Placement],
    build: Build,
) -> int | None:
    """A link that some router failure overloads or leaves without its flows, or None."""
    protected = _protected(instance, flows)
    rate = instance.rate_gbps[np.arange(len(build.option)), build.option]
    for left in routers_lost(instance, build):
        weak = _overloaded(instance, protected, placements, left, left * rate)
        if weak is not None:
            return weak
    return None


def routers_lost(instance: Instance, build: Build) -> Iterator[FloatArray]:
    """(L,) waves that are left of each link, router by router that may be lost."""
    busy = sorted({site for route in instance.routes for site in (route.a, route.z)})
    for site in busy:
        for router in range(1, int(instance.ground.routers[site]) + 1):
            yield _left(instance, build, site, router)


def _left(instance: Instance, build: Build, site: int, router: int) -> FloatArray:
    """(L,) waves that do not end on a router; links that stand end evenly on all of a site's.

    None where fewer of them are left than a bundle must have.
    """
    left = build.waves.astype(np.float64)
    for link, route in enumerate(instance.routes):
        if site not in (route.a, route.z):
            continue
        end = 0 if route.a == site else 1
        free = int(instance.free_waves[link] - instance.stand_waves[link])
        left[link] -= min(free, build.waves[link]) / instance.ground.routers[site]
        left[link] -= sum(wave[end] == router for wave in build.routers[link][free:])
    least = instance.ground.network.policy.min_links
    return np.where((instance.most_waves == ANY) & (left < least), 0.0, left)


def _overloaded(
    instance: Instance,
    flows: Sequence[Flow],
    placements: Mapping[str, Placement],
    left: FloatArray,
    capacity: FloatArray,
) -> int | None:
    """A link to strengthen in this case: of a flow with nothing alive, else the first overfull."""
    booked = np.zeros(2 * len(left))
    for flow in flows:
        placement = placements[flow.name]
        ways = (
            (*placement.paths, placement.backup)
            if placement.backup is not None
            else placement.paths
        )
        alive = next((path for path in ways if _alive(path, left)), None)
        if alive is None:
            return next(arc_link(arc) for arc in placement.paths[0] if not left[arc_link(arc)])
        for arc in alive:
            booked[arc] += flow.up_gbps
            booked[arc ^ 1] += flow.down_gbps
    worst = np.maximum(booked[0::2], booked[1::2])
    full = np.flatnonzero(worst > capacity * instance.usable_failed * (1 + 1e-9))
    return int(full[0]) if len(full) else None


def _alive(path: Path, left: FloatArray) -> bool:
    return all(left[arc_link(arc)] > 0 for arc in path)


def _class_of(flow: Flow) -> str:
    demand = flow.up or flow.down
    assert demand is not None
    return demand.traffic_class
