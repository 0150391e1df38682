"""A GNPy topology file as it stands: elements and connections, read and cross-checked.

Only what an import needs is read; the rest of each element is passed over.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from arterial.model.imports.found import content_of, refused

__all__ = ["Element", "Topology", "read_topology"]

_SPANS = ("Fiber", "RamanFiber")
_NORTHMOST_DEG = 90.0
_EASTMOST_DEG = 180.0


class Location(Struct, frozen=True):
    """Where an element stands, as far as the file says."""

    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Metadata(Struct, frozen=True):
    """What GNPy itself does not compute with."""

    location: Location = Location()


class Params(Struct, frozen=True):
    """Of a fibre; other elements have other parameters, which are passed over."""

    length: Annotated[float, Meta(ge=0.0, le=1e9)] | None = None
    length_units: Literal["km", "m"] = "km"
    loss_coef: float | dict[str, msgspec.Raw] | None = None


class Element(Struct, frozen=True):
    """A ROADM, a transceiver, an amplifier, a splice or a span of fibre."""

    uid: str
    type: str
    type_variety: str = ""
    metadata: Metadata = Metadata()
    params: Params | None = None

    @property
    def is_span(self) -> bool:
        """True for a span of fibre."""
        return self.type in _SPANS

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude; None when absent, off the earth or GNPy's filler, 0 and 0."""
        lat, lon = self.metadata.location.latitude, self.metadata.location.longitude
        if lat is None or lon is None or (lat == 0.0 and lon == 0.0):
            return None
        return (lat, lon) if abs(lat) <= _NORTHMOST_DEG and abs(lon) <= _EASTMOST_DEG else None

    @property
    def length_km(self) -> float | None:
        """Of a span; None when the file gives none."""
        if self.params is None or not self.params.length:
            return None
        return self.params.length / (1000.0 if self.params.length_units == "m" else 1.0)

    @property
    def loss_db_per_km(self) -> float | None:
        """Of a span; None when the file gives none, or one for each frequency."""
        loss = self.params.loss_coef if self.params else None
        return loss if isinstance(loss, float) and loss > 0.0 else None


class Topology(Struct, frozen=True):
    """Elements by uid, and for each those that light goes to next."""

    elements: dict[str, Element]
    after: dict[str, list[str]]


class _Connection(Struct):
    from_node: str
    to_node: str


class _File(Struct):
    elements: list[Element]
    connections: list[_Connection]


def read_topology(path: Path) -> Topology:
    """Elements and connections of a file. Raises ModelError when it is no GNPy topology."""
    try:
        file = msgspec.json.decode(content_of(path), type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(path, str(error), "Give a GNPy topology file (JSON)") from error
    elements: dict[str, Element] = {}
    for element in file.elements:
        if element.uid in elements:
            found = f"a second element has the uid '{element.uid}'"
            raise refused(path, found, "Give each element its own uid")
        elements[element.uid] = element
    after: dict[str, list[str]] = {uid: [] for uid in elements}
    for connection in file.connections:
        for uid in (connection.from_node, connection.to_node):
            if uid not in elements:
                found = f"a connection names '{uid}', which the file does not hold"
                raise refused(path, found, "Add the element or remove the connection")
        after[connection.from_node].append(connection.to_node)
    return Topology(elements, after)
