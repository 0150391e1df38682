"""Which of a demand's paths fall together: the distinct ways in which failures can hit them.

A demand with four paths knows at most sixteen patterns, however many failures there are. Only the
worst ones are kept: those that no other one contains.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.routing.pathset import PathSet
from arterial.solve.program import BoolArray, IntArray

__all__ = ["PATHS", "Patterns", "exposed", "patterns_of", "place_of", "survivors"]

PATHS = 62
"""Paths a demand may have: a pattern is the bits of one whole number."""


@dataclass(frozen=True, kw_only=True)
class Patterns:
    """S patterns; bit r of ``dead`` says that the r-th path of the demand falls."""

    demand: IntArray
    """(S,)"""
    dead: IntArray
    """(S,)"""
    loose: BoolArray
    """(K,) too many patterns: those of one failure alone are kept, and do not cover more."""

    def __len__(self) -> int:
        return len(self.demand)


def place_of(paths: PathSet, demands: int) -> IntArray:
    """Which of its demand's paths each path is, int (P,). Paths come by demand."""
    count = np.bincount(paths.demand, minlength=demands)
    assert (np.diff(paths.demand) >= 0).all(), "paths come by demand"
    assert count.max(initial=0) <= PATHS, f"a demand has at most {PATHS} paths"
    before = np.concatenate([[0], np.cumsum(count)])
    return np.arange(len(paths), dtype=np.int64) - before[paths.demand]


def patterns_of(
    paths: PathSet, elements: BoolArray, demands: int, k: int = 1, most: int = 64
) -> Patterns:
    """Patterns of at most k elements failing at once.

    Parameters
    ----------
    elements : bool (G, L)
        The links that fall with each element; with k = 1 they may be whole failure cases.
    most
        Patterns a demand may have before it is ``loose``.
    """
    place = place_of(paths, demands)
    uses = sparse.csr_array(
        (np.ones(len(paths.arc)), (paths.rider, paths.arc >> 1)),
        shape=(len(paths), elements.shape[1]),
    )
    path, element = (uses @ sparse.csr_array(elements.T.astype(np.float64))).nonzero()
    key, back = np.unique(paths.demand[path] * len(elements) + element, return_inverse=True)
    dead = np.zeros(len(key), dtype=np.int64)
    np.bitwise_or.at(dead, back, np.int64(1) << place[path])
    hit: dict[int, set[int]] = {}
    for demand, mask in zip((key // max(len(elements), 1)).tolist(), dead.tolist(), strict=True):
        hit.setdefault(demand, set()).add(mask)
    found: list[tuple[int, int]] = []
    loose = np.zeros(demands, dtype=np.bool_)
    for demand, masks in hit.items():
        worst, loose[demand] = _unions(masks, k, most)
        found += [(demand, mask) for mask in worst]
    return Patterns(
        demand=np.array([demand for demand, _ in found], dtype=np.int64),
        dead=np.array([mask for _, mask in found], dtype=np.int64),
        loose=loose,
    )


def survivors(paths: PathSet, patterns: Patterns, demands: int) -> tuple[IntArray, IntArray]:
    """Pattern and path of every path that outlives a pattern of its demand."""
    place = place_of(paths, demands)
    count = np.bincount(paths.demand, minlength=demands)
    choice = np.concatenate([[0], np.cumsum(count)])
    many = count[patterns.demand]
    pattern = np.repeat(np.arange(len(patterns), dtype=np.int64), many)
    begin = np.repeat(np.cumsum(many) - many, many)
    path = np.arange(len(pattern), dtype=np.int64) - begin + choice[patterns.demand][pattern]
    alive = (patterns.dead[pattern] >> place[path]) & 1 == 0
    return pattern[alive], path[alive]


def exposed(paths: PathSet, patterns: Patterns, demands: int) -> BoolArray:
    """Demands without a path, or with a pattern that leaves none, bool (K,)."""
    bare = np.bincount(paths.demand, minlength=demands) == 0
    pattern, _ = survivors(paths, patterns, demands)
    standing = np.bincount(pattern, minlength=len(patterns))
    bare[patterns.demand[standing == 0]] = True
    return bare


def _unions(masks: set[int], k: int, most: int) -> tuple[list[int], bool]:
    """The worst unions of at most k masks, and whether they were too many to list."""
    single = _worst(masks)
    if k < 1:
        return [], False
    level = single
    for _ in range(k - 1):
        wider = _worst({one | other for one in level for other in single})
        if len(wider) > most:
            return single, True
        if wider == level:
            break
        level = wider
    return level, False


def _worst(masks: Iterable[int]) -> list[int]:
    """Masks that no other one contains, in order."""
    kept: list[int] = []
    for mask in sorted(masks, key=lambda mask: (-mask.bit_count(), mask)):
        if not any(mask | other == other for other in kept):
            kept.append(mask)
    return sorted(kept)
