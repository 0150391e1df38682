"""Placement and network as one capacity problem: whatever is chosen, the relaxation holds for it.

To the master's columns (waves, pairs, chassis) come ``open`` for each edge and ``answers`` for each
market and edge within its bound. A market's traffic ends at a place of its own, which its edges
lead to one way; such a link is as large as the traffic, times whether the edge answers. Two edges
answer each market; one that is lost leads nowhere. New models go to edges as far as they are open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Demands, Links, Problem
from arterial.design.cuts import Asks, Row
from arterial.design.instance import Instance
from arterial.design.joint.asked import Answers, Asked
from arterial.design.joint.offered import Offered
from arterial.design.joint.replicas import Replicas, replica_columns
from arterial.design.master import master_of
from arterial.design.underlay import Layers, layers_on
from arterial.solve.program import BoolArray, FloatArray, IntArray, Program, Rows

__all__ = ["Columns", "joint_layers", "placement_columns"]

ANSWERS = 2.0
"""Edges a market: its own and its fail-over."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Where the placement stands in the program."""

    first: int
    """Of the E ``open`` columns; before it are the master's."""
    market: IntArray
    """(Y,) of each ``answers`` column, which follow."""
    edge: IntArray
    """(Y,)"""
    edges: int
    """E."""

    @property
    def answers(self) -> IntArray:
        """(Y,) columns."""
        return self.first + self.edges + np.arange(len(self.market), dtype=np.int64)


def placement_columns(choices: Offered, first: int) -> Columns:
    """Columns after the master's ``first`` ones."""
    market, edge = np.nonzero(choices.within)
    return Columns(
        first=first,
        market=market.astype(np.int64),
        edge=edge.astype(np.int64),
        edges=len(choices.edges),
    )


def joint_layers(instance: Instance, choices: Offered, wanted: Asked) -> Layers:
    """Light and fibre of all placements at once, as capacity problems over one program."""
    master = master_of(instance, wanted.any_edge(choices, instance))
    columns = placement_columns(choices, len(master.cost))
    program = _program(master, choices, columns)
    base = layers_on(instance, wanted.fixed, program)
    return Layers(
        underlay=_with_answers(base.underlay, instance, choices, wanted, columns, timed=True),
        plant=_with_answers(base.plant, instance, choices, wanted, columns, timed=False),
    )


def _program(master: Program, choices: Offered, columns: Columns) -> Program:
    more = columns.edges + len(columns.market)
    rows = [
        *_answered_twice(choices, columns),
        *_answered_from_open(columns),
        *_answered_apart(choices, columns),
    ]
    bare = Program(
        cost=np.concatenate([master.cost, choices.open_cost, np.zeros(len(columns.market))]),
        low=np.concatenate([master.low, np.zeros(more)]),
        high=np.concatenate([master.high, np.ones(more)]),
        integer=np.concatenate([master.integer, np.ones(more, dtype=np.bool_)]),
        rows=Rows.joined([master.rows, Rows.of(rows)]),
    )
    if choices.serving is None:
        return bare
    return _with_replicas(
        bare, replica_columns(choices.serving, columns.first, columns.market, columns.edge)
    )


def _with_replicas(bare: Program, replicas: Replicas) -> Program:
    more = len(replicas.cost)
    return Program(
        cost=np.concatenate([bare.cost, replicas.cost]),
        low=np.concatenate([bare.low, np.zeros(more)]),
        high=np.concatenate([bare.high, replicas.high]),
        integer=np.concatenate([bare.integer, np.zeros(more, dtype=np.bool_)]),
        rows=Rows.joined([bare.rows, Rows.of(replicas.rows)]),
    )


def _answered_twice(choices: Offered, columns: Columns) -> list[Row]:
    """Each market has two edges: sum of its answers = 2."""
    rows: list[Row] = []
    for market in range(len(choices.offers)):
        mine = columns.answers[columns.market == market].tolist()
        rows.append((mine, [1.0] * len(mine), ANSWERS, ANSWERS))
    return rows


def _answered_from_open(columns: Columns) -> list[Row]:
    """An edge answers only where it is open: answers <= open."""
    return [
        ([columns.first + edge, column], [-1.0, 1.0], -np.inf, 0.0)
        for edge, column in zip(columns.edge.tolist(), columns.answers.tolist(), strict=True)
    ]


def _answered_apart(choices: Offered, columns: Columns) -> Iterator[Row]:
    """An edge answers only beside one that may take over, or that it may: answers <= their sum."""
    column = np.full(choices.within.shape, -1, dtype=np.int64)
    column[columns.market, columns.edge] = columns.answers
    either = choices.allowed | choices.allowed.transpose(0, 2, 1)
    for market, edge in zip(columns.market.tolist(), columns.edge.tolist(), strict=True):
        others = np.flatnonzero(either[market, edge])
        mine = [int(column[market, edge]), *column[market, others].tolist()]
        yield mine, [-1.0, *([1.0] * len(others))], 0.0, np.inf


