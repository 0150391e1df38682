"""The grid of a trade-off: which shares of people and which rates of training are designed."""

from dataclasses import dataclass

import numpy as np

from arterial.demand.offers import market_offers
from arterial.demand.throughput import paced, synchronous
from arterial.design.floor import cost_floor
from arterial.design.siting import Siting
from arterial.errors import InfeasibleError
from arterial.model.network import Network
from arterial.placement.replicas import Cover

__all__ = ["Cell", "Grid", "grid_of"]

LEAST_STEP = 1e-4
"""Of people, between two levels: what a folder's name still tells apart."""


@dataclass(frozen=True)
class Cell:
    """One point to design."""

    name: str
    network: Network
    cover: Cover | None
    pace: float
    """NaN where the load trains nothing together."""

    def floor(self, load: str) -> float:
        """What no plan of the cell costs less than; infinite where there is none."""
        try:
            return cost_floor(self.network, load, cover=self.cover)
        except InfeasibleError:
            return float("inf")


@dataclass(frozen=True)
class Grid:
    """Cells by people, then pace; the one as described comes first of those that ask no people."""

    cells: tuple[Cell, ...]
    base: Cell
    """No people asked for, full rate: the plan of `design`."""
    most_people: float
    training: tuple[str, ...]
    notes: tuple[str, ...]


def grid_of(network: Network, load: str, *, within_ms: float, points: int, overlap: float) -> Grid:
    """At most ``points`` levels on each axis.

    Raises
    ------
    ModelError
        The load is unknown.
    InfeasibleError
        A market has no edge and fail-over.
    """
    waiting = synchronous(network, load)
    covers, most, notes = _covers(network, load, within_ms, points)
    paces = np.linspace(0.0, 1.0, points).tolist() if waiting and points > 1 else [1.0]
    if not waiting:
        notes.append("no axis of training: no workload of the load waits for another campus")
    networks = {pace: paced(network, load, pace, overlap=overlap) for pace in paces}
    cells = tuple(
        Cell(
            _name(cover, pace if waiting else None),
            networks[pace],
            cover,
            pace if waiting else float("nan"),
        )
        for cover in covers
        for pace in paces
    )
    base = cells[len(paces) - 1]
    names = tuple(work.name for work in waiting)
    return Grid(cells, base, most, names, tuple(notes))


def _covers(
    network: Network, load: str, within_ms: float, points: int
) -> tuple[list[Cover | None], float, list[str]]:
    """No demand, then shares up to the most: each is one that a cheapest placement has.

    A placement that is cheapest for a share is so for all that it gives, so levels in between would
    only make the same plan again.
    """
    if not market_offers(network, load):
        return [None], float("nan"), ["no axis of people: the load has no market"]
    most = Siting(network, load, spare_fibre=False).most_near(within_ms)
    own = _given(network, load, within_ms, None)
    levels: list[float] = []
    for level in np.linspace(own, most, max(points, 1))[1:].tolist():
        cover = Cover(rtt_ms=within_ms, share=min(level, most))
        given = min(_given(network, load, within_ms, cover), most)
        if given > max([own, *levels]) + LEAST_STEP:
            levels.append(given)
    notes = [] if levels else [_flat(within_ms, own, most)]
    return [None, *(Cover(rtt_ms=within_ms, share=share) for share in levels)], most, notes


def _flat(within_ms: float, own: float, most: float) -> str:
    if own >= most:
        return (
            f"no axis of people: the cheapest placement has {100 * own:.1f} % within "
            f"{within_ms:g} ms, and none has more"
        )
    return "no axis of people: one level was asked for"


def _given(network: Network, load: str, within_ms: float, cover: Cover | None) -> float:
    """Share of people whom the cheapest placement has near, by planning round trips."""
    replicas = Siting(network, load, spare_fibre=False, cover=cover).placed().replicas
    people = {market.name: market.people for market in network.markets}
    near = sum(people[row.market] for row in replicas if row.rtt_ms <= within_ms)
    return near / sum(people[row.market] for row in replicas)


def _name(cover: Cover | None, pace: float | None) -> str:
    people = "any" if cover is None else f"{100 * cover.share:.4g}"
    return f"people-{people}" + ("" if pace is None else f"-training-{100 * pace:.4g}")
