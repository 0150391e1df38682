"""Why a market cannot be placed, and what would free it."""

import math
from collections.abc import Sequence

import numpy as np

from arterial.demand.offers import Offer
from arterial.errors import InfeasibleError
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.solve.program import BoolArray, FloatArray
from arterial.units import fibre_delay_ms, great_circle_km

__all__ = ["collision"]


def collision(
    network: Network,
    offers: Sequence[Offer],
    edges: Sequence[Site],
    rtt_ms: FloatArray,
    within: BoolArray,
    apart: BoolArray,
) -> InfeasibleError | None:
    """The error for the largest market that has no edge and fail-over, or None.

    Parameters
    ----------
    rtt_ms : float (markets, edges)
    within : bool (markets, edges)
        True where the round trip is within the market's limit and the pair is usable.
    apart : bool (markets, edges, edges)
        True where the second edge may take over from the first.
    """
    choices = apart & within[:, :, None] & within[:, None, :]
    stuck = [row for row in range(len(offers)) if not choices[row].any()]
    if not stuck:
        return None
    row = min(stuck, key=lambda number: (-offers[number].people, number))
    constraint = _constraint(offers[row], edges, rtt_ms[row], within[row])
    if len(stuck) > 1:
        constraint += f" (others like it: {len(stuck) - 1})"
    return InfeasibleError(
        f"inference {offers[row].market}",
        constraint,
        _remedies(network, offers[row], edges, rtt_ms[row], apart[row]),
    )


def _constraint(offer: Offer, edges: Sequence[Site], rtt_ms: FloatArray, within: BoolArray) -> str:
    asked = f"class {offer.limit_class} asks for two edges"
    if math.isfinite(offer.limit_rtt_ms):
        asked += f" within {offer.limit_rtt_ms:g} ms"
    known = np.isfinite(rtt_ms)
    if not known.any():
        return f"{asked}, but no edge is reached from {offer.site} over fibres of known length"
    nearest = int(np.argmin(np.where(known, rtt_ms, np.inf)))
    near = f"the nearest, {edges[nearest].name}, is {rtt_ms[nearest]:.1f} ms away"
    close = int((known & (rtt_ms <= offer.limit_rtt_ms)).sum())
    lost = close - int(within.sum())
    if lost:
        return f"{asked}, but failures cut off {lost} of the {close} so near; {near}"
    if close > 1:
        return f"{asked}, but the {close} so near are lost together; {near}"
    return f"{asked}, but {close or 'no'} edge is so near; {near}"


def _remedies(
    network: Network, offer: Offer, edges: Sequence[Site], rtt_ms: FloatArray, apart: BoolArray
) -> list[str]:
    radius_km = _radius_km(network, offer)
    remedies: list[str] = []
    if radius_km > 0.0:
        within = f" within {radius_km:.0f} km of fibre from" if math.isfinite(radius_km) else " for"
        remedies.append(f"a candidate edge{within} {offer.site}, apart from those it reaches")
    slower_ms = np.where(apart, np.maximum(rtt_ms[:, None], rtt_ms[None, :]), np.inf)
    needed_ms = float(np.nanmin(slower_ms, initial=math.inf))
    if not offer.limit_rtt_ms < needed_ms < math.inf:
        return [*remedies, f"a fibre that gives {offer.site} one more way to an edge"]
    relaxed_ms = math.ceil(needed_ms * 10.0) / 10.0
    remedies.append(f"class {offer.limit_class}: rtt_ms {relaxed_ms:g} or more")
    farther = edges[int(np.flatnonzero(rtt_ms == needed_ms)[0])]
    if _straight_km(network, offer, farther) <= radius_km:
        remedies.append(
            f"a shorter fibre route from {offer.site} to {farther.name}, now {needed_ms:.1f} ms"
        )
    return remedies


def _straight_km(network: Network, offer: Offer, edge: Site) -> float:
    """Great circle from a market to an edge: no fibre is shorter; infinite when unknown."""
    places = {site.name: (site.lat, site.lon) for site in network.sites}
    lat, lon = places.get(offer.site, (None, None))
    if lat is None or lon is None or edge.lat is None or edge.lon is None:
        return math.inf
    return great_circle_km(lat, lon, edge.lat, edge.lon)


def _radius_km(network: Network, offer: Offer) -> float:
    """How far an edge may be by fibre: what the limit leaves for glass after access and routers."""
    latency = network.latency
    fixed_ms = offer.access_ms + (2.0 * latency.router_us + latency.fec_us) / 1000.0
    glass_ms = offer.limit_rtt_ms / 2.0 - fixed_ms
    return glass_ms / (latency.route_factor * fibre_delay_ms(1.0))
