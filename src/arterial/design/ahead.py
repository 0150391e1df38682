"""Building ahead: a phase's design leans on what all phases together would build.

Light and pairs that the whole horizon does not buy by then cost more while a design is sought, so
that it takes routes, modes and fibres that later phases need too where they are little dearer. A
plan's bill and its bound are at true prices.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.instance import Instance
from arterial.paths.graph import arc_link
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Ahead", "Light", "leaning", "levelled", "light_key"]

Light = tuple[tuple[str, ...], str]
"""Fibres of a route, sorted by name (a simple path is told by their set), and the mode. Of a
ready-made link its name stands for both."""


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What to lean on, and how hard."""

    light: tuple[Light, ...]
    """Sorted."""
    pairs: tuple[str, ...]
    """Fibres on which pairs are lit; sorted."""
    surcharge: float
    """On all other light and pairs, as a share of their price."""


def light_key(instance: Instance, link: int, option: int) -> Light:
    """What a wave of a candidate is, in words that hold in every phase."""
    route = instance.routes[link]
    if route.given:
        return (route.given,), ""
    fibres = instance.ground.network.fibres
    names = sorted(fibres[arc_link(arc)].name for arc in route.arcs)
    return tuple(names), instance.options[link][option].mode


def leaning(instance: Instance, ahead: Ahead) -> Instance:
    """The instance with all light and pairs dearer that nothing leans on."""
    light, pairs = _factors(instance, ahead)
    ground = instance.ground
    return replace(
        instance,
        ground=replace(
            ground, pair_cost=ground.pair_cost * pairs, setup_cost=ground.setup_cost * pairs
        ),
        wave_cost=instance.wave_cost * light,
    )


def levelled(instance: Instance, ahead: Ahead) -> Instance:
    """What ``leaning`` was made of."""
    light, pairs = _factors(instance, ahead)
    ground = instance.ground
    return replace(
        instance,
        ground=replace(
            ground, pair_cost=ground.pair_cost / pairs, setup_cost=ground.setup_cost / pairs
        ),
        wave_cost=instance.wave_cost / light,
    )


def _factors(instance: Instance, ahead: Ahead) -> tuple[FloatArray, FloatArray]:
    """(L, O) of waves and (M,) of pairs, and of what the first of them costs once."""
    wanted, factor = set(ahead.pairs), 1.0 + ahead.surcharge
    spared = np.array(
        [fibre.name in wanted for fibre in instance.ground.network.fibres], dtype=np.bool_
    )
    dear = instance.real & ~_leaned_on(instance, ahead)
    return np.where(dear, factor, 1.0), np.where(spared, 1.0, factor)


def _leaned_on(instance: Instance, ahead: Ahead) -> BoolArray:
    """(L, O) True for light that keeps its price."""
    wanted = set(ahead.light)
    found = np.zeros(instance.rate_gbps.shape, dtype=np.bool_)
    for link, option in _options(instance):
        found[link, option] = light_key(instance, link, option) in wanted
    return found


def _options(instance: Instance) -> Iterator[tuple[int, int]]:
    for link, options in enumerate(instance.options):
        for option in range(len(options)):
            yield link, option
