"""A design that stays close to a plan: what stands is free, and each change is charged a price.

Changes are waves of light built, markets moved to another edge and replicas (fail-overs) moved to
another site. Nothing that stands is taken out: freed pieces bring nothing in, so no price could
make it pay. Where the plan's markets, waves and tunnels still serve, the search starts from them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

import msgspec
import numpy as np

from arterial.design.bound import bound
from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.kernels import ANY
from arterial.design.state import Placement, path_dead
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.paths.graph import Path
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, Replica, Tunnel
from arterial.solve.program import FloatArray

__all__ = ["Close", "charged", "least_waves", "moves", "standing_placements", "uncharged"]

HALVES = 2
"""Primaries of a demand that is cut in two, each the other's backup."""
WHOLE = 1e-6
"""A bound this little above a whole number of waves asks for no further one."""


@dataclass(frozen=True, kw_only=True)
class Close:
    """What to stay close to."""

    plan: Plan
    worth: float
    """Cost units that a change must save; 0 asks for no change to be spared."""
    others: tuple[Plan, ...] = ()
    """Designs of the same demands whose tunnels may be worth a try."""


def charged(instance: Instance, worth: float) -> Instance:
    """The instance with each new wave of light dearer by the price of a change."""
    return replace(instance, wave_cost=instance.wave_cost + _light(instance) * worth)


def uncharged(instance: Instance, worth: float) -> Instance:
    """What ``charged`` was made of."""
    return replace(instance, wave_cost=instance.wave_cost - _light(instance) * worth)


def least_waves(
    instance: Instance,
    flows: Sequence[Flow],
    *,
    rounds: int,
    seed: int,
    deadline: Deadline = FOREVER,
) -> int:
    """Waves of light that any design on these candidates and replicas adds to what stands."""
    ground = instance.ground
    costs = msgspec.structs.replace(ground.network.costs, chassis=0.0)
    network = msgspec.structs.replace(ground.network, costs=costs)
    count = replace(
        instance,
        ground=replace(
            ground,
            network=network,
            pair_cost=_nothing_where_open(ground.pair_cost),
            setup_cost=np.zeros_like(ground.setup_cost),
        ),
        wave_cost=np.where(instance.real, _light(instance), instance.wave_cost),
        gbps_cost=np.zeros_like(instance.gbps_cost),
    )
    steps = bound(count, flows, rounds=rounds, seed=seed, deadline=deadline)
    best = next(steps).bound
    for step in () if deadline.late else steps:
        best = max(best, step.bound)
    return max(0, ceil(best - WHOLE))


def moves(before: Sequence[Replica], after: Sequence[Replica]) -> int:
    """Markets that another edge answers, and fail-overs that stand elsewhere; new ones are none."""
    had = {row.market: row for row in before}
    pairs = [(had[row.market], row) for row in after if row.market in had]
    return sum((old.edge != new.edge) + (old.failover != new.failover) for old, new in pairs)


def standing_placements(
    chooser: Chooser, flows: Sequence[Flow], plan: Plan
) -> dict[str, Placement]:
    """Where flows run in a plan, of those that may run there; links go by their fibres."""
    ways = _ways(chooser.instance, plan)
    found: dict[str, Placement] = {}
    turn: dict[str, int] = {}
    for flow in sorted(flows, key=lambda flow: flow.name):
        demand = flow.up or flow.down
        assert demand is not None
        known = ways.get(demand.name, ())
        if not known:
            continue
        number = turn.get(demand.name, 0)
        turn[demand.name] = number + 1
        pair = known[number % len(known)]
        if flow.up is None:
            pair = tuple(_turned(path) for path in pair)
        placement = _placement(chooser, flow, pair)
        if placement is not None:
            found[flow.name] = placement
    return found


def _light(instance: Instance) -> FloatArray:
    """(L, O) 1 for new waves of light, 0 for units of ready-made links and where nothing is."""
    return np.where(instance.real & (instance.most_waves == ANY)[:, None], 1.0, 0.0)


def _nothing_where_open(pair_cost: FloatArray) -> FloatArray:
    return np.where(np.isfinite(pair_cost), 0.0, pair_cost)


