"""What rides one element of a plan, case by case: how much, whose it is, and what room is left.

The element is an IP link, a fibre or pair under several of them, or the replicas of an edge site.
Loads are those of the installed routing, which the verifier checks; an edge has no capacity.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from arterial.prove.backup import Routing
from arterial.prove.cases import Cases
from arterial.prove.outage import Element
from arterial.prove.tables import Tables
from arterial.solve.program import FloatArray, IntArray

__all__ = ["CaseLoad", "Ridden", "Rider", "case_loads", "links_of", "ridden", "riders"]

_NOTHING = 1e-9
"""Gb/s below which nothing rides."""


class CaseLoad(Struct, frozen=True, kw_only=True):
    """An element in one case."""

    case: str
    """Empty without failure."""
    load_gbps: float
    """In the fuller direction."""
    left_gbps: float
    """Capacity that stands, each direction; NaN for an edge."""
    utilisation: float
    """NaN for an edge."""
    waves: int
    """Waves of the link that stand; 0 for other elements."""
    waves_needed: int
    """Fewest of the link's installed waves with which the case keeps what it keeps with all of
    them; 0 where it asks for none, and for other elements."""


class Rider(Struct, frozen=True, kw_only=True):
    """A demand on the element, in the fuller direction of a case."""

    case: str
    demand: str
    traffic_class: str
    source: str
    target: str
    market: str
    gbps: float
    wanted_gbps: float
    """What its tunnels would carry if links had room."""
    backup_gbps: float
    """Part of ``gbps`` that stands in for dead primaries."""


@dataclass(frozen=True, kw_only=True)
class Ridden:
    """An element against F cases and P tunnels."""

    links: IntArray
    """int (...,): links that ride it; none for an edge."""
    crossing: FloatArray
    """float (2, P): how often each tunnel crosses it, by direction."""
    load_gbps: FloatArray
    """float (2, F)."""
    left_gbps: FloatArray
    """float (F,): NaN for an edge."""
    full: FloatArray
    """float (F,): utilisation of the fuller direction; for an edge the load itself."""

    def order(self, needed: IntArray) -> list[int]:
        """Cases with a load: those that need most waves first, then the fullest."""
        busy = np.flatnonzero(self.load_gbps.max(axis=0) > _NOTHING)
        return busy[np.lexsort((busy, -self.full[busy], -needed[busy]))].tolist()


def links_of(tables: Tables, element: Element) -> dict[int, bool]:
    """Links that ride an element, each with True where its a-to-z is the element's own."""
    kind, name, number = element
    place = {link: at for at, link in enumerate(tables.links)}
    if kind == "link" or name in place:
        return {place[name]: True}
    wave_link = {wave.name: place[wave.link] for wave in tables.plan.lightpaths}
    if kind == "wave":
        return {wave_link[name]: True}
    return {
        wave_link[hop.lightpath]: hop.forward
        for hop in reversed(tables.plan.lightpath_hops)
        if hop.fibre == name and number in (0, hop.pair)
    }


def ridden(tables: Tables, cases: Cases, routing: Routing, element: Element) -> Ridden:
    """Load and room of an element in every case."""
    tunnels, count = tables.tunnels, len(tables.links)
    crossing = np.zeros((2, len(tunnels.names)))
    if element[0] == "edge":
        own = tunnels.edge == tables.sites.index(element[1])
        answers = np.array([tunnel.source == element[1] for tunnel in tables.plan.tunnels])
        crossing[0], crossing[1] = own & answers, own & ~answers
        links = np.empty(0, dtype=np.int64)
        left = np.full(len(cases.failures), math.nan)
    else:
        riding = links_of(tables, element)
        links = np.array(sorted(riding), dtype=np.int64)
        for link, forward in riding.items():
            for way, arc in enumerate((link, link + count) if forward else (link + count, link)):
                crossing[way] += (tunnels.hop == arc).sum(axis=1)
        left = cases.left_gbps[:, links].sum(axis=1)
    load = crossing @ routing.carried_gbps.T
    most = load.max(axis=0)
    full = np.divide(most, left, out=np.zeros_like(most), where=left > 0.0)
    return Ridden(
        links=links,
        crossing=crossing,
        load_gbps=load,
        left_gbps=left,
        full=most if element[0] == "edge" else full,
    )


def case_loads(
    tables: Tables, cases: Cases, seen: Ridden, needed: IntArray, rows: list[int]
) -> Iterator[CaseLoad]:
    """Some cases, in the order given.

    Parameters
    ----------
    needed : int (F,)
        Waves that each case needs; zeros where the element is no link.
    """
    one_link = len(seen.links) == 1 and not tables.ready_made[seen.links[0]]
    own = np.flatnonzero(tables.waves.link == seen.links[0]) if one_link else seen.links[:0]
    edge = bool(np.isnan(seen.left_gbps).any())
    for case in rows:
        yield CaseLoad(
            case=cases.names[case],
            load_gbps=float(seen.load_gbps[:, case].max()),
            left_gbps=float(seen.left_gbps[case]),
            utilisation=math.nan if edge else float(seen.full[case]),
            waves=int((~cases.wave_down[case, own]).sum()),
            waves_needed=int(needed[case]),
        )


def riders(
    tables: Tables, cases: Cases, routing: Routing, seen: Ridden, case: int
) -> Iterator[Rider]:
    """Demands on the element in a case, most first; their Gb/s add up to its load."""
    way = int(seen.load_gbps[:, case].argmax())
    tunnels = tables.tunnels
    carried = seen.crossing[way] * routing.carried_gbps[case]
    wanted = seen.crossing[way] * routing.wanted_gbps[case]
    size = len(tables.demands.names)
    sums = [
        np.bincount(tunnels.demand, weights=rates, minlength=size)
        for rates in (carried, wanted, carried * (tunnels.protects >= 0))
    ]
    order = sorted(np.flatnonzero(sums[1] > _NOTHING).tolist(), key=lambda k: -float(sums[0][k]))
    for demand in order:
        row = tables.plan.demands[demand]
        yield Rider(
            case=cases.names[case],
            demand=row.name,
            traffic_class=row.traffic_class,
            source=row.source,
            target=row.target,
            market=row.market,
            gbps=float(sums[0][demand]),
            wanted_gbps=float(sums[1][demand]),
            backup_gbps=float(sums[2][demand]),
        )
