"""Where a design stands: the path of every flow, what each case books on each arc, what it costs.

Bookings are kept exactly as the policy's cases ask: without failure every flow whole; in a case
each flow that is alive, or its backup where it is not, times the flow's weight. A change is made
with ``place`` and taken back with ``lift``; cost follows from the bookings alone.
"""

from dataclasses import dataclass

import numpy as np

from arterial.design import kernels
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.paths.graph import Path, arc_link
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = [
    "Further",
    "Placement",
    "State",
    "chassis_count",
    "link_cost",
    "links_dead",
    "new_pairs",
    "path_dead",
    "total_cost",
]


@dataclass(frozen=True)
class Further:
    """A way for when the path and its backup are both lost."""

    path: Path
    """From near to ``far``."""
    far: int


@dataclass(frozen=True)
class Placement:
    """Paths of one flow from near to far: one with its backup, or two halves."""

    paths: tuple[Path, ...]
    backup: Path | None
    """From near to the backup's far end; None for halves, and where no case takes the path."""
    further: tuple[Further, ...] = ()
    """Further backups, in the order in which they are tried: what two cuts ask for."""


class State:
    """Bookings on arcs: (2L,) without failure, (2L, F) by case. Mutable; ``copy`` is cheap."""

    def __init__(self, instance: Instance) -> None:
        arcs = 2 * len(instance.routes)
        self.instance = instance
        self.normal: FloatArray = np.zeros(arcs)
        self.failed: FloatArray = np.zeros((arcs, len(instance.failures)))
        self.worst: FloatArray = np.zeros(arcs)
        """(2L,) the largest of each arc's cases."""
        self.guarded: FloatArray = np.zeros(arcs)
        """(2L,) of ``normal``, what the policy keeps after the loss of a router."""
        self.placements: dict[str, Placement] = {}
        self.delay_ms = 0.0
        """One-way delay of the primaries of all flows with a bound, added up."""
        self._dead: dict[tuple[str, Path], BoolArray] = {}

    def copy(self) -> "State":
        """An independent copy."""
        twin = State(self.instance)
        twin.normal, twin.failed = self.normal.copy(), self.failed.copy()
        twin.worst, twin.guarded = self.worst.copy(), self.guarded.copy()
        twin.placements = dict(self.placements)
        twin.delay_ms = self.delay_ms
        twin._dead = self._dead  # remembers what holds for every state
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
        """(3, L) raw capacity that each link needs: whole, and of it what a router's loss leaves.

        Worst direction, worst case, head-room in. The last row is what is booked without failure.
        """
        return kernels.required_gbps(self.normal, self.worst, self.guarded, self.instance.tariff)

    def path_dead(self, flow: Flow, path: Path) -> BoolArray:
        """``path_dead``, worked out once: the search asks of the same paths again and again."""
        key = (flow.name, path)
        if key not in self._dead:
            self._dead[key] = path_dead(self.instance, flow, path)
        return self._dead[key]

    def _book(self, flow: Flow, placement: Placement, sign: float) -> None:
        if np.isfinite(flow.limit_ms):
            links = [arc_link(arc) for path in placement.paths for arc in path]
            self.delay_ms += sign * float(self.instance.latency_ms[links].sum())
        share = sign / len(placement.paths)
        for path in placement.paths:
            dead = self.path_dead(flow, path)
            self._add(flow, path, share, np.where(dead, 0.0, flow.weight * share))
        dead = self.path_dead(flow, placement.paths[0])
        if placement.backup is not None:
            lost = self.path_dead(flow, placement.backup) & self.instance.double
            used = dead & ~lost
            self._add(flow, placement.backup, 0.0, np.where(used, flow.weight * sign, 0.0))
            dead = dead & links_dead(self.instance, placement.backup)
        for way in placement.further:
            lost = links_dead(self.instance, way.path)
            used = dead & ~lost
            self._add(flow, way.path, 0.0, np.where(used, flow.weight * sign, 0.0))
            dead = dead & lost

    def _add(self, flow: Flow, path: Path, share: float, by_case: FloatArray) -> None:
        """Book a share of both directions without failure, and a share by case (F,)."""
        out = np.array(path, dtype=np.int64)
        for arcs, gbps in ((out, flow.up_gbps), (out ^ 1, flow.down_gbps)):
            if gbps and path:
                self.normal[arcs] += gbps * share
                self.guarded[arcs] += gbps * share * flow.guarded
                kernels.book(self.failed, self.worst, arcs, gbps, by_case)


def path_dead(instance: Instance, flow: Flow, path: Path) -> BoolArray:
    """(F,) cases that take a flow's primary path, or the replicas at its far end."""
    if not path:
        return flow.edge_lost
    return instance.dead_of[[arc_link(arc) for arc in path]].any(axis=0) | flow.edge_lost


def links_dead(instance: Instance, path: Path) -> BoolArray:
    """(F,) cases that take some link of a path."""
    if not path:
        return np.zeros(len(instance.failures), dtype=np.bool_)
    dead: BoolArray = instance.dead_of[[arc_link(arc) for arc in path]]
    return dead.any(axis=0).reshape(-1)


def link_cost(instance: Instance, required: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Cheapest way to carry ``required`` (3, L) Gb/s on each link: cost, option and waves (L,)."""
    return kernels.cheapest(required, instance.tariff)


def total_cost(instance: Instance, required: FloatArray) -> float:
    """Waves, new pairs, chassis and paid traffic for ``required`` (3, L); edges are not in it.

    A pair that a cable does not have costs ``kernels.NO_PAIR``; where nothing goes round it, the
    fibre is told later.
    """
    return kernels.total(required, instance.tariff)


def new_pairs(instance: Instance, waves: IntArray, option: IntArray) -> IntArray:
    """(M,) pairs to light beyond those lit, by spectrum in use."""
    return kernels.fresh_pairs(waves, option, instance.tariff)


def chassis_count(instance: Instance, waves: IntArray) -> IntArray:
    """(N,) chassis at each site for the waves of its links."""
    return kernels.chassis(kernels.site_ports(waves, instance.tariff), instance.tariff)
