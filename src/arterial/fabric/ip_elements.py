"""What can fail in the IP layer, by name, as arrays: fibres, links, shared risks, routers, sites.

A fibre or shared risk takes its links down; a site those that end there. A router of several takes
its share of the capacity of its site's links, and their traffic stays; where a site has one router,
the site is lost with it. Axis M: elements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arterial.fabric.ip import IpFabric

__all__ = ["ELEMENT_KINDS", "Elements", "elements_of"]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

ELEMENT_KINDS = ("fibre", "srlg", "router", "site", "link")
"""In the order in which elements are numbered."""

_Row = tuple[str, str, Sequence[int], int]


@dataclass(frozen=True, kw_only=True)
class Elements:
    """M elements."""

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    """Without their kind; a router is ``site/1``."""
    first: IntArray
    """(M + 1,) where each one's links begin."""
    links: IntArray
    site: IntArray
    """(M,) site that is lost or whose router is; -1 for other kinds."""
    router: BoolArray
    """(M,)"""

    def __len__(self) -> int:
        return len(self.names)

    def title(self, element: int) -> str:
        """What people call an element in a case: ``fibre Boston--Albany``."""
        return f"{self.kinds[element]} {self.names[element]}"

    def of_kind(self, *kinds: str) -> IntArray:
        """Elements of some kinds, in order."""
        found = [number for number, kind in enumerate(self.kinds) if kind in kinds]
        return np.array(found, dtype=np.int64)


def elements_of(ip: IpFabric) -> Elements:
    """Everything that can fail, sites without links left out."""
    rows = list(_rows(ip))
    count = [len(links) for _, _, links, _ in rows]
    return Elements(
        kinds=tuple(kind for kind, _, _, _ in rows),
        names=tuple(name for _, name, _, _ in rows),
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        links=np.array([link for _, _, links, _ in rows for link in links], dtype=np.int64),
        site=np.array([site for _, _, _, site in rows], dtype=np.int64),
        router=np.array([kind == "router" for kind, _, _, _ in rows], dtype=np.bool_),
    )


def _rows(ip: IpFabric) -> Iterator[_Row]:
    """(kind, name, links, site) of each element; a router's links are not lost for it alone."""
    at: dict[int, list[int]] = {}
    for link, ends in enumerate(ip.ends.tolist()):
        for end in dict.fromkeys(ends):
            at.setdefault(end, []).append(link)
    yield from (("fibre", name, links, -1) for name, links in ip.fibres)
    yield from (("srlg", name, links, -1) for name, links in ip.risks)
    for site in sorted(at):
        for number in range(1, int(ip.routers[site]) + 1):
            yield "router", f"{ip.sites[site]}/{number}", (), site
    yield from (("site", ip.sites[site], at[site], site) for site in sorted(at))
    yield from (("link", name, (link,), -1) for link, name in enumerate(ip.links))
