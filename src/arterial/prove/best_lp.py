"""Whether any routing carries what is required in one case: path flows, or prices that refute it.

Maximise t so that every demand carries t times what it requires, t <= 1, within each link's
capacity and each class's round trip. The dual is solved by adding rows: each round asks for the
cheapest path of every demand under the current link prices, so no list of paths needs to be
complete. It ends with flows (t = 1) or with prices; the verifier or ``cut`` checks either from the
plan's rows.
"""

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from arterial.prove.cases import Cases
from arterial.prove.tables import Tables
from arterial.prove.tunnels import after_two_cuts
from arterial.prove.verifier import Flow
from arterial.solve.highs import Session
from arterial.solve.program import FloatArray, IntArray, Program, Rows, Solution

__all__ = ["Answer", "best_routing"]

_EXACT: dict[str, str | float | int | bool] = {
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}
_SLACK = 1e-7
"""Relative: a share this near to 1 is 1; below the verifier's tolerance."""
_LABELS = 200_000

_Entry = tuple[list[int], list[float], float, float]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is possible in one case."""

    share: float
    """Share of all that is required which can be carried at once, at most; NaN when not settled."""
    flows: tuple[Flow, ...] = ()
    """A routing that carries all, when ``share`` is 1."""
    price: dict[tuple[str, bool], float] | None = None
    """Prices that refute every routing, when ``share`` is less than 1."""


@dataclass(frozen=True, kw_only=True)
class _Graph:
    """Directed links that stand in the case, A of them, numbered for the program."""

    arc: IntArray
    """int (A,): index among E directed links."""
    room_gbps: FloatArray
    """float (A,)."""
    out: dict[int, list[tuple[int, int, float]]]
    """By site: (arc number, next site, delay in ms with the router there)."""


@dataclass(frozen=True, kw_only=True)
class _Want:
    """One demand of the case: what it requires, and between which ends."""

    demand: int
    gbps: float
    ends: tuple[tuple[int, int], ...]
    budget_ms: float
    """One way over links and routers after the first; infinite when the class has no bound."""


_Path = tuple[float, tuple[int, ...], int, int]
"""(price, arc numbers, source, target)."""


def best_routing(
    tables: Tables,
    cases: Cases,
    case: int,
    required_gbps: Mapping[int, float],
    rounds: int = 200,
    *,
    two_cuts: bool = False,
) -> Answer:
    """Look for a routing that carries ``required_gbps`` (by demand index) in one case.

    Parameters
    ----------
    case
        Row of ``cases``.
    rounds
        Rounds of pricing before the question is left open.
    two_cuts
        Two fibres are cut: a market is answered at any edge in use, where a rule speaks of that.
    """
    graph = _graph(tables, cases, case)
    wants = [
        _want(tables, cases, case, demand, gbps, two_cuts=two_cuts)
        for demand, gbps in sorted(required_gbps.items())
        if gbps > 0.0
    ]
    if not wants:
        return Answer(share=1.0)
    total = sum(want.gbps for want in wants)
    first = _cheapest(graph, wants, 1.0 / np.maximum(graph.room_gbps, 1e-9))
    if any(path is None for path in first):
        return Answer(share=0.0, price={})
    session = Session(_program(graph, wants, total))
    paths: list[tuple[int, _Path]] = []
    fresh = [(number, path) for number, path in enumerate(first) if path is not None]
    for _ in range(rounds):
        paths += fresh
        session.add_rows(Rows.of([_row(len(graph.arc), number, path) for number, path in fresh]))
        solved = session.solve(options=_EXACT)
        if solved.status != "optimal":
            break
        if solved.objective >= 1.0 - _SLACK:
            return Answer(share=1.0, flows=_flows(tables, graph, wants, paths, solved, total))
        price = np.maximum(solved.primal[: len(graph.arc)], 0.0)
        cheapest = _cheapest(graph, wants, price)
        share = _ceiling(graph, wants, price, cheapest)
        if share < 1.0 - _SLACK:
            return Answer(share=share, price=_named(tables, graph, price))
        offered = solved.primal[len(graph.arc) : -1]
        fresh = [
            (number, path)
            for number, path in enumerate(cheapest)
            if path is not None and path[0] < offered[number] - 1e-9
        ]
        if not fresh:
            break
    return Answer(share=math.nan)


def _graph(tables: Tables, cases: Cases, case: int) -> _Graph:
    policy, count = tables.plan.network.policy, len(tables.links)
    left = cases.left_gbps[case]
    usable = policy.usable(failed=cases.failures[case] is not None)
    standing = np.flatnonzero(left > 0.0)
    arc = np.concatenate([standing, standing + count])
    hop_ms = tables.link_ms + tables.plan.network.latency.router_ms
    out: dict[int, list[tuple[int, int, float]]] = {}
    for number, directed in enumerate(arc.tolist()):
        a, z = tables.link_end[directed % count].tolist()
        start, end = (a, z) if directed < count else (z, a)
        out.setdefault(start, []).append((number, end, float(hop_ms[directed % count])))
    return _Graph(arc=arc, room_gbps=left[arc % max(count, 1)] * usable, out=out)


def _want(
    tables: Tables, cases: Cases, case: int, demand: int, gbps: float, *, two_cuts: bool
) -> _Want:
    latency = tables.plan.network.latency
    bound = float(tables.demands.bound_ms[demand])
    spent = tables.plan.demands[demand].access_ms + latency.router_ms
    ends = tuple(
        (source, target)
        for source, target, edge in _ends(tables, demand, two_cuts=two_cuts)
        if not cases.site_down[case, [source, target]].any()
        and not (edge >= 0 and cases.edge_down[case, edge])
    )
    return _Want(demand=demand, gbps=gbps, ends=ends, budget_ms=bound / 2.0 - spent)


def _ends(tables: Tables, demand: int, *, two_cuts: bool) -> Iterator[tuple[int, int, int]]:
    """(source, target, edge or -1): a market's traffic may end at its edge or its fail-over."""
    row = tables.plan.demands[demand]
    site = {name: number for number, name in enumerate(tables.sites)}
    if not row.market:
        yield site[row.source], site[row.target], -1
        return
    replica = next(r for r in tables.plan.replicas if r.market == row.market)
    home = site[replica.site]
    further = after_two_cuts(tables.plan, row) if two_cuts else set[str]()
    edges = (replica.edge, replica.failover, *sorted(further))
    for edge in dict.fromkeys(site[name] for name in edges):
        yield (edge, home, edge) if row.to_market else (home, edge, edge)


