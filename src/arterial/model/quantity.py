"""Kinds of numbers that a network description holds, with their limits.

A figure's default carries its source in ``Meta.extra``: ``figures.py`` collects those that a
network relies on, so that the report can list every ASSUMPTION.
"""

from typing import Annotated

from msgspec import Meta

__all__ = ["Count", "Fraction", "Latitude", "Longitude", "NonNegative", "Positive", "Share"]

Positive = Annotated[float, Meta(gt=0.0, le=1e18)]
NonNegative = Annotated[float, Meta(ge=0.0, le=1e18)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Share = Annotated[float, Meta(gt=0.0, le=1.0)]
Latitude = Annotated[float, Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Meta(ge=-180.0, le=180.0)]
