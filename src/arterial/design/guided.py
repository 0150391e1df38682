"""A search led by the capacity problem: what its answer lights is cheap, everything else as it is.

The capacity problem sees every case at once and re-routes freely; the search installs tunnels and
backups one by one. Led, the search fills what the other would buy; then it goes on at true prices.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from arterial.design.capacity.dominant import dominant
from arterial.design.capacity.engine import capacity, whole_points
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

__all__ = ["LanesOf", "bettered", "led", "slanted_by"]

LanesOf = Callable[[Problem], Lanes]
"""Lanes of a capacity problem, wherever they are."""

LEANINGS = (0.1, 0.3, 0.5, 0.7, 0.1, 0.5)
"""Share of its price that light of an answer costs while the search is led, lead by lead."""
POINTS = 3
"""Whole points that lead, beside the one with parts."""
LIT = 0.05
"""Parts of a wave, or of a pair, from which on it counts as lit."""


def bettered(
    start: Opening,
    found: Found,
    *,
    rounds: int,
    core_rounds: int,
    seed: int,
    report: Report,
    lanes: LanesOf | None = None,
    deadline: Deadline = FOREVER,
) -> tuple[Found, float]:
    """A design no dearer than one found, and what no design costs less than.

    Parameters
    ----------
    rounds
        Of search after each lead, at most.
    core_rounds
        Of the capacity problem with parts of modules, at most.
    lanes
        Where its cases are looked at; in this process without.

    Returns
    -------
    Found, float
        The cheaper one, and a bound on waves, pairs and chassis that are added.
    """
    instance, flows = start.instance, start.flows
    problem = dominant(layers_of(instance, flows).underlay)
    steps = capacity(
        problem,
        rounds=core_rounds,
        seed=seed,
        lanes=lanes(problem) if lanes else None,
        whole=False,
        deadline=deadline,
    )
    step = None
    for step in steps:
        report("capacity", step.round, core_rounds)
    if step is None or step.infeasible or not len(step.parts):
        return found, 0.0
    points = [step.parts]
    points += islice(whole_points(problem, step, seed=seed, deadline=deadline), POINTS)
    best = found
    for number, leaning in enumerate(LEANINGS):
        report("leads", number, len(LEANINGS))
        slanted = slanted_by(instance, points[number % len(points)], leaning)
        lead = led(start.chooser, slanted, flows, best, deadline=deadline)
        *_, last = search(start.chooser, flows, rounds=rounds, start=lead, deadline=deadline)
        best = min(best, last, key=lambda one: one.cost)
        if deadline.late:
            break
    return best, step.bound - instance.stand_cost


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
