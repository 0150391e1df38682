"""GraphML, as the Internet Topology Zoo writes it: sites, coordinates where given, and no lengths.

A length is great circle times a factor, marked ASSUMPTION; without coordinates it stays absent. A
file with a DOCTYPE is refused: it could hold entities, and no topology needs them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from arterial.model.fibre import Fibre, Link
from arterial.model.imports.brought import brought_demands
from arterial.model.imports.found import Found, joined_name, tidy_name, unique
from arterial.model.imports.graphml_file import Edge, Graph, Node, read_graph
from arterial.model.imports.metrics import with_metrics
from arterial.model.imports.wet import RULE, crosses_sea
from arterial.model.site import Site
from arterial.model.values import number_of
from arterial.units import great_circle_km

__all__ = ["DEFAULT_FACTOR", "read_graphml"]

DEFAULT_FACTOR = 1.3
"""Fibre length over great circle: ASSUMPTION, roads and railways bend so."""

SHORTEST_KM = 1.0
BITS_PER_GIGABIT = 1e9
WET = "; ASSUMPTION: subsea by the rule in the notes"
"""Of a fibre; an IP link does not ask how its light fares."""
ZOO = "Topology Zoo"
LICENCE = (
    "Internet Topology Zoo, CC BY 4.0: S. Knight et al., The Internet Topology Zoo, IEEE JSAC 29(9)"
    ", 2011, doi:10.1109/JSAC.2011.111002"
)


def read_graphml(
    path: Path,
    *,
    factor: float = DEFAULT_FACTOR,
    links_gbps: float | None = None,
    demands: Path | None = None,
) -> Found:
    """The network in a GraphML file.

    Parameters
    ----------
    factor
        Length over great circle.
    links_gbps
        Where given, edges are IP links in place of fibres, with this capacity where the file gives
        none.
    demands
        A CSV table of demands between the sites, to come along as a load.

    Raises
    ------
    ModelError
        When the file is no sound GraphML, or the table no sound one.
    """
    graph = read_graph(path)
    sites = _sites(graph, path.name)
    edges = [edge for edge in graph.edges if edge.source != edge.target]
    fibres = tuple(_fibres(edges, sites, path.name, factor))
    links: tuple[Link, ...] = ()
    remarks = list(_notes(graph, sites, fibres, factor))
    if links_gbps is None:
        remarks.append(
            "ASSUMPTION: each edge is a fibre route of four pairs; shared risks are not known"
        )
        if any(fibre.subsea for fibre in fibres):
            remarks.append(RULE)
    else:
        links, notes = _links(edges, fibres, links_gbps)
        fibres = ()
        remarks += notes
    if demands is not None:
        rows, notes = brought_demands(demands, [site.name for site in sites.values()])
        remarks += notes
    else:
        rows = ()
    said = graph.data
    name = tidy_name(said.get("network", "") or said.get("label", ""), path.stem)
    return Found(
        name=tidy_name(name, "network"),
        title=_title(said, name),
        sites=tuple(sites.values()),
        fibres=fibres,
        links=links,
        demands=rows,
        demands_source="" if demands is None else tidy_name(demands.name, "a table"),
        notes=tuple(remarks),
    )


def _title(said: dict[str, str], name: str) -> str:
    when = said.get("networkdate", "").replace("_", "-")
    return f"{name} ({when})" if when else name


def _notes(
    graph: Graph, sites: dict[str, Site], fibres: tuple[Fibre, ...], factor: float
) -> Iterator[str]:
    if ZOO in graph.data.get("creator", ""):
        yield LICENCE
    if graph.data.get("source", "").startswith("http"):
        yield f"drawn from {graph.data['source']}"
    yield f"ASSUMPTION: fibre length is {factor:g} x great circle, at least {SHORTEST_KM:g} km"
    unplaced = sum(site.lat is None for site in sites.values())
    unknown = sum(fibre.length_km is None for fibre in fibres)
    if unplaced:
        yield f"{unplaced} sites have no coordinates, so {unknown} edges have no length"
    loops = len(graph.edges) - len(fibres)
    if loops:
        yield f"left out: {loops} edges from a site to itself"


def _links(
    edges: Sequence[Edge], fibres: Sequence[Fibre], otherwise_gbps: float
) -> tuple[tuple[Link, ...], list[str]]:
    """The same routes as IP links, with the speed that the file gives."""
    speeds = [_speed_gbps(edge) for edge in edges]
    links, remark = with_metrics(
        [
            Link(
                name=fibre.name,
                a=fibre.a,
                z=fibre.z,
                capacity_gbps=otherwise_gbps if speed is None else speed,
                length_km=fibre.length_km,
                source=f"{fibre.source.removesuffix(WET)}; "
                + (
                    f"ASSUMPTION: {otherwise_gbps:g} Gb/s"
                    if speed is None
                    else "capacity from LinkSpeedRaw"
                ),
            )
            for fibre, speed in zip(fibres, speeds, strict=True)
        ]
    )
    silent = speeds.count(None)
    notes = ["each edge is an IP link in both directions; shared risks are not known"]
    if silent:
        notes.append(
            f"ASSUMPTION: {silent} of {len(links)} links have {otherwise_gbps:g} Gb/s, "
            "the file gives no speed"
        )
    return links, [*notes, *([remark] if remark else [])]


def _speed_gbps(edge: Edge) -> float | None:
    """What LinkSpeedRaw says, in bit/s; None where it is absent or no rate above 0."""
    speed = number_of(edge.data.get("linkspeedraw", "").strip())
    return None if speed is None or speed <= 0.0 else speed / BITS_PER_GIGABIT


def _sites(graph: Graph, file: str) -> dict[str, Site]:
    names = unique(
        tidy_name(node.data.get("label", ""), tidy_name(f"node {node.key}", f"node {index}"))
        for index, node in enumerate(graph.nodes.values(), 1)
    )
    return {
        key: _site(node, name, file)
        for (key, node), name in zip(graph.nodes.items(), names, strict=True)
    }


def _site(node: Node, name: str, file: str) -> Site:
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
    value = number_of((text or "").strip())
    return value if value is not None and abs(value) <= limit else None


def _fibres(edges: list[Edge], sites: dict[str, Site], file: str, factor: float) -> Iterator[Fibre]:
    ends = [(sites[edge.source], sites[edge.target]) for edge in edges]
    names = unique(joined_name(a.name, z.name) for a, z in ends)
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
            source += WET if subsea else ""
        yield Fibre(
            name=name, a=a.name, z=z.name, length_km=length_km, subsea=subsea, source=source
        )
