"""Routes of a GNPy topology: chains of spans from one site to the next, both directions together.

Sites are ROADMs, and transceivers where no ROADM serves them. A splice that joins two directions of
a line sends light on, never back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct

from arterial.model.imports.gnpy_file import Element, Topology

__all__ = ["Route", "Way", "routes_of", "site_uids"]

MOST_STEPS = 100_000
"""Of the walk along all lines: a crafted file ends here, no real one does."""


class Way(Struct, frozen=True):
    """A chain of spans in one direction; no span where two sites are joined without fibre."""

    source: str
    target: str
    spans: tuple[Element, ...]

    @property
    def length_km(self) -> float | None:
        """Sum over the spans; None when one of them has no length."""
        total_km = 0.0
        for span in self.spans:
            if span.length_km is None:
                return None
            total_km += span.length_km
        return total_km


class Route(Struct, frozen=True):
    """A route between two sites: one way, or two of opposite direction."""

    a: str
    z: str
    ways: tuple[Way, ...]

    @property
    def length_km(self) -> float | None:
        """Of the longer way; None when neither has a length."""
        return max((way.length_km for way in self.ways if way.length_km is not None), default=None)


def site_uids(topology: Topology) -> tuple[str, ...]:
    """ROADMs, and transceivers that no ROADM serves, in the file's order."""
    served: set[str] = set()
    for start, ends in topology.after.items():
        for end in ends:
            if topology.elements[end].type == "Roadm":
                served.add(start)
            if topology.elements[start].type == "Roadm":
                served.add(end)
    return tuple(
        uid
        for uid, element in topology.elements.items()
        if element.type == "Roadm" or (element.type == "Transceiver" and uid not in served)
    )


def routes_of(topology: Topology, sites: Sequence[str]) -> tuple[Route, ...]:
    """Every route, by its ends in the order of ``sites``; the longest of parallel ones first.

    Raises ValueError when the lines branch without end.
    """
    rank = {uid: index for index, uid in enumerate(sites)}
    ways: dict[tuple[str, str], list[Way]] = defaultdict(list)
    for way in _ways(topology, rank):
        ways[way.source, way.target].append(way)
    pairs = {(a, z) if rank[a] < rank[z] else (z, a) for a, z in ways}
    return tuple(
        Route(a, z, tuple(way for way in both if way))
        for a, z in sorted(pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]]))
        for both in zip_longest(_ranked(ways.get((a, z), ())), _ranked(ways.get((z, a), ())))
    )


def _ranked(ways: Sequence[Way]) -> list[Way]:
    return sorted(ways, key=lambda way: -(way.length_km or 0.0))


def _ways(topology: Topology, sites: Mapping[str, int]) -> Iterator[Way]:
    """Every chain from a site to another one, no element twice."""
    steps = 0
    for start in sites:
        chains: list[tuple[str, ...]] = [(start, uid) for uid in reversed(topology.after[start])]
        while chains:
            chain = chains.pop()
            steps += 1
            if steps > MOST_STEPS:
                raise ValueError("its lines branch without end")
            here = chain[-1]
            if here in sites:
                if here != start:
                    yield Way(start, here, _spans(topology, chain))
            elif topology.elements[here].type != "Transceiver":
                onward = reversed(topology.after[here])
                chains += [(*chain, uid) for uid in onward if uid not in chain]


def _spans(topology: Topology, chain: Sequence[str]) -> tuple[Element, ...]:
    elements = (topology.elements[uid] for uid in chain)
    return tuple(element for element in elements if element.is_span)
