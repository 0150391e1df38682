"""What no design on these candidates can cost less than: an integer master with cut sets.

Waves, fibre pairs and chassis are whole; routing is relaxed to cut-set inequalities, which any
routing obeys. Cut sets come from the master's own points: where a case splits what it lights, each
part asks for its border. The bound holds for the candidate links and the replicas given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.cuts import Asks, Row, asks_of, cut_rows
from arterial.design.flows import Flow
from arterial.design.instance import Instance, wave_columns
from arterial.design.metric import entries, metric_row
from arterial.errors import SolverError
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, Program, Rows, Solution

__all__ = ["Bounded", "bound"]


NODES = 400
"""Branch-and-bound nodes a round: rounds end by count, so that no clock decides the bound."""

MASTER_GAP = 2e-3

ENTRIES = 2
"""Fibres into a site that one cut must not cut off."""

ANY_WAVE = 0.5
"""A whole number above this is a wave."""


@dataclass(frozen=True)
class Bounded:
    """The bound after a round of cuts; it never falls. Round 0 allows parts of waves."""

    round: int
    bound: float
    cuts: int


def bound(
    instance: Instance, flows: Sequence[Flow], *, rounds: int, seed: int = 0
) -> Iterator[Bounded]:
    """Bounds on waves, pairs and chassis, better round by round."""
    asks = asks_of(instance, flows)
    master = _master(instance, asks)
    first = [frozenset({site}) for site in sorted({s for ends in asks.source for s in ends})]
    first += [frozenset({route.a, route.z}) for route in instance.routes]
    cuts = list(cut_rows(instance, asks, dict.fromkeys(first)))
    metric = metric_row(instance, asks, master, cuts, 0)
    cuts += [metric] if metric is not None else []
    relaxed = replace(
        master,
        integer=np.zeros_like(master.integer),
        rows=Rows.of([*entries(master.rows), *cuts]),
    )
    best = _solved(Session(relaxed, seed=seed)).bound
    yield Bounded(0, best, len(cuts))
    session = Session(master, seed=seed)
    session.add_rows(Rows.of(cuts))
    seen: set[frozenset[int]] = set()
    for number in range(1, rounds + 1):
        solution = _solved(session)
        best = max(best, solution.bound)
        yield Bounded(number, best, len(cuts))
        broken = _broken(instance, asks, solution.primal) - seen
        if not broken:
            return
        seen |= broken
        rows = list(cut_rows(instance, asks, sorted(broken, key=sorted)))
        session.add_rows(Rows.of(rows))
        cuts += rows


def _solved(session: Session) -> Solution:
    solution = session.solve(gap=MASTER_GAP, nodes=NODES)
    if not len(solution.primal):
        raise SolverError("HiGHS (bound)", solution.detail)
    return solution


def _broken(instance: Instance, asks: Asks, primal: FloatArray) -> set[frozenset[int]]:
    """Parts of the lit network that some case cuts off although they ask for something."""
    options = instance.rate_gbps.shape[1]
    lit = primal[: len(instance.routes) * options].reshape(-1, options).sum(axis=1) > ANY_WAVE
    found: set[frozenset[int]] = set()
    for case in range(len(asks.share)):
        for members in _parts(instance, lit & ~asks.dead[case]):
            if members not in found and _asked(asks, members, case):
                found.add(members)
    return found


def _asked(asks: Asks, members: frozenset[int], case: int) -> bool:
    """Whether anything must cross the border of a set in a case."""
    out, into = asks.across(members)
    return bool((asks.share[case, out | into] > 0).any())


def _parts(instance: Instance, alive: BoolArray) -> list[frozenset[int]]:
    """Connected parts of the sites under links that are alive."""
    parent = list(range(instance.graph.sites))

    def root(site: int) -> int:
        while parent[site] != site:
            parent[site] = parent[parent[site]]
            site = parent[site]
        return site

    for link in np.flatnonzero(alive):
        route = instance.routes[link]
        parent[root(route.a)] = root(route.z)
    parts: dict[int, set[int]] = {}
    for site in range(instance.graph.sites):
        parts.setdefault(root(site), set()).add(site)
    return [frozenset(members) for members in parts.values()]


def _chassis_floor(instance: Instance, asks: Asks) -> FloatArray:
    """(N,) a site that must exchange traffic needs a chassis in each of its routers."""
    floor = np.zeros(instance.graph.sites)
    for ends, others in ((asks.source, asks.target), (asks.target, asks.source)):
        for here, there in zip(ends, others, strict=True):
            if len(here) == 1 and not here & there:
                (site,) = here
                floor[site] = max(1, instance.ground.routers[site])
    return floor


def _master(instance: Instance, asks: Asks) -> Program:
    """Columns: waves (l, o), pairs (m), chassis (n)."""
    links, options = instance.rate_gbps.shape
    fibres, sites = instance.link_fibre.shape[1], instance.graph.sites
    ground, costs = instance.ground, instance.ground.network.costs
    real = instance.real.reshape(-1)
    given = np.repeat(instance.free_waves > 0, options)
    closed = ~np.isfinite(ground.pair_cost)
    prices: FloatArray = np.where(real & ~given, instance.wave_cost.reshape(-1), 0.0)
    count = int(links * options + fibres + sites)
    high = np.full(count, np.inf)
    high[: links * options] = np.where(real, np.where(given, 1.0, np.inf), 0.0)
    high[links * options : -sites or None] = np.where(closed, 0.0, np.inf)
    return Program(
        cost=np.concatenate(
            [
                prices,
                np.where(closed, np.zeros(fibres), ground.pair_cost),
                np.full(sites, costs.chassis, dtype=np.float64),
            ]
        ),
        low=np.concatenate((np.zeros(count - sites), _chassis_floor(instance, asks))),
        high=high,
        integer=np.ones(count, dtype=np.bool_),
        rows=Rows.of(
            [*_spectrum_rows(instance), *_chassis_rows(instance), *_entry_rows(instance, asks)]
        ),
    )


def _spectrum_rows(instance: Instance) -> Iterator[Row]:
    """Slots of the waves on a fibre fit into its pairs: slot @ waves - band * new <= band * lit."""
    links, options = instance.rate_gbps.shape
    for m in range(instance.link_fibre.shape[1]):
        riders = np.flatnonzero(instance.link_fibre[:, m])
        if not len(riders):
            continue
        columns = wave_columns(instance, riders)
        slots = instance.slot_ghz[riders].reshape(-1)
        lit = float(instance.ground.lit[m])
        yield (
            [*columns.tolist(), links * options + m],
            [*slots.tolist(), -instance.band_ghz],
            -np.inf,
            lit * instance.band_ghz,
        )


def _chassis_rows(instance: Instance) -> Iterator[Row]:
    """Ports of a site fit into its chassis, and a site in use has one for each router."""
    links, options = instance.rate_gbps.shape
    steps = instance.ground.network.costs.chassis_ports
    first = links * options + instance.link_fibre.shape[1]
    for n in range(instance.graph.sites):
        riders = [link for link, route in enumerate(instance.routes) if n in (route.a, route.z)]
        if not riders:
            continue
        columns = wave_columns(instance, np.array(riders, dtype=np.int64)).tolist()
        yield [*columns, first + n], [1.0] * len(columns) + [-float(steps)], -np.inf, 0.0


def _entry_rows(instance: Instance, asks: Asks) -> Iterator[Row]:
    """A site that must be reached after any cut needs two fibres lit: new pairs >= 2 - lit ones."""
    links, options = instance.rate_gbps.shape
    network = instance.ground.network
    cuts = [n for n, failure in enumerate(instance.failures) if failure.kind == "fibre"]
    for site in sorted({n for ends in (asks.source, asks.target) for s in ends for n in s}):
        members = frozenset({site})
        asked = [case for case in cuts if not _asked(asks, members, case + 1)]
        border = [
            m
            for m, fibre in enumerate(network.fibres)
            if site in (instance.ground.site_index[fibre.a], instance.ground.site_index[fibre.z])
        ]
        lit = sum(1 for m in border if instance.ground.lit[m])
        dark = [links * options + m for m in border if not instance.ground.lit[m]]
        if not asked and lit < ENTRIES and dark:
            yield dark, [1.0] * len(dark), float(ENTRIES - lit), np.inf
