"""Gates on light: every lightpath's margin, and that no two waves want the same spectrum.

Spectrum is wanted on a fibre pair, and on an add/drop group that takes a frequency once.

A margin is proved only when it is worked out again from fibres and mode; the plan's own figure can
refute the plan, by being too small or larger than it is, but not prove it. A length, a mode's
figure or a wet span's physics that is missing leaves the gate ``unknown``.
"""

import math
from collections.abc import Callable, Iterable, Iterator

from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.subsea import SubseaSystem
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop
from arterial.plan.transparent import fibre_ends, transparent_parts
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.contention import (
    Group,
    Slot,
    contended,
    contending_sites,
    overlapping,
    slot_of,
)
from arterial.prove.table_gate import table_gate
from arterial.prove.waves import hops_by_name

__all__ = [
    "Segment",
    "SegmentMargin",
    "described",
    "light_gates",
    "out_of_bounds",
    "spectrum_conflicts",
]

Segment = tuple[tuple[str, bool], ...]
"""Fibres in order, True when ridden from a to z."""

SegmentMargin = Callable[[str, Segment], float]
"""(mode, fibres) -> GSNR - required - penalties of one
transparent segment, dB: its worst channel, add/drop and transmitter in, margins kept out. NaN when
a figure is missing."""

_ROUNDING_DB = 0.005
_GHZ = 1e-6
_GHZ_IN_THZ = 1000.0


def light_gates(plan: Plan, margin_db: SegmentMargin | None) -> Iterator[Gate]:
    """Margin and spectrum gates; none for a plan without lightpaths.

    Parameters
    ----------
    margin_db
        Works margins out again; None leaves them unproved.
    """
    if not plan.lightpaths:
        return
    yield _margin_gate(plan, margin_db)
    yield _spectrum_gate(plan)


def _spectrum_gate(plan: Plan) -> Gate:
    conflicts = list(spectrum_conflicts(plan))
    used = {wave.mode for wave in plan.lightpaths}
    unknown = [m.name for m in plan.network.modes if m.name in used and m.slot_ghz is None]
    verdict: Verdict = "unknown" if unknown else "proved"
    note = f"mode '{unknown[0]}' does not say how wide its slot is" if unknown else ""
    return table_gate(
        plan,
        "spectrum",
        "conflicts",
        (float(len(conflicts)), 0.0),
        "refuted" if conflicts else verdict,
        conflicts[0] if conflicts else note,
        cases=len(plan.lightpath_hops),
    )


def _margin_gate(plan: Plan, margin_db: SegmentMargin | None) -> Gate:
    limit = plan.network.margins.total_db
    own = [(wave.margin_db, wave.name) for wave in plan.lightpaths]
    margins = list(_worked_out(plan, margin_db)) if margin_db else own
    missing = [name for value, name in margins if math.isnan(value)]
    value, worst = min((m for m in margins if not math.isnan(m[0])), default=(math.nan, ""))
    boasts = list(_boasts(own, margins))
    verdict: Verdict = "proved"
    note = f"least margin: {worst}"
    if value < limit - _ROUNDING_DB:
        verdict = "refuted"
    elif boasts:
        verdict, note = "refuted", boasts[0]
    elif missing:
        verdict, note = "unknown", f"a figure of '{missing[0]}' is missing"
    elif margin_db is None:
        verdict = "unknown"
    if margin_db is None:
        note += "; the plan's own figures, not worked out again"
    return table_gate(
        plan,
        "light: margin",
        "dB",
        (math.nan if verdict == "unknown" else value, limit),
        verdict,
        note,
        cases=len(plan.lightpaths),
    )


def _worked_out(plan: Plan, margin_db: SegmentMargin) -> Iterator[tuple[float, str]]:
    """(margin, wave) of every transparent segment, each way."""
    hops = hops_by_name(plan.lightpath_hops)
    known: dict[tuple[str, Segment], float] = {}
    for wave in plan.lightpaths:
        for segment in _segments(plan, wave, hops[wave.name]):
            key = (wave.mode, segment)
            if key not in known:
                known[key] = margin_db(*key)
            yield known[key], wave.name


def _boasts(
    own: Iterable[tuple[float, str]], margins: Iterable[tuple[float, str]]
) -> Iterator[str]:
    """Waves of which the plan says a larger margin than their worst segment has."""
    least: dict[str, float] = {}
    for value, name in margins:
        if value < least.get(name, math.inf):
            least[name] = value
    for said, name in own:
        if said > least.get(name, math.inf) + _ROUNDING_DB:
            yield f"'{name}' says {said:g} dB and has {least[name]:g}"


def _segments(plan: Plan, wave: Lightpath, hops: list[LightpathHop]) -> Iterator[Segment]:
    """Fibres between regenerators, each way: light goes both ways, through other amplifiers."""
    for segment in transparent_parts(fibre_ends(plan.network), wave.regenerators, hops):
        yield tuple((hop.fibre, hop.forward) for hop in segment)
        yield tuple((hop.fibre, not hop.forward) for hop in reversed(segment))


