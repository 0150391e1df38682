"""Gate on restored light: every wave that a plan says comes back could, beside all that stands.

Worked out from the tables alone, wave by wave: the case cuts it, its way is off what is down and
joins its link's ends, a mode of its own module reaches over each transparent segment, no slot is
taken twice, add/drop allows it, and no case uses a regenerator that is not there. What a plan
leaves out is no fault: the gate's value is the least share of cut rate that any case brings back.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from arterial.fabric.failures import single_failures
from arterial.model.network import Network
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop, RestoredHop, RestoredWave
from arterial.plan.transparent import Ends, fibre_ends, transparent_parts
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.contention import (
    IN_SERVICE,
    Group,
    Slot,
    contended,
    contending_sites,
    overlapping,
    slot_of,
)
from arterial.prove.light import Segment, SegmentMargin, described, out_of_bounds
from arterial.prove.waves import hops_by_name, sites_passed

__all__ = ["case_fibres", "restoration_faults", "restoration_gates"]

_ROUNDING_DB = 0.005
_GHZ = 1e-6
_GBPS = 1e-6


def restoration_gates(plan: Plan, margin_db: SegmentMargin | None) -> Iterator[Gate]:
    """The gate ``light: restoration``; none for a plan that restores nothing."""
    if not plan.restored_waves:
        return
    book = _book(plan)
    faults = list(_faults(book))
    margins = [] if faults else list(_short_margins(book, margin_db))
    wrong = [*faults, *(words for words, verdict in margins if verdict == "refuted")]
    missing = [words for words, verdict in margins if verdict == "unknown"]
    verdict: Verdict = "refuted" if wrong else "unknown" if missing else "proved"
    share, case = min(_shares(book), default=(1.0, ""))
    yield Gate(
        name="light: restoration",
        traffic_class="",
        load=plan.load,
        policy="table",
        value=math.nan if verdict == "unknown" else share,
        limit=0.0,
        unit="share restored",
        verdict=verdict,
        worst_case=case,
        cases=len({row.case for row in plan.restored_waves}),
        note=next(iter([*wrong, *missing]), f"least comes back after {case}"),
    )


@dataclass
class _Book:
    """Rows by name, for one plan."""

    plan: Plan
    waves: dict[str, Lightpath]
    hops: dict[str, list[LightpathHop]]
    ends: Ends
    back: dict[str, list[RestoredWave]] = field(default_factory=dict[str, list[RestoredWave]])
    back_hops: dict[tuple[str, str], list[RestoredHop]] = field(
        default_factory=dict[tuple[str, str], list[RestoredHop]]
    )
    standing: dict[tuple[str, int], list[Slot]] = field(
        default_factory=dict[tuple[str, int], list[Slot]]
    )
    """By fibre and pair: waves of the plan."""
    kept: dict[tuple[str, int], list[Slot]] = field(
        default_factory=dict[tuple[str, int], list[Slot]]
    )
    """By fibre and pair: waves in service that are another's, which stand in every case."""


def case_fibres(network: Network, name: str) -> frozenset[str]:
    """Fibres that a case takes down, by its name; empty when the network has no such case.

    >>> sorted(case_fibres(Network(name="none", sites=()), "fibre a--b"))
    []
    """
    known = {fibre.name for fibre in network.fibres}
    if name.startswith("srlg "):
        risk = name.removeprefix("srlg ")
        return frozenset(fibre.name for fibre in network.fibres if risk in fibre.risks)
    whole = name.removeprefix("fibre ")
    if not name.startswith("fibre "):
        return frozenset()
    if whole in known:
        return frozenset({whole})
    for place in range(len(whole)):
        one, mark, other = whole[:place], whole[place : place + 9], whole[place + 9 :]
        if mark == " + fibre " and one != other and {one, other} <= known:
            return frozenset({one, other})
    return frozenset()


