"""Demand as a hose: what every site sends and receives is known, who sends to whom is not.

Totals are those of a load's own matrix, class by class, of all traffic but markets' (that goes
where its replicas stand). A hose holds every matrix within its totals; those that hurt a given
capacity most are sought one at a time and added as further matrices, until none is found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from arterial.design.fits import carried_share
from arterial.design.flows import Flow
from arterial.design.horizon_cases import Asked, Pair
from arterial.design.instance import Instance
from arterial.errors import SolverError
from arterial.paths.graph import Graph
from arterial.paths.shortest import distances
from arterial.solve.highs import solve
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = [
    "FULL",
    "Hose",
    "asked_by",
    "hose_of",
    "inside",
    "share_of",
    "worst_for",
    "worst_matrix",
]

TURNS = 6
"""A matrix and the prices it makes are sought in turn, so many times at most."""
CUT_SITES = 10
"""All cut sets are tried where no more sites send or receive; else single sites and pairs."""
FULL = 1.0 - 1e-6


@dataclass(frozen=True)
class Hose:
    """Totals by class and site."""

    kinds: tuple[str, ...]
    limit_ms: tuple[float, ...]
    """Most latency of links, by class."""
    out_gbps: FloatArray
    """(C, N)"""
    into_gbps: FloatArray
    """(C, N)"""


def hose_of(instance: Instance, flows: Sequence[Flow]) -> Hose:
    """Totals of all flows that are not a market's."""
    network, sites = instance.ground.network, instance.graph.sites
    free = [flow for flow in flows if not flow.market and flow.near != flow.far]
    kinds = tuple(sorted({_kind(flow) for flow in free}))
    out, into = np.zeros((len(kinds), sites)), np.zeros((len(kinds), sites))
    for flow in free:
        kind = kinds.index(_kind(flow))
        for a, z, gbps in (
            (flow.near, flow.far, flow.up_gbps),
            (flow.far, flow.near, flow.down_gbps),
        ):
            out[kind, a] += gbps
            into[kind, z] += gbps
    bound = {one.name: one.rtt_ms for one in network.classes}
    limits = [np.inf if bound[kind] is None else (bound[kind] or 0.0) / 2.0 for kind in kinds]
    return Hose(kinds, tuple(limit - instance.hop_ms for limit in limits), out, into)


def inside(hose: Hose, matrix: FloatArray) -> bool:
    """Whether a matrix (C, N, N) keeps within the totals."""
    return bool(
        (matrix >= 0.0).all()
        and (matrix.sum(axis=2) <= hose.out_gbps * (1 + 1e-9) + 1e-9).all()
        and (matrix.sum(axis=1) <= hose.into_gbps * (1 + 1e-9) + 1e-9).all()
    )


def worst_for(hose: Hose, distance: FloatArray) -> FloatArray:
    """(C, N, N) the matrix within the totals that goes farthest, by distances (N, N).

    Each class is a transport problem; unreachable pairs count as the farthest that can be reached.
    """
    sites = len(distance)
    known = distance[np.isfinite(distance)].max(initial=0.0)
    far = np.where(np.isfinite(distance), distance, 2.0 * known + 1.0)
    matrix = np.zeros((len(hose.kinds), sites, sites))
    for kind in range(len(hose.kinds)):
        a, z = np.nonzero(np.minimum.outer(hose.out_gbps[kind], hose.into_gbps[kind]) > 0.0)
        a, z = a[a != z], z[a != z]
        count = np.arange(len(a))
        found = solve(
            Program(
                # A little for every demand, so that totals are used up where distance says nothing.
                cost=-(far[a, z] + 1e-6 * (1.0 + known)),
                low=np.zeros(len(a)),
                high=np.full(len(a), np.inf),
                integer=np.zeros(len(a), dtype=np.bool_),
                rows=Rows.gathered(
                    np.concatenate([a, sites + z]),
                    np.concatenate([count, count]),
                    np.ones(2 * len(a)),
                    low=np.full(2 * sites, -np.inf),
                    high=np.concatenate([hose.out_gbps[kind], hose.into_gbps[kind]]),
                ),
            )
        )
        if found.status != "optimal":
            raise SolverError("HiGHS (farthest matrix of a hose)", found.detail)
        matrix[kind, a, z] = np.maximum(found.primal, 0.0)
    return matrix


