"""What `route` and `sweep` look at: IP links and traffic, from a network folder or a plan folder.

A network's own links come first. One that has none is taken as it would be with one IP link over
every existing fibre. A load's markets are served from where ``placement`` puts their replicas.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arterial.demand.flows import demands, given_flows
from arterial.demand.offers import market_offers
from arterial.demand.traffic import Traffic, traffic_of
from arterial.errors import ModelError, Problem
from arterial.fabric.ip import IpFabric, fibre_fabric, ip_fabric, plan_fabric
from arterial.model.demand_file import file_demands
from arterial.model.network import DemandRow, Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.placement.latency import planning_rtt_ms
from arterial.placement.replicas import place
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand, Replica
from arterial.plan.store import read_plan

__all__ = ["FIBRE_GBPS", "Scene", "scene"]

FIBRE_GBPS = 400.0
"""ASSUMPTION: one 400G wave over each fibre of a network that has no links yet."""

PLAN_FILE = "plan.json"
DEMANDS_FILE = "demands.csv"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A network with its links and its traffic."""

    network: Network
    plan: Plan | None
    """Where the folder holds one: links and traffic are then the plan's."""
    ip: IpFabric
    demands: tuple[Demand, ...]
    """Those that ask something of the network."""
    traffic: Traffic
    """As arrays; sites are numbered as in ``ip``."""
    load: str
    notes: tuple[str, ...]
    """What was assumed."""


def scene(
    folder: Path,
    *,
    load: str = "",
    demand_file: Path | None = None,
    fibre_gbps: float = FIBRE_GBPS,
) -> Scene:
    """Read a folder.

    Parameters
    ----------
    load
        Empty asks for the network's first load.
    demand_file
        A table of demands in place of a load.
    fibre_gbps
        Capacity of an IP link over a fibre, where the network has no links.

    Raises
    ------
    ModelError
        The description is wrong, there is no such load, or nothing says who sends to whom.
    DamagedError
        The plan is cut or changed.
    InfeasibleError
        A market has no edge within its class's round trip.
    """
    plan = read_plan(folder) if (folder / PLAN_FILE).exists() else None
    network = plan.network if plan else load_network(folder)
    if plan:
        ip = plan_fabric(plan)
    else:
        ip = ip_fabric(network) if network.standing_links else fibre_fabric(network, fibre_gbps)
    named, asked, staying = _asked(folder, network, plan, load, demand_file)
    return Scene(
        network=network,
        plan=plan,
        ip=ip,
        demands=asked,
        traffic=traffic_of(network, asked),
        load=named,
        notes=tuple(_notes(network, plan, fibre_gbps, staying)),
    )


def _asked(
    folder: Path, network: Network, plan: Plan | None, load: str, demand_file: Path | None
) -> tuple[str, tuple[Demand, ...], int]:
    """The load's name, what it asks, and how many of its rows stay at their site."""
    beside = folder / DEMANDS_FILE
    if demand_file is None and plan is not None:
        return plan.load, plan.demands, 0
    if demand_file is None and (load or network.loads):
        name = load or network.loads[0].name
        asked = demands(network, name, _replicas(network, name))
        return name, asked, _staying(network.demands.get(name, ()))
    if demand_file is None and not beside.exists():
        found = "there is no load, and no demands.csv beside it"
        expected = "Name a table by --demands; `arterial traffic gravity` makes one"
        place = str(folder / NETWORK_FILE)
        raise ModelError([Problem(file=place, field="loads", found=found, expected=expected)])
    rows = file_demands(demand_file or beside, network)
    return str(demand_file or beside), given_flows(rows), _staying(rows)


def _staying(rows: tuple[DemandRow, ...]) -> int:
    return sum(row.source == row.target for row in rows)


def _replicas(network: Network, load: str) -> tuple[Replica, ...]:
    offers = market_offers(network, load)
    return place(network, offers, planning_rtt_ms(network, offers)).replicas


def _notes(network: Network, plan: Plan | None, fibre_gbps: float, staying: int) -> Iterator[str]:
    if staying:
        yield f"demands that stay at their site and ask nothing of the network: {staying}"
    if plan is None and not network.standing_links:
        yield f"ASSUMPTION: every existing fibre carries one IP link of {fibre_gbps:g} Gb/s"
        if any(f.length_km is None for f in network.fibres if f.status == "existing"):
            yield "ASSUMPTION: a fibre of unknown length counts as long as the longest known one"
