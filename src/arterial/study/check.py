"""``check``: is the description sound, what does it hold, and what is unknown in it."""

from pathlib import Path

from msgspec import Struct

from arterial.model.figures import figures
from arterial.model.network import Network
from arterial.model.reader import load_network, network_hash
from arterial.model.subsea import SubseaSystem

__all__ = ["Checked", "Unknown", "check"]


class Unknown(Struct, frozen=True, kw_only=True):
    """A figure that some rows lack, and what cannot be said without it."""

    what: str
    count: int
    of: int
    blocks: str


class Checked(Struct, frozen=True, kw_only=True):
    """A sound description, in numbers."""

    name: str
    title: str
    hash: str
    sites: int
    campuses: int
    edges: int
    candidate_edges: int
    markets: int
    people: float
    fibres: int
    candidate_fibres: int
    fibre_km: float
    """Of those with a length."""
    subsea: tuple[str, ...]
    """Subsea systems that are described, each with its weeks to repair."""
    links: int
    risks: int
    modes: int
    loads: tuple[str, ...]
    assumptions: int
    """Figures, or rows that share a source, that say ASSUMPTION."""
    unknown: tuple[Unknown, ...]
    notes: tuple[str, ...]


def check(folder: Path) -> Checked:
    """Read the description in ``folder``. Raises ModelError with every problem in it."""
    network = load_network(folder)
    roles = [role for site in network.sites for role in site.roles]
    risks = {risk for route in (*network.fibres, *network.links) for risk in route.risks}
    return Checked(
        name=network.name,
        title=network.title,
        hash=network_hash(network),
        sites=len(network.sites),
        campuses=len(network.campuses),
        edges=roles.count("edge"),
        candidate_edges=roles.count("candidate-edge"),
        markets=len(network.markets),
        people=sum(market.people for market in network.markets),
        fibres=len(network.fibres),
        candidate_fibres=sum(fibre.status == "candidate" for fibre in network.fibres),
        fibre_km=sum(fibre.length_km or 0.0 for fibre in network.fibres),
        subsea=tuple(_system(system) for system in network.subsea),
        links=len(network.links),
        risks=len(risks),
        modes=len(network.modes),
        loads=tuple(load.name for load in network.loads),
        assumptions=sum(figure.assumption for figure in figures(network)),
        unknown=_unknown(network),
        notes=network.notes,
    )


def _system(system: SubseaSystem) -> str:
    weeks = "unknown" if system.repair_weeks is None else f"{system.repair_weeks:g}"
    return f"{system.name}, repaired in {weeks} weeks"


def _unknown(network: Network) -> tuple[Unknown, ...]:
    found = (
        Unknown(
            what="sites without coordinates",
            count=sum(site.lat is None for site in network.sites),
            of=len(network.sites),
            blocks="their place on the map, and great circles",
        ),
        Unknown(
            what="fibres without a length",
            count=sum(fibre.length_km is None for fibre in network.fibres),
            of=len(network.fibres),
            blocks="light and delay over them",
        ),
        Unknown(
            what="subsea fibres without a system",
            count=sum(fibre.subsea and fibre.system is None for fibre in network.fibres),
            of=len(network.fibres),
            blocks="light over them: terrestrial amplifiers do not describe a wet span",
        ),
        Unknown(
            what="subsea systems without repair weeks",
            count=sum(system.repair_weeks is None for system in network.subsea),
            of=len(network.subsea),
            blocks="how long a cut of theirs lasts",
        ),
        Unknown(
            what="links without delay or length",
            count=sum(link.latency_ms is None and link.length_km is None for link in network.links),
            of=len(network.links),
            blocks="round trips over them",
        ),
    )
    return tuple(row for row in found if row.count)
