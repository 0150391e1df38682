"""Links whose loss parts a graph, alone or two at a time.

A link is a bridge when no way leads round it. Two links part a graph that neither of them parts
alone when one is a bridge once the other is lost: so one search a link finds all pairs.
"""

from collections.abc import Iterator

from arterial.paths.graph import Graph, arc_link

__all__ = ["bridges", "double_bridges", "side"]


def bridges(graph: Graph, lost: int = -1) -> list[int]:
    """Links whose loss parts what hangs together while link ``lost`` is lost, by number.

    >>> bridges(Graph.of(4, [0, 1, 2, 2], [1, 2, 0, 3]))
    [3]
    """
    entered = [-1] * graph.sites
    low = [0] * graph.sites
    found: list[int] = []
    clock = 0
    for start in range(graph.sites):
        if entered[start] >= 0:
            continue
        entered[start] = low[start] = clock
        clock += 1
        # Each entry: a site, the link by which it was entered, its arcs that were not looked at.
        trail = [(start, -1, iter(graph.leaving[start]))]
        while trail:
            site, through, arcs = trail[-1]
            for arc in arcs:
                there, link = graph.arc_target[arc], arc_link(arc)
                if link in (lost, through):
                    continue
                if entered[there] < 0:
                    entered[there] = low[there] = clock
                    clock += 1
                    trail.append((there, link, iter(graph.leaving[there])))
                    break
                low[site] = min(low[site], entered[there])
            else:
                trail.pop()
                if trail:
                    before = trail[-1][0]
                    low[before] = min(low[before], low[site])
                    if low[site] > entered[before]:
                        found.append(through)
    return sorted(found)


def double_bridges(graph: Graph) -> Iterator[tuple[int, int]]:
    """Pairs of links that part the graph together and not alone, in order.

    >>> list(double_bridges(Graph.of(3, [0, 1, 2], [1, 2, 0])))
    [(0, 1), (0, 2), (1, 2)]
    """
    alone = set(bridges(graph))
    for first in range(len(graph.arc_target) // 2):
        if first not in alone:
            yield from (
                (first, second)
                for second in bridges(graph, first)
                if second > first and second not in alone
            )


def side(graph: Graph, lost: tuple[int, ...], start: int) -> frozenset[int]:
    """Sites that hang together with ``start`` while links are lost."""
    seen, waiting = {start}, [start]
    while waiting:
        for arc in graph.leaving[waiting.pop()]:
            there = graph.arc_target[arc]
            if arc_link(arc) not in lost and there not in seen:
                seen.add(there)
                waiting.append(there)
    return frozenset(seen)
