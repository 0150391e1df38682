"""Trenches of their own: where risks overlap so that no two ways between two sites fail apart.

Each risk alone may leave a way, and still no two ways share none: then no backup can be installed.
So the part that the risks of the shortest way cut off is joined to the other end by the shortest
candidate on land, taken to share nothing with anything: a second entrance is what one buys there.
The same is dug beside a fibre whose shared risk leaves its ends an absurd detour alone.
"""

from collections.abc import Iterable, Sequence

from msgspec import structs

from arterial.model.fibre import Fibre
from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.graph import Graph, Path, arc_link
from arterial.paths.shortest import shortest_path
from arterial.study.populate.detours import absurd_detours
from arterial.study.populate.missing import parts, shortest_way_out
from arterial.study.populate.roads import Places, new_fibre

__all__ = ["own_trenches"]

TRIES = 64
"""Shortest ways that are tried for a second one, as many as the design tries."""
ROUNDS = 3
"""Of one pair of sites: a trench may leave another risk in common."""


def own_trenches(
    fibres: Sequence[Fibre], places: Places, pairs: Iterable[tuple[str, str]]
) -> tuple[Fibre, ...]:
    """Candidates after which each pair of sites has two ways that share no risk, where land allows.

    Parameters
    ----------
    fibres
        With their risks; what nobody described is closed.
    pairs
        Sites that some demand may join.
    """
    wanted = sorted(set(pairs))
    net = _Net(fibres, places)
    net.shorten({end for pair in wanted for end in pair})
    for a, z in wanted:
        for _ in range(ROUNDS):
            if a == z or net.apart(a, z) or not net.dig(a, z):
                break
    return tuple(net.found)


class _Net:
    """Fibres that light passes, as a graph with risks."""

    def __init__(self, fibres: Sequence[Fibre], places: Places) -> None:
        self._fibres = [fibre for fibre in fibres if fibre.described]
        self._taken = {fibre.name for fibre in fibres}
        self._places = places
        self._sites = sorted({*places, *(end for f in fibres for end in (f.a, f.z))})
        self._index = {site: number for number, site in enumerate(self._sites)}
        self.found: list[Fibre] = []
        self._compile()

    def _compile(self) -> None:
        index = self._index
        names = [fibre.name for fibre in self._fibres]
        names += sorted({risk for fibre in self._fibres for risk in fibre.risks})
        number = {name: at for at, name in enumerate(names)}
        self._graph = Graph.of(
            len(index),
            [index[fibre.a] for fibre in self._fibres],
            [index[fibre.z] for fibre in self._fibres],
        )
        self._weight = [fibre.length_km or 0.0 for fibre in self._fibres for _ in range(2)]
        self._risks = [
            frozenset((at, *(number[risk] for risk in fibre.risks)))
            for at, fibre in enumerate(self._fibres)
        ]

    def apart(self, a: str, z: str) -> bool:
        """Whether two ways that share no risk are found."""
        ends = self._index[a], self._index[z]
        return risk_disjoint_pair(self._graph, self._weight, self._risks, *ends, TRIES) is not None

    def dig(self, a: str, z: str) -> bool:
        """Join what the risks of the shortest way cut off; False where nothing can be dug."""
        way = shortest_path(self._graph, self._weight, self._index[a], self._index[z])
        if way is None:
            return False
        left = self._beside(way)
        inside = next(part for part in parts(left, self._sites) if a in part)
        outside = next(part for part in parts(left, self._sites) if z in part)
        if inside == outside:
            return False
        small, large = sorted((inside, outside), key=lambda part: (len(part), sorted(part)))
        ends = shortest_way_out(small, large, self._places, self._fibres)
        if ends is None:
            return False
        self._add(*ends)
        return True

    def shorten(self, needed: set[str]) -> None:
        """A trench beside each fibre at a needed site whose shared risks leave no sane way."""
        riders: dict[str, set[str]] = {}
        for fibre in self._fibres:
            for risk in fibre.risks:
                riders.setdefault(risk, set()).add(fibre.name)
        for _, lost in sorted(riders.items()):
            while one := next(absurd_detours(self._fibres, lost, needed), None):
                if one[0].subsea or not {one[0].a, one[0].z} <= self._places.keys():
                    break
                self._add(one[0].a, one[0].z)

    def _add(self, a: str, z: str) -> None:
        fibre = new_fibre(a, z, self._places, self._taken, "a trench of its own")
        fibre = structs.replace(fibre, source=f"{fibre.source}; it shares no risk")
        self.found.append(fibre)
        self._fibres.append(fibre)
        self._compile()

    def _beside(self, way: Path) -> list[Fibre]:
        """Fibres that share no risk with a way."""
        met = {risk for arc in way for risk in self._risks[arc_link(arc)]}
        return [
            fibre
            for fibre, risks in zip(self._fibres, self._risks, strict=True)
            if met.isdisjoint(risks)
        ]
