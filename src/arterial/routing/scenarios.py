"""Failure cases with probabilities: what they cover, and what is lost in the worst of the time."""

from math import comb

import numpy as np

from arterial.solve.program import FloatArray, IntArray

__all__ = ["likely", "states_of", "tail", "uncovered"]


def states_of(elements: int, k: int) -> int:
    """How many states there are with at most k of the elements down."""
    return sum(comb(elements, many) for many in range(k + 1))


def uncovered(probability: FloatArray) -> float:
    """What the cases' probabilities leave to states that nobody described."""
    assert (probability >= 0.0).all(), "a probability is not negative"
    rest = 1.0 - float(probability.sum())
    assert rest >= -1e-9, "probabilities add up to more than 1"  # noqa: PLR2004 - rounding
    return max(rest, 0.0)


def likely(probability: FloatArray, beta: float) -> IntArray | None:
    """The fewest cases, the most probable first, that cover ``beta``; None where all do not."""
    order = np.argsort(-probability, kind="stable").astype(np.int64)
    covered = np.cumsum(probability[order])
    enough = np.flatnonzero(covered >= beta)
    return order[: int(enough[0]) + 1] if len(enough) else None


def tail(loss: FloatArray, probability: FloatArray, beta: float) -> tuple[float, float]:
    """Value at risk and conditional value at risk of the loss at ``beta``, from the definition.

    States that no case describes lose everything, 1. The first is the loss that is not exceeded
    with probability beta; the second the mean loss over the worst 1 - beta (Rockafellar and
    Uryasev 2000).

    Parameters
    ----------
    loss, probability : float (F,)
    beta
        From 0, below 1.

    Examples
    --------
    >>> tail(np.array([0.0, 0.5]), np.array([0.75, 0.25]), 0.5)
    (0.0, 0.25)
    """
    assert 0.0 <= beta < 1.0, "beta is a share below 1"
    every = np.append(loss, 1.0)
    weight = np.append(probability, uncovered(probability))
    order = np.argsort(every, kind="stable")
    covered = np.cumsum(weight[order])
    place = min(int(np.searchsorted(covered, beta - 1e-12)), len(order) - 1)
    at = float(every[order[place]])
    excess = np.maximum(every - at, 0.0)
    return at, at + float(weight @ excess) / (1.0 - beta)
