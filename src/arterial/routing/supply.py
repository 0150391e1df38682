"""Where the paths of some demands come from: anywhere in the network, or a list."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Given, Priced, Pricer, Ways
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Listed", "Network", "Pricing", "Scope", "Supply"]

Scope = Literal["network", "paths", "restricted"]
"""What a bound holds for: all routings, those over given paths, or those beside something that was
fixed first."""


class Pricing(Protocol):
    """What ways cost at given prices."""

    def cheapest(self, weight: FloatArray, limit: FloatArray) -> Priced:
        """The price of each demand's cheapest way, (K,), and ways below a limit."""
        ...


class Supply(Protocol):
    """Ways of any of the demands."""

    @property
    def scope(self) -> Scope:
        """Of a bound drawn from its prices."""
        ...

    def of(self, chosen: IntArray) -> Pricing:
        """For some demands, numbered anew."""
        ...

    def first(self, chosen: IntArray, shut: BoolArray) -> PathSet:
        """Paths to begin with, numbered anew; ``shut`` (E,) where an arc has no room."""
        ...


@dataclass(frozen=True)
class Network:
    """All ways that there are."""

    ways: Ways
    scope: Scope = "network"

    def of(self, chosen: IntArray) -> Pricing:
        """Shortest ways under any prices."""
        return Pricer(self.ways.of(chosen))

    def first(self, chosen: IntArray, shut: BoolArray) -> PathSet:
        """The shortest way of each demand, as good as any to begin with."""
        weight = np.where(shut, np.inf, self.ways.tie)
        return self.of(chosen).cheapest(weight, np.full(len(chosen), np.inf)).paths


@dataclass(frozen=True)
class Listed:
    """Given paths and no others."""

    paths: PathSet
    demands: int
    scope: Scope = "paths"

    def of(self, chosen: IntArray) -> Pricing:
        """The paths of these demands."""
        return Given(self.paths.only(chosen)[0], len(chosen))

    def first(self, chosen: IntArray, shut: BoolArray) -> PathSet:
        """All of them, but for those that ride an arc without room."""
        paths, _ = self.paths.only(chosen)
        return paths.taken(np.flatnonzero(paths.along(shut.astype(np.float64)) == 0.0))
