"""Failure cases: which elements fall together, by name, before anybody asks what that breaks.

The set follows from the network and the elements in use; design and proof both read it, and each
works out by itself what a case takes down.
"""

from collections.abc import Collection, Iterator

from msgspec import Struct

from arterial.model.network import Network
from arterial.model.policy import FailureKind
from arterial.model.site import Site

__all__ = ["Failure", "router_count", "single_failures"]


class Failure(Struct, frozen=True, kw_only=True):
    """One case: what is lost at once."""

    name: str
    kind: FailureKind
    fibres: tuple[str, ...] = ()
    """Fibre routes cut whole, or ready-made links."""
    site: str = ""
    """Site lost whole (``site``), or whose router (``router``) or replicas (``edge``) are lost."""
    router: int = 0
    """1-based."""


def router_count(site: Site) -> int:
    """Routers at a site: as told, else two where traffic is added."""
    if site.routers is not None:
        return site.routers
    adds = {"campus", "edge", "candidate-edge", "market"} & set(site.roles)
    return 2 if adds else 0


def single_failures(
    network: Network,
    *,
    fibres: Collection[str],
    router_sites: Collection[str],
    edges: Collection[str],
) -> tuple[Failure, ...]:
    """Every single failure of what a plan uses, in a fixed order.

    Parameters
    ----------
    fibres
        Fibre routes (or ready-made links) in use.
    router_sites
        Sites where links end.
    edges
        Sites that hold replicas.
    """
    return (
        *_cuts(network, set(fibres)),
        *(
            Failure(
                name=f"router {site.name}/{number}", kind="router", site=site.name, router=number
            )
            for site in network.sites
            if site.name in router_sites
            for number in range(1, router_count(site) + 1)
        ),
        *(
            Failure(name=f"site {site.name}", kind="site", site=site.name)
            for site in network.sites
            if "junction" in site.roles
        ),
        *(
            Failure(name=f"edge {site.name}", kind="edge", site=site.name)
            for site in network.sites
            if site.name in edges
        ),
    )


def _cuts(network: Network, used: set[str]) -> Iterator[Failure]:
    routes = [*network.fibres, *network.links]
    for route in routes:
        if route.name in used:
            yield Failure(name=f"fibre {route.name}", kind="fibre", fibres=(route.name,))
    members: dict[str, list[str]] = {}
    for route in routes:
        if route.name in used:
            for risk in route.risks:
                members.setdefault(risk, []).append(route.name)
    for risk, names in members.items():
        yield Failure(name=f"srlg {risk}", kind="srlg", fibres=tuple(names))
