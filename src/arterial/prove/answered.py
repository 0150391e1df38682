"""Who is still answered after any two fibres in use are cut at once, whatever the policy asks.

As installed, every state's witness verified: a primary, then its backups in their order, take what
room is left, and classes are served in order. A late answer is an answer. Of all classes that the
policy keeps something of after one cut, it is told too whether two leave them any way at all.
"""

import math
from collections.abc import Iterator

import numpy as np
from msgspec import Struct, structs

from arterial.jobs.progress import Report, silent
from arterial.model.policy import Rule
from arterial.plan.plan import Plan
from arterial.prove.cases import Cases, compile_cases, failures_of, paired
from arterial.prove.igp import NOWHERE, igp_of, rerouted
from arterial.prove.promised import promises_of
from arterial.prove.register import register
from arterial.prove.sweep import demands_of
from arterial.prove.tables import Tables, compile_tables
from arterial.prove.two_cuts import Pairs, pairs_of, states
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import BoolArray, IntArray

__all__ = ["DoubleCuts", "double_cuts"]

_CHUNK = 1024


class DoubleCuts(Struct, frozen=True, kw_only=True):
    """All pairs of fibres in use, cut together; shares of people are NaN where nobody asks."""

    cases: int
    no_way: int
    """That leave a demand no way which the policy keeps something of after one cut, whoever
    routes."""
    answered_all: float
    """Share of cases after which all people are answered, as installed, however late."""
    answered_mean: float
    """Share of people answered, mean over cases; of a market answered in part, the part."""
    answered_worst: float
    worst_case: str
    """Empty where nobody is ever left without answer."""


def double_cuts(plan: Plan, report: Report = silent) -> DoubleCuts:
    """Cut every two fibres in use."""
    tables = compile_tables(plan)
    cases, no_way = _blocked(tables, compile_cases(tables, failures_of(tables)))
    people = _asked(plan)
    pairs = None
    if people is not None and cases:
        free, book = compile_tables(people), register(people)
        pairs = pairs_of(free, book, compile_cases(free, failures_of(free)))
    found = tuple(_answered(pairs, report)) if pairs is not None else ()
    if pairs is None or not found:
        unknown = math.nan
        return DoubleCuts(
            cases=cases, no_way=no_way, answered_all=unknown, answered_mean=unknown,
            answered_worst=unknown, worst_case="",
        )  # fmt: skip
    share, count, example = (np.array(column) for column in zip(*found, strict=True))
    worst = int(np.lexsort((example, share))[0])
    whole = share >= 1.0 - TOLERANCE
    return DoubleCuts(
        cases=cases,
        no_way=no_way,
        answered_all=float(count[whole].sum() / count.sum()),
        answered_mean=float(share @ count / count.sum()),
        answered_worst=float(share[worst]),
        worst_case="" if whole.all() else pairs.name(int(example[worst])),
    )


def _asked(plan: Plan) -> Plan | None:
    """The plan asked to answer everybody, however late, after two cuts; None without people."""
    names = tuple(dict.fromkeys(row.traffic_class for row in plan.demands if row.market))
    if not names:
        return None
    network = plan.network
    rule = Rule(classes=names, after=("fibre2",), keep=1.0)
    policy = structs.replace(network.policy, rules=(*network.policy.rules, rule))
    classes = tuple(
        structs.replace(kind, rtt_ms=None) if kind.name in names else kind
        for kind in network.classes
    )
    return structs.replace(plan, network=structs.replace(network, policy=policy, classes=classes))


def _answered(pairs: Pairs, report: Report) -> Iterator[tuple[float, int, int]]:
    """By state: share of people answered, cases in it, the first of them."""
    people = {market.name: market.people for market in pairs.tables.plan.network.markets}
    own: dict[str, list[str]] = {}
    for name in pairs.trips:
        if market := pairs.book.demands[name].market:
            own.setdefault(market, []).append(name)
    total = math.fsum(people[market] for market in own)
    for state in states(pairs, report):
        share = {} if state.check.violations else state.check.share
        answered = math.fsum(
            people[market] * min(1.0, *(share.get(name, 0.0) for name in names))
            for market, names in own.items()
        )
        yield answered / total, len(state.cases), min(state.cases)


def _blocked(tables: Tables, singles: Cases) -> tuple[int, int]:
    """Double cuts, and those of them that leave somebody no way over any links that stand."""
    cut = singles.of_kind("fibre")
    one, other = np.triu_indices(len(cut), 1)
    _, like = np.unique(singles.left_gbps, axis=0, return_inverse=True)
    like = like.reshape(-1)
    first, second = like[cut[one]], like[cut[other]]
    key = np.minimum(first, second) * len(like) + np.maximum(first, second)
    _, example, count = np.unique(key, return_index=True, return_counts=True)
    blocked = _no_way(tables, singles, cut[one[example]], cut[other[example]])
    return len(key), int(count[blocked].sum())


def _no_way(tables: Tables, singles: Cases, first: IntArray, second: IntArray) -> BoolArray:
    """Bool (U,): a demand that must be kept after one cut has no way after these two."""
    kept: BoolArray = np.zeros(len(tables.demands.names), dtype=np.bool_)
    for promise in promises_of(tables.plan):
        if promise.kind == "fibre":
            kept |= demands_of(tables, promise.traffic_class.name)
    igp, found = igp_of(tables), np.zeros(len(first), dtype=np.bool_)
    for begin in range(0, len(first), _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        gone = rerouted(igp, paired(tables, singles, first[rows], second[rows])).option == NOWHERE
        found[rows] = (gone & kept).any(axis=1)
    return found
