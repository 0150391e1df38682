"""Shared risks as arrays: which links fall together, and what a risk's loss parts from what."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arterial.paths.parts import parts
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
    shut = np.isinf(weight).reshape(-1, 2).all(axis=1)
    dead = np.tile(shut, (len(risks.member_first) - 1, 1))
    risk = np.repeat(np.arange(len(dead)), np.diff(risks.member_first))
    dead[risk, risks.member] = True
    ends = adjacency.target.reshape(-1, 2)[:, ::-1]
    return parts(ends, len(adjacency.first) - 1, dead)


def starts(count: IntArray) -> IntArray:
    """Where each of the entries counted begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
