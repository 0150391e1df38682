"""A GraphML file as it stands: nodes and edges, each with what is said of it by lower-case key."""

from collections import Counter
from pathlib import Path

from msgspec import Struct

from arterial.model.imports.found import refused
from arterial.model.imports.markup import Markup

__all__ = ["Edge", "Graph", "Node", "read_graph"]


class Node(Struct):
    """A node, in the file's order."""

    key: str
    data: dict[str, str]


class Edge(Struct):
    """An edge and the line on which it begins."""

    source: str
    target: str
    line: int
    data: dict[str, str]


class Graph(Struct):
    """What the file holds; its own attributes in ``data``."""

    data: dict[str, str] = {}
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []


def read_graph(path: Path) -> Graph:
    """Nodes and edges of a file. Raises ModelError when it is no sound GraphML."""
    return _Reader(path).graph()


class _Reader:
    """Tags into a graph."""

    def __init__(self, path: Path) -> None:
        self._markup = Markup(path)
        self._graph = Graph()
        self._keys: dict[str, str] = {}
        self._depth: Counter[str] = Counter()
        self._data: dict[str, str] = self._graph.data
        self._key = ""

    def graph(self) -> Graph:
        """What the file holds."""
        path = self._markup.path
        self._markup.read(self._start, self._end, "Give a GraphML file")
        if not self._depth["graphml seen"]:
            raise refused(path, "there is no <graphml> in it", "Give a GraphML file")
        for edge in self._graph.edges:
            for end in (edge.source, edge.target):
                if end not in self._graph.nodes:
                    found = f"an edge ends at node '{end}', which the file does not hold"
                    raise refused(path, found, "Add the node or remove the edge", line=edge.line)
        return self._graph

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "graphml":
            self._depth["graphml seen"] = 1
        elif name == "graph":
            self._depth["graph"] += 1
            if self._depth["graph"] > 1:
                raise self._markup.refused("a second graph", "Give a file with one graph")
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
            raise self._markup.refused(found, "Give each node its own id")
        self._graph.nodes[key] = Node(key, {})
        return self._graph.nodes[key].data

    def _edge(self, attributes: dict[str, str]) -> dict[str, str]:
        source, target = attributes.get("source", ""), attributes.get("target", "")
        edge = Edge(source, target, self._markup.line, {})
        self._graph.edges.append(edge)
        return edge.data

    def _end(self, name: str, text: str) -> None:
        if name == "data" and self._key:
            self._data[self._key] = text
            self._key = ""
        elif name in ("node", "edge"):
            self._data = self._graph.data
