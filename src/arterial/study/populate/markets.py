"""Markets of a populated network, and the sites that answer them.

A market is held when two edges are within the bound of inference by routes that fail apart, as the
default policy asks. One that cannot be held, whatever is opened, is left out and named: no design
could serve it, and what it lacks is a fibre or an edge, not a computation.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from arterial.demand.offers import Offer
from arterial.model.imports.found import unique
from arterial.model.network import Network
from arterial.model.site import Market, Role, Site
from arterial.placement.survival import apart_by_routes
from arterial.study.populate.people import Crowd
from arterial.study.populate.roads import FACTOR
from arterial.units import fibre_delay_ms

__all__ = ["equipped", "markets_of", "opened", "unheld"]

USER_MS = 0.5
HELD_MS = 18.0
"""Round trip within which an edge counts here: two of the policy's 20 ms are kept for hops."""
BOUND_CLASS = "inference"

ROUTERS = 2
"""Where traffic is added: inference is to survive the loss of one."""

EQUIPMENT: tuple[tuple[Role, int, int, float], ...] = (
    ("campus", 144, 4, 20.0),
    ("edge", 144, 4, 20.0),
    ("candidate-edge", 144, 4, 20.0),
    ("market", 72, 2, 10.0),
)
"""Router ports, chassis of 36 of them, and kW by the first of these roles that a site has."""


def markets_of(
    sites: Sequence[Site], crowd: Mapping[str, Crowd], *, from_people: float, within_km: float
) -> tuple[Market, ...]:
    """A market at each site with routers and ``from_people`` or more, largest first."""
    placed = [site for site in sites if site.routers != 0 and site.name in crowd]
    large = [site for site in placed if crowd[site.name].people >= from_people]
    large.sort(key=lambda site: (-crowd[site.name].people, site.name))
    names = unique(crowd[site.name].largest for site in large)
    return tuple(
        Market(
            name=name,
            site=site.name,
            people=crowd[site.name].people,
            access_ms=round(USER_MS + fibre_delay_ms(FACTOR * crowd[site.name].mean_km), 3),
            source=(
                f"ASSUMPTION: {crowd[site.name].towns} towns of the table of people nearest to "
                f"this site and within {within_km:g} km; access {USER_MS:g} ms and {FACTOR:g} x "
                "their mean great circle"
            ),
        )
        for site, name in zip(large, names, strict=True)
    )


def unheld(network: Network, markets: Sequence[Market], edges: Iterable[str]) -> tuple[Market, ...]:
    """Markets without two edges within the bound, on routes that fail apart.

    Parameters
    ----------
    network
        With its fibres; roles of its sites do not matter.
    edges
        Sites that may answer.
    """
    opening = frozenset(edges)
    sites = tuple(
        structs.replace(site, roles=("edge",) if site.name in opening else ("junction",))
        for site in network.sites
    )
    offers = [
        Offer(
            market=market.name,
            site=market.site,
            people=market.people,
            down_gbps=1.0,
            up_gbps=1.0,
            access_ms=market.access_ms or 0.0,
            limit_rtt_ms=HELD_MS,
            limit_class=BOUND_CLASS,
        )
        for market in markets
    ]
    apart = apart_by_routes(structs.replace(network, sites=sites), offers)
    return tuple(market for row, market in enumerate(markets) if not apart[row].any())


def opened(sites: Sequence[Site], roles: Mapping[str, Sequence[Role]]) -> tuple[Site, ...]:
    """Sites with further roles."""
    return tuple(
        structs.replace(site, roles=(*site.roles, *roles.get(site.name, ()))) for site in sites
    )


def equipped(sites: Sequence[Site]) -> tuple[Site, ...]:
    """Room and power where traffic is added; what a site says of itself stays."""
    return tuple(_equipped(site) for site in sites)


def _equipped(site: Site) -> Site:
    size = next((size for size in EQUIPMENT if size[0] in site.roles), None)
    if size is None or site.ports is not None:
        return site
    _, ports, slots, power_kw = size
    room = f"ASSUMPTION: room and power for {slots} chassis of 36 ports"
    single = site.routers is not None and site.routers < ROUTERS
    return structs.replace(
        site,
        routers=ROUTERS if single else site.routers,
        ports=ports,
        slots=slots,
        power_kw=power_kw,
        source=f"{site.source}; {room}{'; ASSUMPTION: a second router' if single else ''}",
    )
