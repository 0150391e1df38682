"""Which edges have too little room for any placement, and what would free it.

Limits are taken off, and what lies above them is made as little as it can be: that much is missing
wherever replicas are put.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from arterial.demand.offers import Offer
from arterial.errors import InfeasibleError
from arterial.placement.choice import LARGE, Quota, answers_program
from arterial.placement.serving import Serving
from arterial.placement.serving_rows import beside
from arterial.solve.highs import Session
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = ["shortage"]

NODES = 2_000
"""Branch-and-bound nodes; what is told as missing is then a placement's, not the least."""
FEW_NODES = 20
"""The same of a large program."""
SMALL = 1e-6
NAMED = 4
"""Markets of an edge that a message names."""
WORDS = {"gpus": "accelerators", "kw": "kW for accelerators"}


def shortage(
    offers: Sequence[Offer],
    within: BoolArray,
    apart: BoolArray,
    serving: Serving,
    quota: Quota | None = None,
) -> InfeasibleError | None:
    """The error that names edges, markets and what is missing; None where room is enough.

    Parameters
    ----------
    within : bool (M, E)
    apart : bool (M, E, E)
    """
    found = _least(within, apart, serving, quota)
    if found is None:
        return None
    missing, serves = found
    if not missing:
        return None
    told = [_told(serving, offers, what, edge, more, serves) for (edge, what), more in missing]
    remedies = [
        f"{_amount(what, more)} more at {serving.edges[edge]}" for (edge, what), more in missing
    ]
    return InfeasibleError(
        f"inference replicas ({', '.join(need.model for need in serving.models)})",
        "no placement leaves every edge room for its own markets and for what one lost edge hands"
        f" to it; nearest to it, {'; '.join(told)}",
        (
            " and ".join(remedies),
            f"candidate edges with room within bound of {_names(offers, missing, serves)}",
            "a model of fewer accelerators, or replicas that answer more requests_per_s",
        ),
    )


Missing = list[tuple[tuple[int, str], float]]


def _least(
    within: BoolArray, apart: BoolArray, serving: Serving, quota: Quota | None
) -> tuple[Missing, BoolArray] | None:
    """What is missing at (edge, what), and (M, E) who is answered where, in either role."""
    nothing = np.zeros(within.shape[1]), np.zeros(within.shape)
    bare = answers_program(within, apart, *nothing, quota, serving, rooms=False)
    pairs = np.argwhere(within)
    rooms = beside(serving, pairs, within, apart).rooms
    first, count = len(bare.cost), len(rooms)
    rows = [
        ([*columns, first + n], [*values, -1.0], low, high)
        for n, (_, _, (columns, values, low, high)) in enumerate(rooms)
    ]
    program = Program(
        cost=np.concatenate([np.zeros(first), np.ones(count)]),
        low=np.zeros(first + count),
        high=np.concatenate([bare.high, np.full(count, np.inf)]),
        integer=np.concatenate([bare.integer, np.zeros(count, dtype=np.bool_)]),
        rows=Rows.joined([bare.rows, Rows.of(rows)]),
    )
    solution = Session(program).solve(nodes=NODES if first <= LARGE else FEW_NODES)
    if not len(solution.primal):
        return None
    more = solution.primal[first:].tolist()
    missing = [
        ((edge, what), value)
        for (edge, what, _), value in zip(rooms, more, strict=True)
        if value > SMALL
    ]
    serves = np.zeros(within.shape, dtype=np.bool_)
    answers = solution.primal[within.shape[1] :][: 2 * len(pairs)].reshape(2, -1).max(axis=0)
    serves[pairs[:, 0], pairs[:, 1]] = answers > 0.5  # noqa: PLR2004 - binary
    return missing, serves


def _told(
    serving: Serving,
    offers: Sequence[Offer],
    what: str,
    edge: int,
    more: float,
    serves: BoolArray,
) -> str:
    has = serving.gpus[edge] if what == "gpus" else serving.kw[edge]
    names = [offer.market for offer, mine in zip(offers, serves[:, edge], strict=True) if mine]
    for_whom = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" * (len(names) > NAMED))
    name = serving.edges[edge]
    return f"{name} holds {_amount(what, has)} and lacks {_amount(what, more)} ({for_whom})"


def _names(offers: Sequence[Offer], missing: Missing, serves: BoolArray) -> str:
    edges = [edge for (edge, _), _ in missing]
    names = [
        offer.market for offer, mine in zip(offers, serves[:, edges], strict=True) if mine.any()
    ]
    return ", ".join(names[:NAMED])


def _amount(what: str, value: float | FloatArray) -> str:
    number = ceil(float(value) - SMALL) if what == "gpus" else float(value)
    return f"{number:g} {WORDS[what]}"
