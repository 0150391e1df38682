"""GraphML, as the Internet Topology Zoo writes it: sites, coordinates where given, and no lengths.

A length is great circle times a factor, marked ASSUMPTION; without coordinates it stays absent. A
file with a DOCTYPE is refused: it could hold entities, and no topology needs them.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import msgspec
from msgspec import Struct

from arterial.errors import ModelError
from arterial.model.fibre import Fibre
from arterial.model.imports.found import Found, content_of, refused, tidy_name, unique
from arterial.model.imports.wet import RULE, crosses_sea
from arterial.model.site import Site
from arterial.units import great_circle_km

__all__ = ["DEFAULT_FACTOR", "read_graphml"]

DEFAULT_FACTOR = 1.3
"""Fibre length over great circle: ASSUMPTION, roads and railways bend so."""

SHORTEST_KM = 1.0
ZOO = "Topology Zoo"
LICENCE = (
    "Internet Topology Zoo, CC BY 4.0: S. Knight et al., The Internet Topology Zoo, IEEE JSAC 29(9)"
    ", 2011, doi:10.1109/JSAC.2011.111002"
)


class _Node(Struct):
    key: str
    data: dict[str, str]


class _Edge(Struct):
    source: str
    target: str
    line: int
    data: dict[str, str]


class _Graph(Struct):
    data: dict[str, str] = {}
    nodes: dict[str, _Node] = {}
    edges: list[_Edge] = []


def read_graphml(path: Path, *, factor: float = DEFAULT_FACTOR) -> Found:
    """The network in a GraphML file; fibre lengths are ``factor`` times great circle.

    Raises ModelError when the file is no sound GraphML.
    """
    graph = _Reader(path).graph()
    sites = _sites(graph, path.name)
    loops = [edge for edge in graph.edges if edge.source == edge.target]
    edges = [edge for edge in graph.edges if edge.source != edge.target]
    for edge in edges:
        for end in (edge.source, edge.target):
            if end not in graph.nodes:
                found = f"an edge ends at node '{end}', which the file does not hold"
                raise refused(path, found, "Add the node or remove the edge", line=edge.line)
    fibres = tuple(_fibres(edges, sites, path.name, factor))
    said = graph.data
    name = tidy_name(said.get("network", "") or said.get("label", ""), path.stem)
    return Found(
        name=tidy_name(name, "network"),
        title=_title(said, name),
        sites=tuple(sites.values()),
        fibres=fibres,
        notes=tuple(_notes(graph, sites, fibres, len(loops), factor)),
    )


def _title(said: dict[str, str], name: str) -> str:
    when = said.get("networkdate", "").replace("_", "-")
    return f"{name} ({when})" if when else name


def _notes(
    graph: _Graph, sites: dict[str, Site], fibres: tuple[Fibre, ...], loops: int, factor: float
) -> Iterator[str]:
    if ZOO in graph.data.get("creator", ""):
        yield LICENCE
    if graph.data.get("source", "").startswith("http"):
        yield f"drawn from {graph.data['source']}"
    yield f"ASSUMPTION: fibre length is {factor:g} x great circle, at least {SHORTEST_KM:g} km"
    yield "ASSUMPTION: each edge is a fibre route of four pairs; shared risks are not known"
    unplaced = sum(site.lat is None for site in sites.values())
    unknown = sum(fibre.length_km is None for fibre in fibres)
    if unplaced:
        yield f"{unplaced} sites have no coordinates, so {unknown} fibres have no length"
    if any(fibre.subsea for fibre in fibres):
        yield RULE
    if loops:
        yield f"left out: {loops} edges from a site to itself"


def _sites(graph: _Graph, file: str) -> dict[str, Site]:
    names = unique(
        tidy_name(node.data.get("label", ""), tidy_name(f"node {node.key}", f"node {index}"))
        for index, node in enumerate(graph.nodes.values(), 1)
    )
    return {
        key: _site(node, name, file)
        for (key, node), name in zip(graph.nodes.items(), names, strict=True)
    }


def _site(node: _Node, name: str, file: str) -> Site:
    lat = _degrees(node.data.get("latitude"), 90.0)
    lon = _degrees(node.data.get("longitude"), 180.0)
    known = lat is not None and lon is not None
    shared = "hyperedge" in node.data
    return Site(
        name=name,
        lat=lat if known else None,
        lon=lon if known else None,
        routers=0 if shared else 2,
        source=f"{file}, node {node.key}{', a shared segment' if shared else ''}",
    )


def _degrees(text: str | None, limit: float) -> float | None:
    """The angle, or None when it is absent or none on earth."""
    try:
        value = msgspec.convert((text or "").strip(), float, strict=False)
    except msgspec.ValidationError:
        return None
    return value if abs(value) <= limit else None


def _fibres(
    edges: list[_Edge], sites: dict[str, Site], file: str, factor: float
) -> Iterator[Fibre]:
    ends = [(sites[edge.source], sites[edge.target]) for edge in edges]
    # Two long names may exceed a name together; the suffix keeps what was cut apart.
    names = unique(tidy_name(f"{a.name[:34]} - {z.name[:34]}", "fibre") for a, z in ends)
    for (a, z), name in zip(ends, names, strict=True):
        length_km, source, subsea = (
            None,
            f"{file}; length unknown: an end has no coordinates",
            False,
        )
        if a.lat is not None and a.lon is not None and z.lat is not None and z.lon is not None:
            direct_km = great_circle_km(a.lat, a.lon, z.lat, z.lon)
            length_km = max(round(direct_km * factor, 1), SHORTEST_KM)
            source = f"{file}; ASSUMPTION: length {factor:g} x great circle"
            subsea = crosses_sea((a.lat, a.lon), (z.lat, z.lon))
            source += "; ASSUMPTION: subsea by the rule in the notes" if subsea else ""
        yield Fibre(
            name=name, a=a.name, z=z.name, length_km=length_km, subsea=subsea, source=source
        )


class _Reader:
    """Expat's events into a graph, in one pass and flat memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._graph = _Graph()
        self._keys: dict[str, str] = {}
        self._depth: Counter[str] = Counter()
        self._data: dict[str, str] = self._graph.data
        self._key = ""
        self._text: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append

    def graph(self) -> _Graph:
        """What the file holds."""
        content = content_of(self._path)
        try:
            self._parser.Parse(content, True)  # noqa: FBT003 - expat takes it by position
        except expat.ExpatError as error:
            found = f"this is not XML: {expat.ErrorString(error.code)}"
            raise refused(self._path, found, "Give a GraphML file", line=error.lineno) from error
        if not self._depth["graphml seen"]:
            raise refused(self._path, "there is no <graphml> in it", "Give a GraphML file")
        return self._graph

    def _refused(self, found: str, expected: str) -> ModelError:
        return refused(self._path, found, expected, line=self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        raise self._refused("a DOCTYPE, which can hold entities", "Remove it")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self._text.clear()
        if name == "graphml":
            self._depth["graphml seen"] = 1
        elif name == "graph":
            self._depth["graph"] += 1
            if self._depth["graph"] > 1:
                raise self._refused("a second graph", "Give a file with one graph")
            self._data = self._graph.data
        elif name == "key":
            label = attributes.get("attr.name", attributes.get("id", ""))
            self._keys[attributes.get("id", "")] = label.casefold()
        elif name == "data":
            self._key = self._keys.get(attributes.get("key", ""), "")
        elif name in ("node", "edge"):
            self._data = self._node(attributes) if name == "node" else self._edge(attributes)

    def _node(self, attributes: dict[str, str]) -> dict[str, str]:
        key = attributes.get("id", "")
        if not key or key in self._graph.nodes:
            found = f"a second node '{key}'" if key else "a node without id"
            raise self._refused(found, "Give each node its own id")
        self._graph.nodes[key] = _Node(key, {})
        return self._graph.nodes[key].data

    def _edge(self, attributes: dict[str, str]) -> dict[str, str]:
        source, target = attributes.get("source", ""), attributes.get("target", "")
        edge = _Edge(source, target, self._parser.CurrentLineNumber, {})
        self._graph.edges.append(edge)
        return edge.data

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "data" and self._key:
            self._data[self._key] = "".join(self._text).strip()
            self._key = ""
        elif name in ("node", "edge"):
            self._data = self._graph.data
