"""The ground a design stands on: the fibre graph with its risks, costs and delays, as arrays.

Indices: site n, fibre m (arc ``2 m`` from a to z), risk g. Fibres of unknown length and wet spans
that no subsea system describes are closed: nobody can say whether light passes, or when it arrives.
"""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from arterial.fabric.failures import router_count
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.paths.graph import Graph
from arterial.solve.program import FloatArray, IntArray
from arterial.units import fibre_delay_ms

__all__ = ["Ground", "ground_of", "huts", "pair_cost", "setup_cost"]


@dataclass(frozen=True)
class Ground:
    """Fibre graph of a network."""

    network: Network
    site_index: dict[str, int]
    graph: Graph
    length_km: tuple[float, ...]
    """(E,) by arc; inf where closed."""
    risks: tuple[frozenset[int], ...]
    """(M,) risks of a fibre: itself (m), and each SRLG (M + g)."""
    risk_names: tuple[str, ...]
    """(G,) SRLGs."""
    pair_cost: FloatArray
    """(M,) lighting one more pair for the plan's years."""
    setup_cost: FloatArray
    """(M,) paid once, with the first pair of a fibre; nothing more where one is lit already."""
    lit: IntArray
    """(M,) pairs lit before."""
    pairs: IntArray
    """(M,) pairs that can be lit."""
    routers: IntArray
    """(N,)"""

    def delay_ms(self, arcs: tuple[int, ...]) -> float:
        """Planning delay of light along fibre arcs, one way, ms; equipment not counted."""
        factor = self.network.latency.route_factor
        return sum(fibre_delay_ms(self.length_km[arc]) for arc in arcs) * factor


def ground_of(network: Network) -> Ground:
    """Compile the fibre side of a network."""
    index = {site.name: n for n, site in enumerate(network.sites)}
    fibres = network.fibres
    names = tuple(dict.fromkeys(risk for fibre in fibres for risk in fibre.risks))
    place = {name: len(fibres) + g for g, name in enumerate(names)}
    lengths = [_open_km(fibre) for fibre in fibres for _ in range(2)]
    return Ground(
        network=network,
        site_index=index,
        graph=Graph.of(
            len(index), [index[fibre.a] for fibre in fibres], [index[fibre.z] for fibre in fibres]
        ),
        length_km=tuple(lengths),
        risks=tuple(
            frozenset((m, *(place[risk] for risk in fibre.risks))) for m, fibre in enumerate(fibres)
        ),
        risk_names=names,
        pair_cost=np.array([pair_cost(network, fibre) for fibre in fibres]),
        setup_cost=np.array([setup_cost(network, fibre) for fibre in fibres]),
        lit=np.array([fibre.lit_pairs for fibre in fibres], dtype=np.int64),
        pairs=np.array([fibre.pairs for fibre in fibres], dtype=np.int64),
        routers=np.array([router_count(site) for site in network.sites], dtype=np.int64),
    )


def pair_cost(network: Network, fibre: Fibre) -> float:
    """Lighting one more pair: lease over the years, amplifier huts, a ROADM degree at each end.

    A pair under the sea has no huts on land, and line terminals at its ends.
    """
    if fibre.length_km is None:
        return inf
    costs = network.costs
    rent = costs.pair_km_year if fibre.pair_km_year is None else fibre.pair_km_year
    return (
        rent * fibre.length_km * costs.years
        + costs.amplifier_hut * huts(network, fibre)
        + 2 * (costs.line_terminal if fibre.subsea else costs.roadm_degree)
    )


def setup_cost(network: Network, fibre: Fibre) -> float:
    """What a fibre's first pair costs once: to build the route, or what its carrier charges."""
    if fibre.setup_cost is not None:
        return fibre.setup_cost
    build_km = network.costs.fibre_build_km
    if fibre.status != "candidate" or build_km is None or fibre.length_km is None:
        return 0.0
    return build_km * fibre.length_km


def huts(network: Network, fibre: Fibre) -> int:
    """In-line amplifier huts of a fibre of known length: one between each two spans on land."""
    if fibre.subsea or fibre.length_km is None:
        return 0
    return ceil(fibre.length_km / network.line.span_km) - 1


def _open_km(fibre: Fibre) -> float:
    return inf if fibre.length_km is None or not fibre.described else fibre.length_km
