"""REPETITA's graphs and demands: nodes, one-way edges and traffic as words in lines.

Bandwidth is in kbit/s and delay in microseconds, as REPETITA's own page says. On the demands that
it brings, the best routing fills the fullest link to 0.9 of its capacity.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from arterial.model.imports.arcs import Arc, Joint, joined_arcs, joined_links, joint_notes
from arterial.model.imports.asked import Asked, demand_rows, left_out
from arterial.model.imports.found import Found, tidy_name, unique
from arterial.model.imports.metrics import HIGHEST_METRIC
from arterial.model.imports.places import Places, places_of, shorter_than_direct
from arterial.model.imports.words import WordLines
from arterial.model.marks import shown
from arterial.model.site import Site
from arterial.units import FIBRE_DELAY_US_PER_KM, US_PER_MS

__all__ = ["read_repetita"]

KBPS_PER_GBPS = 1e6

_NODE = "label x y"
_EDGE = "label src dest weight bw delay"
_DEMAND = "label src dest bw"


class _Node(Struct, frozen=True):
    label: str
    x: float
    y: float


def read_repetita(graph: Path, demands: Path | None = None) -> Found:
    """The network in a REPETITA graph, with the demands of a second file where one is named.

    Raises ModelError when one of the files is none.
    """
    lines = WordLines(graph)
    nodes = [_node(words, lines) for words in _rows(lines, "NODES", _NODE)]
    names = unique(tidy_name(node.label, f"node {n}") for n, node in enumerate(nodes))
    arcs = [_arc(words, lines, names) for words in _rows(lines, "EDGES", _EDGE)]
    _at_end(lines)
    asked = () if demands is None else _asked(demands, names)
    joints = joined_arcs([arc for arc in arcs if arc.source != arc.target])
    loops = sum(arc.source == arc.target for arc in arcs)
    points = ((node.x, node.y) for node in nodes)
    places = places_of(dict(zip(names, points, strict=True)))
    return Found(
        name=tidy_name(graph.stem, "network"),
        title=f"REPETITA graph {tidy_name(graph.name, 'file')}",
        sites=tuple(_site(name, places, graph.name) for name in names),
        links=joined_links(joints, tidy_name(graph.name, "file")),
        demands=demand_rows(asked),
        demands_source="" if demands is None else f"REPETITA demands {tidy_name(demands.name, '')}",
        notes=tuple(_notes(joints, places, asked, loops)),
    )


def _rows(lines: WordLines, section: str, columns: str) -> Iterator[list[str]]:
    """The rows of a section: as many as its head promises, the first words of each joined."""
    head = lines.take() or []
    if len(head) != 2 or head[0] != section:  # noqa: PLR2004 - the word and the number
        found = f"'{shown(' '.join(head))}' where '{section} number' is due" if head else "its end"
        raise lines.refused(found, f"Give a REPETITA file: '{section}', the number of rows, rows")
    promised = lines.whole(head[1], f"the number of {section}")
    lines.take()  # the names of the columns, for people
    width = len(columns.split())
    for number in range(promised):
        words = lines.take()
        if words is None or len(words) < width:
            there = "the file ends" if words is None else f"'{shown(' '.join(words))}' stands"
            found = f"{there} after {number} of {promised} {section}"
            raise lines.refused(found, f"Give each row as '{columns}'; the file may be cut short")
        last = width - 1
        yield [" ".join(words[: len(words) - last]), *words[len(words) - last :]]


def _at_end(lines: WordLines) -> None:
    words = lines.take()
    if words is not None:
        found = f"'{shown(' '.join(words))}' after the last row that was promised"
        raise lines.refused(found, "Correct the number of rows, or remove the line")


def _node(words: list[str], lines: WordLines) -> _Node:
    x, y = (
        lines.number(word, axis, least=None) for word, axis in zip(words[1:], "xy", strict=True)
    )
    return _Node(words[0], x, y)


def _arc(words: list[str], lines: WordLines, names: Sequence[str]) -> Arc:
    label, source, target, weight, bandwidth, delay = words
    return Arc(
        name=tidy_name(label, "edge"),
        source=_end(source, "src", lines, names),
        target=_end(target, "dest", lines, names),
        capacity_gbps=lines.above(bandwidth, "bw") / KBPS_PER_GBPS,
        igp_metric=_metric(weight, lines),
        latency_ms=lines.number(delay, "delay") / US_PER_MS,
    )


def _metric(word: str, lines: WordLines) -> int:
    """An IGP's metric. With 0 in it paths may turn in circles, and no scale would help."""
    weight = lines.number(word, "weight")
    if not weight.is_integer() or not 1.0 <= weight <= HIGHEST_METRIC:
        found = f"weight is '{shown(word)}', no metric of an IGP"
        raise lines.refused(found, f"Give a whole number from 1 to {HIGHEST_METRIC:,}")
    return int(weight)


def _end(word: str, what: str, lines: WordLines, names: Sequence[str]) -> str:
    number = lines.whole(word, what)
    if number >= len(names):
        found = f"{what} is node {number} of {len(names)}"
        raise lines.refused(found, f"Nodes are counted from 0 to {len(names) - 1}")
    return names[number]


def _asked(path: Path, names: Sequence[str]) -> tuple[Asked, ...]:
    lines = WordLines(path)
    asked = tuple(
        Asked(
            _end(source, "src", lines, names),
            _end(target, "dest", lines, names),
            lines.number(bandwidth, "bw") / KBPS_PER_GBPS,
        )
        for _, source, target, bandwidth in _rows(lines, "DEMANDS", _DEMAND)
    )
    _at_end(lines)
    return asked


def _site(name: str, places: Places, file: str) -> Site:
    lat, lon = places.of(name)
    return Site(name=name, lat=lat, lon=lon, routers=1, source=tidy_name(file, "file"))


def _notes(
    joints: Sequence[Joint], places: Places, asked: Sequence[Asked], loops: int
) -> Iterator[str]:
    yield "REPETITA: bandwidth read as kbit/s, delay as microseconds, x and y as degrees"
    yield "each node is one router; shared risks are not known"
    yield from joint_notes(joints)
    if loops:
        yield f"left out: {loops} edges from a site to itself"
    yield from left_out(asked)
    if places.note:
        yield places.note
    lengths = [
        (arc.source, arc.target, arc.latency_ms * US_PER_MS / FIBRE_DELAY_US_PER_KM)
        for joint in joints
        for arc in joint.arcs
        if arc.latency_ms is not None
    ]
    early = shorter_than_direct(places, lengths)
    if early:
        yield (
            f"{early} delays are shorter than light in fibre takes over the great circle; "
            "they are kept as the file has them"
        )
