"""How long a capacity keeps pace with demand that grows by the same share every year."""

from math import exp, floor, isfinite, log, log1p, nan

__all__ = ["asked_in_gbps", "growth_to", "runs_out_year"]

LAST_YEAR = 9_999


def asked_in_gbps(asked_gbps: float, growth: float, years: float) -> float:
    """Demand after some years.

    >>> asked_in_gbps(100.0, 0.5, 2)
    225.0
    """
    return asked_gbps * (1.0 + growth) ** years


def runs_out_year(
    asked_gbps: float, carried_gbps: float, growth: float, from_year: int
) -> int | None:
    """The first year whose demand exceeds a capacity.

    None where it is never reached before the year 10000, or where a figure is unknown.

    >>> runs_out_year(100.0, 225.0, 0.5, 2026), runs_out_year(100.0, 99.0, 0.5, 2026)
    (2029, 2026)
    >>> runs_out_year(100.0, 225.0, 1e-17, 2026)  # so little that 1 + growth is 1
    """
    if not isfinite(asked_gbps) or not isfinite(carried_gbps) or asked_gbps <= 0.0:
        return None
    if carried_gbps < asked_gbps:
        return from_year
    if growth <= 0.0:
        return None
    years = log(carried_gbps / asked_gbps) / log1p(growth)
    if years > LAST_YEAR - from_year:
        return None
    after = max(floor(years) - 1, 0)  # a logarithm rounds: demand itself decides
    while asked_in_gbps(asked_gbps, growth, after) <= carried_gbps:
        after += 1
    return from_year + after if from_year + after <= LAST_YEAR else None


def growth_to(asked_gbps: float, carried_gbps: float, years: int) -> float:
    """The largest yearly growth that a capacity sustains for so many years.

    NaN where nothing is asked, nothing can grow, or a figure is unknown; -1 where nothing is
    carried.

    >>> growth_to(100.0, 225.0, 2)
    0.5
    """
    if not isfinite(carried_gbps) or not asked_gbps > 0.0 or years < 1:
        return nan
    if carried_gbps <= 0.0:
        return -1.0
    return round(exp(log(carried_gbps / asked_gbps) / years) - 1.0, 12)