def _placement(chooser: Chooser, flow: Flow, ways: tuple[Path, ...]) -> Placement | None:
    """One way with a backup, or two halves, as the flow asks; None where the policy is broken."""
    instance, first = chooser.instance, ways[0]
    ends = [(flow.near, flow.far), (flow.near, flow.far if flow.halves else flow.backup_far)]
    for path, (near, far) in zip(ways, ends, strict=False):
        if not _joins(instance, path, near, far) or not chooser.within(flow, path):
            return None
    lost = path_dead(instance, flow, first) & flow.must
    if not lost.any():
        return Placement((first, first) if flow.halves else (first,), None)
    if len(ways) == 1:
        return None
    dead = instance.dead_of[[arc >> 1 for arc in ways[1]]].any(axis=0)
    if (lost & dead).any():
        return None
    return Placement(ways, None) if flow.halves else Placement((first,), ways[1])


def _joins(instance: Instance, path: Path, near: int, far: int) -> bool:
    if not path:
        return near == far
    target = instance.graph.arc_target
    return target[path[0] ^ 1] == near and target[path[-1]] == far


def _ways(instance: Instance, plan: Plan) -> Mapping[str, tuple[tuple[Path, ...], ...]]:
    """By demand: of each of its parts the way and what takes over, over links that stand."""
    paths = dict(_paths(instance, plan))
    backups = {row.protects: row for row in plan.tunnels if row.protects}
    primaries: dict[str, list[Tunnel]] = {}
    for row in plan.tunnels:
        if not row.protects:
            primaries.setdefault(row.demand, []).append(row)
    found: dict[str, tuple[tuple[Path, ...], ...]] = {}
    for demand, rows in primaries.items():
        names = [
            [row.name, *([backups[row.name].name] if row.name in backups else [])] for row in rows
        ]
        if len(rows) == HALVES and not any(row.name in backups for row in rows):
            names = [[rows[0].name, rows[1].name]]
        known = [
            tuple(paths[name] for name in pair) for pair in names if all(n in paths for n in pair)
        ]
        found[demand] = tuple(known)
    return found


def _paths(instance: Instance, plan: Plan) -> Iterator[tuple[str, Path]]:
    """(tunnel, its arcs) of tunnels that ride links which the instance has too."""
    link = dict(_links(instance, plan))
    hops: dict[str, list[tuple[int, str, bool]]] = {}
    for row in plan.tunnel_hops:
        hops.setdefault(row.tunnel, []).append((row.hop, row.link, row.forward))
    for tunnel in plan.tunnels:
        ridden = [(name, forward) for _, name, forward in sorted(hops.get(tunnel.name, []))]
        if all(name in link for name, _ in ridden):
            yield tunnel.name, tuple(link[name] ^ (not forward) for name, forward in ridden)


def _links(instance: Instance, plan: Plan) -> Iterator[tuple[str, int]]:
    """(link of a plan, the arc that it is here from a to z)."""
    places: dict[str | Path, list[int]] = {}
    for number, route in enumerate(instance.routes):
        places.setdefault(route.given or route.arcs, []).append(2 * number)
        if not route.given:
            places.setdefault(_turned(route.arcs), []).append(2 * number + 1)
    first: dict[str, Lightpath] = {}
    for row in plan.lightpaths:
        first.setdefault(row.link, row)
    arcs = _fibre_arcs(instance, plan)
    for link in plan.ip_links:
        wave = first.get(link.name)
        found = places.get(link.name if wave is None else arcs[wave.name], ())
        best = min(((_strange(instance, arc >> 1, wave), arc) for arc in found), default=None)
        if best is not None:
            yield link.name, best[1]


def _strange(instance: Instance, number: int, wave: Lightpath | None) -> int:
    """How unlike a wave a candidate is: the bundle that it is in, one of its mode, a new one."""
    kept = instance.kept[number]
    if wave is None or kept is None:
        return 2
    if kept.option.mode != wave.mode:
        return 3
    return 0 if kept.name == wave.link else 1


def _fibre_arcs(instance: Instance, plan: Plan) -> dict[str, Path]:
    number = {row.name: m for m, row in enumerate(instance.ground.network.fibres)}
    found: dict[str, list[int]] = {}
    for hop in sorted(plan.lightpath_hops, key=lambda hop: hop.hop):
        found.setdefault(hop.lightpath, []).append(2 * number[hop.fibre] + (not hop.forward))
    return {name: tuple(arcs) for name, arcs in found.items()}


def _turned(path: Path) -> Path:
    return tuple(arc ^ 1 for arc in reversed(path))
