"""What a sweep tells: its worst cases, classes and links, who is cut off, what to expect."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct

from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CaseSet
from arterial.plan.verdict import Verdict
from arterial.routing.sweep import Outcome, pieces
from arterial.solve.program import BoolArray, FloatArray

__all__ = [
    "CaseFigures",
    "ClassFigures",
    "Found",
    "LinkFigures",
    "Odds",
    "Parted",
    "case_figures",
    "class_figures",
    "link_figures",
    "odds",
    "parted_cases",
    "verdict",
    "worst_cases",
]

LOSS = 1e-9
"""Share of what is offered: less is rounding, not loss."""

PARTED = 1000
"""Cases that disconnect are listed up to so many; all are counted, and stand in the table."""


class CaseFigures(Struct, frozen=True, kw_only=True):
    """One case; NaN where there is nothing to tell."""

    case: str
    """Empty where nothing failed."""
    carried_fraction: float
    """Of what is offered between standing sites; 1 where that is nothing."""
    max_utilisation: float
    """Load offered to the fullest link over what is left of its capacity, the fuller direction."""
    link: str
    """That link."""
    dropped_gbps: float
    """Between standing sites without a way."""
    overload_gbps: float
    """Has a way and finds no room there."""
    ended_gbps: float
    """With a lost end."""
    cut_off: int
    """Standing sites apart from most of what held together without failure."""
    stretch: float
    """Mean delay of all traffic over the same without failure."""
    probability: float


class ClassFigures(Struct, frozen=True, kw_only=True):
    """One class over all cases."""

    name: str = msgspec.field(name="class")
    offered_gbps: float
    normal_fraction: float
    """Carried without failure."""
    carried_fraction: float
    """Carried in its worst case."""
    worst_case: str
    dropped_gbps: float
    """In that case."""
    overload_gbps: float
    latency_ms: float
    """Mean one-way delay without failure."""
    latency_ms_max: float
    """The largest mean of all cases."""
    latency_case: str
    expected_low: float
    """Expected share carried; states that were not played count as nothing."""
    expected_high: float
    """The same; they count as all."""
    whole_low: float
    """Share of the time in which all of the class is carried."""
    whole_high: float


class LinkFigures(Struct, frozen=True, kw_only=True):
    """One link over all cases, the fuller direction."""

    link: str
    utilisation: float
    worst_case: str
    normal_utilisation: float


class Parted(Struct, frozen=True, kw_only=True):
    """A case that parts sites which held together."""

    case: str
    cut_off: int
    sites: tuple[str, ...]


class Odds(Struct, frozen=True, kw_only=True):
    """What the cases are worth in time."""

    covered: float
    """Probability of the state without failure and of all cases played."""
    left_out: float
    """Of all other states of the elements that have a rate."""
    unrated_cases: int
    """Cases with an element that has no rate: not in ``covered``."""
    expected_low: float
    """Expected share carried of all traffic, as for a class."""
    expected_high: float


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that was played."""

    ip: IpFabric
    cases: CaseSet
    classes: tuple[str, ...]
    offered_gbps: FloatArray
    """(C,)"""
    normal: Outcome
    """Without failure: one case."""
    outcome: Outcome
    probability: FloatArray
    """(F,) NaN where unknown."""
    none_down: float
    """Probability of the state without failure; NaN without rates."""

    def name(self, case: int) -> str:
        """Of a case by number; empty for -1, no failure."""
        return self.cases.name(case) if case >= 0 else ""


def carried_fraction(outcome: Outcome) -> FloatArray:
    """(F, C) of what is offered between standing sites; 1 where that is nothing."""
    offered = outcome.carried + outcome.dropped + outcome.overload
    return _share(outcome.carried, offered)


def total_fraction(outcome: Outcome) -> FloatArray:
    """(F,) the same over all classes."""
    carried = outcome.carried.sum(axis=1)
    return _share(carried, carried + (outcome.dropped + outcome.overload).sum(axis=1))