def restoration_faults(plan: Plan) -> Iterator[str]:
    """Every restored wave that could not be, whatever its margin."""
    yield from _faults(_book(plan))


def _faults(book: _Book) -> Iterator[str]:
    plan = book.plan
    for case, rows in book.back.items():
        down = case_fibres(plan.network, case)
        if not down:
            yield f"'{case}' is no cut of this network"
            continue
        for row in rows:
            yield from _way_faults(book, row, down)
            yield from _mode_faults(plan, row, book.waves[row.lightpath])
            yield from _add_drop_faults(book, row)
        yield from _slot_faults(book, case, rows, down)
        yield from _regenerator_faults(book, case, rows)


def _book(plan: Plan) -> _Book:
    book = _Book(
        plan,
        {wave.name: wave for wave in plan.lightpaths},
        hops_by_name(plan.lightpath_hops),
        fibre_ends(plan.network),
    )
    for row in plan.restored_waves:
        book.back.setdefault(row.case, []).append(row)
    for hop in sorted(plan.restored_hops, key=lambda hop: hop.hop):
        book.back_hops.setdefault((hop.case, hop.lightpath), []).append(hop)
    for hop in plan.lightpath_hops:
        slot = slot_of(hop.centre_ghz, book.waves[hop.lightpath].slot_ghz, hop.lightpath)
        book.standing.setdefault((hop.fibre, hop.pair), []).append(slot)
    for wave in plan.network.waves:
        for hop in wave.hops:
            slot = slot_of(wave.centre_ghz, wave.slot_ghz, IN_SERVICE + wave.name)
            book.kept.setdefault(hop, []).append(slot)
    return book


def _passed(book: _Book, row: RestoredWave) -> list[str] | None:
    """Sites from its link's end a on; None where a hop starts elsewhere."""
    steps = [
        book.ends[hop.fibre] if hop.forward else (book.ends[hop.fibre][1], book.ends[hop.fibre][0])
        for hop in book.back_hops.get((row.case, row.lightpath), ())
    ]
    return sites_passed(_link_ends(book, row)[0], steps)


def _link_ends(book: _Book, row: RestoredWave) -> tuple[str, str]:
    wanted = book.waves[row.lightpath].link
    return next((link.a, link.z) for link in book.plan.ip_links if link.name == wanted)


def _way_faults(book: _Book, row: RestoredWave, down: frozenset[str]) -> Iterator[str]:
    name = f"'{row.lightpath}' after {row.case}"
    if not any(hop.fibre in down for hop in book.hops[row.lightpath]):
        yield f"{name}: it was not cut"
    hops = book.back_hops.get((row.case, row.lightpath), [])
    for hop in hops:
        if hop.fibre in down:
            yield f"{name}: rides '{hop.fibre}', which is down"
    passed = _passed(book, row)
    if passed is None or not hops or passed[-1] != _link_ends(book, row)[1]:
        yield f"{name}: does not join its link's ends"
        return
    inside = iter(passed[1:-1])
    if not all(site in inside for site in row.regenerators):
        yield f"{name}: is not regenerated in order on its way"
    for segment in _transparent(book, row):
        if len({hop.centre_ghz for hop in segment}) > 1:
            yield f"{name}: changes its frequency without a regenerator"


def _mode_faults(plan: Plan, row: RestoredWave, wave: Lightpath) -> Iterator[str]:
    name = f"'{row.lightpath}' after {row.case}"
    modes = {mode.name: mode for mode in plan.network.modes}
    mode = modes[row.mode]
    if mode.module != modes[wave.mode].module:
        yield f"{name}: '{row.mode}' is not a mode of its module"
    if row.rate_gbps > min(mode.rate_gbps, wave.rate_gbps) + _GBPS:
        yield f"{name}: says {row.rate_gbps:g} Gb/s, which it cannot carry"
    if mode.slot_ghz is not None and row.slot_ghz < mode.slot_ghz - _GHZ:
        yield f"{name}: has a slot of {row.slot_ghz:g} GHz; its mode needs {mode.slot_ghz:g}"


