"""``import``: another project's network file to a network folder of ours."""

from pathlib import Path

from msgspec import Struct

from arterial.model.imports.found import Found
from arterial.model.imports.gnpy import read_gnpy
from arterial.model.imports.graphml import DEFAULT_FACTOR, read_graphml
from arterial.model.imports.repetita import read_repetita
from arterial.model.imports.sndlib import Capacity, SndChoice, read_sndlib
from arterial.model.imports.topohub import DEFAULT_GBPS, read_topohub
from arterial.model.imports.write import write_network

__all__ = [
    "DEFAULT_FACTOR",
    "DEFAULT_GBPS",
    "MOST_GBPS",
    "Capacity",
    "Imported",
    "import_gnpy",
    "import_graphml",
    "import_repetita",
    "import_sndlib",
    "import_topohub",
]

MOST_GBPS = 1e12
"""Of a link, as an option: a slip of the keyboard ends here."""


class Imported(Struct, frozen=True, kw_only=True):
    """What was found and written; ``notes`` say what is assumed or missing."""

    network: str
    name: str
    sites: int
    unplaced: int
    """Sites without coordinates."""
    fibres: int
    without_length: int
    subsea: int
    links: int
    demands: int
    demand_gbps: float
    """Sum over the demands."""
    notes: tuple[str, ...]


def import_gnpy(file: Path, folder: Path) -> Imported:
    """A GNPy topology (JSON) as a network. Raises ModelError when the file is none."""
    return _imported(read_gnpy(file), folder)


def import_graphml(
    file: Path,
    folder: Path,
    *,
    factor: float = DEFAULT_FACTOR,
    links_gbps: float | None = None,
    demands: Path | None = None,
) -> Imported:
    """A GraphML file as a network. Raises ModelError when the file is none.

    Parameters
    ----------
    factor
        Fibre length over great circle, 1 or more; marked ASSUMPTION.
    links_gbps
        Where given, edges become IP links; this is their capacity where the file gives no speed.
    demands
        A CSV table of demands between the sites.
    """
    found = read_graphml(file, factor=factor, links_gbps=links_gbps, demands=demands)
    return _imported(found, folder)


def import_repetita(graph: Path, folder: Path, *, demands: Path | None = None) -> Imported:
    """A REPETITA graph and its demands. Raises ModelError when one of the files is none."""
    return _imported(read_repetita(graph, demands), folder)


def import_sndlib(
    file: Path,
    folder: Path,
    *,
    model: Path | None = None,
    capacity: Capacity | float = "auto",
    unit_gbps: float | None = None,
) -> Imported:
    """An SNDlib network (native text or XML). Raises ModelError when a file is none.

    Parameters
    ----------
    model
        A model file: what links, demands and failures mean.
    capacity
        The rule by which a link gets its capacity, or Gb/s for every link.
    unit_gbps
        Gb/s of the file's 1.
    """
    choice = SndChoice(capacity=capacity, unit_gbps=unit_gbps)
    return _imported(read_sndlib(file, model, choice), folder)


def import_topohub(
    file: Path, folder: Path, *, capacity_gbps: float = DEFAULT_GBPS, unit_gbps: float = 1.0
) -> Imported:
    """A TopoHub graph (JSON). Raises ModelError when the file is none.

    Parameters
    ----------
    capacity_gbps
        Of every link; marked ASSUMPTION.
    unit_gbps
        Gb/s of the file's 1 in demands.
    """
    found = read_topohub(file, capacity_gbps=capacity_gbps, unit_gbps=unit_gbps)
    return _imported(found, folder)


def _imported(found: Found, folder: Path) -> Imported:
    network = write_network(found, folder)
    routes = (*network.fibres, *network.links)
    rows = [row for rows in network.demands.values() for row in rows]
    return Imported(
        network=str(folder),
        name=network.name,
        sites=len(network.sites),
        unplaced=sum(site.lat is None for site in network.sites),
        fibres=len(network.fibres),
        without_length=sum(route.length_km is None for route in routes),
        subsea=sum(fibre.subsea for fibre in network.fibres),
        links=len(network.links),
        demands=len(rows),
        demand_gbps=sum(row.gbps for row in rows),
        notes=network.notes,
    )
