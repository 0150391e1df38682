"""An SNDlib network as it stands, from either of its formats: nodes, links, demands, with lines.

SNDlib's numbers have no unit of their own; what they mean is decided by the importer.
"""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from arterial.model.imports.found import refused
from arterial.model.marks import shown

__all__ = ["Module", "SndDemand", "SndFile", "SndLink", "SndNode", "checked"]


class Module(Struct, frozen=True):
    """Capacity that may be bought for a link, and what it costs."""

    capacity: float
    cost: float


class SndNode(Struct, frozen=True):
    """A node."""

    name: str
    point: tuple[float, float] | None
    """x and y."""
    line: int


class SndLink(Struct, frozen=True, kw_only=True):
    """A link: what it has, what more of it costs, what using it costs."""

    name: str
    source: str
    target: str
    preinstalled: float
    preinstalled_cost: float
    routing_cost: float
    setup_cost: float
    modules: tuple[Module, ...]
    line: int


class SndDemand(Struct, frozen=True, kw_only=True):
    """A demand of ``units`` times ``value``."""

    name: str
    source: str
    target: str
    units: float
    """Capacity that one unit of it takes."""
    value: float
    hops: float | None
    """Links on a path at most; None for any number."""
    line: int


class SndFile(Struct, frozen=True, kw_only=True):
    """What a file holds."""

    nodes: tuple[SndNode, ...]
    links: tuple[SndLink, ...]
    demands: tuple[SndDemand, ...]
    restricted: int
    """Demands that may only use listed paths."""
    pixels: bool
    """The file says that coordinates are a picture's."""
    unit: str
    """Of demands, where the file names one."""


def checked(path: Path, file: SndFile) -> SndFile:
    """The same file. Raises ModelError when a name stands twice or names nothing."""
    if not file.nodes:
        raise refused(path, "there is no node in it", "Give a file with a section NODES")
    for kind, items in (("node", file.nodes), ("link", file.links), ("demand", file.demands)):
        _once(path, kind, items)
    nodes = {node.name for node in file.nodes}
    for kind, items in (("link", file.links), ("demand", file.demands)):
        for item in items:
            for end in (item.source, item.target):
                if end not in nodes:
                    found = f"{kind} '{shown(item.name)}' ends at '{shown(end)}', which is no node"
                    raise refused(path, found, "Add the node, or name another", line=item.line)
    return file


def _once(path: Path, kind: str, items: Iterable[SndNode | SndLink | SndDemand]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.name in seen:
            found = f"a second {kind} is called '{shown(item.name)}'"
            raise refused(path, found, "Give each its own name", line=item.line)
        seen.add(item.name)