def _add_drop_faults(book: _Book, row: RestoredWave) -> Iterator[str]:
    """What add/drop at an end cannot do: another fibre pair, or another frequency."""
    sites = {site.name: site for site in book.plan.network.sites}
    hops = book.back_hops.get((row.case, row.lightpath), [])
    if not hops:
        return
    old = book.hops[row.lightpath]
    wave = book.waves[row.lightpath]
    ends = zip(_link_ends(book, row), (hops[0], hops[-1]), (old[0], old[-1]), strict=True)
    for end, now, before in ends:
        name = f"'{row.lightpath}' after {row.case}: add/drop at {end}"
        turned = (now.fibre, now.pair) != (before.fibre, before.pair)
        retuned = now.centre_ghz != before.centre_ghz or row.slot_ghz != wave.slot_ghz
        if turned and not sites[end].directionless:
            yield f"{name} cannot send it over '{now.fibre}' pair {now.pair}"
        if retuned and not sites[end].tunable:
            yield f"{name} cannot change its frequency"
    for site in row.regenerators:
        if not sites[site].directionless:
            name = f"'{row.lightpath}' after {row.case}"
            yield f"{name}: add/drop at {site} cannot turn a regenerator"


def _slot_faults(
    book: _Book, case: str, rows: Iterable[RestoredWave], down: frozenset[str]
) -> Iterator[str]:
    """Slots out of the band or on dark pairs, and two waves on one slot."""
    line, wet = book.plan.network.line, described(book.plan.network)
    lit = {fibre.name: fibre.lit_pairs for fibre in book.plan.network.fibres}
    for lit_row in book.plan.lit_fibres:
        lit[lit_row.fibre] = max(lit[lit_row.fibre], lit_row.pairs)
    cut = {wave for wave, hops in book.hops.items() if any(hop.fibre in down for hop in hops)}
    fresh: dict[tuple[str, int], list[Slot]] = {}
    for row in rows:
        for hop in book.back_hops.get((case, row.lightpath), ()):
            name = f"'{row.lightpath}' after {case}"
            if hop.pair > lit[hop.fibre]:
                yield f"{name}: rides pair {hop.pair} of '{hop.fibre}', which is not lit"
            where = out_of_bounds(line, hop.centre_ghz, row.slot_ghz, wet.get(hop.fibre))
            if where:
                yield f"{name}: at {hop.centre_ghz:g} GHz {where}"
            slot = slot_of(hop.centre_ghz, row.slot_ghz, row.lightpath)
            fresh.setdefault((hop.fibre, hop.pair), []).append(slot)
    for (fibre, pair), slots in fresh.items():
        standing = [slot for slot in book.standing.get((fibre, pair), ()) if slot[2] not in cut]
        kept = book.kept.get((fibre, pair), ())
        for one, other in overlapping([*standing, *kept, *slots]):
            yield f"'{one}' and '{other}' overlap on '{fibre}' pair {pair} after {case}"
    yield from _contended(book, case, rows, cut)


def _contended(
    book: _Book, case: str, rows: Iterable[RestoredWave], cut: set[str]
) -> Iterator[str]:
    """Restored waves that share a frequency with another on an add/drop group that takes one."""
    plain = contending_sites(book.plan.network)
    groups: dict[Group, list[Slot]] = {}
    ends = {link.name: (link.a, link.z) for link in book.plan.ip_links}
    back = {row.lightpath: row for row in rows}
    for wave in book.waves.values():
        row = back.get(wave.name)
        if row is None and wave.name in cut:
            continue
        hops = book.hops[wave.name] if row is None else book.back_hops.get((case, wave.name), [])
        slot_ghz = wave.slot_ghz if row is None else row.slot_ghz
        routers = (wave.router_a, wave.router_z)
        for site, router, hop in zip(ends[wave.link], routers, hops[:1] + hops[-1:], strict=False):
            if site in plain:
                slot = slot_of(hop.centre_ghz, slot_ghz, wave.name)
                groups.setdefault((site, router), []).append(slot)
    for (site, router), one, other in contended(book.plan.network, groups):
        if one in back or other in back:
            yield f"'{one}' and '{other}' contend at {site}/{router} after {case}"


