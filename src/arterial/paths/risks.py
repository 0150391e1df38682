"""Shared risks as arrays: which links fall together, and what a risk's loss parts from what."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.paths.tree import Adjacency

__all__ = ["Risks", "parts_without", "starts"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Risks(NamedTuple):
    """G risks over L links, both ways round; each link's own cut is one of them."""

    first: IntArray
    """(L + 1,) where the risks of a link begin in ``held``."""
    held: IntArray
    member_first: IntArray
    """(G + 1,) where the links of a risk begin in ``member``."""
    member: IntArray

    @staticmethod
    def of(links: int, groups: Iterable[Sequence[int]] = ()) -> "Risks":
        """Every link alone, then the groups of links that fall together.

        >>> Risks.of(3, [(0, 2)]).held.tolist()
        [0, 3, 1, 2, 3]
        """
        sets = [*([link] for link in range(links)), *(sorted(set(group)) for group in groups)]
        member = np.array([link for links in sets for link in links], dtype=np.int64)
        risk = np.repeat(np.arange(len(sets)), [len(links) for links in sets])
        order = np.argsort(member, kind="stable")
        return Risks(
            starts(np.bincount(member, minlength=links)),
            risk[order].astype(np.int64),
            starts(np.array([len(links) for links in sets])),
            member,
        )


def parts_without(adjacency: Adjacency, risks: Risks, weight: FloatArray) -> IntArray:
    """(G, N) by risk: which part of the network each site is in once the risk's links are gone.

    Parts are numbered by their lowest site. Links closed both ways by ``weight`` are no links.
    """
    return _parts(*adjacency, weight, risks.member_first, risks.member)


def starts(count: IntArray) -> IntArray:
    """Where each of the entries counted begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)


@njit(cache=True, nogil=True)
def _parts(
    first: IntArray,
    leaving: IntArray,
    target: IntArray,
    weight: FloatArray,
    member_first: IntArray,
    member: IntArray,
) -> IntArray:
    sites, groups = len(first) - 1, len(member_first) - 1
    part = np.full((groups, sites), -1, dtype=np.int64)
    gone = np.zeros(len(target) // 2, dtype=np.bool_)
    stack = np.empty(sites, dtype=np.int64)
    for risk in range(groups):
        for place in range(member_first[risk], member_first[risk + 1]):
            gone[member[place]] = True
        for origin in range(sites):
            if part[risk, origin] >= 0:
                continue
            part[risk, origin] = origin
            stack[0] = origin
            depth = 1
            while depth:
                depth -= 1
                site = stack[depth]
                for place in range(first[site], first[site + 1]):
                    arc = leaving[place]
                    there = target[arc]
                    shut = weight[arc] == np.inf and weight[arc ^ 1] == np.inf
                    if part[risk, there] < 0 and not gone[arc >> 1] and not shut:
                        part[risk, there] = origin
                        stack[depth] = there
                        depth += 1
        for place in range(member_first[risk], member_first[risk + 1]):
            gone[member[place]] = False
    return part
