"""Gates over routed cases: shares, round trips, deadlines, utilisation.

``runs`` asks of the routing as installed, ``feasible`` whether any routing would do. A gate over no
case, or over a case that could not be settled, is ``unknown``; a refuted case outweighs that.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from arterial.plan.verdict import Gate, Policy, Verdict
from arterial.prove.feasible import Outcome
from arterial.prove.promised import Promise
from arterial.prove.sweep import Sweep, demands_of
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import FloatArray

__all__ = [
    "deadline_gates",
    "feasible_gates",
    "overall",
    "round_trip_gates",
    "runs_gates",
    "utilisation_gates",
]

_EVENLY = "ASSUMPTION: ready-made links end evenly on the routers of their sites"


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What one case says to one gate; ``badness`` orders cases, worst last."""

    number: int
    verdict: Verdict
    value: float
    badness: float
    note: str = ""


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """Refuted beats unknown beats proved; nothing at all is unknown.

    >>> overall(["proved", "unknown", "refuted"]), overall([])
    ('refuted', 'unknown')
    """
    found = set(verdicts)
    if "refuted" in found:
        return "refuted"
    return "proved" if found == {"proved"} else "unknown"


def runs_gates(swept: Sweep, promises: tuple[Promise, ...]) -> Iterator[Gate]:
    """What the installed routing keeps of the worst-hit demand of each class."""
    for promise in promises:
        said = [_share_case(swept, promise, case) for case in _cases(swept, promise)]
        yield _gate(swept, _promised(swept, promise, "runs", "backup"), said)


def feasible_gates(
    swept: Sweep, promises: tuple[Promise, ...], outcomes: dict[tuple[int, str], Outcome]
) -> Iterator[Gate]:
    """What any routing can keep of the worst-hit demand of each class, those before it first."""
    for promise in promises:
        said: list[_Case] = []
        for case in _cases(swept, promise):
            found = outcomes[case, promise.traffic_class.name]
            said.append(
                _Case(
                    number=case,
                    verdict=found.verdict,
                    value=found.share,
                    badness=-found.share,
                    note=found.note,
                )
            )
        yield _gate(swept, _promised(swept, promise, "feasible", "best_lp"), said)


def _promised(swept: Sweep, promise: Promise, question: str, policy: Policy) -> Gate:
    """A gate about a promise, not answered yet."""
    plan = swept.tables.plan
    stands = {link.name for link in plan.network.standing_links}
    assumed = promise.kind == "router" and any(
        link.waves == 0 and link.name in stands for link in plan.ip_links
    )
    return Gate(
        name=f"{question}: {promise.words}",
        traffic_class=promise.traffic_class.name,
        load=swept.tables.plan.load,
        policy=policy,
        value=math.nan,
        limit=promise.keep,
        unit="share",
        verdict="unknown",
        worst_case="",
        cases=0,
        note=_EVENLY if assumed else "",
    )


def round_trip_gates(swept: Sweep, promises: tuple[Promise, ...]) -> Iterator[Gate]:
    """The worst planning round trip in use, over normal state and the class's failure kinds."""
    for name, group in _by_class(promises).items():
        bound = group[0].traffic_class.rtt_ms
        if bound is None:
            continue
        said: list[_Case] = []
        for case in _all_cases(swept, group):
            late = swept.round_trip_ms[case, demands_of(swept.tables, name)]
            said.append(_bounded_case(swept, case, late, bound))
        yield _gate(swept, _plain(swept, f"round trip: {name}", name, bound, "ms"), said)


def deadline_gates(swept: Sweep, promises: tuple[Promise, ...]) -> Iterator[Gate]:
    """How long a transfer takes at what is carried in the worst case."""
    for name, group in _by_class(promises).items():
        limit = group[0].traffic_class.deadline_h
        if limit is None:
            continue
        gate = _plain(swept, f"deadline: {name}", name, limit, "h")
        own = demands_of(swept.tables, name)
        silent = np.flatnonzero(own & (swept.tables.demands.transfer_h <= 0.0)).tolist()
        if silent:
            said_nothing = swept.tables.demands.names[silent[0]]
            yield _noted(gate, f"'{said_nothing}' does not say how long its transfer takes")
            continue
        said: list[_Case] = []
        for case in _all_cases(swept, group):
            counted = own & ~swept.cut_off[case]
            hours, hoped = (
                _hours(swept, kept[case])[counted] for kept in (swept.share, swept.hoped)
            )
            # In time if what runs over an unknown length is: nobody can say.
            hours[(hours > limit) & (hoped <= limit)] = np.nan
            said.append(_bounded_case(swept, case, hours, limit))
        yield _gate(swept, gate, said)