def verdict(found: Found) -> Verdict:
    """Whether all that can be carried is, in every case and without failure.

    ``unknown`` where there is no case or nothing is offered; ``refuted`` where some traffic between
    standing sites finds no way or no room.
    """
    if not len(found.cases) or not found.offered_gbps.sum():
        return "unknown"
    losing = losses(found.outcome).any() or losses(found.normal).any()
    return "refuted" if losing else "proved"


def losses(outcome: Outcome) -> BoolArray:
    """(F,) where something is dropped or finds no room."""
    lost = (outcome.dropped + outcome.overload).sum(axis=1)
    offered = (outcome.carried + outcome.ended).sum(axis=1) + lost
    return lost > LOSS * offered


def case_figures(found: Found, cases: Sequence[int]) -> tuple[CaseFigures, ...]:
    """Cases by number; -1 is the state without failure."""
    fraction, stretch = total_fraction(found.outcome), stretches(found)
    normal = total_fraction(found.normal)
    return tuple(
        _case(found, case, float(fraction[case]), float(stretch[case]))
        if case >= 0
        else _case(found, case, float(normal[0]), 1.0)
        for case in cases
    )


def worst_cases(found: Found, count: int) -> list[int]:
    """Those that carry least; of these the fullest first, then in their order."""
    fraction = total_fraction(found.outcome)
    order = np.lexsort((-found.outcome.utilisation, fraction))
    return order[:count].tolist()


def stretches(found: Found) -> FloatArray:
    """(F,) mean delay of all traffic that has a way, over the same without failure."""
    normal = mean_latency_ms(found.normal)[0]
    mean = mean_latency_ms(found.outcome)
    return mean / normal if normal > 0.0 else np.full(len(mean), np.nan)


def mean_latency_ms(outcome: Outcome) -> FloatArray:
    """(F,) over all classes, by rate; NaN where one is unknown.

    A class of which nothing is carried may have no delay: it then has no part in the mean.
    """
    silent = np.isnan(outcome.latency_ms) & (outcome.carried <= 0.0)
    routed = np.where(silent, 0.0, outcome.carried + outcome.overload)
    travel = np.where(routed > 0.0, routed * outcome.latency_ms, 0.0).sum(axis=1)
    total = routed.sum(axis=1)
    return np.divide(travel, total, out=np.full(len(total), np.nan), where=total > 0.0)


def class_figures(found: Found) -> tuple[ClassFigures, ...]:
    """Every class."""
    return tuple(_class(found, c) for c in range(len(found.classes)))


def link_figures(found: Found, count: int | None = None) -> tuple[LinkFigures, ...]:
    """Links, the fullest first; of equal ones in their order."""
    peak = np.maximum(found.outcome.peak, found.normal.peak)
    failed = found.outcome.peak > found.normal.peak
    order: list[int] = np.argsort(-peak, kind="stable").tolist()
    return tuple(
        LinkFigures(
            link=found.ip.links[link],
            utilisation=float(peak[link]),
            worst_case=found.name(int(found.outcome.peak_case[link])) if failed[link] else "",
            normal_utilisation=float(found.normal.peak[link]),
        )
        for link in order[:count]
    )


def parted_cases(found: Found) -> tuple[int, tuple[Parted, ...]]:
    """How many cases part what held together, and the first of them with the sites cut off."""
    cases = np.flatnonzero(found.outcome.cut_off)
    listed = tuple(
        Parted(
            case=found.name(case),
            cut_off=int(found.outcome.cut_off[case]),
            sites=_apart(found, case),
        )
        for case in cases[:PARTED].tolist()
    )
    return len(cases), listed


