"""Figures as people read them: a unit with each, and never a zero where nothing is known."""

import math

__all__ = ["amount", "apart", "people", "percent", "rate", "shown", "with_unit"]

UNKNOWN = "unknown"
SHARES = {"", "share", "fraction", "ratio"}


def shown(name: str) -> str:
    """A name as a map shows it.

    >>> shown("San_Jose")
    'San Jose'
    """
    return name.replace("_", " ")


def amount(value: float | None, decimals: int = 1) -> str:
    """A number with a comma at the thousands; whole numbers without decimals.

    >>> amount(12345.0), amount(2.25, 2), amount(None)
    ('12,345', '2.25', 'unknown')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:,.{0 if value == int(value) else decimals}f}"


def percent(share: float | None, decimals: int = 0) -> str:
    """A share of one, per cent.

    >>> percent(0.835), percent(float("nan"))
    ('84 %', 'unknown')
    """
    if share is None or not math.isfinite(share):
        return UNKNOWN
    return f"{share * 100:,.{decimals}f} %"


def rate(gbps: float | None) -> str:
    """A rate in Gb/s, or Tb/s from a thousand on.

    >>> rate(400.0), rate(31_500.0)
    ('400 Gb/s', '31.5 Tb/s')
    """
    if gbps is None or not math.isfinite(gbps):
        return UNKNOWN
    if abs(gbps) >= 1000:
        return f"{gbps / 1000:,.3g} Tb/s" if abs(gbps) < 1e6 else f"{gbps / 1000:,.0f} Tb/s"
    return f"{gbps:.3g} Gb/s"


def people(count: float) -> str:
    """People in millions.

    >>> people(19_498_249.0)
    '19.5 M'
    """
    return f"{count / 1e6:,.1f} M"


def with_unit(value: float | None, unit: str, decimals: int = 1) -> str:
    """A value with its unit; a share is told per cent.

    >>> with_unit(0.5, "share"), with_unit(12.34, "ms")
    ('50.0 %', '12.3 ms')
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if unit in SHARES:
        return percent(value, decimals)
    return f"{value:,.{decimals}f} {unit}"


def apart(value: float, limit: float, unit: str) -> tuple[str, str]:
    """Value and limit with as many decimals as it takes to tell them apart: no verdict by rounding.

    >>> apart(0.99996, 1.0, "share")
    ('99.996 %', '100.000 %')
    """
    pair = with_unit(value, unit), with_unit(limit, unit)
    for decimals in range(0 if unit in SHARES else 1, 7):
        pair = with_unit(value, unit, decimals), with_unit(limit, unit, decimals)
        if pair[0] != pair[1] or value == limit:
            break
    return pair
