"""Which points of a trade-off stand: none beats them, surely or only as far as is known.

A point costs something and gives people and training; another beats it when it gives as much of
both and costs no more. A bound on what the other can ever cost tells whether a better search could
make it so.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Standing", "difference", "standings"]

Standing = Literal["sure", "restricted", "seems", "dominated"]
"""``sure``: no plan of another point can cost so little, whatever its edges. ``restricted``: none
on the candidates and replicas of the others' plans can. ``seems``: no plan that was found does.
``dominated``: another point's plan gives as much and costs no more."""

SAME = 1e-9
"""Relative: costs that differ by less are equal, however they were added up."""


def standings(
    *,
    cost: FloatArray,
    bound: FloatArray,
    floor: FloatArray,
    people: FloatArray,
    training: FloatArray,
) -> tuple[Standing, ...]:
    """How each point stands among all.

    Parameters
    ----------
    cost : float (X,)
        Of the plan that was found.
    bound : float (X,)
        No plan on the plan's candidates and replicas costs less.
    floor : float (X,)
        No plan at all costs less.
    people, training : float (X,)
        What is given, more is better; all 0 on an axis that is not there.

    Returns
    -------
    tuple of Standing
        Of points that are equal in all, the last stands: it asks for most.
    """
    assert cost.shape == bound.shape == floor.shape == people.shape == training.shape
    found: list[Standing] = []
    for point in range(len(cost)):
        rivals = (people >= people[point]) & (training >= training[point])
        rivals[point] = False
        better = (people > people[point]) | (training > training[point])
        if _beaten(cost, rivals, better, point):
            found.append("dominated")
        elif (floor[rivals] > cost[point]).all():
            found.append("sure")
        elif (bound[rivals] > cost[point]).all():
            found.append("restricted")
        else:
            found.append("seems")
    return tuple(found)


def _beaten(cost: FloatArray, rivals: BoolArray, better: BoolArray, point: int) -> bool:
    slack = SAME * max(1.0, abs(float(cost[point])))
    cheaper = cost < cost[point] - slack
    as_cheap = cost <= cost[point] + slack
    after = np.arange(len(cost)) > point
    return bool((rivals & (cheaper | (as_cheap & (better | after)))).any())


def difference(dear: Sequence[float], cheap: Sequence[float]) -> tuple[float, float, float]:
    """Cost of one plan over another: as found, at least and at most.

    Parameters
    ----------
    dear, cheap : (cost, bound)
        The true least cost of each lies between its bound and its cost.

    Returns
    -------
    tuple of float
        Difference of the costs found, and the ends of what the true difference may be; NaN where a
        figure is.

    Examples
    --------
    >>> difference((110.0, 100.0), (90.0, 85.0))
    (20.0, 10.0, 25.0)
    """
    return dear[0] - cheap[0], dear[1] - cheap[0], dear[0] - cheap[1]
