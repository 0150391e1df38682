"""Why a flow has no placement: told as impossible only where one failure proves it.

The proof is a search over every fibre and ready-made link, lit or not: after some failure that the
policy asks about, the fastest way is too slow or there is none. Where no failure proves it, the
search for two paths that fail apart came to nothing, and that is unknown, not impossible.
"""

from collections.abc import Iterator
from math import ceil, inf

from arterial.design.flows import Flow
from arterial.design.instance import Instance, link_latency_ms
from arterial.errors import InfeasibleError, SolverError
from arterial.fabric.failures import Failure
from arterial.paths.graph import Graph
from arterial.paths.shortest import distances

__all__ = ["no_way"]

MS_PER_US = 1e-3


def no_way(instance: Instance, flow: Flow) -> InfeasibleError | SolverError:
    """Name the failure that cuts a flow off and what would free it, or say that none does."""
    names = [site.name for site in instance.ground.network.sites]
    ends = f"{names[flow.near]} and {names[flow.far]}"
    if _least_ms(instance, flow, None) == inf:
        return InfeasibleError(
            f"demand '{flow.demand}'",
            f"no fibre or link of known delay joins {ends}",
            (f"a fibre that joins {ends}",),
        )
    for failure in _asked(instance, flow):
        least_ms = _least_ms(instance, flow, failure)
        if least_ms == inf or least_ms > flow.limit_ms:
            return _collision(flow, failure, names, least_ms)
    return SolverError(
        "design search",
        f"no two paths that fail apart found for demand '{flow.demand}' between {ends}, though no"
        " single failure rules them out; a fibre that shares no risk with those there are, a longer"
        " round-trip bound or a mode that reaches farther may give them",
    )


def _asked(instance: Instance, flow: Flow) -> Iterator[Failure | None]:
    yield None
    for failure, must in zip(instance.failures, flow.must, strict=True):
        if must:
            yield failure


def _least_ms(instance: Instance, flow: Flow, failure: Failure | None) -> float:
    """One-way delay that no path of the flow can beat in a case; inf where there is none."""
    ground = instance.ground
    network = ground.network
    index = ground.site_index
    lost = set(failure.fibres) if failure else set[str]()
    dark = index[failure.site] if failure and failure.kind == "site" else None
    a: list[int] = []
    z: list[int] = []
    weight: list[float] = []
    delay_ms = [ground.delay_ms((2 * m,)) for m in range(len(network.fibres))]
    delay_ms += [link_latency_ms(network, link) + instance.hop_ms for link in network.links]
    for route, ms in zip((*network.fibres, *network.links), delay_ms, strict=True):
        ends = index[route.a], index[route.z]
        a.append(ends[0])
        z.append(ends[1])
        weight += 2 * [inf if route.name in lost or dark in ends else ms]
    reached = distances(Graph.of(ground.graph.sites, a, z), weight, flow.near)
    gone = index[failure.site] if failure and failure.kind in {"site", "edge"} else None
    fars = {flow.far, flow.backup_far} if flow.market else {flow.far}
    if failure and failure.kind == "fibre2":
        fars = set(flow.fars)
    return min(
        (reached[far] + _ends_ms(instance, away=far != flow.near) for far in fars if far != gone),
        default=inf,
    )


def _ends_ms(instance: Instance, *, away: bool) -> float:
    """What stands at the ends at least: a router, and behind light another with its FEC."""
    network = instance.ground.network
    if not away or network.links:
        return instance.hop_ms
    known = [network.latency.fec_us if m.fec_us is None else m.fec_us for m in network.modes]
    return 2 * instance.hop_ms + min(known, default=0.0) * MS_PER_US


def _collision(
    flow: Flow, failure: Failure | None, names: list[str], least_ms: float
) -> InfeasibleError:
    after = f"after '{failure.name}' " if failure else ""
    remedies: list[str] = []
    if failure:
        remedies.append(f"a fibre to {names[flow.near]} that does not share '{failure.name}'")
    if flow.limit_ms < inf:
        near = names[flow.near]
        remedies.append(
            f"an edge nearer to {near}"
            if flow.market
            else f"a shorter fibre route between {near} and {names[flow.far]}"
        )
    if flow.limit_ms < least_ms < inf:
        # Rounded up: what is told would be enough.
        least_rtt_ms = ceil(20.0 * least_ms) / 10.0
        remedies.append(
            f"a bound of at least {least_rtt_ms:.1f} ms round trip in the backbone"
            f" (now {2 * flow.limit_ms:.1f} ms)"
        )
    return InfeasibleError(
        f"demand '{flow.demand}'", f"{after}no path within the class's bound is left", remedies
    )
