"""A search led by the capacity problem: what its answer lights is cheap, everything else as it is.

The capacity problem sees every case at once and re-routes freely; the search installs tunnels and
backups one by one. Led, the search fills what the other would buy; then it goes on at true prices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np

from arterial.design.capacity.allowed import Allowed
from arterial.design.capacity.dominant import dominant
from arterial.design.capacity.engine import capacity
from arterial.design.capacity.lane import Lanes
from arterial.design.capacity.problem import Problem
from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.opening import Opening
from arterial.design.search import Found, priced, search
from arterial.design.underlay import layers_of
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.jobs.progress import Report
from arterial.solve.program import FloatArray

__all__ = ["Guided", "LanesOf", "bettered", "led", "slanted_by"]

LanesOf = Callable[[Problem], Lanes]
"""Lanes of a capacity problem, wherever they are."""

LEANINGS = (0.1, 0.3, 0.5, 0.7, 0.1, 0.5)
"""Share of its price that light of an answer costs while the search is led, lead by lead."""
ROUNDS_A_LEAD = 4
"""Rounds of the capacity problem that are asked for, by leads: these take as long as those."""
POINTS = 3
"""Whole points that lead, beside the one with parts."""
LIT = 0.05
"""Parts of a wave, or of a pair, from which on it counts as lit."""


@dataclass(frozen=True, kw_only=True)
class Guided:
    """What is asked of the capacity problem."""

    rounds: int
    """Of search after each lead, at most."""
    core_rounds: int
    """With parts of modules, at most; leads are a quarter as many."""
    bound_rounds: int
    """Whole programs for the bound, at most."""
    seed: int
    enough: Callable[[Found, float], bool]
    """Whether a design is good enough beside a bound on what is added."""


def bettered(
    start: Opening,
    found: Found,
    asked: Guided,
    *,
    report: Report,
    lanes: LanesOf | None = None,
    deadline: Deadline = FOREVER,
) -> tuple[Found, float]:
    """A design no dearer than one found, and what no design costs less than.

    Parameters
    ----------
    lanes
        Where the capacity problem's cases are looked at; in this process without.

    Returns
    -------
    Found, float
        The cheaper one, and a bound on waves, pairs and chassis that are added.
    """
    problem = dominant(layers_of(start.instance, start.flows).underlay)
    steps = capacity(
        problem,
        rounds=asked.core_rounds,
        seed=asked.seed,
        lanes=lanes(problem) if lanes else None,
        whole=False,
        deadline=deadline,
    )
    step, stand = None, start.instance.stand_cost
    for step in steps:
        report("capacity", step.round, asked.core_rounds)
        if asked.enough(found, step.bound - stand):
            break
    if step is None or step.infeasible or not len(step.parts):
        return found, 0.0
    bound = step.bound
    allowed = Allowed(problem, list(step.rows), seed=asked.seed, deadline=deadline)
    points, more = [step.parts], islice(allowed.points(), POINTS)
    leads = max(len(LEANINGS), asked.core_rounds // ROUNDS_A_LEAD)
    for number, leaning in enumerate(islice(cycle(LEANINGS), leads)):
        if deadline.late or asked.enough(found, bound - stand):
            break
        report("leads", number, leads)
        points += islice(more, min(number, 1))  # the first lead needs none
        slanted = slanted_by(start.instance, points[number % len(points)], leaning)
        lead = led(start.chooser, slanted, start.flows, found, deadline=deadline)
        after = search(
            start.chooser, start.flows, rounds=asked.rounds, start=lead, deadline=deadline
        )
        *_, last = after
        found = min(found, last, key=lambda one: one.cost)
    for number in range(asked.bound_rounds):
        if deadline.late or asked.enough(found, bound - stand):
            break
        report("bound", number, asked.bound_rounds)
        bound = max(bound, allowed.bound())
    return found, bound - stand


def led(
    chooser: Chooser,
    slanted: Instance,
    flows: Sequence[Flow],
    found: Found,
    *,
    deadline: Deadline = FOREVER,
) -> Found:
    """A design after a round of search at slanted prices, at true ones."""
    start = priced(slanted, flows, found.placements)
    *_, moved = search(Chooser(slanted), flows, rounds=1, start=start, deadline=deadline)
    return priced(chooser.instance, flows, moved.placements)


def slanted_by(instance: Instance, columns: FloatArray, leaning: float) -> Instance:
    """The instance with light of an answer at ``leaning`` of its price, and its pairs lit.

    ``columns`` (X,) are the capacity problem's (``underlay.Layers``); parts of modules lead too.
    """
    links, options = instance.rate_gbps.shape
    waves = columns[: links * options].reshape(links, options)
    pairs = columns[links * options : links * options + len(instance.ground.lit)]
    lit = waves.sum(axis=1) > LIT
    fresh = np.where(pairs > LIT, np.ceil(pairs - LIT), 0.0).astype(np.int64)
    ground = replace(instance.ground, lit=instance.ground.lit + fresh)
    cost = np.where(lit[:, None] & instance.real, instance.wave_cost * leaning, instance.wave_cost)
    return replace(instance, ground=ground, wave_cost=cost)
