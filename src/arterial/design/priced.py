"""Costs by group, and what becomes of a network or of a bill when one group's prices change."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Literal, get_args

from msgspec import UNSET, structs

from arterial.model.cost import Costs
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.plan.rows import BillItem, Item

__all__ = ["GROUPS", "CostGroup", "by_group", "repriced", "scaled"]

CostGroup = Literal["pluggables", "fibre pairs", "edges", "ports and chassis", "power"]

ITEMS = MappingProxyType[CostGroup, tuple[Item, ...]](
    {
        "pluggables": ("pluggable", "regenerator", "spare regenerator"),
        "fibre pairs": (
            "fibre setup",
            "fibre pair",
            "amplifier hut",
            "roadm degree",
            "line terminal",
        ),
        "edges": ("edge site", "edge build", "gpu", "gpu power"),
        "ports and chassis": ("router port", "chassis"),
        "power": ("power",),
    }
)
"""Lines of the bill by group: every line is in one."""

_PRICES = MappingProxyType[CostGroup, tuple[str, ...]](
    {
        "pluggables": ("regenerator",),
        "fibre pairs": (
            "fibre_build_km",
            "pair_km_year",
            "amplifier_hut",
            "roadm_degree",
            "line_terminal",
        ),
        "edges": ("edge_site_year", "edge_site_build", "gpu_year", "gpu_kw_year"),
        "ports and chassis": ("router_port", "chassis"),
        "power": ("watt_year",),
    }
)

GROUPS: tuple[CostGroup, ...] = get_args(CostGroup)


def scaled(network: Network, group: CostGroup, factor: float) -> Network:
    """The network with every price of a group multiplied; each fibre's own rent with them."""
    costs = structs.replace(network.costs, **_times(network.costs, group, factor))
    if group == "pluggables":
        own = {name: price * factor for name, price in network.costs.pluggables.items()}
        modes = tuple(
            mode if mode.cost is None else structs.replace(mode, cost=mode.cost * factor)
            for mode in network.modes
        )
        return structs.replace(network, costs=structs.replace(costs, pluggables=own), modes=modes)
    if group == "fibre pairs":
        fibres = tuple(_fibre(fibre, factor) for fibre in network.fibres)
        return structs.replace(network, costs=costs, fibres=fibres)
    if group == "edges":
        sites = tuple(_site(site, factor) for site in network.sites)
        return structs.replace(network, costs=costs, sites=sites)
    return structs.replace(network, costs=costs)


def _site(site: Site, factor: float) -> Site:
    """A site with its own prices of accelerators and their power multiplied."""
    gpu, kw = site.gpu_year, site.gpu_kw_year
    return structs.replace(
        site,
        gpu_year=gpu if gpu is UNSET else gpu * factor,
        gpu_kw_year=kw if kw is UNSET else kw * factor,
    )


def _fibre(fibre: Fibre, factor: float) -> Fibre:
    """With its own figures multiplied, those that it has."""
    own = {
        name: figure * factor
        for name in ("pair_km_year", "setup_cost")
        if (figure := getattr(fibre, name)) is not None
    }
    return structs.replace(fibre, **own) if own else fibre


def _times(costs: Costs, group: CostGroup, factor: float) -> dict[str, float]:
    own = {name: getattr(costs, name) for name in _PRICES[group]}
    return {name: price * factor for name, price in own.items() if price not in (None, UNSET)}


def by_group(bill: Iterable[BillItem]) -> dict[CostGroup, float]:
    """What a bill spends on each group; all add up to the plan's cost."""
    lines = tuple(bill)
    return {
        group: sum(line.cost for line in lines if line.item in items)
        for group, items in ITEMS.items()
    }


def repriced(spent: dict[CostGroup, float], group: CostGroup, factor: float) -> float:
    """Cost of the same plan when one group's prices are multiplied.

    >>> repriced({"pluggables": 60.0, "power": 10.0}, "pluggables", 1.5)
    100.0
    """
    return sum(cost * (factor if name == group else 1.0) for name, cost in spent.items())