def odds(found: Found) -> Odds | None:
    """What to expect; None without rates."""
    if math.isnan(found.none_down):
        return None
    covered = found.none_down + float(np.nansum(found.probability))
    low = _expected(found, total_fraction(found.outcome), float(total_fraction(found.normal)[0]))
    left_out = max(0.0, 1.0 - covered)
    return Odds(
        covered=covered,
        left_out=left_out,
        unrated_cases=int(np.isnan(found.probability).sum()),
        expected_low=low,
        expected_high=min(1.0, low + left_out),
    )


def _case(found: Found, case: int, fraction: float, stretch: float) -> CaseFigures:
    outcome, row = (found.outcome, case) if case >= 0 else (found.normal, 0)
    arc = int(outcome.arc[row])
    return CaseFigures(
        case=found.name(case),
        carried_fraction=fraction,
        max_utilisation=float(outcome.utilisation[row]),
        link=found.ip.links[arc // 2] if arc >= 0 else "",
        dropped_gbps=float(outcome.dropped[row].sum()),
        overload_gbps=float(outcome.overload[row].sum()),
        ended_gbps=float(outcome.ended[row].sum()),
        cut_off=int(outcome.cut_off[row]),
        stretch=stretch,
        probability=float(found.probability[case]) if case >= 0 else found.none_down,
    )


def _class(found: Found, c: int) -> ClassFigures:
    outcome, normal = found.outcome, found.normal
    fraction = carried_fraction(outcome)[:, c]
    usual = float(carried_fraction(normal)[0, c])
    worst = int(fraction.argmin()) if len(fraction) and fraction.min() < usual else -1
    late = np.append(outcome.latency_ms[:, c], normal.latency_ms[0, c])
    slowest = int(np.nan_to_num(late, nan=-1.0).argmax())
    rows = (outcome, worst) if worst >= 0 else (normal, 0)
    left_out = max(0.0, 1.0 - found.none_down - float(np.nansum(found.probability)))
    expected = _expected(found, fraction, usual)
    whole = _expected(found, (fraction >= 1.0 - LOSS).astype(np.float64), usual >= 1.0 - LOSS)
    return ClassFigures(
        name=found.classes[c],
        offered_gbps=float(found.offered_gbps[c]),
        normal_fraction=usual,
        carried_fraction=float(fraction[worst]) if worst >= 0 else usual,
        worst_case=found.name(worst),
        dropped_gbps=float(rows[0].dropped[rows[1], c]),
        overload_gbps=float(rows[0].overload[rows[1], c]),
        latency_ms=float(normal.latency_ms[0, c]),
        latency_ms_max=float(late[slowest]),
        latency_case=found.name(slowest) if slowest < len(found.cases) else "",
        expected_low=expected,
        expected_high=float(np.minimum(1.0, expected + left_out)),
        whole_low=whole,
        whole_high=float(np.minimum(1.0, whole + left_out)),
    )


def _expected(found: Found, fraction: FloatArray, normal: float) -> float:
    """NaN without rates; cases without a rate have no part in it."""
    return found.none_down * normal + float(np.nansum(found.probability * fraction))


def _apart(found: Found, case: int) -> tuple[str, ...]:
    """Sites outside the largest remnant of what held together; of equal ones the first stands."""
    chunk = found.cases.chunk(case, case + 1)
    sites, gone = len(found.ip.sites), chunk.sites[0]
    standing = np.ones(len(found.ip.links), dtype=np.bool_)
    standing[chunk.links] = False
    before, after = pieces(sites, found.ip.ends), pieces(sites, found.ip.ends[standing])
    size = np.bincount(after, minlength=sites)
    kept: dict[int, int] = {}
    for site in np.flatnonzero(~gone).tolist():
        own, best = int(after[site]), kept.get(int(before[site]))
        if best is None or size[own] > size[best]:
            kept[int(before[site])] = own
    return tuple(
        name
        for site, name in enumerate(found.ip.sites)
        if not gone[site] and int(after[site]) != kept[int(before[site])]
    )


def _share(carried: FloatArray, offered: FloatArray) -> FloatArray:
    return np.divide(carried, offered, out=np.ones_like(carried), where=offered > 0.0)
