"""All phases as one capacity problem: a module, a pair or a chassis is a column of its phase.

What a phase buys counts in that phase and in all later ones, and nothing is ever given back. For
every phase s, with x_q what phase q buys:

    slots:    sum_{q<=s} slot @ waves_q - band * pairs_q  <=  band * lit - taken      (each fibre)
    cable:    sum_q pairs_q                               <=  pairs - lit             (each fibre)
    setup:    sum_{q<=s} pairs_q                          <=  pairs * sum_{q<=s} setup_q
                                                               (each fibre charged once, and unlit)
    sale:     sum_q units_q                               <=  most - standing   (each link for sale)
    chassis:  sum_{q<=s} ports_q - steps * chassis_q      <=  0                       (each site)
    routers:  sum_{q<=s} chassis_q                        >=  routers    (each site in use by then)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import Links, Problem
from arterial.design.cuts import Row
from arterial.design.horizon_cases import (
    Asked,
    Pair,
    answer_ends,
    asked_of,
    cases_of,
    demands_of,
)
from arterial.design.instance import Instance
from arterial.design.kernels import ANY
from arterial.design.master import standing_units
from arterial.design.outlook import Outlook, Stage
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["Bought", "Horizon", "horizon_of", "loads_asked"]


@dataclass(frozen=True)
class Bought:
    """What each column of the program is, (X,) each."""

    stage: IntArray
    link: IntArray
    """Of a wave; -1 else."""
    option: IntArray
    fibre: IntArray
    """Of a pair; -1 else."""
    site: IntArray
    """Of a chassis; -1 else."""
    setup: IntArray
    """The fibre whose first pair it pays for; -1 else."""


@dataclass(frozen=True)
class Horizon:
    """The problem of all phases, and what its columns are."""

    outlook: Outlook
    bought: Bought
    problem: Problem
    row_stage: IntArray
    """(R,) phase of each row of the program; 0 where it holds for all."""
    row_opens: BoolArray
    """(R,) True of rows that put routers where traffic ends from that phase on."""
    pairs: tuple[Pair, ...]
    """(K,) what the demands are."""

    @property
    def years(self) -> tuple[int, ...]:
        """(S,) of the phases."""
        return tuple(stage.phase.year for stage in self.outlook.stages)

    @property
    def edge_cost(self) -> float:
        """Of the edges of all phases, discounted: chosen before any capacity."""
        return sum(stage.edge_cost for stage in self.outlook.stages)

    def spent(self, columns: FloatArray) -> FloatArray:
        """(S,) what each phase costs, discounted, edges not in it."""
        cost = self.problem.program.cost * columns
        return np.array(
            [cost[self.bought.stage == number].sum() for number in range(len(self.outlook.stages))]
        )

    def added_gbps(self, columns: FloatArray) -> FloatArray:
        """(S, L) capacity that each phase adds to each link."""
        supply = self.problem.links.supply
        return np.array(
            [
                supply @ np.where(self.bought.stage == number, columns, 0.0)
                for number in range(len(self.outlook.stages))
            ]
        )


def loads_asked(outlook: Outlook) -> tuple[Asked, ...]:
    """What the loads of all phases ask."""
    return tuple(
        asked_of(
            outlook.instance,
            flows,
            outlook.answers,
            stage.phase.name if not also else f"{stage.phase.name} ({stage.phase.also[also - 1]})",
            stage=number,
            usable=stage.usable,
        )
        for number, stage in enumerate(outlook.stages)
        for also, flows in enumerate(stage.flows)
    )


def horizon_of(outlook: Outlook, asked: Sequence[Asked]) -> Horizon:
    """One problem for all phases.

    Parameters
    ----------
    asked
        What must be carried; several matrices a phase are carried one at a time.
    """
    instance = outlook.instance
    bought = _bought(instance, outlook.stages)
    pairs, demands = demands_of(asked)
    rows = _rows(outlook, bought, asked)
    return Horizon(
        outlook=outlook,
        bought=bought,
        row_stage=np.array([stage for stage, _, _ in rows], dtype=np.int64),
        row_opens=np.array([opens for _, opens, _ in rows], dtype=np.bool_),
        pairs=pairs,
        problem=Problem(
            program=_program(outlook, bought, [row for _, _, row in rows]),
            links=_links(outlook, bought, asked),
            demands=demands,
            cases=cases_of(instance, outlook.answers, asked, pairs),
            stage=bought.stage,
        ),
    )


def _links(outlook: Outlook, bought: Bought, asked: Sequence[Asked]) -> Links:
    """Candidates, then the arcs by which markets are answered, as wide as anything needs."""
    instance, count = outlook.instance, len(bought.stage)
    waves = np.flatnonzero(bought.link >= 0)
    rate = instance.rate_gbps[bought.link[waves], bought.option[waves]]
    arcs = answer_ends(instance.graph.sites, outlook.answers)
    links, more = len(instance.routes), len(arcs)
    most = max((sum(case.values()) for one in asked for case in one.gbps), default=0.0)
    wide = most / min(instance.usable_normal, instance.usable_failed)
    base = np.where(instance.free_waves > 0, instance.rate_gbps[:, 0], 0.0)
    return Links(
        sites=instance.graph.sites + 2 * len(outlook.answers),
        ends=np.concatenate([instance.ends, arcs]),
        base_gbps=np.concatenate([base, np.full(more, wide)]),
        supply=sparse.csr_array((rate, (bought.link[waves], waves)), shape=(links + more, count)),
        latency_ms=np.concatenate([instance.latency_ms + instance.hop_ms, np.zeros(more)]),
        one_way=np.arange(links + more) >= links,
    )


def _bought(instance: Instance, stages: Sequence[Stage]) -> Bought:
    """Columns phase by phase: waves, then pairs, then chassis, then what first pairs cost once."""
    new = instance.real & ~standing_units(instance)
    parts: list[tuple[int, int, int, int, int, int]] = []
    for number, stage in enumerate(stages):
        open_links = new & stage.usable[:, None]
        parts += [(number, link, o, -1, -1, -1) for link, o in np.argwhere(open_links).tolist()]
        parts += [
            (number, -1, -1, int(m), -1, -1) for m in np.flatnonzero(np.isfinite(stage.pair_cost))
        ]
        parts += [(number, -1, -1, -1, n, -1) for n in range(instance.graph.sites)]
        charged = instance.charged & np.isfinite(stage.pair_cost)
        parts += [(number, -1, -1, -1, -1, int(m)) for m in np.flatnonzero(charged)]
    table = np.array(parts, dtype=np.int64).reshape(-1, 6).T
    return Bought(*table)


def _program(outlook: Outlook, bought: Bought, rows: list[Row]) -> Program:
    count = len(bought.stage)
    cost = np.zeros(count)
    for number, stage in enumerate(outlook.stages):
        here = bought.stage == number
        waves, pairs = here & (bought.link >= 0), here & (bought.fibre >= 0)
        cost[waves] = stage.wave_cost[bought.link[waves], bought.option[waves]]
        cost[pairs] = stage.pair_cost[bought.fibre[pairs]]
        cost[here & (bought.site >= 0)] = stage.chassis_cost
        setup = here & (bought.setup >= 0)
        cost[setup] = stage.setup_cost[bought.setup[setup]]
    return Program(
        cost=cost,
        low=np.zeros(count),
        high=np.full(count, np.inf),
        integer=np.ones(count, dtype=np.bool_),
        rows=Rows.of(rows),
    )


def _rows(outlook: Outlook, bought: Bought, asked: Sequence[Asked]) -> list[tuple[int, bool, Row]]:
    """(phase, whether it puts routers where traffic ends, row) of all rows."""
    instance = outlook.instance
    rows = [(0, False, row) for row in _cable_rows(instance, bought)]
    rows += [(0, False, row) for row in _sale_rows(instance, bought)]
    for number in range(len(outlook.stages)):
        by_then = bought.stage <= number
        ends = _ends(outlook, asked, number)
        rows += [(number, False, row) for row in _slot_rows(instance, bought, by_then)]
        rows += [(number, False, row) for row in _chassis_rows(instance, bought, by_then)]
        rows += [(number, False, row) for row in _setup_rows(instance, bought, by_then)]
        rows += [(number, True, row) for row in _router_rows(instance, bought, by_then, ends)]
    return rows


def _cable_rows(instance: Instance, bought: Bought) -> Iterator[Row]:
    ground = instance.ground
    for m in range(instance.link_fibre.shape[1]):
        columns = np.flatnonzero(bought.fibre == m).tolist()
        if columns:
            left = float(ground.pairs[m] - ground.lit[m])
            yield columns, [1.0] * len(columns), -np.inf, left


def _sale_rows(instance: Instance, bought: Bought) -> Iterator[Row]:
    for link in np.flatnonzero(instance.most_waves < ANY).tolist():
        columns = np.flatnonzero(bought.link == link).tolist()
        if columns:
            left = float(instance.most_waves[link] - instance.free_waves[link])
            yield columns, [1.0] * len(columns), -np.inf, left


def _slot_rows(instance: Instance, bought: Bought, by_then: BoolArray) -> Iterator[Row]:
    rides = instance.link_fibre[np.maximum(bought.link, 0)] & (bought.link >= 0)[:, None]
    for m in range(instance.link_fibre.shape[1]):
        riders = np.flatnonzero(rides[:, m] & by_then)
        pairs = np.flatnonzero((bought.fibre == m) & by_then)
        if len(riders):
            slots = instance.slot_ghz[bought.link[riders], bought.option[riders]]
            band_ghz = float(instance.room.band_ghz[m])
            lit_ghz = float(instance.ground.lit[m]) * band_ghz
            yield (
                [*riders.tolist(), *pairs.tolist()],
                [*slots.tolist(), *([-band_ghz] * len(pairs))],
                -np.inf,
                max(0.0, lit_ghz - float(instance.room.taken_ghz[m])),
            )


def _chassis_rows(instance: Instance, bought: Bought, by_then: BoolArray) -> Iterator[Row]:
    steps = float(instance.ground.network.costs.chassis_ports)
    ends = instance.ends[np.maximum(bought.link, 0)]
    for n in range(instance.graph.sites):
        here = (ends == n).any(axis=1) & (bought.link >= 0)
        riders = np.flatnonzero(here & by_then).tolist()
        boxes = np.flatnonzero((bought.site == n) & by_then).tolist()
        if riders:
            values = [1.0] * len(riders) + [-steps] * len(boxes)
            yield [*riders, *boxes], values, -np.inf, 0.0


def _setup_rows(instance: Instance, bought: Bought, by_then: BoolArray) -> Iterator[Row]:
    for m in np.flatnonzero(instance.charged).tolist():
        pairs = np.flatnonzero((bought.fibre == m) & by_then).tolist()
        setup = np.flatnonzero((bought.setup == m) & by_then).tolist()
        if pairs:
            most = float(instance.ground.pairs[m])
            yield [*pairs, *setup], [1.0] * len(pairs) + [-most] * len(setup), -np.inf, 0.0


def _router_rows(
    instance: Instance, bought: Bought, by_then: BoolArray, ends: Sequence[int]
) -> Iterator[Row]:
    """A site where traffic ends, and that no link that stands reaches, has a chassis a router."""
    given = set[int](instance.ends[instance.free_waves > 0].reshape(-1).tolist())
    for n in ends:
        if n not in given:
            boxes = np.flatnonzero((bought.site == n) & by_then).tolist()
            yield boxes, [1.0] * len(boxes), float(max(1, instance.ground.routers[n])), np.inf


def _ends(outlook: Outlook, asked: Sequence[Asked], stage: int) -> list[int]:
    """Sites where traffic ends in a phase, those of markets' edges and fail-overs among them."""
    sites = outlook.instance.graph.sites
    found = {
        site for one in asked if one.stage == stage for pair in one.gbps[0] for site in pair[:2]
    }
    answered = {(site - sites) // 2 for site in found if site >= sites}
    edges = {site for number in answered for site in outlook.answers[number]}
    return sorted({site for site in found if site < sites} | edges)
