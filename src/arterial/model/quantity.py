"""Kinds of numbers that a network description holds, with their limits.

A figure's default carries its source in ``Meta.extra``: ``figures.py`` collects those that a
network relies on, so that the report can list every ASSUMPTION.
"""

from typing import Annotated

from msgspec import Meta

__all__ = [
    "Count",
    "Fraction",
    "Latitude",
    "Longitude",
    "NonNegative",
    "Period",
    "Positive",
    "RouteKm",
    "Share",
    "SpanKm",
    "Terahertz",
]

Positive = Annotated[float, Meta(gt=0.0, le=1e18)]
# Limits that keep a slip of the keyboard from days of physics or an infinite rate.
RouteKm = Annotated[float, Meta(gt=0.0, le=50_000.0)]
"""Length of a route; the longest cable laid, 2Africa, has 45,000 km."""
SpanKm = Annotated[float, Meta(ge=10.0, le=1_000.0)]
Terahertz = Annotated[float, Meta(ge=170.0, le=250.0)]
"""What silica fibre carries, 1,260 to 1,675 nm, is 179 to 238 THz."""
Period = Annotated[float, Meta(ge=0.001, le=1e18)]
"""What traffic is spread over: a step, an interval, a roll-out."""
NonNegative = Annotated[float, Meta(ge=0.0, le=1e18)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Share = Annotated[float, Meta(gt=0.0, le=1.0)]
Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]
