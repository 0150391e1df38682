"""Link metrics to begin from: whole numbers from 1, or closed.

A metric counts in both directions. Large spreads send all of a demand one way; small whole numbers
make ways equal, and ECMP splits over those.
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from arterial.design.capacity.ecmp_loads import CLOSED
from arterial.design.capacity.problem import Problem
from arterial.design.capacity.row import Row, broken_by
from arterial.solve.program import FloatArray, IntArray

__all__ = ["MOST", "Start", "starts"]

MOST = 65535
"""Largest metric of an IS-IS or OSPF link (RFC 2328, section A.4.2: 16 bits)."""
TIGHT = 1e-3
"""A row that the core's point is so near to binds."""
COARSE = 20
"""Longest metric of a start in which many ways are equal."""
FINE = 2000

Start = Literal["hops", "delay", "price", "lengths", "capacity"]


def starts(
    problem: Problem, columns: FloatArray, rows: tuple[Row, ...], *, most: int = MOST
) -> Iterator[tuple[str, IntArray]]:
    """Names and metrics (L,) to begin from, each on all links and on those that the core bought.

    Parameters
    ----------
    columns : float (X,)
        What the core bought; empty where it found nothing.
    rows
        Its inequalities: those that bind there give lengths.
    """
    links = problem.links
    lengths: dict[Start, FloatArray] = {
        "hops": np.ones(len(links.ends)),
        "delay": np.maximum(links.latency_ms, 1e-6),
        "price": _price(problem),
    }
    bought = np.ones(len(links.ends), dtype=np.bool_)
    if len(columns):
        gbps = links.base_gbps + links.supply @ columns
        bought = gbps > 0.0
        lengths["lengths"] = _lengths(problem, columns, rows)
        lengths["capacity"] = 1.0 / np.maximum(gbps, 1e-3 * max(float(gbps.max()), 1e-9))
    seen: set[bytes] = set()
    for name, length in lengths.items():
        for scale in (COARSE, FINE):
            whole = _scaled(length, min(scale, most))
            for words, metrics in (
                (f"{name}, {scale}, all links", whole),
                (f"{name}, {scale}, bought links", np.where(bought, whole, CLOSED)),
            ):
                if metrics.tobytes() not in seen:
                    seen.add(metrics.tobytes())
                    yield words, metrics


def _price(problem: Problem) -> FloatArray:
    """(L,) least cost of a Gb/s; where none can be bought and some stands, nearly nothing."""
    supply = problem.links.supply.tocoo()
    price = np.full(len(problem.links.ends), np.inf)
    each = problem.program.cost[supply.col] / np.maximum(supply.data, 1e-12)
    np.minimum.at(price, supply.row, np.maximum(each, 0.0))
    known = price[np.isfinite(price)]
    least = float(known.min(initial=1.0)) or 1e-6
    return np.maximum(np.where(np.isfinite(price), price, least), 1e-3 * least)


def _lengths(problem: Problem, columns: FloatArray, rows: tuple[Row, ...]) -> FloatArray:
    """(L,) what rows that bind at the core's point weigh a link by, added up."""
    far = broken_by(list(rows), columns)
    weight = np.zeros(len(columns))
    for number in np.flatnonzero(np.abs(far) < TIGHT).tolist():
        row = rows[number]
        np.add.at(weight, row.columns, np.maximum(row.values, 0.0))
    supply = problem.links.supply.tocoo()
    length = np.zeros(len(problem.links.ends))
    np.maximum.at(length, supply.row, weight[supply.col] / np.maximum(supply.data, 1e-12))
    return length + 0.05 * max(float(length.max(initial=0.0)), 1e-9)


def _scaled(length: FloatArray, most: int) -> IntArray:
    """Whole numbers from 1, the longest ``most``."""
    whole = np.round(length * most / float(length.max(initial=1e-12)))
    return np.clip(whole, 1, most).astype(np.int64)
