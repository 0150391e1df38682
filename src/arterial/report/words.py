"""Figures as people read them: a unit with each, and never a zero where nothing is known."""

import math

__all__ = [
    "SHARES",
    "amount",
    "apart",
    "counted",
    "people",
    "percent",
    "rate",
    "shown",
    "with_unit",
]

UNKNOWN = "unknown"
KINDS = {"campus", "edge", "junction", "market"}
SHARES = {"", "share", "fraction", "ratio"}


def shown(name: str) -> str:
    """A name as a map shows it: its mark says already what kind of place it is.

    >>> shown("San_Jose"), shown("campus:the-dalles"), shown("A:B")
    ('San Jose', 'the-dalles', 'A:B')
    """
    kind, _, rest = name.partition(":")
    return (rest if rest and kind in KINDS else name).replace("_", " ")


def amount(value: float | None, decimals: int = 1) -> str:
    """A number with a comma at the thousands; whole numbers without decimals.

    >>> amount(12345.0), amount(2.25, 2), amount(None)
    ('12,345', '2.25', 'unknown')
    """
    if value is None or math.isnan(value):
        return UNKNOWN
    return _finite(value, 0 if math.isinf(value) or value == int(value) else decimals)


def counted(count: int, noun: str) -> str:
    """So many of a thing whose name takes an s.

    >>> counted(1, "wave"), counted(1200, "wave")
    ('1 wave', '1,200 waves')
    """
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def percent(share: float | None, decimals: int = 0) -> str:
    """A share of one, per cent.

    >>> percent(0.835), percent(float("nan"))
    ('84 %', 'unknown')
    """
    if share is None or math.isnan(share):
        return UNKNOWN
    return f"{_finite(share * 100, decimals)} %"


def rate(gbps: float | None) -> str:
    """A rate in Gb/s, or Tb/s from a thousand on.

    >>> rate(400.0), rate(31_500.0)
    ('400 Gb/s', '31.5 Tb/s')
    """
    if gbps is None or math.isnan(gbps):
        return UNKNOWN
    tbps = gbps / 1000
    if abs(tbps) < 1:
        return f"{gbps:.3g} Gb/s"
    return f"{tbps:.3g} Tb/s" if abs(tbps) < 1000 else f"{tbps:,.0f} Tb/s"  # noqa: PLR2004


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
    if value is None or math.isnan(value):
        return UNKNOWN
    if unit in SHARES:
        return percent(value, decimals)
    return f"{_finite(value, decimals)} {unit}"


def apart(value: float, limit: float, unit: str) -> tuple[str, str]:
    """Value and limit with as many decimals as it takes to tell them apart: no verdict by rounding.

    >>> apart(0.99996, 1.0, "share")
    ('99.996 %', '100.000 %')
    """
    whole = value.is_integer() and limit.is_integer()
    least = 0 if unit in SHARES or whole else 1
    pairs = [
        (with_unit(value, unit, decimals), with_unit(limit, unit, decimals))
        for decimals in range(least, 7)
    ]
    if pairs[-1][0] == pairs[-1][1]:  # one figure: six decimals of it would tell nothing
        return next(pair for pair in pairs if _says(pair[1], pairs[-1][1]))
    return next(pair for pair in pairs if pair[0] != pair[1])


def _says(short: str, full: str) -> bool:
    """True where the digits that ``short`` leaves out are zeros."""
    said, whole = short.partition(" ")[0], full.partition(" ")[0]
    return whole.startswith(said) and not whole[len(said) :].strip(".0")


def _finite(value: float, decimals: int) -> str:
    return "∞" if math.isinf(value) else f"{value:,.{decimals}f}"
