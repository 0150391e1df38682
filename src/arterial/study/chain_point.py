"""A chain of plans as a point of the horizon's problem: what its plans buy, phase by phase.

Plans know more than the capacity level (slots, tunnels, routers): what they buy is one of its
points where light is among its candidates and all its cases hold, and then a way to build.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from arterial.design.ahead import Light, light_key
from arterial.design.horizon import Horizon
from arterial.design.horizon_last import holds
from arterial.design.horizon_ways import Way
from arterial.plan.plan import Plan
from arterial.solve.program import FloatArray

__all__ = ["Piece", "chain_point", "with_chain"]

Piece = tuple[str, Light | str]
"""``wave`` and its light, ``pair`` or ``setup`` and its fibre, ``chassis`` and its site."""


def with_chain(horizon: Horizon, way: Way, plans: Sequence[Plan]) -> tuple[Way, bool]:
    """The way, or what a chain of plans buys where that is cheaper and carries every case.

    Returns
    -------
    Way, bool
        Whether the chain is a point of the problem: then the bound is one for the chain too.
    """
    columns = chain_point(horizon, plans)
    if columns is None or not holds(horizon.problem, columns):
        return way, False
    cost = float(horizon.spent(columns).sum())
    if cost >= way.cost:
        return way, True
    return Way(way.name, cost, min(way.bound, cost), columns), True


def chain_point(horizon: Horizon, plans: Sequence[Plan]) -> FloatArray | None:
    """(X,) what a chain buys; None where some of it is no candidate."""
    place = _places(horizon)
    columns = np.zeros(len(horizon.bought.stage))
    had = Counter[Piece]()
    for stage, plan in enumerate(plans):
        stands = _pieces(plan)
        for piece, count in (stands - had).items():
            column = place.get((stage, piece))
            if column is None:
                return None
            columns[column] = count
        had |= stands
    return columns


def _places(horizon: Horizon) -> dict[tuple[int, Piece], int]:
    bought, instance = horizon.bought, horizon.outlook.instance
    network = instance.ground.network
    found: dict[tuple[int, Piece], int] = {}
    for x, stage in enumerate(bought.stage.tolist()):
        link, fibre, site = int(bought.link[x]), int(bought.fibre[x]), int(bought.site[x])
        if link >= 0:
            found[stage, ("wave", light_key(instance, link, int(bought.option[x])))] = x
        elif fibre >= 0:
            found[stage, ("pair", network.fibres[fibre].name)] = x
        elif bought.setup[x] >= 0:
            found[stage, ("setup", network.fibres[int(bought.setup[x])].name)] = x
        else:
            found[stage, ("chassis", network.sites[site].name)] = x
    return found


def _pieces(plan: Plan) -> Counter[Piece]:
    """Everything that stands once a plan is built, what stood before any phase left out."""
    fibres: dict[str, list[str]] = {}
    for hop in plan.lightpath_hops:
        fibres.setdefault(hop.lightpath, []).append(hop.fibre)
    pieces = Counter[Piece]()
    for row in plan.lightpaths:
        pieces["wave", (tuple(sorted(fibres[row.name])), row.mode)] += 1
    for unit in plan.bought_units:
        pieces["wave", ((unit.link,), "")] += 1
    for lit in plan.lit_fibres:
        pieces["pair", lit.fibre] += lit.new_pairs
    for item in plan.bill:
        if item.item == "chassis":
            pieces["chassis", item.where] += round(item.quantity)
        elif item.item == "fibre setup":
            pieces["setup", item.where] += 1
    return +pieces
