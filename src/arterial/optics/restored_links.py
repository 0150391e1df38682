"""What routers see of restored light: by case and link, how much is back, and how late it is.

Read from a plan's rows alone, so that whoever has the plan has the figures.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from arterial.optics.restore_cuts import cut_named, cuts_of
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, RestoredWave
from arterial.units import US_PER_MS, fibre_delay_ms

__all__ = ["RestoredLink", "restored_links"]


class RestoredLink(Struct, frozen=True, kw_only=True):
    """A link of which a case cuts waves."""

    case: str
    link: str
    cut: int
    """Waves."""
    back: int
    """Waves that come back."""
    cut_gbps: float
    restored_gbps: float
    share: float
    """Of the link's rate: what stands or is back."""
    latency_ms: float
    """One way, planning value, of its slowest wave that stands or is back; NaN with none."""


@dataclass
class _Book:
    plan: Plan
    riding: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """By fibre: waves over it."""
    own_km: dict[str, float] = field(default_factory=dict[str, float])
    """By wave: length of its route."""
    back: dict[str, dict[str, RestoredWave]] = field(
        default_factory=dict[str, dict[str, RestoredWave]]
    )
    """By case and wave."""
    back_km: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])


def restored_links(plan: Plan) -> tuple[RestoredLink, ...]:
    """Every link that a case touches: all single cuts of what is in use, and further table cases.

    A case that is not one of a plan's own (its fibres are unknown) raises KeyError.
    """
    book = _book(plan)
    cases = dict.fromkeys(cut.name for cut in cuts_of(plan))
    cases |= dict.fromkeys(row.case for row in plan.restored_waves)
    return tuple(row for case in cases for row in _of_case(book, case))


def _book(plan: Plan) -> _Book:
    book = _Book(plan)
    km = {f.name: math.nan if f.length_km is None else f.length_km for f in plan.network.fibres}
    for hop in plan.lightpath_hops:
        book.riding.setdefault(hop.fibre, set()).add(hop.lightpath)
        book.own_km[hop.lightpath] = book.own_km.get(hop.lightpath, 0.0) + km[hop.fibre]
    for row in plan.restored_waves:
        book.back.setdefault(row.case, {})[row.lightpath] = row
    for hop in plan.restored_hops:
        key = (hop.case, hop.lightpath)
        book.back_km[key] = book.back_km.get(key, 0.0) + km[hop.fibre]
    return book


def _of_case(book: _Book, case: str) -> Iterator[RestoredLink]:
    fibres = book.plan.network.fibres
    down = {fibres[m].name for m in cut_named(book.plan.network, case).fibres}
    cut = {wave for fibre in down for wave in book.riding.get(fibre, ())}
    waves: dict[str, list[Lightpath]] = {}
    touched: set[str] = set()
    for wave in book.plan.lightpaths:
        waves.setdefault(wave.link, []).append(wave)
        if wave.name in cut:
            touched.add(wave.link)
    back = book.back.get(case, {})
    for link in book.plan.ip_links:
        if link.name in touched:
            own = waves[link.name]
            lost = [wave for wave in own if wave.name in cut]
            found = [back[wave.name] for wave in lost if wave.name in back]
            restored = sum(row.rate_gbps for row in found)
            standing = [wave for wave in own if wave.name not in cut]
            rate = sum(wave.rate_gbps for wave in own)
            yield RestoredLink(
                case=case,
                link=link.name,
                cut=len(lost),
                back=len(found),
                cut_gbps=sum(wave.rate_gbps for wave in lost),
                restored_gbps=restored,
                share=(restored + sum(w.rate_gbps for w in standing)) / rate if rate else 0.0,
                latency_ms=_slowest_ms(book, case, standing, found),
            )


def _slowest_ms(
    book: _Book, case: str, standing: Iterable[Lightpath], back: Iterable[RestoredWave]
) -> float:
    delays = [
        *(_delay_ms(book.plan, w, book.own_km.get(w.name, math.nan)) for w in standing),
        *(_delay_ms(book.plan, w, book.back_km.get((case, w.lightpath), math.nan)) for w in back),
    ]
    return math.nan if not delays or any(math.isnan(ms) for ms in delays) else max(delays)


def _delay_ms(plan: Plan, wave: Lightpath | RestoredWave, length_km: float) -> float:
    latency = plan.network.latency
    mode = next(mode for mode in plan.network.modes if mode.name == wave.mode)
    fec_us = latency.fec_us if mode.fec_us is None else mode.fec_us
    coding_ms = fec_us / US_PER_MS * (1 + len(wave.regenerators))
    return latency.route_factor * fibre_delay_ms(length_km) + coding_ms
