"""The plan: tables of rows, what they cost, how good they are, and what they were made from."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from arterial.model.network import Network
from arterial.plan.rows import (
    BillItem,
    BoughtUnit,
    Demand,
    IpLink,
    Lightpath,
    LightpathHop,
    LitFibre,
    Replica,
    RestoredHop,
    RestoredWave,
    Serving,
    SpareRegenerators,
    Tunnel,
    TunnelHop,
)

__all__ = ["Plan", "Status"]

Status = Literal["gap", "rounds", "time", "fixed"]
"""Why design stopped: gap reached, rounds used up, wall time (marked: not reproducible), or nothing
to build (a network of ready-made links)."""


class Plan(Struct, frozen=True, kw_only=True):
    """What to build and how traffic runs on it. Same input, same seed: same plan."""

    network: Network
    """What the plan was made for, whole: a proof needs no other file."""
    load: str
    seed: int
    input_hash: str
    """SHA-256 over the network, the load's name, the seed and what was asked of the design."""
    versions: dict[str, str]
    cost: float
    bound: float
    """No plan on ``bound_scope`` costs less."""
    gap: float
    """(cost - bound) / cost; 0 when cost is 0."""
    bound_scope: Literal["network", "restricted", "paths"]
    bound_note: str = ""
    """What was fixed before the bound was taken."""
    status: Status
    lightpaths: tuple[Lightpath, ...] = ()
    lightpath_hops: tuple[LightpathHop, ...] = ()
    ip_links: tuple[IpLink, ...] = ()
    bought_units: tuple[BoughtUnit, ...] = ()
    lit_fibres: tuple[LitFibre, ...] = ()
    replicas: tuple[Replica, ...] = ()
    demands: tuple[Demand, ...] = ()
    tunnels: tuple[Tunnel, ...] = ()
    tunnel_hops: tuple[TunnelHop, ...] = ()
    bill: tuple[BillItem, ...] = ()
    restored_waves: tuple[RestoredWave, ...] = ()
    """By case; a wave that is cut and does not come back has no row."""
    restored_hops: tuple[RestoredHop, ...] = ()
    spares: tuple[SpareRegenerators, ...] = ()
    serving: tuple[Serving, ...] | UnsetType = UNSET
    """Absent where no workload of the load says what a replica takes: nothing is counted then."""

    @property
    def spares_cost(self) -> float:
        """What spare regenerators add to the cost."""
        return sum(item.cost for item in self.bill if item.item == "spare regenerator")

    @property
    def search_gap(self) -> float:
        """Gap of the cost without spare regenerators: bought last, they are in no bound."""
        priced = self.cost - self.spares_cost
        return max(0.0, (priced - self.bound) / priced) if priced else 0.0
