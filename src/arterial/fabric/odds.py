"""How likely failure cases are: elements fail and are repaired, each by itself.

An element that fails ``r`` times a year while it stands and is repaired after ``m`` hours is down
for the share ``m / (m + 8760 / r)`` of the time. The probability of a case is that exactly its
elements are down, and all others that have a rate are up. ASSUMPTION: elements fail independently
of each other; what fails together is an element of its own, a shared risk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arterial.errors import ModelError, Problem
from arterial.fabric.case_file import ElementNames
from arterial.fabric.ip_cases import CaseSet
from arterial.fabric.ip_elements import Elements
from arterial.model.network import Network
from arterial.model.rate_file import RateRow, read_rates

__all__ = [
    "CUTS_PER_KM_YEAR",
    "REPAIR_H",
    "Rates",
    "case_odds",
    "none_down",
    "published_rates",
    "rates_of",
]

FloatArray = NDArray[np.float64]

HOURS_A_YEAR = 8760.0
HOURS_A_WEEK = 168.0
KM_PER_MILE = 1.609344

CUTS_PER_KM_YEAR = 4.39 / (1000.0 * KM_PER_MILE)
"""4.39 cuts a year per 1,000 sheath miles: D. E. Crawford, "Fiber optic cable dig-ups: causes and
cures", in Network Reliability: A Report to the Nation, FCC Network Reliability Council, 1993.
ASSUMPTION: that cables of today and elsewhere are cut as often as US cables were then."""

REPAIR_H = 12.0
"""Mean time to repair a cut cable: M. To and P. Neusy, "Unavailability analysis of long-haul
networks", IEEE JSAC 12(1), 1994. ASSUMPTION, as above."""


PUBLISHED_NOTE = (
    "ASSUMPTION: a fibre is cut 4.39 times a year per 1,000 miles (Crawford 1993) and repaired "
    "after 12 h (To and Neusy 1994), as US cables of that time; nothing else fails"
)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """M elements; NaN where no rate is known: such an element never fails by itself."""

    failures_per_year: FloatArray
    repair_h: FloatArray
    notes: tuple[str, ...] = ()

    @property
    def down(self) -> FloatArray:
        """(M,) share of the time in which each element is down."""
        with np.errstate(divide="ignore"):
            return self.repair_h / (self.repair_h + HOURS_A_YEAR / self.failures_per_year)


def rates_of(path: Path, elements: Elements, network: Network | None = None) -> Rates:
    """Rates from a table.

    Parameters
    ----------
    network
        What it says of repair stands where a row says nothing.

    Raises
    ------
    ModelError
        With every problem of the file: unknown elements, those that stand twice, and those of
        which nobody says how long they take to mend, among them.
    """
    rows, records = read_rates(path)
    names = ElementNames(elements)
    often, hours = np.full(len(elements), np.nan), np.full(len(elements), np.nan)
    own_h = {} if network is None else {**_ships_h(network), **_promised_h(network)}
    problems: list[Problem] = []
    for row, record in zip(rows, records, strict=True):
        number = names.number(row.element)
        if not isinstance(number, int):
            problems.append(record.problem("element", *number))
        elif not np.isnan(often[number]):
            found = f"'{row.element}' stands twice"
            problems.append(record.problem("element", found, "Keep one of the two"))
        elif (mend_h := _mend_h(row, number, elements, own_h)) is None:
            found = f"nothing says how long '{row.element}' takes to mend"
            problems.append(record.problem("repair_h", found, "Give hours here, or in the network"))
        else:
            often[number], hours[number] = row.failures_per_year, mend_h
    if problems:
        raise ModelError(problems)
    return Rates(failures_per_year=often, repair_h=hours)


def _mend_h(
    row: RateRow, number: int, elements: Elements, own_h: Mapping[str, float]
) -> float | None:
    """What the row says, else what the network says of a fibre or link."""
    if row.repair_h is not None:
        return row.repair_h
    cable = elements.kinds[number] in ("fibre", "link")
    return own_h.get(elements.names[number]) if cable else None


def published_rates(network: Network, elements: Elements) -> Rates:
    """Rates of fibres by their length, from what was published; nothing else has one."""
    length_km = {route.name: route.length_km for route in (*network.links, *network.fibres)}
    ships_h, promised_h = _ships_h(network), _promised_h(network)
    own_h = {**ships_h, **promised_h}
    often, hours = np.full(len(elements), np.nan), np.full(len(elements), np.nan)
    fibres, unknown = [int(number) for number in elements.of_kind("fibre")], 0
    for number in fibres:
        name = elements.names[number]
        km = length_km[name]
        if km is None:
            unknown += 1
        else:
            often[number], hours[number] = CUTS_PER_KM_YEAR * km, own_h.get(name, REPAIR_H)
    notes = [PUBLISHED_NOTE]
    if ships_h:
        notes.append(
            f"{len(ships_h)} subsea fibres are repaired in the weeks of their systems; "
            "ASSUMPTION: cut as often as on land"
        )
    if promised_h:
        notes.append(f"{len(promised_h)} fibres and links are repaired in hours of their own")
    if unknown:
        notes.append(f"{unknown} of {len(fibres)} fibres have no known length, so no rate")
    return Rates(failures_per_year=often, repair_h=hours, notes=tuple(notes))


def _ships_h(network: Network) -> dict[str, float]:
    """By name of a wet fibre: hours to repair, where its system says how many weeks."""
    weeks = {system.name: system.repair_weeks for system in network.subsea}
    found = {
        fibre.name: weeks[fibre.system]
        for fibre in network.fibres
        if fibre.subsea and fibre.system is not None and fibre.repair_h is None
    }
    return {name: HOURS_A_WEEK * one for name, one in found.items() if one is not None}


def _promised_h(network: Network) -> dict[str, float]:
    """By name of a fibre or ready-made link: hours to repair, where its own row says so."""
    routes = (*network.fibres, *network.links)
    return {route.name: route.repair_h for route in routes if route.repair_h is not None}


def case_odds(cases: CaseSet, rates: Rates, start: int, stop: int) -> FloatArray:
    """Probability of each case from ``start`` to ``stop``; NaN where an element has no rate."""
    first, flat = cases.members(start, stop)
    down = rates.down
    with np.errstate(divide="ignore"):
        against = np.log(down) - np.log1p(-down)
    case = np.repeat(np.arange(len(first) - 1), np.diff(first))
    sums = np.bincount(case, weights=against[flat], minlength=len(first) - 1)
    return np.exp(_all_up(down) + sums.astype(np.float64))


def none_down(rates: Rates) -> float:
    """Probability that every element with a rate is up."""
    return float(np.exp(_all_up(rates.down)))


def _all_up(down: Iterable[float] | FloatArray) -> float:
    known = np.asarray(down, dtype=np.float64)
    return float(np.log1p(-known[~np.isnan(known)]).sum())
