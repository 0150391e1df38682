"""What ``network.yaml`` itself holds, and which Struct each table's rows are.

The tables and the package's catalogue complete it to a ``Network``.
"""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.cost import Costs
from arterial.model.fibre import Fibre, Link, Risk
from arterial.model.lead import LeadTimes
from arterial.model.line import Latency, LineSystem, Margins
from arterial.model.phase import Horizon, Phase
from arterial.model.pluggable import Mode
from arterial.model.policy import DEFAULT_CLASSES, DEFAULT_POLICY, Policy, TrafficClass
from arterial.model.restoration import Restoration
from arterial.model.site import Campus, Market, Site
from arterial.model.subsea import SubseaSystem
from arterial.model.wave import Wave
from arterial.model.workload import Load, Workload
from arterial.names import Name

__all__ = ["TABLES", "Description", "Tables"]

TABLES: dict[str, type[Struct]] = {
    "sites": Site,
    "fibres": Fibre,
    "links": Link,
    "markets": Market,
    "campuses": Campus,
    "risks": Risk,
    "waves": Wave,
}


class Tables(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CSV files in the description's folder."""

    sites: str
    """Places, their roles and their equipment."""
    fibres: str = ""
    """Fibre routes: existing, leasable or candidate."""
    links: str = ""
    """IP links that need no optics: they stand already, or can be bought."""
    markets: str = ""
    """People, by the site they enter at."""
    campuses: str = ""
    """Training campuses."""
    risks: str = ""
    """Shared risks with a note; where this table is given, every risk must stand in it."""
    waves: str = ""
    """Waves that stand already: a design keeps them where they are."""


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network description: ``network.yaml``."""

    name: Name
    """What plans and reports call the network."""
    title: str = ""
    """One line for reports."""
    tables: Tables
    """Where the rows stand."""
    line: LineSystem = LineSystem()
    """The line system; what is absent keeps its default."""
    subsea: tuple[SubseaSystem, ...] = ()
    """Subsea systems that fibres name: what light does on their wet spans."""
    margins: Margins = Margins()
    """GSNR kept in hand."""
    latency: Latency = Latency()
    """How planning delays are made."""
    classes: Annotated[tuple[TrafficClass, ...], Meta(min_length=1)] = DEFAULT_CLASSES
    """Traffic classes; a list here replaces the default list."""
    policy: Policy = DEFAULT_POLICY
    """What must hold; absent rules keep the default ones, for those classes that exist."""
    workloads: tuple[Workload, ...] = ()
    """What AI asks of the network."""
    loads: tuple[Load, ...] = ()
    """Workloads that run together; the first load is the default."""
    costs: Costs = Costs()
    """Unit costs; what is absent keeps its default."""
    restoration: Restoration = Restoration()
    """How light comes back after a cut."""
    lead_times: LeadTimes = LeadTimes()
    """Months from order to use."""
    phases: tuple[Phase, ...] = ()
    """Years to come, in order: what `arterial evolve` plans for."""
    horizon: Horizon = Horizon()
    """What holds for all phases: prices over the years, how good forecasts are."""
    pluggables: tuple[Mode, ...] = ()
    """Modes beside the package's catalogue; one of the same name replaces the catalogue's."""
    notes: tuple[str, ...] = ()
    """What is weak in this description, in its author's words."""