def _with_answers(
    base: Problem,
    instance: Instance,
    choices: Offered,
    wanted: Asked,
    columns: Columns,
    *,
    timed: bool,
) -> Problem:
    """A layer with places of answers, the links that lead to them, and what is asked there."""
    answers = wanted.answers
    states = _states(instance, len(base.cases.names))
    leading = _Leading.of(instance, choices, answers, columns, base)
    ends = leading.ends(base.links.sites, answers)
    place = base.links.sites + np.arange(len(answers.market), dtype=np.int64)
    source = np.where(answers.down, place, answers.site)
    target = np.where(answers.down, answers.site, place)
    limit_ms = answers.limit_ms if timed else np.full(len(place), np.inf)
    demands = [_Part(source, target, limit_ms, np.full(len(place), FIXED), answers.gbps[states])]
    demands += [
        _rolled(asks, columns.first + edge, states, timed=timed) for edge, asks in wanted.by_edge
    ]
    more = len(ends)
    return replace(
        base,
        links=_more_links(base.links, ends, leading.supply(len(base.program.cost)), len(place)),
        demands=_more_demands(base.demands, demands),
        cases=replace(
            base.cases,
            alive=np.hstack([base.cases.alive, leading.alive(instance, states).reshape(-1, more)]),
            gbps=np.hstack([base.cases.gbps, *(part.gbps for part in demands)]),
        ),
    )


def _states(instance: Instance, cases: int) -> IntArray:
    """(cases,) the state of each: after the failures come losses of routers, which are one."""
    whole = 1 + len(instance.failures)
    return np.minimum(np.arange(cases, dtype=np.int64), whole)


@dataclass(frozen=True)
class _Part:
    source: IntArray
    target: IntArray
    limit_ms: FloatArray
    scaled_by: IntArray
    gbps: FloatArray
    """(cases, n)"""


def _rolled(asks: Asks, column: int, states: IntArray, *, timed: bool) -> _Part:
    """What an open edge asks for."""
    count = len(asks.gbps)
    return _Part(
        asks.source.argmax(axis=1).astype(np.int64),
        asks.target.argmax(axis=1).astype(np.int64),
        asks.limit_ms if timed else np.full(count, np.inf),
        np.full(count, column, dtype=np.int64),
        (asks.share * asks.gbps)[states],
    )


@dataclass(frozen=True)
class _Leading:
    """Links between edges and places of answers: one for each answer and edge within."""

    answer: IntArray
    """(n,)"""
    site: IntArray
    """(n,) of the edge."""
    column: IntArray
    """(n,)"""
    gbps: FloatArray
    """(n,) what the answer asks of links at most, head-room counted."""

    @staticmethod
    def of(
        instance: Instance, choices: Offered, answers: Answers, columns: Columns, base: Problem
    ) -> "_Leading":
        states = _states(instance, len(base.cases.names))
        most = (answers.gbps[states] / base.cases.usable[:, None]).max(axis=0, initial=0.0)
        answer, which = np.nonzero(answers.market[:, None] == columns.market[None, :])
        index = instance.ground.site_index
        site = np.array([index[name] for name in choices.edges], dtype=np.int64)
        return _Leading(
            answer.astype(np.int64), site[columns.edge[which]], columns.answers[which], most[answer]
        )

    def ends(self, sites: int, answers: Answers) -> IntArray:
        """(n, 2) from places where traffic starts to edges, and from edges to where it ends."""
        place = sites + self.answer
        down = answers.down[self.answer]
        return np.column_stack(
            [np.where(down, place, self.site), np.where(down, self.site, place)]
        ).astype(np.int64)

    def supply(self, columns: int) -> sparse.csr_array:
        """(n, X) as large as the answer, times whether the edge gives it."""
        count = len(self.answer)
        return sparse.csr_array(
            (self.gbps, (np.arange(count), self.column)), shape=(count, columns)
        )

    def alive(self, instance: Instance, states: IntArray) -> FloatArray:
        """(cases, n) 0 where the edge is lost."""
        index = instance.ground.site_index
        lost = [
            index[case.site] if case.kind in {"edge", "site"} else -1 for case in instance.failures
        ]
        at = np.array([-1, *lost, -1], dtype=np.int64)[states]
        stands: BoolArray = at[:, None] != self.site[None, :]
        return stands.astype(np.float64)


def _more_links(links: Links, ends: IntArray, supply: sparse.csr_array, places: int) -> Links:
    more = len(ends)
    one_way = np.zeros(len(links.ends), np.bool_) if links.one_way is None else links.one_way
    return replace(
        links,
        sites=links.sites + places,
        ends=np.vstack([links.ends, ends]),
        base_gbps=np.concatenate([links.base_gbps, np.zeros(more)]),
        supply=sparse.csr_array(sparse.vstack([links.supply, supply], format="csr")),
        latency_ms=np.concatenate([links.latency_ms, np.zeros(more)]),
        one_way=np.concatenate([one_way, np.ones(more, dtype=np.bool_)]),
    )


def _more_demands(demands: Demands, parts: list[_Part]) -> Demands:
    return Demands(
        source=np.concatenate([demands.source, *(part.source for part in parts)]),
        target=np.concatenate([demands.target, *(part.target for part in parts)]),
        limit_ms=np.concatenate([demands.limit_ms, *(part.limit_ms for part in parts)]),
        scaled_by=np.concatenate([demands.scaled_by, *(part.scaled_by for part in parts)]),
    )
