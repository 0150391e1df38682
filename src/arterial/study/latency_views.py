"""From round trips to figures: views, worst failures and sessions of ``latency``."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from msgspec import structs

from arterial.demand.offers import Offer
from arterial.model.policy import FailureKind
from arterial.placement.coverage import (
    WorstCases,
    felt_ms,
    percentiles_ms,
    share_within,
    worst_cases,
)
from arterial.solve.program import FloatArray, IntArray
from arterial.study.latency_answer import After, Hurt, SessionFigures, View, WithinBound
from arterial.study.latency_ways import Ways

__all__ = ["FELT_MS", "sessions_of", "view_of"]

MS_PER_S = 1000.0
FELT_MS = 1e-6
"""Two sums of the same delays differ by less."""


def view_of(
    name: Literal["today", "candidates"],
    ways: Ways,
    offers: Sequence[Offer],
    bounds_ms: Sequence[float],
) -> View:
    """Shares and percentiles, without failure and after the worst failure of each kind."""
    people = _people(offers)
    bounds = np.array(bounds_ms)
    p50, p95, most = percentiles_ms(people, ways.before_ms)
    at_home = np.array([offer.site in ways.edges for offer in offers])
    return View(
        name=name,
        edges=len(ways.edges),
        shares=tuple(share_within(people, ways.before_ms, bounds).tolist()),
        rtt_ms_p50=p50,
        rtt_ms_p95=p95,
        rtt_ms_max=most,
        at_home_share=float(people[at_home].sum() / people.sum()),
        unanswered_people=float(people[~np.isfinite(ways.before_ms)].sum()),
        after=tuple(_after(ways, offers, bounds, kind, rows) for kind, rows in _kinds(ways)),
    )


def _people(offers: Sequence[Offer]) -> FloatArray:
    return np.array([offer.people for offer in offers], dtype=np.float64)


def _kinds(ways: Ways) -> Iterator[tuple[FailureKind, IntArray]]:
    """Each kind that some failure is of, with the rows of its failures."""
    kinds: list[FailureKind] = [failure.kind for failure in ways.failures]
    for kind in dict.fromkeys(kinds):
        yield kind, np.flatnonzero([failure.kind == kind for failure in ways.failures])


def _after(
    ways: Ways, offers: Sequence[Offer], bounds: FloatArray, kind: FailureKind, rows: IntArray
) -> After:
    people = _people(offers)
    felt = felt_ms(ways.before_ms, ways.after_ms[rows], ways.home_lost[rows])
    worst = worst_cases(people, ways.before_ms, felt, bounds)
    spread = np.array([percentiles_ms(people, row) for row in felt]).max(axis=0)
    return After(
        kind=kind,
        cases=len(rows),
        within=tuple(
            _within(ways, offers, float(bound), rows, worst, place)
            for place, bound in enumerate(bounds)
        ),
        rtt_ms_p50=float(spread[0]),
        rtt_ms_p95=float(spread[1]),
        rtt_ms_max=float(spread[2]),
        home_lost_people=float((ways.home_lost[rows] @ people).max()),
    )


def _within(
    ways: Ways,
    offers: Sequence[Offer],
    bound_ms: float,
    rows: IntArray,
    worst: WorstCases,
    place: int,
) -> WithinBound:
    case = int(rows[worst.case[place]]) if worst.case[place] >= 0 else -1
    hurt = [
        Hurt(
            market=offers[row].market,
            people=offers[row].people,
            rtt_ms=float(ways.before_ms[row]),
            after_ms=float(ways.after_ms[case, row]),
        )
        for row in np.flatnonzero(worst.hurt[place]).tolist()
    ]
    lost = np.flatnonzero(ways.home_lost[case]).tolist() if case >= 0 else []
    return WithinBound(
        bound_ms=bound_ms,
        case=ways.failures[case].name if case >= 0 else "",
        share=float(worst.share[place]),
        hurt_people=sum(row.people for row in hurt),
        hurt=tuple(sorted(hurt, key=lambda row: (-row.people, row.market))),
        home_lost=tuple(offers[row].market for row in lost),
        home_lost_people=sum(offers[row].people for row in lost),
    )


def sessions_of(
    ways: Ways, offers: Sequence[Offer], calls: int, think_ms: float
) -> tuple[SessionFigures, ...]:
    """Waits of an agent without failure, and after the failure of each kind that adds most.

    Parameters
    ----------
    calls
        In a session, one after another.
    think_ms
        What the model takes for each.
    """
    people = _people(offers)
    rows = [_session(people, ways.before_ms, calls, think_ms)]
    for kind, own in _kinds(ways):
        felt = felt_ms(ways.before_ms, ways.after_ms[own], ways.home_lost[own])
        answered = np.isfinite(felt) & np.isfinite(ways.before_ms)
        longer = np.where(answered, felt, 0.0) - np.where(answered, ways.before_ms, 0.0)
        longer[longer < FELT_MS] = 0.0
        place, market = (int(at) for at in np.unravel_index(longer.argmax(), longer.shape))
        most = float(longer[place, market])
        unanswered = (~np.isfinite(felt) & np.isfinite(ways.before_ms)) @ people
        figures = _session(people, felt[place] if most > 0.0 else ways.before_ms, calls, think_ms)
        rows.append(
            structs.replace(
                figures,
                kind=kind,
                case=ways.failures[int(own[place])].name if most > 0.0 else "",
                longer_s=calls * most / MS_PER_S,
                longer_market=offers[market].market if most > 0.0 else "",
                longer_share=float((longer[place] > 0.0) @ people / people.sum()),
                unanswered_people=float(unanswered.max()),
            )
        )
    return tuple(rows)


def _session(people: FloatArray, rtt_ms: FloatArray, calls: int, think_ms: float) -> SessionFigures:
    call = percentiles_ms(people, rtt_ms)
    network = [calls * ms / MS_PER_S for ms in call]
    session = [calls * (ms + think_ms) / MS_PER_S for ms in call]
    return SessionFigures(
        kind="none",
        case="",
        call_ms_p50=call[0],
        call_ms_p95=call[1],
        call_ms_max=call[2],
        network_s_p50=network[0],
        network_s_p95=network[1],
        network_s_max=network[2],
        session_s_p50=session[0],
        session_s_p95=session[1],
        session_s_max=session[2],
        longer_s=0.0,
        longer_market="",
        longer_share=0.0,
        unanswered_people=float(people[~np.isfinite(rtt_ms)].sum()),
    )
