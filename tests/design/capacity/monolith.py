"""One program with every case written out: what the engine must come to, by other means.

Flows stand on arcs, those of one source together; demands with a limit on delay have one column for
each simple path that keeps it. For small problems: nothing here is clever.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from arterial.design.capacity.problem import FIXED
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows

SLACK_MS = 1e-9


@dataclass(frozen=True, kw_only=True)
class Answer:
    """``status`` as HiGHS's; cost is inf and columns are empty where there is no point."""

    status: str
    cost: float
    bound: float
    columns: np.ndarray


@dataclass
class Flows:
    """Routing of one case: columns ``0 .. count``, each with the links' directions it fills."""

    count: int = 0
    balance: list = field(default_factory=list)
    """(columns, values, {demand: share asked}) of rows that equal what is asked."""
    filled: dict = field(default_factory=lambda: defaultdict(list))
    """Columns that fill an arc."""

    def column(self, arcs):
        for arc in arcs:
            self.filled[int(arc)].append(self.count)
        self.count += 1
        return self.count - 1


def monolith(problem, *, gap=1e-9, time_limit_s=float("inf")):
    """The optimum of a problem: columns of what is bought first, then the flows of each case."""
    program = problem.program
    bought = len(program.cost)
    rows, flows = [], bought
    for case in range(len(problem.cases.names)):
        routing = flows_of(problem, case)
        rows += _asked_rows(problem, case, routing, flows)
        rows += _capacity_rows(problem, case, routing, flows)
        flows += routing.count
    more = flows - bought
    whole = Program(
        cost=np.concatenate([program.cost, np.zeros(more)]),
        low=np.concatenate([program.low, np.zeros(more)]),
        high=np.concatenate([program.high, np.full(more, np.inf)]),
        integer=np.concatenate([program.integer, np.zeros(more, dtype=np.bool_)]),
        rows=Rows.joined([program.rows, Rows.of(rows)]),
    )
    found = solve(whole, gap=gap, time_limit_s=time_limit_s)
    return Answer(
        status=found.status,
        cost=found.objective,
        bound=found.bound,
        columns=found.primal[:bought],
    )


def carried_share(problem, columns, case):
    """Most that all demands of a case can be multiplied by at once; inf where none asks."""
    asked = problem.asked_gbps(columns, case)
    if not (asked > 0.0).any():
        return np.inf
    routing = flows_of(problem, case)
    share = routing.count
    rows = [
        (
            [*places, share],
            [*values, -sum(asked[demand] for demand in demands)],
            0.0,
            0.0,
        )
        for places, values, demands in routing.balance
    ]
    room = problem.capacity_gbps(columns, case)
    rows += [
        ([*cells], [1.0] * len(cells), -np.inf, room[link])
        for link, cells in _filled(problem, routing)
    ]
    cost = np.zeros(share + 1)
    cost[share] = -1.0
    program = Program(
        cost=cost,
        low=np.zeros(share + 1),
        high=np.full(share + 1, np.inf),
        integer=np.zeros(share + 1, dtype=np.bool_),
        rows=Rows.of(rows),
    )
    found = solve(program)
    assert found.status == "optimal", found.detail
    return -found.objective


def carried(problem, columns, case, *, tolerance=1e-6):
    """True when a case holds with these columns, up to a share of what is asked."""
    return carried_share(problem, columns, case) >= 1.0 - tolerance


def sound(problem, columns, *, tolerance=1e-6):
    """True when the program's own bounds, rows and integers hold."""
    program = problem.program
    rows = program.rows
    row = np.repeat(np.arange(len(rows)), np.diff(rows.start))
    sums = np.bincount(row, rows.value * columns[rows.column], minlength=len(rows))
    whole = np.abs(columns - np.round(columns))[program.integer]
    return bool(
        (columns >= program.low - tolerance).all()
        and (columns <= program.high + tolerance).all()
        and (sums >= rows.low - tolerance).all()
        and (sums <= rows.high + tolerance).all()
        and (whole <= tolerance).all()
    )


