"""A network as its owner describes it: names, units, sources; no indices and no arrays."""

from msgspec import Struct

from arterial.model.cost import Costs
from arterial.model.fibre import Fibre, Link, Risk
from arterial.model.lead import LeadTimes
from arterial.model.line import Latency, LineSystem, Margins
from arterial.model.phase import Horizon, Phase
from arterial.model.pluggable import Mode
from arterial.model.policy import DEFAULT_CLASSES, DEFAULT_POLICY, Policy, TrafficClass
from arterial.model.quantity import Positive
from arterial.model.restoration import Restoration
from arterial.model.site import Campus, Market, Site
from arterial.model.subsea import SubseaSystem
from arterial.model.wave import Wave
from arterial.model.workload import Load, Workload
from arterial.names import Name

__all__ = ["DemandRow", "Network"]


class DemandRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A demand that the user brings (a row of a load's demand table)."""

    traffic_class: Name
    """Name of a traffic class."""
    source: Name
    """Site where the traffic starts."""
    target: Name
    """Site where it ends."""
    gbps: Positive
    """Rate at peak."""
    transfer_h: Positive | None = None
    """How long one transfer takes at ``gbps``; needed only for classes with a deadline."""


class Network(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the user says, checked: every reference is known, every number within limits."""

    name: Name
    title: str = ""
    sites: tuple[Site, ...]
    fibres: tuple[Fibre, ...] = ()
    links: tuple[Link, ...] = ()
    risks: tuple[Risk, ...] = ()
    waves: tuple[Wave, ...] = ()
    """Those that stand already."""
    markets: tuple[Market, ...] = ()
    campuses: tuple[Campus, ...] = ()
    modes: tuple[Mode, ...] = ()
    """The catalogue after the user's additions."""
    line: LineSystem = LineSystem()
    subsea: tuple[SubseaSystem, ...] = ()
    margins: Margins = Margins()
    latency: Latency = Latency()
    classes: tuple[TrafficClass, ...] = DEFAULT_CLASSES
    policy: Policy = DEFAULT_POLICY
    workloads: tuple[Workload, ...] = ()
    loads: tuple[Load, ...] = ()
    """The first is the default."""
    demands: dict[str, tuple[DemandRow, ...]] = {}
    """By load name: rows of the load's demand table."""
    costs: Costs = Costs()
    restoration: Restoration = Restoration()
    lead_times: LeadTimes = LeadTimes()
    phases: tuple[Phase, ...] = ()
    """In the order of their years; a design of a single load reads none."""
    horizon: Horizon = Horizon()
    notes: tuple[str, ...] = ()
    """What the description's author says is weak in it."""

    @property
    def standing_links(self) -> tuple[Link, ...]:
        """Ready-made links that carry traffic before anything is bought."""
        return tuple(link for link in self.links if link.standing)