def _regenerator_faults(book: _Book, case: str, rows: Iterable[RestoredWave]) -> Iterator[str]:
    """More spare regenerators at a site than stand there, each once a case."""
    modes = {mode.name: mode.module for mode in book.plan.network.modes}
    used: Counter[tuple[str, str]] = Counter()
    for row in rows:
        own = Counter(book.waves[row.lightpath].regenerators)
        asked = Counter(row.regenerators)
        for site, count in (asked - own).items():
            used[site, modes[row.mode]] += count
    bought: Counter[tuple[str, str]] = Counter()
    for spare in book.plan.spares:
        bought[spare.site, spare.module] += spare.regenerators
    for site in book.plan.network.sites:
        short = {key: count for key, count in (used - bought).items() if key[0] == site.name}
        beyond = sum(short.values())
        if beyond > site.spare_regenerators:
            yield (
                f"{case} asks for {sum(n for (s, _), n in used.items() if s == site.name)} spare"
                f" regenerators at {site.name}, {beyond - site.spare_regenerators} more than stand"
            )


def _transparent(book: _Book, row: RestoredWave) -> Iterator[list[RestoredHop]]:
    hops = book.back_hops.get((row.case, row.lightpath), [])
    yield from transparent_parts(book.ends, row.regenerators, hops)


def _short_margins(book: _Book, margin_db: SegmentMargin | None) -> Iterator[tuple[str, Verdict]]:
    """Waves whose margin is too small, larger than it is, or not known."""
    limit = book.plan.network.margins.total_db
    if margin_db is None:
        yield "margins of restored light were not worked out again", "unknown"
        return
    known: dict[tuple[str, Segment], float] = {}
    for row in book.plan.restored_waves:
        ways = [(row.mode, way) for segment in _transparent(book, row) for way in _ways(segment)]
        for key in ways:
            if key not in known:
                known[key] = margin_db(*key)
        worst = min((known[key] for key in ways if not math.isnan(known[key])), default=math.inf)
        name = f"'{row.lightpath}' after {row.case}"
        if worst < limit - _ROUNDING_DB:
            yield f"{name}: has {worst:g} dB in hand, {limit:g} are asked", "refuted"
        elif row.margin_db > worst + _ROUNDING_DB:
            yield f"{name}: says {row.margin_db:g} dB and has {worst:g}", "refuted"
        elif any(math.isnan(known[key]) for key in ways):
            yield f"{name}: a figure is missing", "unknown"


def _ways(segment: list[RestoredHop]) -> Iterator[Segment]:
    """The same fibres there and back."""
    yield tuple((hop.fibre, hop.forward) for hop in segment)
    yield tuple((hop.fibre, not hop.forward) for hop in reversed(segment))


def _shares(book: _Book) -> Iterator[tuple[float, str]]:
    """Of the rate that each case cuts, what comes back."""
    plan = book.plan
    used = {hop.fibre for hop in plan.lightpath_hops}
    singles = single_failures(plan.network, fibres=used, router_sites=(), edges=())
    names = [case.name for case in singles if case.kind in {"fibre", "srlg"}]
    for case in dict.fromkeys([*names, *book.back]):
        down = case_fibres(plan.network, case)
        cut = sum(
            wave.rate_gbps
            for wave in plan.lightpaths
            if any(hop.fibre in down for hop in book.hops[wave.name])
        )
        if cut > 0.0:
            yield sum(row.rate_gbps for row in book.back.get(case, ())) / cut, case
