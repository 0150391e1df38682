"""Gravity: traffic between two sites in proportion to the product of their masses.

The oldest model of a traffic matrix (Roughan, Computer Communication Review 35(5), 2005, for IP
networks). Real matrices scatter around it; the scatter here is lognormal and drawn from a seed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Matrix", "gravity"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Matrix:
    """Demands between sites, those above 0 only, by source and then target."""

    source: IntArray
    """(K,) site."""
    target: IntArray
    """(K,) site, another than the source."""
    gbps: FloatArray
    """(K,)"""


def gravity(
    mass: FloatArray,
    total_gbps: float,
    *,
    sigma: float = 0.0,
    seed: int = 0,
    pairs: int | None = None,
) -> Matrix:
    """Demands of all pairs of sites with mass, which add up to ``total_gbps``.

    Parameters
    ----------
    mass : float (N,)
        Of each site, not negative; one of 0 neither sends nor receives.
    total_gbps
        Sum over all demands that come back, Gb/s.
    sigma
        Standard deviation of the logarithm of each demand's own factor; 0 for none.
    seed
        Of those factors.
    pairs
        Keep so many of the largest demands; None for all.

    Returns
    -------
    Matrix
        Empty when fewer than two sites have mass, counted by the largest.

    Examples
    --------
    >>> matrix = gravity(np.array([2.0, 1.0, 0.0, 1.0]), 10.0)
    >>> list(zip(matrix.source.tolist(), matrix.target.tolist(), matrix.gbps.tolist()))
    [(0, 1, 2.0), (0, 3, 2.0), (1, 0, 2.0), (1, 3, 1.0), (3, 0, 2.0), (3, 1, 1.0)]
    """
    assert np.isfinite(mass).all()
    assert (mass >= 0.0).all()
    assert total_gbps > 0.0
    heavy = np.flatnonzero(mass > 0.0)
    # By the largest mass, so that no product leaves the range of a float.
    share = mass[heavy] / mass[heavy].max(initial=1e-300)
    weight = np.outer(share, share)
    if sigma > 0.0:
        weight *= np.exp(sigma * np.random.default_rng(seed).standard_normal(weight.shape))
    np.fill_diagonal(weight, 0.0)
    source, target = np.nonzero(weight)
    kept = weight[source, target]
    if pairs is not None and pairs < len(kept):
        # Stable: among equal demands the first ones stay, on every machine.
        largest = np.sort(np.argsort(-kept, kind="stable")[:pairs])
        source, target, kept = source[largest], target[largest], kept[largest]
    if len(kept):
        kept /= kept.max()  # tiny products may add up to too little to divide by
        kept *= total_gbps / kept.sum()
    return Matrix(heavy[source], heavy[target], kept)
