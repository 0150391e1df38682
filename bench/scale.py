"""How the capacity core grows with size: fibres of a continent, every one of them cut alone.

CPU seconds until cost and bound are within ten per cent, compiled before; a whole point bought
early counts. With --long up to 500 places, which is what the goal is for.
"""

import time

from arterial.design.capacity.engine import capacity
from arterial.design.capacity.step import Step
from bench.continent import plain_instance
from bench.plain import reference
from bench.row import Row

__all__ = ["run"]

GAP = 0.1
LIMIT_S = 1800.0
SHORT, LONG = (100,), (100, 200, 500)


def run(*, long: bool = False) -> list[Row]:
    """A row for each size."""
    for _ in capacity(reference(), gap=GAP):  # compiles
        pass
    return [_row(sites) for sites in (LONG if long else SHORT)]


def _row(sites: int) -> Row:
    problem = plain_instance(sites)
    start, last, own_s = time.process_time(), None, 0.0
    for step in capacity(problem, gap=GAP):
        last, own_s = step, time.process_time() - start
        if own_s > LIMIT_S:
            break
    assert last is not None
    return Row(
        name=f"whole waves on a continent of {sites} places, gap {GAP:.0%}",
        own_s=own_s,
        goal=f"<= {LIMIT_S / 60.0:.0f} min at 500",
        met=last.gap <= GAP and own_s <= LIMIT_S,
        note=_note(last),
    )


def _note(step: Step) -> str:
    return f"cost {step.cost:,.1f}, bound {step.bound:,.1f}, gap {step.gap:.1%}"