def spectrum_conflicts(plan: Plan) -> Iterator[str]:
    """Every wave out of its slot, its band or its pairs, and every two that overlap or contend.

    Waves in service count as they stand: one that was there before is not told for its place, only
    where a wave of the plan overlaps it.
    """
    hops = hops_by_name(plan.lightpath_hops)
    waves = {wave.name: wave for wave in plan.lightpaths}
    slots = {mode.name: mode.slot_ghz for mode in plan.network.modes}
    ends = fibre_ends(plan.network)
    for wave in plan.lightpaths:
        slot_ghz = slots[wave.mode]
        if slot_ghz is not None and wave.slot_ghz < slot_ghz - _GHZ:
            yield f"'{wave.name}' has a slot of {wave.slot_ghz:g} GHz; its mode needs {slot_ghz:g}"
        for segment in transparent_parts(ends, wave.regenerators, hops[wave.name]):
            if len({hop.centre_ghz for hop in segment}) > 1:
                yield f"'{wave.name}' changes its frequency without a regenerator"
    yield from _strays(plan, waves)
    yield from _overlaps(plan, waves)
    yield from _contentions(plan, hops)


def _strays(plan: Plan, waves: dict[str, Lightpath]) -> Iterator[str]:
    lit = {row.fibre: row.pairs for row in plan.lit_fibres}
    pairs = {fibre.name: fibre.pairs for fibre in plan.network.fibres}
    for fibre, count in lit.items():
        if count > pairs[fibre]:
            yield f"fibre '{fibre}' has {pairs[fibre]} pairs and {count} are lit"
    wet = described(plan.network)
    for hop in plan.lightpath_hops:
        if hop.pair > lit.get(hop.fibre, 0):
            yield f"'{hop.lightpath}' rides pair {hop.pair} of '{hop.fibre}', which is not lit"
        slot_ghz, system = waves[hop.lightpath].slot_ghz, wet.get(hop.fibre)
        where = out_of_bounds(plan.network.line, hop.centre_ghz, slot_ghz, system)
        if where:
            yield f"'{hop.lightpath}' at {hop.centre_ghz:g} GHz {where}"


def described(network: Network) -> dict[str, SubseaSystem]:
    """By wet fibre: the subsea system that describes it."""
    systems = {system.name: system for system in network.subsea}
    return {
        fibre.name: systems[fibre.system]
        for fibre in network.fibres
        if fibre.subsea and fibre.system is not None
    }


def out_of_bounds(
    line: LineSystem, centre_ghz: float, slot_ghz: float, system: SubseaSystem | None = None
) -> str:
    """What a channel does that the line forbids; empty where it lies in one band, off all guards.

    Under the sea it lies within the band of its system besides.

    Worked out from the line's figures in GHz: no grid and no bits, which the designer uses.
    """
    low, high = centre_ghz - slot_ghz / 2.0, centre_ghz + slot_ghz / 2.0
    for guard_ghz in (0.0, line.guard_ghz):
        inside = any(
            start * _GHZ_IN_THZ + guard_ghz - _GHZ <= low
            and high <= end * _GHZ_IN_THZ - guard_ghz + _GHZ
            for start, end in line.band_limits_thz
        )
        if not inside and guard_ghz:
            return f"stands in the guard of {guard_ghz:g} GHz at the edge of the band"
        if not inside:
            return "leaves the band"
    for entry in line.reserved:
        if low < entry.high_ghz - _GHZ and high > entry.low_ghz + _GHZ:
            return f"stands in the slice reserved from {entry.low_ghz:g} to {entry.high_ghz:g} GHz"
    return "" if system is None else _out_of_system(line, low, high, system)


def _out_of_system(line: LineSystem, low: float, high: float, system: SubseaSystem) -> str:
    start = line.f_min_thz if system.f_min_thz is None else system.f_min_thz
    end = line.f_max_thz if system.f_max_thz is None else system.f_max_thz
    if start * _GHZ_IN_THZ - _GHZ <= low and high <= end * _GHZ_IN_THZ + _GHZ:
        return ""
    return f"leaves the band of subsea system '{system.name}'"


def _overlaps(plan: Plan, waves: dict[str, Lightpath]) -> Iterator[str]:
    on: dict[tuple[str, int], list[Slot]] = {}
    for hop in plan.lightpath_hops:
        slot = slot_of(hop.centre_ghz, waves[hop.lightpath].slot_ghz, hop.lightpath)
        on.setdefault((hop.fibre, hop.pair), []).append(slot)
    for wave in plan.network.waves:
        slot = slot_of(wave.centre_ghz, wave.slot_ghz, wave.name)
        for hop in wave.hops:
            on.setdefault(hop, []).append(slot)
    for (fibre, pair), slots in on.items():
        for one, other in overlapping(slots):
            yield f"'{one}' and '{other}' overlap on '{fibre}' pair {pair}"


def _contentions(plan: Plan, hops: dict[str, list[LightpathHop]]) -> Iterator[str]:
    """Waves that end on one router and share slots where add/drop is not contentionless."""
    contend = contending_sites(plan.network)
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    groups: dict[Group, list[Slot]] = {}
    for wave in plan.lightpaths if contend else ():
        a, z = ends[wave.link]
        own = hops[wave.name]
        for site, router, hop in ((a, wave.router_a, own[0]), (z, wave.router_z, own[-1])):
            if site in contend:
                slot = slot_of(hop.centre_ghz, wave.slot_ghz, wave.name)
                groups.setdefault((site, router), []).append(slot)
    for (site, router), one, other in contended(plan.network, groups):
        yield f"'{one}' and '{other}' contend at {site}/{router}"