def _program(graph: _Graph, wants: list[_Want], total: float) -> Program:
    """Minimise room @ price + spare, so that required @ toll + spare >= 1; rates over ``total``.

    Columns: price of each arc, toll of each demand, spare. ``_row`` adds toll <= price of a path.
    """
    arcs, count = len(graph.arc), len(wants)
    columns = arcs + count + 1
    rates = [want.gbps / total for want in wants]
    cost = np.concatenate([graph.room_gbps / total, np.zeros(count), [1.0]])
    row: _Entry = (list(range(arcs, columns)), [*rates, 1.0], 1.0, math.inf)
    return Program(
        cost=cost,
        low=np.zeros(columns),
        high=np.full(columns, np.inf),
        integer=np.zeros(columns, dtype=np.bool_),
        rows=Rows.of([row]),
    )


def _row(arcs: int, number: int, path: _Path) -> _Entry:
    """A path's prices add up to its demand's toll or more."""
    return [*path[1], arcs + number], [*([1.0] * len(path[1])), -1.0], 0.0, math.inf


def _ceiling(
    graph: _Graph, wants: list[_Want], price: FloatArray, cheapest: list[_Path | None]
) -> float:
    """No routing carries a larger share: what links are worth over what demands must pay."""
    pays = sum(w.gbps * path[0] for w, path in zip(wants, cheapest, strict=True) if path)
    return float(graph.room_gbps @ price) / pays if pays > 0.0 else math.inf


def _named(tables: Tables, graph: _Graph, price: FloatArray) -> dict[tuple[str, bool], float]:
    count = len(tables.links)
    return {
        (tables.links[arc % count], arc < count): value
        for arc, value in zip(graph.arc.tolist(), price.tolist(), strict=True)
        if value > 0.0
    }


def _flows(
    tables: Tables,
    graph: _Graph,
    wants: list[_Want],
    paths: list[tuple[int, _Path]],
    solved: Solution,
    total: float,
) -> tuple[Flow, ...]:
    """Flows are the dual values of the path rows; rounding over what is required is taken off."""
    rate = np.maximum(solved.row_dual[1:], 0.0) * total
    given = np.zeros(len(wants))
    np.add.at(given, [number for number, _ in paths], rate)
    asked = np.array([want.gbps for want in wants])
    fit = np.minimum(1.0, asked / np.maximum(given, 1e-300))
    count = len(tables.links)
    flows: list[Flow] = []
    for (number, (_, arcs, source, target)), gbps in zip(paths, rate.tolist(), strict=True):
        if gbps > 0.0:
            ridden: list[int] = graph.arc[list(arcs)].tolist()
            flow = Flow(
                demand=tables.demands.names[wants[number].demand],
                source=tables.sites[source],
                target=tables.sites[target],
                hops=tuple((tables.links[arc % count], arc < count) for arc in ridden),
                gbps=gbps * float(fit[number]),
            )
            flows.append(flow)
    return tuple(flows)


def _cheapest(graph: _Graph, wants: list[_Want], price: FloatArray) -> list[_Path | None]:
    """The cheapest path of each demand within its budget; demands share searches by source."""
    cost = price.tolist()
    trees: dict[tuple[int, float], dict[int, _Path]] = {}
    found: list[_Path | None] = []
    for want in wants:
        best: _Path | None = None
        for source, target in want.ends:
            key = (source, want.budget_ms)
            if key not in trees:
                trees[key] = _tree(graph, source, cost, want.budget_ms)
            path = trees[key].get(target)
            if path and (best is None or path[0] < best[0]):
                best = path
        found.append(best)
    return found


def _tree(graph: _Graph, source: int, cost: list[float], budget: float) -> dict[int, _Path]:
    """Cheapest path to every site: labels by (price, delay), none slower than a cheaper one."""
    bounded = math.isfinite(budget)
    fastest: dict[int, float] = {}
    found: dict[int, _Path] = {}
    queue: list[tuple[float, float, int, tuple[int, ...]]] = []
    if budget >= 0.0:
        queue.append((0.0, 0.0, source, ()))
    labels = 0
    while queue and labels < _LABELS:
        price, delay, site, arcs = heapq.heappop(queue)
        if delay >= fastest.get(site, math.inf):
            continue
        fastest[site] = delay
        labels += 1
        found.setdefault(site, (price, arcs, source, site))
        for arc, end, more in graph.out.get(site, ()):
            later = delay + more if bounded else 0.0
            # False for a delay that is unknown: such a link serves no class with a bound.
            if later <= budget and later < fastest.get(end, math.inf):
                heapq.heappush(queue, (price + cost[arc], later, end, (*arcs, arc)))
    return found
