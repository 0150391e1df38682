"""Rows of measured matrices to arrays: a curve for each pair of sites that has rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arterial.model.series import MatrixRow

__all__ = ["Series", "series_of"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Series:
    """Traffic over time."""

    time_h: FloatArray
    """(T,) hours, rising."""
    source: IntArray
    """(K,) site."""
    target: IntArray
    """(K,) site, another than the source."""
    gbps: FloatArray
    """(T, K); 0 where no row says otherwise, and the sum where several do."""
    inside: int
    """Rows from a site to itself, which are left out."""


def series_of(
    tables: Sequence[Sequence[MatrixRow]], sites: Sequence[str], step_h: float, most: int
) -> Series:
    """The curves in the rows of one table, or of several that are a step apart.

    Parameters
    ----------
    sites
        Names, in the order of their indices.
    step_h
        Hours from one table to the next, where there are several.
    most
        Cells, T x K, that a series may have.

    Raises
    ------
    ValueError
        It has more; the message says how many.
    """
    index = {name: number for number, name in enumerate(sites)}
    rows = [row for table in tables for row in table]
    source = np.array([index[row.source] for row in rows], dtype=np.int64)
    target = np.array([index[row.target] for row in rows], dtype=np.int64)
    gbps = np.array([row.gbps for row in rows], dtype=np.float64)
    if len(tables) > 1:
        time_h = step_h * np.arange(len(tables), dtype=np.float64)
        step = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    else:
        time_h, step = np.unique([row.time_h for row in rows], return_inverse=True)
    between = source != target
    pairs, pair = np.unique((source * len(sites) + target)[between], return_inverse=True)
    if len(time_h) * len(pairs) > most:
        raise ValueError(f"{len(time_h)} steps of {len(pairs)} demands")
    curves = np.zeros((len(time_h), len(pairs)))
    np.add.at(curves, (step[between], pair), gbps[between])
    return Series(
        time_h=time_h,
        source=pairs // len(sites),
        target=pairs % len(sites),
        gbps=curves,
        inside=int((~between).sum()),
    )
