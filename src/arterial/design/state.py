"""Where a design stands: the path of every flow, what each case books on each arc, what it costs.

Bookings are kept exactly as the policy's cases ask: without failure every flow whole; in a case
each flow that is alive, or its backup where it is not, times the flow's weight. A change is made
with ``place`` and taken back with ``lift``; cost follows from the bookings alone.
"""

from dataclasses import dataclass

import numpy as np

from arterial.design.flows import Flow
from arterial.design.instance import Instance, needed_waves
from arterial.paths.graph import Path, arc_link
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "Placement",
    "State",
    "chassis_count",
    "link_cost",
    "new_pairs",
    "path_dead",
    "required_gbps",
    "site_ports",
    "total_cost",
    "waves_of",
]


@dataclass(frozen=True)
class Placement:
    """Paths of one flow from near to far: one with its backup, or two halves."""

    paths: tuple[Path, ...]
    backup: Path | None
    """From near to the backup's far end; None for halves, and where no case takes the path."""


class State:
    """Bookings on arcs: (2L,) without failure, (F, 2L) by case. Mutable; ``copy`` is cheap."""

    def __init__(self, instance: Instance) -> None:
        arcs = 2 * len(instance.routes)
        self.instance = instance
        self.normal: FloatArray = np.zeros(arcs)
        self.failed: FloatArray = np.zeros((len(instance.failures), arcs))
        self.placements: dict[str, Placement] = {}
        self.delay_ms = 0.0
        """One-way delay of the primaries of all flows with a bound, added up."""

    def copy(self) -> "State":
        """An independent copy."""
        twin = State(self.instance)
        twin.normal, twin.failed = self.normal.copy(), self.failed.copy()
        twin.placements = dict(self.placements)
        twin.delay_ms = self.delay_ms
        return twin

    def place(self, flow: Flow, placement: Placement) -> None:
        """Book a flow."""
        self.placements[flow.name] = placement
        self._book(flow, placement, 1.0)

    def lift(self, flow: Flow) -> Placement:
        """Take a flow's bookings back and return where it was."""
        placement = self.placements.pop(flow.name)
        self._book(flow, placement, -1.0)
        return placement

    def required_gbps(self) -> FloatArray:
        """(L,) raw capacity that each link needs: worst direction, worst case, head-room in."""
        worst = self.failed.max(axis=0, initial=0.0)
        return required_gbps(self.instance, self.normal, worst)

    def _book(self, flow: Flow, placement: Placement, sign: float) -> None:
        if np.isfinite(flow.limit_ms):
            links = [arc_link(arc) for path in placement.paths for arc in path]
            self.delay_ms += sign * float(self.instance.latency_ms[links].sum())
        share = sign / len(placement.paths)
        for path in placement.paths:
            dead = path_dead(self.instance, flow, path)
            self._add(flow, path, share, np.where(dead, 0.0, flow.weight))
        if placement.backup is not None:
            dead = path_dead(self.instance, flow, placement.paths[0])
            spare = np.where(dead, flow.weight, 0.0)
            self._add(flow, placement.backup, 0.0, spare * sign)

    def _add(self, flow: Flow, path: Path, share: float, by_case: FloatArray) -> None:
        if not path:
            return
        out = np.array(path)
        scale = share or 1.0
        cases = np.flatnonzero(by_case)
        for arcs, gbps in ((out, flow.up_gbps), (out ^ 1, flow.down_gbps)):
            if gbps:
                self.normal[arcs] += gbps * share
                self.failed[np.ix_(cases, arcs)] += (by_case[cases] * gbps * scale)[:, None]


def path_dead(instance: Instance, flow: Flow, path: Path) -> BoolArray:
    """(F,) cases that take a flow's primary path, or the replicas at its far end."""
    if not path:
        return flow.edge_lost
    return instance.dead[:, [arc_link(arc) for arc in path]].any(axis=1) | flow.edge_lost


def required_gbps(instance: Instance, normal: FloatArray, worst: FloatArray) -> FloatArray:
    """(L,) raw capacity for (2L,) bookings without and with failure."""
    arc = np.maximum(normal / instance.usable_normal, worst / instance.usable_failed)
    return np.maximum(arc[0::2], arc[1::2])


def link_cost(instance: Instance, required: FloatArray) -> tuple[FloatArray, IntArray]:
    """Cheapest way to carry ``required`` (L,) Gb/s on each link: cost and option (L,)."""
    waves = needed_waves(required[:, None], instance.rate_gbps)
    costs = np.maximum(waves - instance.free_waves[:, None], 0) * instance.wave_cost
    option = costs.argmin(axis=1)
    return costs[np.arange(len(option)), option], option


def waves_of(instance: Instance, required: FloatArray, option: IntArray) -> IntArray:
    """(L,) waves of the chosen option."""
    chosen = instance.rate_gbps[np.arange(len(option)), option]
    return needed_waves(required, chosen)


def total_cost(instance: Instance, required: FloatArray) -> float:
    """Waves, new fibre pairs and chassis for ``required`` (L,) Gb/s; edges are not in it."""
    costs, option = link_cost(instance, required)
    waves = waves_of(instance, required, option)
    return float(
        costs.sum()
        + pair_cost_total(instance, waves, option)
        + chassis_count(instance, waves).sum() * instance.ground.network.costs.chassis
    )


def new_pairs(instance: Instance, waves: IntArray, option: IntArray) -> IntArray:
    """(M,) pairs to light beyond those lit, by spectrum in use."""
    slots = waves * instance.slot_ghz[np.arange(len(option)), option]
    used_ghz = slots @ instance.link_fibre
    pairs = np.ceil(used_ghz / instance.band_ghz - 1e-9).astype(np.int64)
    return np.maximum(pairs - instance.ground.lit, 0)


def pair_cost_total(instance: Instance, waves: IntArray, option: IntArray) -> float:
    """Cost of the pairs to light; a fibre that has no pair left costs as if it had (told later)."""
    fresh = new_pairs(instance, waves, option)
    return float(fresh[fresh > 0] @ instance.ground.pair_cost[fresh > 0])


def site_ports(instance: Instance, waves: IntArray) -> IntArray:
    """(N,) router ports in use."""
    fresh = np.maximum(waves - instance.free_waves, 0).astype(np.float64)
    sites = instance.graph.sites
    ports = sum(np.bincount(instance.ends[:, end], fresh, sites) for end in (0, 1))
    return np.asarray(ports, dtype=np.int64)


def chassis_count(instance: Instance, waves: IntArray) -> IntArray:
    """(N,) chassis: at least one in each router of a site in use, which share its ports evenly."""
    ports = site_ports(instance, waves)
    routers = np.maximum(instance.ground.routers, 1)
    steps = instance.ground.network.costs.chassis_ports
    each, more = ports // routers, ports % routers
    with_more, others = -(-(each + 1) // steps), np.maximum(-(-each // steps), 1)
    return np.where(ports > 0, more * with_more + (routers - more) * others, 0)
