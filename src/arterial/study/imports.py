"""``import``: another project's network file to a network folder of ours."""

from pathlib import Path

from msgspec import Struct

from arterial.model.imports.found import Found
from arterial.model.imports.gnpy import read_gnpy
from arterial.model.imports.graphml import DEFAULT_FACTOR, read_graphml
from arterial.model.imports.write import write_network

__all__ = ["DEFAULT_FACTOR", "Imported", "import_gnpy", "import_graphml"]


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
    notes: tuple[str, ...]


def import_gnpy(file: Path, folder: Path) -> Imported:
    """A GNPy topology (JSON) as a network. Raises ModelError when the file is none."""
    return _imported(read_gnpy(file), folder)


def import_graphml(file: Path, folder: Path, *, factor: float = DEFAULT_FACTOR) -> Imported:
    """A GraphML file as a network. Raises ModelError when the file is none.

    Parameters
    ----------
    factor
        Fibre length over great circle, 1 or more; marked ASSUMPTION.
    """
    return _imported(read_graphml(file, factor=factor), folder)


def _imported(found: Found, folder: Path) -> Imported:
    network = write_network(found, folder)
    return Imported(
        network=str(folder),
        name=network.name,
        sites=len(network.sites),
        unplaced=sum(site.lat is None for site in network.sites),
        fibres=len(network.fibres),
        without_length=sum(fibre.length_km is None for fibre in network.fibres),
        subsea=sum(fibre.subsea for fibre in network.fibres),
        notes=network.notes,
    )
