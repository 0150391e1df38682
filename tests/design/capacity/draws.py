"""Random small capacity problems, by seed: every kind of column, row, case and limit, mixed.

Sites 4 to 7, a ring and chords, two sizes of module. Demands that a case parts are not asked for in
it, so that a problem has a point as long as its columns are not bounded tightly (``high``).
"""

from dataclasses import dataclass, field, replace

import numpy as np
from monolith import simple_paths
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.solve.program import Program, Rows

SMALL_GBPS, BIG_GBPS = 10.0, 40.0
HIGH = 30.0


@dataclass
class Columns:
    """What is bought, while a problem grows."""

    cost: list = field(default_factory=list)
    high: list = field(default_factory=list)
    integer: list = field(default_factory=list)
    stage: list = field(default_factory=list)
    supply: list = field(default_factory=list)
    """(link, column, Gb/s)."""
    rows: list = field(default_factory=list)

    def add(self, cost, high, *, integer=True, stage=0):
        self.cost.append(float(cost))
        self.high.append(float(high))
        self.integer.append(integer)
        self.stage.append(stage)
        return len(self.cost) - 1

    def row(self, entries, low, high):
        columns, values = zip(*entries, strict=True)
        self.rows.append((list(columns), [float(value) for value in values], low, high))

    def program(self):
        return Program(
            cost=np.array(self.cost),
            low=np.zeros(len(self.cost)),
            high=np.array(self.high),
            integer=np.array(self.integer, dtype=np.bool_),
            rows=Rows.of(self.rows),
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Demands while a problem grows."""

    source: list = field(default_factory=list)
    target: list = field(default_factory=list)
    gbps: list = field(default_factory=list)
    scaled_by: list = field(default_factory=list)

    def add(self, source, target, gbps, scaled_by=FIXED):
        self.source.append(int(source))
        self.target.append(int(target))
        self.gbps.append(float(gbps))
        self.scaled_by.append(scaled_by)


def drawn(seed, *, high=HIGH, whole=None):
    """A problem by seed; ``high`` bounds each module's column, ``whole`` says what is integer."""
    random = np.random.default_rng(seed)
    whole = bool(random.random() < 0.8) if whole is None else whole
    sites = int(random.integers(4, 8))
    ends = _ends(random, sites)
    stages = 2 if random.random() < 0.3 else 1
    columns, asked = Columns(), Asked()
    _modules(random, columns, ends, high, whole=whole, stages=stages)
    _fixed(random, asked, sites)
    if random.random() < 0.4:
        _served(random, columns, asked, sites)
    if random.random() < 0.4:
        _ports(random, columns, ends, whole=whole)
    return _problem(random, columns, asked, sites, ends)


def of_one_size(problem):
    """The problem without its small modules, if its columns are modules alone."""
    program, supply = problem.program, problem.links.supply.tocsc()
    big = np.flatnonzero(supply.max(axis=0).toarray() > SMALL_GBPS)
    fewer = Program(
        cost=program.cost[big],
        low=program.low[big],
        high=program.high[big],
        integer=program.integer[big],
        rows=program.rows,
    )
    links = replace(problem.links, supply=supply[:, big].tocsr())
    return replace(problem, program=fewer, links=links, stage=problem.stage[big])


def _ends(random, sites):
    """A ring, chords, now and then a parallel link."""
    ring = [(site, (site + 1) % sites) for site in range(sites)]
    chords = [tuple(random.choice(sites, 2, replace=False)) for _ in range(random.integers(1, 5))]
    twins = [ring[random.integers(sites)]] if random.random() < 0.3 else []
    return np.array([*ring, *chords, *twins], dtype=np.int64)


def _modules(random, columns, ends, high, *, whole, stages):
    for link in range(len(ends)):
        length = random.integers(1, 9)
        for stage in range(stages):
            for gbps, base, per_km in ((SMALL_GBPS, 3, 1), (BIG_GBPS, 6, 2.5)):
                if random.random() < 0.85 or gbps == BIG_GBPS:
                    cost = (base + per_km * length) * (1.0 if stage == 0 else 0.9)
                    column = columns.add(cost, high, integer=whole, stage=stage)
                    columns.supply.append((link, column, gbps))


def _fixed(random, asked, sites):
    for _ in range(random.integers(2, 6)):
        source, target = random.choice(sites, 2, replace=False)
        asked.add(source, target, random.integers(1, 30))


def _served(random, columns, asked, sites):
    """Markets, each served by one of two or three edges that open at a cost."""
    edges = {int(site): columns.add(random.integers(5, 30), 1.0) for site in range(sites)}
    for _ in range(random.integers(1, 3)):
        market, *near = random.choice(sites, int(random.integers(3, 5)), replace=False)
        choices = [(int(site), columns.add(0.0, 1.0)) for site in near]
        columns.row([(column, 1.0) for _, column in choices], 1.0, 1.0)
        gbps = random.integers(5, 25)
        for site, column in choices:
            columns.row([(column, 1.0), (edges[site], -1.0)], -np.inf, 0.0)
            asked.add(site, market, gbps, column)
            asked.add(market, site, gbps / 5.0, column)


def _ports(random, columns, ends, *, whole):
    """Modules at a site fill the ports of chassis, which are bought."""
    site = int(random.integers(ends.max() + 1))
    chassis = columns.add(random.integers(4, 15), HIGH, integer=whole)
    here = set(np.flatnonzero((ends == site).any(axis=1)).tolist())
    entries = [(column, 1.0) for link, column, _ in columns.supply if link in here]
    columns.row([*entries, (chassis, -8.0)], -np.inf, 0.0)


def _problem(random, columns, asked, sites, ends):
    program = columns.program()
    links = len(ends)
    row, column, gbps = zip(*columns.supply, strict=True)
    shape = (links, len(program.cost))
    demands = len(asked.source)
    limited = random.random() < 0.5
    limit_ms = np.where(random.random(demands) < 0.5, random.integers(3, 12, demands) + 0.5, np.inf)
    one_way = random.random(links) < 0.2
    alive, names = _alive(random, sites, ends)
    stages = 1 + max(columns.stage)
    cases, copies = len(names), stages
    growth = np.repeat(1.0 + 0.6 * np.arange(copies), cases)
    problem = Problem(
        program=program,
        links=Links(
            sites=sites,
            ends=ends,
            base_gbps=np.where(random.random(links) < 0.2, 15.0, 0.0),
            supply=sparse.csr_array((gbps, (row, column)), shape=shape),
            latency_ms=random.integers(1, 4, links).astype(np.float64),
            shared=bool(random.random() < 0.3),
            one_way=one_way if random.random() < 0.3 else None,
        ),
        demands=Demands(
            source=np.array(asked.source, dtype=np.int64),
            target=np.array(asked.target, dtype=np.int64),
            limit_ms=limit_ms if limited else np.full(demands, np.inf),
            scaled_by=np.array(asked.scaled_by, dtype=np.int64),
        ),
        cases=Cases(
            names=tuple(f"{name} of {stage}" for stage in range(copies) for name in names),
            alive=np.tile(alive, (copies, 1)),
            usable=np.tile(np.where(alive.all(axis=1), random.choice([0.7, 1.0]), 1.0), copies),
            gbps=growth[:, None] * np.array(asked.gbps),
            stage=np.repeat(np.arange(copies), cases),
        ),
        stage=np.array(columns.stage, dtype=np.int64),
    )
    return _answerable(problem)


def _alive(random, sites, ends):
    """No failure, then single links, pairs of links or sites, or none of them."""
    links = len(ends)
    kind = random.choice(["none", "links", "pairs", "sites"], p=[0.15, 0.5, 0.15, 0.2])
    cases = [("none", [])]
    if kind in {"links", "pairs"}:
        cases += [(f"link {link}", [link]) for link in range(links)]
    if kind == "pairs":
        pairs = (random.choice(links, 2, replace=False) for _ in range(4))
        cases += [(f"links {one} and {other}", [one, other]) for one, other in pairs]
    if kind == "sites":
        cut = [(site, np.flatnonzero((ends == site).any(axis=1))) for site in range(sites)]
        cases += [(f"site {site}", dead) for site, dead in cut]
    alive = np.ones((len(cases), links), dtype=np.bool_)
    for case, (_, dead) in enumerate(cases):
        alive[case, dead] = False
    return alive, [name for name, _ in cases]


def _answerable(problem):
    """Demands that a case leaves without a way are not asked for in it."""
    gbps = problem.cases.gbps
    for case, demand in np.ndindex(gbps.shape):
        if not simple_paths(problem, case, demand):
            gbps[case, demand] = 0.0
    return problem
