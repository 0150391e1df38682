"""Sets of failure cases over the IP layer, numbered and never held in memory as a whole.

A case is a few elements that are down at once. A set knows how many cases it has and makes any
stretch of them when it is asked, as arrays beside the fabric. Axis F: the cases of a stretch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_elements import Elements

__all__ = ["CASE_KINDS", "CaseSet", "Chunk", "Listed", "Pairs", "Singles", "cases_of_kinds"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SINGLE_KINDS = ("fibre", "srlg", "router", "site")
CASE_KINDS = (*SINGLE_KINDS, "fibre2", "maintenance")
"""``fibre2``: every pair of fibres. ``maintenance``: any one fibre, shared risk, router or site out
for maintenance and any other one failed. What is down is the same whichever of the two was planned:
each pair stands once."""


class Chunk(NamedTuple):
    """F cases as arrays."""

    start: int
    """Number of the first one in its set."""
    first: IntArray
    """(F + 1,) where the links of a case begin that are down."""
    links: IntArray
    """Each once a case, those of lost sites among them."""
    sites: BoolArray
    """(F, N) lost whole."""
    weak_first: IntArray
    """(F + 1,) where the links of a case begin that have less capacity."""
    weak: IntArray
    weak_share: FloatArray
    """Share of its capacity that each keeps, both directions."""


@dataclass(frozen=True)
class Singles:
    """Each element of a pool alone."""

    pool: IntArray

    @property
    def arrays(self) -> tuple[IntArray, ...]:
        """All that it depends on."""
        return (self.pool,)

    def __len__(self) -> int:
        return len(self.pool)

    def members(self, numbers: IntArray) -> tuple[IntArray, IntArray]:
        """How many elements each case has, and the elements."""
        return np.ones(len(numbers), dtype=np.int64), self.pool[numbers]


@dataclass(frozen=True)
class Pairs:
    """Every two elements of a pool, in lexicographic order."""

    pool: IntArray

    @property
    def arrays(self) -> tuple[IntArray, ...]:
        """All that it depends on."""
        return (self.pool,)

    def __len__(self) -> int:
        return len(self.pool) * (len(self.pool) - 1) // 2

    @cached_property
    def _begin(self) -> IntArray:
        """(pool,) number of the first pair that each element leads."""
        led = np.arange(len(self.pool) - 1, 0, -1)
        return np.concatenate([[0], np.cumsum(led)]).astype(np.int64)

    def members(self, numbers: IntArray) -> tuple[IntArray, IntArray]:
        """How many elements each case has, and the elements."""
        one = np.searchsorted(self._begin, numbers, side="right") - 1
        one = np.minimum(one, len(self.pool) - 2)
        other = one + 1 + numbers - self._begin[one]
        both = np.stack([self.pool[one], self.pool[other]], axis=1)
        return np.full(len(numbers), 2, dtype=np.int64), both.reshape(-1)


@dataclass(frozen=True)
class Listed:
    """Cases that somebody wrote down: case f has elements ``flat[first[f]:first[f + 1]]``."""

    first: IntArray
    flat: IntArray

    @staticmethod
    def of(cases: Iterable[Sequence[int]]) -> "Listed":
        """From the elements of each case."""
        own = list(cases)
        first = np.concatenate([[0], np.cumsum([len(case) for case in own])])
        flat = [element for case in own for element in case]
        return Listed(first.astype(np.int64), np.array(flat, dtype=np.int64))

    @property
    def arrays(self) -> tuple[IntArray, ...]:
        """All that it depends on."""
        return (self.first, self.flat)

    def __len__(self) -> int:
        return len(self.first) - 1

    def members(self, numbers: IntArray) -> tuple[IntArray, IntArray]:
        """How many elements each case has, and the elements."""
        own = [self.flat[self.first[case] : self.first[case + 1]] for case in numbers.tolist()]
        flat = np.concatenate(own) if own else np.empty(0, dtype=np.int64)
        return np.array([len(one) for one in own], dtype=np.int64), flat


@dataclass(frozen=True, kw_only=True)
class CaseSet:
    """Cases of several parts, one part after the other."""

    ip: IpFabric
    elements: Elements
    parts: tuple[Singles | Pairs | Listed, ...]

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def members(self, start: int, stop: int) -> tuple[IntArray, IntArray]:
        """Where the elements of each case begin (F + 1,), and the elements."""
        counts, flat, before = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.int64)], 0
        for part in self.parts:
            own = np.arange(max(start, before) - before, min(stop - before, len(part)))
            count, elements = part.members(own)
            counts.append(count)
            flat.append(elements)
            before += len(part)
        return np.cumsum(np.concatenate(counts)), np.concatenate(flat)

    def name(self, case: int) -> str:
        """What people call a case: its elements, joined by ``+``."""
        _, elements = self.members(case, case + 1)
        return " + ".join(self.elements.title(element) for element in elements.tolist())

    def chunk(self, start: int, stop: int) -> Chunk:
        """Cases ``start`` to ``stop``, the latter not among them."""
        first, flat = self.members(start, stop)
        ip, elements = self.ip, self.elements
        at_first, at = _incident(ip)
        room = (
            np.diff(elements.first)[flat].sum()
            + np.where(elements.site[flat] >= 0, np.diff(at_first)[elements.site[flat]], 0).sum()
        )
        sites = np.zeros((len(first) - 1, len(ip.sites)), dtype=np.bool_)
        down_first, weak_first = np.zeros_like(first), np.zeros_like(first)
        down, weak = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
        share = np.empty(room)
        _compile(
            (first, flat),
            (elements.first, elements.links, elements.site, elements.router),
            (ip.routers, at_first, at, len(ip.links)),
            (sites, down_first, down),
            (weak_first, weak, share),
        )
        down, weak = down[: down_first[-1]], weak[: weak_first[-1]]
        return Chunk(start, down_first, down, sites, weak_first, weak, share[: len(weak)])


def cases_of_kinds(ip: IpFabric, elements: Elements, kinds: tuple[str, ...]) -> CaseSet:
    """The cases of some of ``CASE_KINDS``, each kind once, in the order in which they are named.

    Pairs of fibres are among those of ``maintenance``: asked for both, none stands twice.
    """
    parts: list[Singles | Pairs | Listed] = []
    for kind in dict.fromkeys(kinds):
        if kind == "fibre2" and "maintenance" in kinds:
            continue
        if kind == "fibre2":
            parts.append(Pairs(elements.of_kind("fibre")))
        elif kind == "maintenance":
            parts.append(Pairs(elements.of_kind(*SINGLE_KINDS)))
        else:
            parts.append(Singles(elements.of_kind(kind)))
    return CaseSet(ip=ip, elements=elements, parts=tuple(parts))


def _incident(ip: IpFabric) -> tuple[IntArray, IntArray]:
    """Where the links of each site begin (N + 1,), and the links."""
    order = np.argsort(ip.ends.reshape(-1), kind="stable")
    count = np.bincount(ip.ends.reshape(-1), minlength=len(ip.sites))
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64), order // 2


@njit(cache=True, nogil=True)
def _compile(
    cases: tuple[IntArray, IntArray],
    elements: tuple[IntArray, IntArray, IntArray, BoolArray],
    fabric: tuple[IntArray, IntArray, IntArray, int],
    lost: tuple[BoolArray, IntArray, IntArray],
    weakened: tuple[IntArray, IntArray, FloatArray],
) -> None:
    first, flat = cases
    own_first, own, site_of, is_router = elements
    routers, at_first, at, links = fabric
    sites, down_first, down = lost
    weak_first, weak, share = weakened
    dead, dim = np.full(links, -1, dtype=np.int64), np.full(links, -1, dtype=np.int64)
    out, kept = np.zeros(len(routers), dtype=np.int64), np.ones(links)
    downs, weaks = 0, 0
    for case in range(len(first) - 1):
        for element in flat[first[case] : first[case + 1]]:
            site = site_of[element]
            for link in own[own_first[element] : own_first[element + 1]]:
                downs = _add(dead, down, downs, case, int(link))
            if site >= 0:
                out[site] += 1 if is_router[element] else routers[site]
                if out[site] >= routers[site]:
                    sites[case, site] = True
                    for link in at[at_first[site] : at_first[site + 1]]:
                        downs = _add(dead, down, downs, case, int(link))
        for element in flat[first[case] : first[case + 1]]:
            site = site_of[element]
            if site < 0 or out[site] == 0:
                continue
            for link in at[at_first[site] : at_first[site + 1]]:
                if dead[link] != case:
                    kept[link] = 1.0 if dim[link] != case else kept[link]
                    kept[link] *= 1.0 - out[site] / routers[site]
                    weaks = _add(dim, weak, weaks, case, int(link))
            out[site] = 0
        for place in range(weak_first[case], weaks):
            share[place] = kept[weak[place]]
        down_first[case + 1], weak_first[case + 1] = downs, weaks


@njit(cache=True, nogil=True)
def _add(mark: IntArray, into: IntArray, size: int, case: int, link: int) -> int:
    """Put a link down once a case; returns how many stand there."""
    if mark[link] == case:
        return size
    mark[link] = case
    into[size] = link
    return size + 1
