"""The parts of a wave by site: a pluggable at each end, two and a shelf at each regenerator.

A pluggable is known by its module: one module that has several modes is set to another without
being bought again, and one that is freed at a site can carry another wave there.
"""

from collections import Counter
from collections.abc import Iterable

from arterial.model.network import Network
from arterial.plan.rows import Lightpath

__all__ = ["SHELF", "Parts", "module_of", "parts_of", "price_of", "wave_parts"]

SHELF = "regenerator shelf"

Parts = Counter[tuple[str, str]]
"""(site, module or ``SHELF``) to pieces."""


def parts_of(
    network: Network, mode: str, ends: Iterable[str], regenerators: Iterable[str]
) -> Parts:
    """What one wave takes."""
    module = module_of(network, mode)
    found: Parts = Counter()
    for site in ends:
        found[site, module] += 1
    for site in regenerators:
        found[site, module] += 2
        found[site, SHELF] += 1
    return found


def wave_parts(network: Network, row: Lightpath, ends: tuple[str, str]) -> Parts:
    """What a lightpath that stands takes."""
    return parts_of(network, row.mode, ends, row.regenerators)


def module_of(network: Network, mode: str) -> str:
    """The pluggable that can be set to a mode."""
    return next(row.module for row in network.modes if row.name == mode)


def price_of(network: Network, part: str, mode: str) -> float:
    """Of one piece bought for a wave of a mode."""
    if part == SHELF:
        return network.costs.regenerator
    price = next(row.cost for row in network.modes if row.name == mode)
    assert price is not None, "only modes with a price are newly lit"
    return price