def _hours(swept: Sweep, share: FloatArray) -> FloatArray:
    """Float (K,): time that a transfer takes at these shares; infinite at none."""
    never = np.full(len(share), np.inf)
    return np.divide(swept.tables.demands.transfer_h, share, out=never, where=share > 0.0)


def utilisation_gates(swept: Sweep) -> Iterator[Gate]:
    """The fullest link under the installed routing, against the share that may be used."""
    policy = swept.tables.plan.network.policy
    count = len(swept.cases.failures)
    for words, failed, cases in (
        ("without failure", False, range(1)),
        ("after any failure", True, range(1, count)),
    ):
        limit = policy.usable(failed=failed)
        said: list[_Case] = []
        for case in cases:
            left = np.tile(swept.cases.left_gbps[case], 2)
            load = swept.routing.load_gbps[case]
            full = np.divide(load, left, out=np.zeros_like(load), where=left > 0.0)
            said.append(_bounded_case(swept, case, full, limit))
        yield _gate(swept, _plain(swept, f"utilisation {words}", "", limit, "share"), said)


def _cases(swept: Sweep, promise: Promise) -> list[int]:
    """Cases of a promise's kind in which the class has a demand that is not cut off."""
    own = demands_of(swept.tables, promise.traffic_class.name)
    cases = swept.cases.of_kind(promise.kind or "").tolist()
    return [case for case in cases if (own & ~swept.cut_off[case]).any()]


def _all_cases(swept: Sweep, group: list[Promise]) -> list[int]:
    return sorted({case for promise in group for case in _cases(swept, promise)})


def _by_class(promises: tuple[Promise, ...]) -> dict[str, list[Promise]]:
    groups: dict[str, list[Promise]] = {}
    for promise in promises:
        groups.setdefault(promise.traffic_class.name, []).append(promise)
    return groups


def _share_case(swept: Sweep, promise: Promise, case: int) -> _Case:
    counted = np.flatnonzero(
        demands_of(swept.tables, promise.traffic_class.name) & ~swept.cut_off[case]
    )
    worst = int(counted[swept.share[case, counted].argmin()])
    share = float(swept.share[case, worst])
    note = f"worst hit: {swept.tables.demands.names[worst]}" if share < 1.0 else ""
    enough = promise.keep - TOLERANCE
    if case in swept.refused:
        verdict: Verdict = "unknown"
        share, note = math.nan, f"the witness is refused: {swept.refused[case]}"
    elif share >= enough:
        verdict = "proved"
    elif (swept.hoped[case, counted] < enough).any():
        verdict = "refuted"
    else:
        verdict, share, note = "unknown", math.nan, "a round trip is unknown: a length is missing"
    return _Case(number=case, verdict=verdict, value=share, badness=-share, note=note)


def _bounded_case(swept: Sweep, case: int, values: FloatArray, limit: float) -> _Case:
    """Values of which none may exceed a limit; NaN where unknown."""
    if case in swept.refused:
        note = f"the witness is refused: {swept.refused[case]}"
        return _Case(number=case, verdict="unknown", value=math.nan, badness=0.0, note=note)
    known = values[~np.isnan(values)]
    value = float(known.max(initial=0.0))
    if value > limit * (1.0 + TOLERANCE):
        return _Case(number=case, verdict="refuted", value=value, badness=value)
    if len(known) < len(values):
        note = "a length is missing"
        return _Case(number=case, verdict="unknown", value=math.nan, badness=0.0, note=note)
    return _Case(number=case, verdict="proved", value=value, badness=value)


def _plain(swept: Sweep, name: str, traffic_class: str, limit: float, unit: str) -> Gate:
    return Gate(
        name=name,
        traffic_class=traffic_class,
        load=swept.tables.plan.load,
        policy="backup",
        value=math.nan,
        limit=limit,
        unit=unit,
        verdict="unknown",
        worst_case="",
        cases=0,
    )


def _noted(gate: Gate, note: str) -> Gate:
    return _filled(gate, "unknown", math.nan, "", 0, note)


def _filled(
    gate: Gate, verdict: Verdict, value: float, worst_case: str, cases: int, note: str
) -> Gate:
    notes = (part for part in (note, gate.note) if part)
    return msgspec.structs.replace(
        gate,
        verdict=verdict,
        value=value,
        worst_case=worst_case,
        cases=cases,
        note="; ".join(notes),
    )


def _gate(swept: Sweep, gate: Gate, said: list[_Case]) -> Gate:
    """The worst of what the cases say: refuted ones first, then unsettled ones."""
    if not said:
        return _noted(gate, "there is no such case, so nothing is proved")
    verdict = overall(case.verdict for case in said)
    worst = max((case for case in said if case.verdict == verdict), key=lambda case: case.badness)
    return _filled(
        gate, verdict, worst.value, swept.cases.names[worst.number], len(said), worst.note
    )
