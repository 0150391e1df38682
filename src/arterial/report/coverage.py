"""How many people are answered in time: shares of people within a round trip.

Pure functions over people and round trips. Somebody whose round trip is unknown (NaN) is not within
any bound, and shares count everybody.
"""

import math
from collections.abc import Sequence

__all__ = ["coverage_steps", "covered_share", "reach_km"]


def covered_share(
    people: Sequence[float], rtt_ms: Sequence[float], bound_ms: float
) -> float | None:
    """Share of people whose round trip is at most ``bound_ms``.

    Parameters
    ----------
    people
        People of each market, not negative.
    rtt_ms
        Round trip of each market; NaN when unknown.
    bound_ms
        Bound, itself included.

    Returns
    -------
    float or None
        Between 0 and 1; None when there are no people.

    Examples
    --------
    >>> covered_share([3e6, 1e6], [4.0, float("nan")], 5.0)
    0.75
    """
    assert len(people) == len(rtt_ms)
    total = math.fsum(people)
    if not total:
        return None
    pairs = zip(people, rtt_ms, strict=True)
    return math.fsum(count for count, rtt in pairs if rtt <= bound_ms) / total


def coverage_steps(
    people: Sequence[float], rtt_ms: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """The whole curve: each round trip at which more people are covered, and the share from there.

    Returns
    -------
    tuple of (rtt_ms, share)
        Rising in both; empty when nobody's round trip is known.

    Examples
    --------
    >>> coverage_steps([3e6, 1e6], [4.0, 2.0])
    ((2.0, 0.25), (4.0, 1.0))
    """
    known = sorted({rtt for rtt in rtt_ms if not math.isnan(rtt)})
    shares = ((rtt, covered_share(people, rtt_ms, rtt)) for rtt in known)
    return tuple((rtt, share) for rtt, share in shares if share is not None)


def reach_km(
    bound_ms: float,
    *,
    access_ms: float,
    router_us: float,
    fec_us: float,
    route_factor: float,
    us_per_km: float,
) -> float:
    """Longest fibre between a market's site and an edge that still meets a round trip, km.

    One IP link without regenerators between two routers:
    ``2 * (access + 2 * router + fec + route_factor * length * us_per_km) = bound``.

    Returns
    -------
    float
        0 when access and equipment alone break the bound.

    Examples
    --------
    >>> round(reach_km(10, access_ms=0.5, router_us=20, fec_us=10, route_factor=1, us_per_km=4.9))
    908
    """
    left_us = bound_ms / 2 * 1000 - access_ms * 1000 - 2 * router_us - fec_us
    return max(0.0, left_us / (route_factor * us_per_km))
