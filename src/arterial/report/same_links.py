"""Which IP links of two plans are the same: those over the same fibres, whatever they are called.

A link is where its light runs. Links of one route are told apart by name, then by order; what is
left over joins a link of the same name or, failing that, of the same ends: such a link has moved.
Swapping the plans swaps the answer.
"""

from collections.abc import Callable, Hashable
from typing import Literal

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, LightpathHop

__all__ = ["Fate", "LinkPair", "Route", "link_pairs", "routes_of"]

Fate = Literal["same", "moved", "built", "freed"]

Route = tuple[tuple[str, str], tuple[str, ...]]
"""Ends in alphabetical order, and the fibres from the first to the second; a ready-made link's own
name stands for its fibres."""


class LinkPair(Struct, frozen=True, kw_only=True):
    """A link of the older plan and what it is in the newer one."""

    fate: Fate
    a: IpLink | None
    """In the older plan; None for a link that is built."""
    b: IpLink | None
    """In the newer plan; None for a link that is freed."""
    route_a: Route | None
    route_b: Route | None

    @property
    def name(self) -> str:
        """What to call it: as the newer plan does, where it has it."""
        link = self.b or self.a
        assert link is not None
        return link.name


def routes_of(plan: Plan) -> dict[str, Route]:
    """Where each IP link runs, by its name; of waves over several routes the first one's."""
    hops: dict[str, list[LightpathHop]] = {}
    for hop in sorted(plan.lightpath_hops, key=lambda hop: hop.hop):
        hops.setdefault(hop.lightpath, []).append(hop)
    first: dict[str, str] = {}
    for wave in plan.lightpaths:
        first.setdefault(wave.link, wave.name)
    return {
        link.name: _route(link, hops.get(first.get(link.name, ""), [])) for link in plan.ip_links
    }


def _route(link: IpLink, hops: list[LightpathHop]) -> Route:
    fibres = tuple(hop.fibre for hop in hops) or (link.name,)
    if link.a <= link.z:
        return (link.a, link.z), fibres
    return (link.z, link.a), fibres[::-1]


def link_pairs(a: Plan, b: Plan) -> tuple[LinkPair, ...]:
    """Every link of either plan once, by name."""
    route_a, route_b = routes_of(a), routes_of(b)
    left = {link.name: link for link in a.ip_links}
    right = {link.name: link for link in b.ip_links}
    found: list[LinkPair] = []

    def join(fate: Fate, key: Callable[[IpLink, Route], Hashable]) -> None:
        groups: dict[Hashable, tuple[list[str], list[str]]] = {}
        for side, links, routes in ((0, left, route_a), (1, right, route_b)):
            for name, link in links.items():
                groups.setdefault(key(link, routes[name]), ([], []))[side].append(name)
        for mine, yours in groups.values():
            for one, other in zip(sorted(mine), sorted(yours), strict=False):
                routes = route_a[one], route_b[other]
                found.append(_pair(fate, left.pop(one), right.pop(other), routes))

    join("same", lambda link, route: (route, link.name))
    join("same", lambda _, route: route)
    join("moved", lambda link, route: (route[0], link.name))
    join("moved", lambda _, route: route[0])
    found += [_pair("freed", link, None, (route_a[name], None)) for name, link in left.items()]
    found += [_pair("built", None, link, (None, route_b[name])) for name, link in right.items()]
    return tuple(sorted(found, key=lambda pair: (pair.name, pair.fate)))


def _pair(
    fate: Fate, a: IpLink | None, b: IpLink | None, routes: tuple[Route | None, Route | None]
) -> LinkPair:
    return LinkPair(fate=fate, a=a, b=b, route_a=routes[0], route_b=routes[1])
