"""The p-median: k hubs among sites, so that what goes to its nearest hub travels least in all.

A mixed-integer program: hubs are whole, who goes where follows. Arrays in, a frozen result out.
"""

from dataclasses import dataclass

import numpy as np

from arterial.errors import SolverError
from arterial.solve.highs import Session
from arterial.solve.program import FloatArray, IntArray, Program, Rows

__all__ = ["Median", "p_median"]

_Row = tuple[list[int], list[float], float, float]
_NEAR = 1e-9


@dataclass(frozen=True, kw_only=True)
class Median:
    """Hubs and who goes to which; none of so many hubs has a ``value`` below ``bound``."""

    hubs: tuple[int, ...]
    """Columns of the distances, ascending."""
    home: IntArray
    """int (T,): hub column of each site."""
    value: float
    """Sum over sites of weight times distance to its hub."""
    bound: float

    @property
    def gap(self) -> float:
        """(value - bound) / value; 0 when value is 0."""
        return (self.value - self.bound) / self.value if self.value > 0.0 else 0.0


def p_median(weight: FloatArray, distance: FloatArray, hubs: int, *, seed: int = 0) -> Median:
    """Choose hubs.

    Parameters
    ----------
    weight : float (T,)
        Of each site, not negative.
    distance : float (T, H)
        From each site to each site that may be a hub; inf where there is no way.
    hubs
        How many, 1 to H.

    Raises
    ------
    SolverError
        HiGHS ended without an answer, or no choice of hubs is in reach of every site.

    Examples
    --------
    >>> line = np.abs(np.arange(5.0)[:, None] - np.arange(5.0))
    >>> found = p_median(np.ones(5), line, 2)
    >>> found.hubs, found.value, found.gap
    ((0, 3), 3.0, 0.0)
    """
    sites, places = distance.shape
    assert 1 <= hubs <= places
    pairs = np.argwhere(np.isfinite(distance))  # (X, 2)
    site, place = pairs.T
    cost = np.concatenate([np.zeros(places), weight[site] * distance[site, place]])
    # The shorter way, ever so little, where a weight of 0 leaves it open.
    scale = max(float(cost.max(initial=0.0)), 1.0)
    whole = np.zeros(len(cost), dtype=np.bool_)
    whole[:places] = True
    program = Program(
        cost=cost / scale,
        low=np.zeros(len(cost)),
        high=np.ones(len(cost)),
        integer=whole,
        rows=Rows.of(_rows(pairs, sites, places, hubs)),
    )
    solved = Session(program, seed=seed).solve()
    if solved.status != "optimal":
        raise SolverError("choice of hubs", solved.detail)
    chosen = np.flatnonzero(solved.primal[:places] > 0.5)  # noqa: PLR2004 - binary
    home = chosen[distance[:, chosen].argmin(axis=1)]
    value = float(weight @ distance[np.arange(sites), home])
    bound = min(max(solved.bound * scale, 0.0), value)
    near = value - bound <= _NEAR * max(value, 1.0)
    return Median(
        hubs=tuple(chosen.tolist()),
        home=home.astype(np.int64),
        value=value,
        bound=value if near else bound,
    )


def _rows(pairs: IntArray, sites: int, places: int, hubs: int) -> list[_Row]:
    """So many hubs; each site goes to one; only to a hub: x <= y."""
    rows: list[_Row] = [(list(range(places)), [1.0] * places, float(hubs), float(hubs))]
    column = places + np.arange(len(pairs))
    for site in range(sites):
        own = column[pairs[:, 0] == site].tolist()
        rows.append((own, [1.0] * len(own), 1.0, 1.0))
    for number, (_, place) in zip(column.tolist(), pairs.tolist(), strict=True):
        rows.append(([number, place], [1.0, -1.0], -np.inf, 0.0))
    return rows
