"""Ports and chassis as rows of a capacity problem: bought in whole steps, router by router.

Ports of a site are dealt to its routers in turn: of P, router i of R (from 0) has
``ceil((P - i) / R)``, so the fullest has at least an R-th. Steps of a router add up to whole ports,
and so ``R x steps >= P - i`` says just that without another ceiling.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.wider import Wider
from arterial.errors import ModelError
from arterial.errors import Problem as Fault
from arterial.solve.program import FloatArray, IntArray

__all__ = ["ChassisStep", "with_chassis"]


@dataclass(frozen=True, kw_only=True)
class ChassisStep:
    """A chassis, or a card that widens one."""

    ports: int
    """That it takes."""
    cost: float


def with_chassis(
    problem: Problem,
    ports: sparse.csr_array,
    routers: IntArray,
    steps: tuple[ChassisStep, ...],
    *,
    every_router: bool = True,
) -> Problem:
    """The problem with chassis to buy for its ports.

    Parameters
    ----------
    ports : int (N, X)
        Ports that one of each column takes at each site.
    routers : int (N,)
        Routers of each site, 1 or more.
    steps
        What can be bought for a router, as many of each as it takes.
    every_router
        A site in use has a chassis in each of its routers, even where it has fewer ports.

    Raises
    ------
    ModelError
        The problem has stages, a column with ports has no upper end, or there are no steps.
    """
    most = _most_ports(problem, ports)
    _check(problem, most, steps)
    wider = Wider(problem)
    table = ports.tocsr()
    for site in range(table.shape[0]):
        span = slice(table.indptr[site], table.indptr[site + 1])
        own = list(zip(table.indices[span].tolist(), table.data[span].tolist(), strict=True))
        if not own:
            continue
        count = int(routers[site])
        for router in range(count):
            bought = [
                (wider.column(step.cost, np.ceil(most[site] / step.ports)), step.ports)
                for step in steps
            ]
            taken = [(column, -float(each)) for column, each in own]
            given = [(column, float(count * each)) for column, each in bought]
            wider.row([*given, *taken], -float(router))
            if every_router and router:
                wider.row([*((column, float(most[site])) for column, _ in bought), *taken], 0.0)
    return wider.problem()


def _most_ports(problem: Problem, ports: sparse.csr_array) -> FloatArray:
    """(N,) ports of each site if all is bought that can be."""
    table = ports.tocoo()
    each = table.data * problem.program.high[table.col]
    most = np.zeros(table.shape[0])
    np.add.at(most, table.row, each)
    return most


def _check(problem: Problem, most: FloatArray, steps: tuple[ChassisStep, ...]) -> None:
    wrong = {
        ("stage", "stages", "Add chassis to each stage's own problem"): (
            problem.column_stage.any() or problem.cases.stage.any()
        ),
        ("program.high", "a column with ports and without end", "Say how many there can be"): (
            not np.isfinite(most).all()
        ),
        ("steps", "no step of one port or more", "Give one chassis at least"): (
            not steps or min(step.ports for step in steps) < 1
        ),
    }
    found = [
        Fault(file="capacity problem with chassis", field=where, found=what, expected=instead)
        for (where, what, instead), is_so in wrong.items()
        if is_so
    ]
    if found:
        raise ModelError(found)
