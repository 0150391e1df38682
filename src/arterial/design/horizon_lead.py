"""What the designs of phases lean on: what is bought for the whole horizon, in whichever phase."""

import numpy as np

from arterial.design.ahead import Ahead, light_key
from arterial.design.horizon import Horizon
from arterial.plan.plan import Plan
from arterial.solve.program import FloatArray

__all__ = ["ahead_of", "ahead_of_plan"]


def ahead_of(horizon: Horizon, columns: FloatArray, *, surcharge: float) -> Ahead:
    """Light and pairs that a way buys.

    Parameters
    ----------
    columns : float (X,)
        Of the horizon's problem.
    """
    bought, instance = horizon.bought, horizon.outlook.instance
    fibres = instance.ground.network.fibres
    here = np.flatnonzero(np.round(columns) > 0).tolist()
    light = {
        light_key(instance, int(bought.link[x]), int(bought.option[x]))
        for x in here
        if bought.link[x] >= 0
    }
    pairs = {fibres[int(bought.fibre[x])].name for x in here if bought.fibre[x] >= 0}
    return Ahead(light=tuple(sorted(light)), pairs=tuple(sorted(pairs)), surcharge=surcharge)


def ahead_of_plan(plan: Plan, *, surcharge: float) -> Ahead:
    """Light and new pairs that a plan has."""
    fibres: dict[str, list[str]] = {}
    for hop in plan.lightpath_hops:
        fibres.setdefault(hop.lightpath, []).append(hop.fibre)
    light = {(tuple(sorted(fibres[row.name])), row.mode) for row in plan.lightpaths}
    light |= {((row.link,), "") for row in plan.bought_units}
    pairs = {row.fibre for row in plan.lit_fibres if row.new_pairs}
    return Ahead(light=tuple(sorted(light)), pairs=tuple(sorted(pairs)), surcharge=surcharge)
