"""Metric inequalities: what routing over distance asks of capacity, read off a relaxed design.

Let every arc have a length. In case f, capacity times length, summed over the arcs that are alive,
is at least the kept traffic times its shortest distance, whatever the routing. The lengths that cut
deepest are the capacity duals of a relaxed design that routes the case with fractional waves; any
lengths are valid, so nothing rests on how exactly that program was solved.
"""

from collections.abc import Sequence

import numpy as np

from arterial.design.cuts import Asks, Row
from arterial.design.instance import Instance, wave_columns
from arterial.paths.shortest import distances
from arterial.solve.highs import solve
from arterial.solve.program import FloatArray, Program, Rows

__all__ = ["entries", "metric_row"]

NO_LENGTH = 1e-9
"""Duals below this are rounding."""


def metric_row(
    instance: Instance, asks: Asks, master: Program, cuts: Sequence[Row], case: int
) -> Row | None:
    """The inequality that the relaxed design's duals give for one case, or None."""
    lengths = _lengths(instance, asks, master, cuts, case)
    if lengths is None or not (lengths > NO_LENGTH).any():
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
                for s in asks.source[k]
                for t in asks.target[k]
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
    commodities = _by_source(asks, case)
    count = first + len(commodities) * arcs
    capacity = _capacity_rows(instance, asks, case, first, len(commodities))
    conservation = [
        row
        for number, (source, wanted) in enumerate(commodities)
        for row in _conservation_rows(instance, first + number * arcs, source, wanted)
    ]
    rows = Rows.of([*capacity, *conservation, *entries(master.rows), *cuts])
    program = Program(
        cost=np.concatenate([master.cost, np.zeros(count - first)]),
        low=np.concatenate([master.low, np.zeros(count - first)]),
        high=np.concatenate([master.high, np.full(count - first, np.inf)]),
        integer=np.zeros(count, dtype=np.bool_),
        rows=rows,
    )
    solution = solve(program)
    if solution.status != "optimal" or not len(solution.row_dual):
        return None
    return np.maximum(0.0, np.abs(solution.row_dual[:arcs]))


def _by_source(asks: Asks, case: int) -> list[tuple[frozenset[int], dict[frozenset[int], float]]]:
    """Traffic to route in a case, gathered by source."""
    found: dict[frozenset[int], dict[frozenset[int], float]] = {}
    for k, gbps in enumerate(asks.gbps * asks.share[case]):
        if gbps > 0 and not asks.source[k] & asks.target[k]:
            wanted = found.setdefault(asks.source[k], {})
            wanted[asks.target[k]] = wanted.get(asks.target[k], 0.0) + float(gbps)
    return list(found.items())


def _capacity_rows(
    instance: Instance, asks: Asks, case: int, first: int, commodities: int
) -> list[Row]:
    """Flow on an arc fits into its link's waves: sum(flow) - usable * rate @ waves <= 0."""
    options = instance.rate_gbps.shape[1]
    arcs = 2 * len(instance.routes)
    usable = instance.usable_failed if case else instance.usable_normal
    rows: list[Row] = []
    for arc in range(arcs):
        link = arc >> 1
        riders = [first + number * arcs + arc for number in range(commodities)]
        waves = [link * options + option for option in range(options)]
        alive = 0.0 if asks.dead[case, link] else -usable
        gives = (alive * instance.rate_gbps[link]).tolist()
        rows.append((riders + waves, [1.0] * commodities + gives, -np.inf, 0.0))
    return rows


def _conservation_rows(
    instance: Instance,
    first: int,
    source: frozenset[int],
    wanted: dict[frozenset[int], float],
) -> list[Row]:
    """What leaves a site less what enters it; two possible ends count as one site."""
    total = sum(wanted.values())
    group: dict[int, int] = {}
    gives: dict[int, float] = {}
    for members, gbps in ((source, total), *((t, -g) for t, g in wanted.items())):
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
