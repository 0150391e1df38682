"""``populate``: a bare network folder to one that ``design`` takes."""

from pathlib import Path

from msgspec import Struct

from arterial.model.imports.write import write_network
from arterial.model.reader import load_network
from arterial.study.populate.people import PEOPLE, read_people
from arterial.study.populate.settle import Choice, settled

__all__ = ["Choice", "Populated", "populate"]


class Populated(Struct, frozen=True, kw_only=True):
    """What was found and written; ``notes`` say what is assumed or left out."""

    network: str
    name: str
    sites: int
    fibres: int
    candidate_fibres: int
    shared_risks: int
    subsea: int
    """Subsea systems, as described or assumed."""
    markets: int
    people: float
    edges: int
    candidate_edges: int
    campuses: int
    loads: tuple[str, ...]
    notes: tuple[str, ...]


def populate(
    folder: Path, output: Path, *, people: Path | None = None, choice: Choice | None = None
) -> Populated:
    """Write the populated network into ``output``, empty or new.

    Parameters
    ----------
    people
        A CSV table of towns (name, lat, lon, people) in place of the package's.

    Raises
    ------
    ModelError
        When the network or the table is wrong, or the network is not bare.
    """
    towns = read_people(people or PEOPLE)
    network = write_network(settled(load_network(folder), towns, choice or Choice()), output)
    return Populated(
        network=str(output),
        name=network.name,
        sites=len(network.sites),
        fibres=len(network.fibres),
        candidate_fibres=sum(fibre.status == "candidate" for fibre in network.fibres),
        shared_risks=len({risk for fibre in network.fibres for risk in fibre.risks}),
        subsea=len(network.subsea),
        markets=len(network.markets),
        people=sum(market.people for market in network.markets),
        edges=sum("edge" in site.roles for site in network.sites),
        candidate_edges=sum("candidate-edge" in site.roles for site in network.sites),
        campuses=len(network.campuses),
        loads=tuple(load.name for load in network.loads),
        notes=network.notes,
    )
