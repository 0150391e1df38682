"""TopoHub's JSON: a node-link graph with lengths and, in some, demands; no capacities.

Every link gets one capacity, marked ASSUMPTION. The utilisations under ECMP that a file brings are
shares of its own fullest link, and are passed over.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, structs

from arterial.model.fibre import Link
from arterial.model.imports.asked import Asked, demand_rows, left_out
from arterial.model.imports.found import (
    Found,
    content_of,
    joined_name,
    refused,
    tidy_name,
    unique,
)
from arterial.model.imports.metrics import with_metrics
from arterial.model.imports.places import Places, places_of
from arterial.model.marks import shown
from arterial.model.site import Site

__all__ = ["DEFAULT_GBPS", "read_topohub"]

DEFAULT_GBPS = 100.0
"""ASSUMPTION: the files know no capacity."""

LONGEST_KM = 50_000.0

Rate = Annotated[float, Meta(ge=0.0, le=1e18)]
Ends = int | str


class _Node(Struct, frozen=True):
    id: Ends
    name: str = ""
    pos: tuple[float, float] | None = None
    """Longitude and latitude, or a place on a plane."""


class _Edge(Struct, frozen=True):
    source: Ends
    target: Ends
    dist: Annotated[float, Meta(ge=0.0, le=LONGEST_KM)] | None = None
    """Length, km."""


class _Told(Struct, frozen=True):
    name: str = ""
    demands: dict[str, dict[str, Rate]] = {}
    """By source and target."""


class _File(Struct, frozen=True):
    nodes: Annotated[list[_Node], Meta(min_length=1)]
    graph: _Told = _Told()
    edges: list[_Edge] = []
    links: list[_Edge] = []
    """What older networkx calls the edges."""
    directed: bool = False


def read_topohub(
    path: Path, *, capacity_gbps: float = DEFAULT_GBPS, unit_gbps: float = 1.0
) -> Found:
    """The network in a TopoHub file.

    Parameters
    ----------
    capacity_gbps
        Of every link.
    unit_gbps
        Gb/s of the file's 1 in demands.

    Raises
    ------
    ModelError
        When the file is none.
    """
    file = _read(path)
    source = tidy_name(path.name, "file")
    names = _names(path, file)
    edges = [edge for edge in (*file.edges, *file.links) if edge.source != edge.target]
    for edge in edges:
        for end in (edge.source, edge.target):
            _known(path, names, end, "an edge ends at")
    places = places_of(
        {names[node.id]: node.pos for node in file.nodes},
        [
            (names[edge.source], names[edge.target], edge.dist)
            for edge in edges
            if edge.dist is not None
        ],
    )
    stretched, short = _stretched(_links(edges, names, source, capacity_gbps), places)
    links, remark = with_metrics(stretched)
    asked = tuple(_asked(path, file, names, unit_gbps))
    loops = len(file.edges) + len(file.links) - len(edges)
    notes = [
        *_notes(capacity_gbps, unit_gbps, places, told=bool(asked)),
        *left_out(asked),
        *([f"left out: {loops} edges from a site to itself"] if loops else []),
        *([remark] if remark else []),
        *(
            [f"ASSUMPTION: for {short} lengths below it the great circle stands in"]
            if short
            else []
        ),
    ]
    return Found(
        name=tidy_name(file.graph.name, tidy_name(path.stem, "network")),
        title=f"TopoHub graph {source}",
        sites=tuple(_sites(names, places, source)),
        links=links,
        demands=demand_rows(asked),
        demands_source=f"{source}, demands",
        notes=tuple(notes),
    )


def _read(path: Path) -> _File:
    expected = "Give a TopoHub file: JSON with nodes and edges"
    try:
        file = msgspec.json.decode(content_of(path), type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(path, str(error), expected) from error
    if file.directed:
        raise refused(path, "the graph is directed", "Give an undirected graph", field="directed")
    return file


def _names(path: Path, file: _File) -> dict[Ends, str]:
    """Our name of each node by its id."""
    seen: set[Ends] = set()
    for node in file.nodes:
        if node.id in seen:
            found = f"a second node has the id '{shown(str(node.id))}'"
            raise refused(path, found, "Give each node its own id", field="nodes")
        seen.add(node.id)
    tidy = [
        tidy_name(node.name, tidy_name(f"node {node.id}", f"node {number}"))
        for number, node in enumerate(file.nodes, 1)
    ]
    return dict(zip((node.id for node in file.nodes), unique(tidy), strict=True))


def _known(path: Path, names: Mapping[Ends, str], end: Ends, words: str) -> str:
    if end not in names:
        found = f"{words} node '{shown(str(end))}', which the file does not hold"
        raise refused(path, found, "Add the node, or name another")
    return names[end]


def _links(
    edges: list[_Edge], names: Mapping[Ends, str], source: str, capacity_gbps: float
) -> list[Link]:
    ends = [(names[edge.source], names[edge.target]) for edge in edges]
    called = unique(joined_name(a, z) for a, z in ends)
    return [
        Link(
            name=name,
            a=a,
            z=z,
            capacity_gbps=capacity_gbps,
            length_km=edge.dist,
            source=f"{source}; ASSUMPTION: {capacity_gbps:g} Gb/s",
        )
        for edge, (a, z), name in zip(edges, ends, called, strict=True)
    ]


def _stretched(links: list[Link], places: Places) -> tuple[list[Link], int]:
    """The links, none shorter than the great circle between its ends, and how many were."""
    sound: list[Link] = []
    for link in links:
        direct_km, length_km = places.direct_km(link.a, link.z), link.length_km
        short = length_km is not None and places.falls_short(link.a, link.z, length_km)
        if direct_km is None or not short:
            sound.append(link)
            continue
        source = f"{link.source}; ASSUMPTION: great circle, not the {length_km:g} km of the file"
        sound.append(structs.replace(link, length_km=float(math.ceil(direct_km)), source=source))
    changed = sum(old.length_km != new.length_km for old, new in zip(links, sound, strict=True))
    return sound, changed


def _asked(path: Path, file: _File, names: Mapping[Ends, str], unit_gbps: float) -> Iterator[Asked]:
    """Demands; one without its opposite goes both ways, as TopoHub itself counts it.

    Their keys are ids as text, whatever the ids are.
    """
    by_text: dict[Ends, str] = {str(node): name for node, name in names.items()}
    demands = file.graph.demands
    for source, targets in demands.items():
        start = _known(path, by_text, source, "a demand starts at")
        for target, value in targets.items():
            end = _known(path, by_text, target, "a demand ends at")
            yield Asked(start, end, value * unit_gbps)
            if source != target and source not in demands.get(target, {}):
                yield Asked(end, start, value * unit_gbps)


def _sites(names: Mapping[Ends, str], places: Places, source: str) -> Iterator[Site]:
    for key, name in names.items():
        lat, lon = places.of(name)
        told = tidy_name(f"{source} node {key}", source)
        yield Site(name=name, lat=lat, lon=lon, routers=1, source=told)


def _notes(capacity_gbps: float, unit_gbps: float, places: Places, *, told: bool) -> Iterator[str]:
    yield "TopoHub, MIT: P. Jurkiewicz, SoftwareX 24, 2023, doi:10.1016/j.softx.2023.101540"
    yield f"ASSUMPTION: every link has {capacity_gbps:g} Gb/s, the file knows no capacity"
    yield "ASSUMPTION: each node is one router; shared risks are not known"
    if told:
        yield f"ASSUMPTION: the file's 1 is {unit_gbps:g} Gb/s of demand"
        yield "a demand without its opposite goes both ways, as TopoHub counts it"
    else:
        yield "the file holds no demands: `arterial traffic gravity` makes some"
    if places.note:
        yield places.note