def worst_matrix(
    graph: Graph,
    hose: Hose,
    share: FloatArray,
    capacity_gbps: FloatArray,
    fixed_gbps: FloatArray,
    random: np.random.Generator,
) -> FloatArray | None:
    """A matrix of the hose (C, N, N) that a capacity does not carry; None where none was found.

    Starts from every cut set that is too thin, and from drawn directions; each is made worse by
    turns: prices of the arcs that stop a matrix, then the matrix that goes farthest by them.

    Parameters
    ----------
    graph
        Its first N sites are those of the hose.
    share : float (C, N, N)
        Of each demand that the case asks for.
    capacity_gbps : float (E,)
        What may be filled of each arc.
    fixed_gbps : float (all sites, all sites)
        What markets ask besides.
    """
    sites = share.shape[1]
    worst: tuple[float, FloatArray] | None = None
    for distance in _starts(graph, hose, share, capacity_gbps, random):
        price = distance
        for _ in range(TURNS):
            matrix = _weighted(hose, share, price)
            asked = fixed_gbps.copy()
            asked[:sites, :sites] += (share * matrix).sum(axis=0)
            fit = carried_share(graph, capacity_gbps, asked)
            if worst is not None and fit.share >= worst[0]:
                break
            worst = (fit.share, matrix)
            price = _distances(graph, sites, fit.price)
    return None if worst is None or worst[0] >= FULL else worst[1]


def _weighted(hose: Hose, share: FloatArray, distance: FloatArray) -> FloatArray:
    """Classes of which the case asks nothing send nothing: any other matrix is no worse."""
    asked = share.any(axis=(1, 2))
    matrix = worst_for(hose, distance)
    matrix[~asked] = 0.0
    return matrix


def _distances(graph: Graph, sites: int, price: FloatArray) -> FloatArray:
    weight = price.tolist()
    return np.array([distances(graph, weight, site)[:sites] for site in range(sites)])


def _starts(
    graph: Graph,
    hose: Hose,
    share: FloatArray,
    capacity_gbps: FloatArray,
    random: np.random.Generator,
) -> Iterator[FloatArray]:
    """Distances to begin with: the thinnest cut by what the hose alone asks, and two draws."""
    sites = share.shape[1]
    head = np.array(graph.arc_target, dtype=np.int64)
    tail = head[np.arange(len(head)) ^ 1]
    inner_arcs = (head < sites) & (tail < sites)
    thinnest: tuple[float, FloatArray] | None = None
    for inner in _cuts(hose):
        crossing = inner_arcs & inner[np.minimum(tail, sites - 1)]
        crossing &= ~inner[np.minimum(head, sites - 1)]
        most = share.max(axis=(1, 2)) @ np.minimum(
            hose.out_gbps[:, inner].sum(axis=1), hose.into_gbps[:, ~inner].sum(axis=1)
        )
        if most > 0.0:
            room = capacity_gbps[crossing].sum() / most
            if thinnest is None or room < thinnest[0]:
                thinnest = room, np.outer(inner, ~inner).astype(np.float64)
    if thinnest is not None:
        yield thinnest[1]
    for _ in range(2):
        yield random.uniform(0.0, 1.0, (sites, sites))


def _cuts(hose: Hose) -> Iterator[BoolArray]:
    total = (hose.out_gbps + hose.into_gbps).sum(axis=0)
    sites = np.flatnonzero(total > 0.0).tolist()
    most = len(sites) - 1 if len(sites) <= CUT_SITES else 2
    for size in range(1, most + 1):
        for some in combinations(sites, size):
            inner = np.zeros(len(total), dtype=np.bool_)
            inner[list(some)] = True
            yield inner


def asked_by(
    instance: Instance,
    fixed: Asked,
    hose: Hose,
    matrix: FloatArray,
    name: str,
) -> Asked:
    """A matrix of the hose beside what markets ask, case by case."""
    gbps: list[dict[Pair, float]] = []
    for case, base in enumerate(fixed.gbps):
        found = dict(base)
        share = share_of(instance, hose, case)
        for kind, a, z in np.argwhere(matrix * share > 0.0).tolist():
            pair = (a, z, hose.limit_ms[kind], hose.kinds[kind])
            found[pair] = found.get(pair, 0.0) + float(matrix[kind, a, z] * share[kind, a, z])
        gbps.append(found)
    return Asked(name, fixed.stage, fixed.usable, tuple(gbps))


def share_of(instance: Instance, hose: Hose, case: int) -> FloatArray:
    """(C, N, N) share of each demand that a case asks for; case 0 is without failure."""
    sites = instance.graph.sites
    share = np.ones((len(hose.kinds), sites, sites))
    if case:
        failure = instance.failures[case - 1]
        keeps = [instance.ground.network.policy.kept(kind, failure.kind) for kind in hose.kinds]
        share *= np.array(keeps).reshape(-1, 1, 1)
        if failure.kind == "site":
            lost = instance.ground.site_index[failure.site]
            share[:, lost, :] = 0.0
            share[:, :, lost] = 0.0
    return share


def _kind(flow: Flow) -> str:
    demand = flow.up or flow.down
    assert demand is not None
    return demand.traffic_class
