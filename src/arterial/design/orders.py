"""What a way of building orders, and by when: in service at the start of a year, less lead time."""

from dataclasses import dataclass

import numpy as np

from arterial.design.horizon import Horizon
from arterial.model.network import Network
from arterial.solve.program import FloatArray

__all__ = ["Order", "order_month", "orders_of"]

MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Order:
    """Pieces of one kind for one place and phase."""

    stage: int
    item: str
    """``waves``, ``units`` of a link for sale, ``fibre pairs``, what the first of them cost once
    (``fibre setup``) or ``chassis``."""
    where: str
    kind: str
    """Mode of a wave, kind of a link for sale, status of a fibre."""
    quantity: int
    cost: float
    """Discounted."""
    lead_months: float


def orders_of(horizon: Horizon, columns: FloatArray) -> tuple[Order, ...]:
    """Everything that is bought, phase by phase."""
    bought, cost = horizon.bought, horizon.problem.program.cost
    found: list[Order] = []
    for x in np.flatnonzero(np.round(columns) > 0).tolist():
        item, where, kind, lead = _named(horizon, x)
        found.append(
            Order(
                stage=int(bought.stage[x]),
                item=item,
                where=where,
                kind=kind,
                quantity=round(float(columns[x])),
                cost=float(cost[x] * columns[x]),
                lead_months=lead,
            )
        )
    return tuple(found)


def order_month(year: int, lead_months: float) -> str:
    """The last month in which an order still makes the first of January.

    >>> order_month(2029, 7.0), order_month(2029, 0.0), order_month(2029, 12.5)
    ('2028-06', '2029-01', '2027-12')
    """
    month = year * MONTHS - int(np.ceil(lead_months))
    return f"{month // MONTHS}-{month % MONTHS + 1:02d}"


def _named(horizon: Horizon, x: int) -> tuple[str, str, str, float]:
    network, bought = horizon.outlook.network, horizon.bought
    instance, times = horizon.outlook.instance, network.lead_times
    if bought.link[x] >= 0:
        route = instance.routes[int(bought.link[x])]
        if route.given:
            own = next(link for link in network.links if link.name == route.given)
            return "units", own.name, own.kind, max(own.lead_time_months or 0.0, times.router)
        option = instance.options[int(bought.link[x])][int(bought.option[x])]
        where = f"{network.sites[route.a].name}--{network.sites[route.z].name}"
        via = [
            network.sites[site].name for site in instance.ground.graph.sites_of(route.arcs)[1:-1]
        ]
        place = f"{where} via {', '.join(via)}" if via else where
        return "waves", place, option.mode, max(times.pluggable, times.router)
    if bought.fibre[x] >= 0:
        fibre = network.fibres[int(bought.fibre[x])]
        return "fibre pairs", fibre.name, fibre.status, _pair_months(network, int(bought.fibre[x]))
    if bought.setup[x] >= 0:
        fibre = network.fibres[int(bought.setup[x])]
        return "fibre setup", fibre.name, fibre.status, _fibre_months(network, int(bought.setup[x]))
    return "chassis", network.sites[int(bought.site[x])].name, "router", times.router


def _pair_months(network: Network, fibre: int) -> float:
    """Line equipment is ordered with the pair; the slower of the two counts."""
    return max(_fibre_months(network, fibre), network.lead_times.line_system)


def _fibre_months(network: Network, fibre: int) -> float:
    own = network.fibres[fibre].lead_time_months
    return network.lead_times.fibre if own is None else own
