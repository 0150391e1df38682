"""What no design on these candidates can cost less than: a master program with cut sets.

Routing is relaxed to inequalities that any routing obeys. Round 0 has cut sets and allows parts of
waves, pairs and chassis; later rounds are whole, and their cut sets come from the master's own
points: where a case splits what it lights, each part asks for its border. The last round, the
dearest, adds a metric inequality. The bound holds for the candidate links and the replicas given.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from arterial.design.cuts import Asks, Border, Row, asks_of, border_of, cut_rows
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.master import master_of
from arterial.design.metric import metric_row
from arterial.design.parted import parted_rows
from arterial.design.state import State, chassis_count, link_cost, new_pairs
from arterial.errors import InfeasibleError, SolverError
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.paths.parts import parts
from arterial.solve.highs import Option, Session
from arterial.solve.program import BoolArray, FloatArray, Program, Rows, Solution

__all__ = ["NO_HEURISTICS", "Bounded", "bound"]


NODES = 1
"""Branch-and-bound nodes a round: rounds end by count, so that no clock decides the bound."""

MASTER_GAP = 2e-3

NO_HEURISTICS: dict[str, Option] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
"""HiGHS need not look for a point: one is known. Its searches took three quarters of the time."""

ANY_WAVE = 0.5
"""A whole number above this is a wave."""

TIGHT = 1e-6


@dataclass(frozen=True)
class Bounded:
    """The bound after a round of cuts; it never falls. Round 0 allows parts of waves."""

    round: int
    bound: float
    cuts: int


def bound(
    instance: Instance,
    flows: Sequence[Flow],
    *,
    rounds: int,
    seed: int = 0,
    known: State | None = None,
    deadline: Deadline = FOREVER,
) -> Iterator[Bounded]:
    """Bounds on waves, fibres, pairs and chassis, better and dearer round by round.

    Parameters
    ----------
    rounds
        With whole waves, at most; without any, the metric inequality allows parts too.
    known
        A design that stands: whole rounds start from it.
    deadline
        Limit of each whole program; one without a point ends the rounds.

    Raises
    ------
    InfeasibleError
        Not even parts of waves carry what the policy asks.
    """
    asks = asks_of(instance, flows)
    master = master_of(instance, asks)
    borders = [border_of(instance, asks, members) for members in _first_sets(instance, asks)]
    relaxed = replace(master, integer=np.zeros_like(master.integer))
    rows = _relaxed_rows(instance, relaxed, borders, seed)
    # Two cuts part what one does not: there light alone hides what fibre must be lit.
    doubled = bool(instance.double.any())
    rows += list(parted_rows(instance, asks)) if doubled else []
    session = Session(relaxed, seed=seed)
    session.add_rows(Rows.of(rows))
    stands = instance.stand_cost
    best = _relaxed(session, instance, rows).bound
    yield Bounded(0, best - stands, len(rows))
    number = 0
    if rounds:
        session = Session(master, seed=seed)
        session.add_rows(Rows.of(rows))
    for number in range(1, rounds + 1):
        solution = _whole(session, instance, known, deadline)
        best = max(best, solution.bound)
        yield Bounded(number, best - stands, len(rows))
        if not len(solution.primal):
            return
        waves = solution.primal[: instance.rate_gbps.size]
        broken = _broken(instance, asks, waves)
        borders += [border_of(instance, asks, members) for members in sorted(broken, key=sorted)]
        new = list(cut_rows(instance, borders, waves))
        if doubled:
            pairs = solution.primal[len(waves) : len(waves) + len(instance.ground.lit)]
            new += parted_rows(instance, asks, pairs)
        if not new:
            break
        session.add_rows(Rows.of(new))
        rows += new
    metric = metric_row(instance, asks, master, rows, 0)
    if metric is not None:
        session.add_rows(Rows.of([metric]))
        rows.append(metric)
        solution = (
            _whole(session, instance, known, deadline)
            if rounds
            else _relaxed(session, instance, rows)
        )
        yield Bounded(number + 1, max(best, solution.bound) - stands, len(rows))


def _first_sets(instance: Instance, asks: Asks) -> list[frozenset[int]]:
    """Every site where traffic ends, and every pair of sites that a link joins."""
    ends = np.flatnonzero((asks.source | asks.target).any(axis=0)).tolist()
    joined = [frozenset({route.a, route.z}) for route in instance.routes]
    return list(dict.fromkeys([*(frozenset({site}) for site in ends), *joined]))


def _relaxed_rows(
    instance: Instance, relaxed: Program, borders: Sequence[Border], seed: int
) -> list[Row]:
    """Rows of the borders that bind the relaxation once none is broken."""
    session = Session(relaxed, seed=seed)
    rows: list[Row] = []
    while True:
        point = _relaxed(session, instance, rows).primal
        new = list(cut_rows(instance, borders, point[: instance.rate_gbps.size]))
        if not new:
            return [row for row in rows if np.dot(row[1], point[row[0]]) <= row[2] + TIGHT]
        session.add_rows(Rows.of(new))
        rows += new


def _relaxed(session: Session, instance: Instance, rows: Sequence[Row]) -> Solution:
    solution = session.solve()
    if solution.status == "infeasible":
        raise _collision(instance, rows, solution)
    if solution.status != "optimal":
        raise SolverError("HiGHS (bound)", solution.detail)
    return solution


def _collision(instance: Instance, rows: Sequence[Row], solution: Solution) -> InfeasibleError:
    """Name the ready-made links that HiGHS's proof rests on; ``rows`` are the last of its rows."""
    options = instance.rate_gbps.shape[1]
    weights = solution.row_dual[-len(rows) :] if len(solution.row_dual) else np.ones(len(rows))
    proof = (row for row, weight in zip(rows, weights, strict=True) if abs(weight) > TIGHT)
    links: set[int] = {column // options for across, *_ in proof for column in across}
    names = [f"'{given}'" for link in sorted(links) if (given := instance.routes[link].given)]
    if not names:
        return InfeasibleError(
            "the demands together",
            "no lightpath crosses where the policy asks for traffic to cross",
            ("a fibre or a link beside those there are", "a mode that reaches farther"),
        )
    return InfeasibleError(
        f"link{'s' if len(names) > 1 else ''} {', '.join(names)}",
        "what must cross here is more than there is, head-room counted, even in the best routing",
        tuple(f"more capacity on {name}" for name in names),
    )


def _whole(
    session: Session, instance: Instance, known: State | None, deadline: Deadline
) -> Solution:
    if known is not None:
        session.set_start(_point(instance, known))
    solution = session.solve(
        gap=MASTER_GAP, nodes=NODES, options=NO_HEURISTICS, time_limit_s=deadline.left_s()
    )
    if not len(solution.primal) and not deadline.late:
        raise SolverError("HiGHS (bound)", solution.detail)
    return solution


def _point(instance: Instance, known: State) -> FloatArray:
    """A design as a point of the master."""
    _, option, waves = link_cost(instance, known.required_gbps())
    waves = np.maximum(waves, instance.stand_waves)
    table = np.zeros(instance.rate_gbps.shape)
    table[np.arange(len(option)), option] = waves
    more = np.flatnonzero((instance.free_waves > 0) & (option > 0))
    table[more, option[more]] -= 1.0  # the unit that stands is the first option
    table[more, 0] = 1.0
    pairs, chassis = new_pairs(instance, waves, option), chassis_count(instance, waves)
    setup = np.minimum(pairs[instance.charged], 1)
    return np.concatenate([table.reshape(-1), pairs, chassis, setup]).astype(np.float64)


def _broken(instance: Instance, asks: Asks, waves: FloatArray) -> set[frozenset[int]]:
    """Parts of the lit network that some case cuts off although they ask for something."""
    lit = waves.reshape(instance.rate_gbps.shape).sum(axis=1) > ANY_WAVE
    found: dict[frozenset[int], FloatArray] = {}
    broken: set[frozenset[int]] = set()
    for case in range(len(asks.share)):
        for members in _parts(instance, lit & ~asks.dead[case]):
            if members not in found:
                found[members] = asks.asked_gbps(members)
            if found[members][case] > 0.0:
                broken.add(members)
    return broken


def _parts(instance: Instance, alive: BoolArray) -> list[frozenset[int]]:
    """Connected parts of the sites under links that are alive."""
    first = parts(instance.ends, instance.graph.sites, ~alive[None])[0]
    return [frozenset(np.flatnonzero(first == one).tolist()) for one in np.unique(first)]
