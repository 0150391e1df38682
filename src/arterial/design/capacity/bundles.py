"""Bundles in a capacity problem: links of members enough to stay up, and what may be filled.

A bundle is up while at least so many members are (``min_links``). What a problem's cases say of a
link is a share of what is bought, whatever it is; so a link is either not built, or built with so
many members that the loss of a router leaves enough. That is dearer than to let some bundles fall
with a router: the bound of such a problem is one for links that must not.
"""

import numpy as np

from arterial.design.capacity.problem import Problem
from arterial.design.capacity.wider import Wider
from arterial.errors import ModelError
from arterial.errors import Problem as Fault
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["members_for", "usable_shares", "with_min_links"]


def members_for(least: int, routers: IntArray) -> IntArray:
    """Members of which at least so many are left when one of a site's routers is lost, (N,).

    Members alternate between routers, so that of n one loss takes ``ceil(n / R)`` at most. A lone
    router takes all of them, however many: there ``least`` is all that can be asked.

    >>> members_for(2, np.array([1, 2, 3])).tolist()
    [2, 4, 3]
    """
    several = np.maximum(routers, 2)
    needed = np.ceil(least * several / (several - 1)).astype(np.int64)
    return np.where(routers > 1, needed, least)


def usable_shares(
    failed: BoolArray, *, normal: float, after_failure: float, hash_inefficiency: float
) -> FloatArray:
    """(F,) share of capacity that may be filled, for ``Cases.usable``.

    Hashes fill a bundle's members unevenly: what they lose is off before the ceilings apply.

    >>> cases = np.array([False, True])
    >>> usable_shares(cases, normal=0.8, after_failure=0.95, hash_inefficiency=0.1).round(3)
    array([0.72 , 0.855])
    """
    return np.where(failed, after_failure, normal) * (1.0 - hash_inefficiency)


def with_min_links(
    problem: Problem, least: int, members: IntArray, routers: IntArray | None = None
) -> Problem:
    """The problem with links that are not built, or built with enough members.

    Parameters
    ----------
    least
        Members that must be up.
    members : int (X,)
        That one of each column adds to its link; 0 for columns that add none.
    routers : int (N,), optional
        Routers of each site, of which any one may be lost; without, members are never lost alone.

    Raises
    ------
    ModelError
        A column with members has no upper end, or gives more than one link.
    """
    links, program = problem.links, problem.program
    supply = links.supply.tocoo()
    _check(problem, members, np.bincount(supply.col, minlength=len(program.cost)))
    needed = np.full(len(links.ends), least)
    if routers is not None:
        needed = members_for(least, routers)[links.ends].max(axis=1)
    wider = Wider(problem)
    for link in np.unique(supply.row[members[supply.col] > 0]).tolist():
        own = [c for c in np.sort(supply.col[supply.row == link]).tolist() if members[c] > 0]
        asked = int(needed[link])
        if asked <= min(int(members[column]) for column in own):
            continue  # one column is a bundle already
        built = wider.column(0.0, 1.0)
        wider.row([*((c, float(members[c])) for c in own), (built, -float(asked))], 0.0)
        for column in own:
            high = float(program.high[column])
            wider.row([(built, high), (column, -1.0)], 0.0)
    return wider.problem()


def _check(problem: Problem, members: IntArray, links: IntArray) -> None:
    counted = members > 0
    wrong = {
        ("program.high", "a bundle's column without end", "Say how many there can be"): (
            not np.isfinite(problem.program.high[counted]).all()
        ),
        ("links.supply", "a column with members in several links", "Give each link its own"): (
            (links[counted] > 1).any()
        ),
    }
    found = [
        Fault(file="capacity problem with bundles", field=where, found=what, expected=instead)
        for (where, what, instead), is_so in wrong.items()
        if is_so
    ]
    if found:
        raise ModelError(found)
