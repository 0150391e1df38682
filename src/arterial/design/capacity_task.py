"""A capacity problem with the names behind its numbers: what files ask of the capacity core.

A link of a file may be more than one link of the problem: where flow itself costs something, its
two directions are told apart. Columns say what they buy, so that an answer can be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Problem
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["Bought", "Buying", "CapacityTask", "Kind", "failure_cases"]

Kind = Literal["module", "capacity", "setup", "flow", "spare"]
"""Whole modules, capacity of any size (in modules too), the right to use a link, Gb/s that flow
over it where nothing failed, Gb/s left beside them."""


class Bought(NamedTuple):
    """What one of a column is."""

    link: int
    """As the file counts them."""
    kind: Kind
    gbps: float
    """Capacity that the link gets."""
    cost: float


@dataclass(frozen=True, kw_only=True)
class CapacityTask:
    """A problem, and what its numbers are called."""

    name: str
    problem: Problem
    sites: tuple[str, ...]
    links: tuple[str, ...]
    """(M,) as the file has them."""
    ends: IntArray
    """(M, 2)"""
    of_link: IntArray
    """(L,) the file's link of each of the problem's."""
    there_gbps: FloatArray
    """(M,) capacity that costs nothing more."""
    demands: tuple[str, ...]
    """(K,)"""
    bought: tuple[Bought, ...]
    """(X,)"""
    constant: float = 0.0
    """Cost of every answer, beside the program's."""
    length_km: FloatArray | None = None
    """(M,) where known; NaN where a link's is not."""
    direct_ms: FloatArray | None = None
    """(K,) light in fibre along the great circle; NaN where a site has no place."""
    notes: tuple[str, ...] = ()

    def link_gbps(self, columns: FloatArray) -> FloatArray:
        """Capacity of each of the file's links, (M,)."""
        gbps = self.there_gbps.copy()
        for one, count in zip(self.bought, columns, strict=True):
            gbps[one.link] += one.gbps * float(count)
        return gbps

    def link_cost(self, columns: FloatArray) -> FloatArray:
        """What is paid for each of the file's links, (M,); constants are left out."""
        cost = np.zeros(len(self.links))
        for one, count in zip(self.bought, columns, strict=True):
            cost[one.link] += one.cost * float(count)
        return cost


class Buying:
    """A program while its columns and rows come."""

    def __init__(self) -> None:
        self._bought: list[Bought] = []
        self._high: list[float] = []
        self._integer: list[bool] = []
        self._stage: list[int] = []
        self._supply: list[tuple[int, int, float]] = []
        self._rows: list[tuple[list[int], list[float], float, float]] = []

    def column(
        self,
        bought: Bought,
        *,
        high: float,
        integer: bool = True,
        stage: int = 0,
        supply: Iterable[tuple[int, float]] = (),
    ) -> int:
        """Append a column; ``supply`` is (link of the problem, Gb/s) for one of it."""
        number = len(self._bought)
        self._bought.append(bought)
        self._high.append(high)
        self._integer.append(integer)
        self._stage.append(stage)
        self._supply += [(link, number, gbps) for link, gbps in supply]
        return number

    def row(self, entries: Sequence[tuple[int, float]], low: float, high: float) -> None:
        """Append a row."""
        columns, values = [column for column, _ in entries], [value for _, value in entries]
        self._rows.append((columns, values, low, high))

    @property
    def bought(self) -> tuple[Bought, ...]:
        """What each column is."""
        return tuple(self._bought)

    def program(self) -> Program:
        """All of it."""
        return Program(
            cost=np.array([one.cost for one in self._bought], dtype=np.float64),
            low=np.zeros(len(self._bought)),
            high=np.array(self._high, dtype=np.float64),
            integer=np.array(self._integer, dtype=np.bool_),
            rows=Rows.of(self._rows),
        )

    def supply(self, links: int) -> sparse.csr_array:
        """(L, X) Gb/s that a column gives a link."""
        row = np.array([link for link, _, _ in self._supply], dtype=np.int64)
        column = np.array([number for _, number, _ in self._supply], dtype=np.int64)
        value = np.array([gbps for _, _, gbps in self._supply], dtype=np.float64)
        return sparse.csr_array((value, (row, column)), shape=(links, len(self._bought)))

    def stages(self) -> IntArray:
        """Of the columns, (X,)."""
        return np.array(self._stage, dtype=np.int64)


def failure_cases(
    names: Sequence[str], of_link: IntArray, *, together: int
) -> tuple[tuple[str, ...], BoolArray]:
    """No failure, then each link down alone and, for ``together`` 2, every two of them.

    Parameters
    ----------
    names
        (M,) of the file's links.
    of_link : int (L,)
        The file's link of each of the problem's.

    Returns
    -------
    names (F,), bool (F, L)
        True where a link of the problem stands.
    """
    links = range(len(names))
    lost: list[tuple[int, ...]] = [()]
    if together >= 1:
        lost += [(link,) for link in links]
    if together >= 2:  # noqa: PLR2004 - links that fail together
        lost += [(one, other) for one in links for other in links if one < other]
    alive = np.array([~np.isin(of_link, down) for down in lost], dtype=np.bool_)
    told = tuple(" and ".join(names[link] for link in down) or "no failure" for down in lost)
    return told, alive.reshape(len(lost), len(of_link))