def arcs_of(problem, case):
    """Arcs (number, from, to) that stand in a case."""
    links = problem.links
    for link in np.flatnonzero(problem.cases.alive[case]):
        a, z = (int(site) for site in links.ends[link])
        yield 2 * int(link), a, z
        if links.one_way is None or not links.one_way[link]:
            yield 2 * int(link) + 1, z, a


def simple_paths(problem, case, demand):
    """Every way without a site twice that keeps the demand's limit, as arcs."""
    leaving = defaultdict(list)
    for arc, a, z in arcs_of(problem, case):
        leaving[a].append((arc, z))
    target = int(problem.demands.target[demand])
    limit_ms = problem.demands.limit_ms[demand] + SLACK_MS
    found, open_ways = [], [(int(problem.demands.source[demand]), 0.0, (), frozenset())]
    while open_ways:
        site, ms, arcs, met = open_ways.pop()
        if site == target:
            found.append(arcs)
            continue
        for arc, onward in leaving[site]:
            later_ms = ms + problem.links.latency_ms[arc // 2]
            if onward not in met and later_ms <= limit_ms:
                open_ways.append((onward, later_ms, (*arcs, arc), met | {site}))
    return found


def flows_of(problem, case):
    """Columns and balances of a case; dead arcs have none."""
    flows = Flows()
    demands = problem.demands
    by_source = defaultdict(list)
    for demand in np.flatnonzero(problem.cases.gbps[case] > 0.0):
        if np.isfinite(demands.limit_ms[demand]):
            cells = [flows.column(path) for path in simple_paths(problem, case, demand)]
            flows.balance.append((cells, [1.0] * len(cells), (int(demand),)))
        else:
            by_source[int(demands.source[demand])].append(int(demand))
    arcs = list(arcs_of(problem, case))
    for source, together in by_source.items():
        _balance(flows, arcs, problem, source, together)
    return flows


def _balance(flows, arcs, problem, source, together):
    """What enters every site but the source is what leaves it, and what it asks for."""
    ends = defaultdict(list)
    for arc, a, z in arcs:
        cell = flows.column([arc])
        ends[z].append((cell, 1.0))
        ends[a].append((cell, -1.0))
    for site in range(problem.links.sites):
        here = tuple(k for k in together if problem.demands.target[k] == site)
        if site != source and (ends[site] or here):
            cells = [cell for cell, _ in ends[site]]
            flows.balance.append((cells, [value for _, value in ends[site]], here))


def _asked_rows(problem, case, routing, first):
    gbps, scaled = problem.cases.gbps[case], problem.demands.scaled_by
    for places, values, demands in routing.balance:
        fixed, taken = 0.0, defaultdict(float)
        for demand in demands:
            if scaled[demand] == FIXED:
                fixed += gbps[demand]
            else:
                taken[int(scaled[demand])] -= gbps[demand]
        columns = [*(first + place for place in places), *taken]
        yield columns, [*values, *taken.values()], fixed, fixed


def _filled(problem, routing):
    """(link, columns) whose sum the link's capacity limits."""
    if problem.links.shared:
        by_link = defaultdict(list)
        for arc, cells in routing.filled.items():
            by_link[arc // 2] += cells
        # A column that rides a link has it once: paths are simple, flows have one arc each.
        return list(by_link.items())
    return [(arc // 2, cells) for arc, cells in routing.filled.items()]


def _capacity_rows(problem, case, routing, first):
    links, usable = problem.links, problem.cases.usable[case]
    supply = links.supply.tocsr()
    counted = problem.column_stage <= problem.cases.stage[case]
    for link, cells in _filled(problem, routing):
        span = slice(supply.indptr[link], supply.indptr[link + 1])
        given = [
            (int(column), -usable * float(gbps))
            for column, gbps in zip(supply.indices[span], supply.data[span], strict=True)
            if counted[column]
        ]
        columns = [*(first + cell for cell in cells), *(column for column, _ in given)]
        values = [*([1.0] * len(cells)), *(value for _, value in given)]
        yield columns, values, -np.inf, usable * float(links.base_gbps[link])
