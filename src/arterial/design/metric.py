"""Metric inequalities: what routing over distance asks of capacity, read off a relaxed design.

Let every arc have a length. In case f, capacity times length, summed over the arcs that are alive,
is at least the kept traffic times its shortest distance, whatever the routing. The lengths that cut
deepest are the capacity duals of a relaxed design that routes the case with fractional waves; any
lengths are valid, so nothing rests on how exactly that program was solved.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from arterial.design.cuts import Asks, Row
from arterial.design.instance import Instance, wave_columns
from arterial.paths.shortest import distances
from arterial.solve.highs import solve
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = ["entries", "metric_row"]

Ends = tuple[int, ...]
"""Sites of which any will do."""

NO_LENGTH = 1e-6
"""Duals below this share of the largest one, or of a cost unit for 1 Gb/s, are rounding."""


def metric_row(
    instance: Instance, asks: Asks, master: Program, cuts: Sequence[Row], case: int
) -> Row | None:
    """The inequality that the relaxed design's duals give for one case, or None."""
    lengths = _lengths(instance, asks, master, cuts, case)
    if lengths is None or not lengths.any():
        return None
    shut = np.repeat(asks.dead[case], 2)
    weight = np.where(shut, np.inf, lengths).tolist()
    usable = instance.usable_failed if case else instance.usable_normal
    need = 0.0
    reached: dict[int, list[float]] = {}
    for k, gbps in enumerate(asks.gbps * asks.share[case]):
        if gbps > 0:
            far = [
                reached.setdefault(s, distances(instance.graph, weight, s))[t]
                for s in _ends(asks.source[k])
                for t in _ends(asks.target[k])
            ]
            need += gbps * min(far)
    both = np.where(asks.dead[case], 0.0, lengths[0::2] + lengths[1::2]) * usable
    links = np.flatnonzero(both > 0)
    columns = wave_columns(instance, links)
    value = (both[:, None] * instance.rate_gbps)[links].reshape(-1)
    if not np.isfinite(need) or need <= 0:
        return None
    return columns.tolist(), (value / need).tolist(), 1.0, np.inf


def _lengths(
    instance: Instance, asks: Asks, master: Program, cuts: Sequence[Row], case: int
) -> FloatArray | None:
    """(2L,) capacity duals of the relaxed design that routes ``case``."""
    first = len(master.cost)
    arcs = 2 * len(instance.routes)
    commodities = _commodities(asks, case)
    count = first + len(commodities) * arcs
    capacity = _capacity_rows(instance, asks, case, first, commodities)
    conservation = [
        row
        for number, commodity in enumerate(commodities)
        for row in _conservation_rows(instance, first + number * arcs, commodity)
    ]
    rows = Rows.of([*capacity, *conservation, *entries(master.rows), *cuts])
    program = Program(
        cost=np.concatenate([master.cost, np.zeros(count - first)]),
        low=np.concatenate([master.low, np.zeros(count - first)]),
        high=np.concatenate([master.high, np.full(count - first, np.inf)]),
        integer=np.zeros(count, dtype=np.bool_),
        rows=rows,
    )
    # Interior point without crossover: half the time, and any lengths make a valid row.
    solution = solve(program, options={"solver": "ipx", "run_crossover": "off"})
    if solution.status != "optimal" or not len(solution.row_dual):
        return None
    lengths = np.abs(solution.row_dual[:arcs])
    return np.where(lengths > NO_LENGTH * max(1.0, lengths.max(initial=0.0)), lengths, 0.0)


class Commodity(NamedTuple):
    """Traffic of one hub, routed together: from it, or with every arc turned round towards it."""

    hub: Ends
    turned: bool
    wanted_gbps: dict[Ends, float]
    """By the other end."""


def _commodities(asks: Asks, case: int) -> list[Commodity]:
    """Traffic to route in a case, gathered at few hubs: the busiest end first."""
    waiting: dict[tuple[Ends, Ends], float] = {}
    for k, gbps in enumerate(asks.gbps * asks.share[case]):
        if gbps > 0 and not (asks.source[k] & asks.target[k]).any():
            ends = _ends(asks.source[k]), _ends(asks.target[k])
            waiting[ends] = waiting.get(ends, 0.0) + float(gbps)
    found: list[Commodity] = []
    while waiting:
        count = Counter((bool(turned), ends[turned]) for ends in waiting for turned in (0, 1))
        (turned, hub), _ = max(count.items(), key=lambda item: item[1])
        taken = [ends for ends in waiting if ends[turned] == hub]
        found.append(
            Commodity(hub, turned, {ends[not turned]: waiting.pop(ends) for ends in taken})
        )
    return found


def _ends(sites: BoolArray) -> Ends:
    return tuple(np.flatnonzero(sites).tolist())


def _capacity_rows(
    instance: Instance, asks: Asks, case: int, first: int, commodities: Sequence[Commodity]
) -> list[Row]:
    """Flow on an arc fits into its link's waves: sum(flow) - usable * rate @ waves <= 0."""
    options = instance.rate_gbps.shape[1]
    arcs = 2 * len(instance.routes)
    usable = instance.usable_failed if case else instance.usable_normal
    rows: list[Row] = []
    for arc in range(arcs):
        link = arc >> 1
        riders = [first + n * arcs + (arc ^ c.turned) for n, c in enumerate(commodities)]
        waves = [link * options + option for option in range(options)]
        alive = 0.0 if asks.dead[case, link] else -usable
        gives = (alive * instance.rate_gbps[link]).tolist()
        rows.append((riders + waves, [1.0] * len(riders) + gives, -np.inf, 0.0))
    return rows


def _conservation_rows(instance: Instance, first: int, commodity: Commodity) -> list[Row]:
    """What leaves a site less what enters it; two possible ends count as one site."""
    total = sum(commodity.wanted_gbps.values())
    group: dict[int, int] = {}
    gives: dict[int, float] = {}
    given = ((ends, -gbps) for ends, gbps in commodity.wanted_gbps.items())
    for members, gbps in ((commodity.hub, total), *given):
        head = min(group.get(site, site) for site in members)
        for site in members:
            group[site] = head
        gives[head] = gives.get(head, 0.0) + gbps
    columns: dict[int, list[int]] = {}
    values: dict[int, list[float]] = {}
    for arc, there in enumerate(instance.graph.arc_target):
        here = instance.graph.arc_target[arc ^ 1]
        start, end = group.get(here, here), group.get(there, there)
        if start == end:
            continue
        for head, sign in ((start, 1.0), (end, -1.0)):
            columns.setdefault(head, []).append(first + arc)
            values.setdefault(head, []).append(sign)
    return [
        (columns[site], values[site], gives.get(site, 0.0), gives.get(site, 0.0))
        for site in sorted(columns)
    ]


def entries(rows: Rows) -> list[Row]:
    """Rows apart again, to be put together with others."""
    spans = zip(rows.start[:-1], rows.start[1:], rows.low, rows.high, strict=True)
    return [
        (rows.column[s:e].tolist(), rows.value[s:e].tolist(), float(low), float(high))
        for s, e, low, high in spans
    ]
