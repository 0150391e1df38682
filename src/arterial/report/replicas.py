"""Who answers whom: edge sites with the markets they answer first and those they stand in for."""

from msgspec import Struct

from arterial.plan.plan import Plan

__all__ = ["EdgeView", "edges"]


class EdgeView(Struct, frozen=True, kw_only=True):
    """An edge site in use."""

    edge: str
    standing: str
    """``stands``, or ``to be built`` at a candidate site."""
    people: float
    markets: tuple[str, ...]
    failover_people: float
    failover_markets: tuple[str, ...]


def edges(plan: Plan) -> tuple[EdgeView, ...]:
    """Edge sites in use, most people first."""
    people = {market.name: market.people for market in plan.network.markets}
    roles = {site.name: site.roles for site in plan.network.sites}
    first: dict[str, list[str]] = {}
    second: dict[str, list[str]] = {}
    for row in plan.replicas:
        first.setdefault(row.edge, []).append(row.market)
        second.setdefault(row.failover, []).append(row.market)
    rows = [
        EdgeView(
            edge=edge,
            standing="stands" if "edge" in roles.get(edge, ()) else "to be built",
            people=sum(people.get(market, 0.0) for market in first.get(edge, ())),
            markets=tuple(sorted(first.get(edge, ()))),
            failover_people=sum(people.get(market, 0.0) for market in second.get(edge, ())),
            failover_markets=tuple(sorted(second.get(edge, ()))),
        )
        for edge in sorted(set(first) | set(second))
    ]
    return tuple(sorted(rows, key=lambda row: (-row.people, row.edge)))
