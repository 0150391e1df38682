"""What gets better or worse from one plan to another: cost, time, load, light, watts, gates."""

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.rows import Replica, Tunnel
from arterial.plan.verdict import Gate, Proof
from arterial.report.restored import restored_cases
from arterial.report.same_links import LinkPair
from arterial.units import fibre_delay_ms, great_circle_km

__all__ = [
    "Figure",
    "GateChange",
    "ItemCost",
    "LinkLoad",
    "RoundTrip",
    "bill_items",
    "figures",
    "gate_changes",
    "link_loads",
    "round_trips",
    "watts",
]

Word = Literal["better", "worse", "same", "unknown", ""]
"""Empty where neither direction is good."""

_NEAR = 1e-9
"""Relative: figures that differ by less are the same."""

CHANGED_MS = 0.1
"""Round trips that differ by less are not listed."""


class Figure(Struct, frozen=True, kw_only=True):
    """One figure of both plans; NaN where a plan does not say."""

    name: str
    unit: str
    a: float
    b: float
    change: float
    word: Word


class ItemCost(Struct, frozen=True, kw_only=True):
    """An item of the bill; changes of all items add up to the change of cost."""

    item: str
    quantity_a: float
    quantity_b: float
    cost_a: float
    cost_b: float
    change: float


class RoundTrip(Struct, frozen=True, kw_only=True):
    """A market whose round trip changes."""

    market: str
    rtt_a_ms: float
    rtt_b_ms: float
    failover_a_ms: float
    failover_b_ms: float
    word: Word
    """Of the first edge's round trip; of the fail-over's where that one stays."""


class GateChange(Struct, frozen=True, kw_only=True):
    """A gate whose verdict or value differs; empty and NaN where a proof does not ask it."""

    gate: str
    unit: str
    verdict_a: str
    verdict_b: str
    value_a: float
    value_b: float
    limit: float
    case_a: str
    case_b: str


class LinkLoad(Struct, frozen=True, kw_only=True):
    """A link in both plans whose worst case differs."""

    link: str
    utilisation_a: float
    utilisation_b: float
    case_a: str
    case_b: str
    word: Word


def bill_items(a: Plan, b: Plan) -> tuple[ItemCost, ...]:
    """Every item of either bill, in the order of the bills."""
    names = dict.fromkeys(row.item for row in (*a.bill, *b.bill))
    return tuple(_item(a, b, name) for name in names)


def _item(a: Plan, b: Plan, name: str) -> ItemCost:
    own = [[row for row in plan.bill if row.item == name] for plan in (a, b)]
    quantity = [math.fsum(row.quantity for row in rows) for rows in own]
    cost = [math.fsum(row.cost for row in rows) for rows in own]
    return ItemCost(
        item=name,
        quantity_a=quantity[0],
        quantity_b=quantity[1],
        cost_a=cost[0],
        cost_b=cost[1],
        change=cost[1] - cost[0],
    )


def figures(a: Plan, b: Plan, proofs: tuple[Proof | None, Proof | None]) -> tuple[Figure, ...]:
    """The figures that people ask for first; less is better but for the bound and light back."""
    told = [_told(plan, proof) for plan, proof in zip((a, b), proofs, strict=True)]
    return tuple(
        _figure(name, unit, better, (told[0][name], told[1][name]))
        for name, unit, better in _FIGURES
    )


_FIGURES: tuple[tuple[str, str, int], ...] = (
    ("cost", "", -1),
    ("bound", "", 0),
    ("gap", "share", -1),
    ("gap, spare regenerators left out", "share", -1),
    ("round trip, mean over people", "ms", -1),
    ("round trip, worst market", "ms", -1),
    ("fail-over round trip, mean over people", "ms", -1),
    ("fail-over round trip, worst market", "ms", -1),
    ("utilisation, no failure", "share", -1),
    ("utilisation, worst failure", "share", -1),
    ("IP hops of primaries, mean over Gb/s", "hops", -1),
    ("stretch of primaries, mean over Gb/s", "ratio", -1),
    ("watts", "W", -1),
    ("light back, mean over cuts", "share", 1),
    ("light back, worst cut", "share", 1),
)
"""Name, unit, and which way is better: 1 up, -1 down, 0 neither."""


def _told(plan: Plan, proof: Proof | None) -> dict[str, float]:
    people = {row.name: row.people for row in plan.network.markets}
    cases = restored_cases(plan)
    gbps = math.fsum(case.gbps for case in cases)
    values = (
        plan.cost,
        plan.bound,
        plan.gap,
        plan.search_gap,
        _mean([(people.get(row.market, 0.0), row.rtt_ms) for row in plan.replicas]),
        _most([row.rtt_ms for row in plan.replicas]),
        _mean([(people.get(row.market, 0.0), row.failover_rtt_ms) for row in plan.replicas]),
        _most([row.failover_rtt_ms for row in plan.replicas]),
        _gate_value(proof, "utilisation without failure"),
        _gate_value(proof, "utilisation after any failure"),
        _hops(plan),
        _stretch(plan),
        watts(plan),
        math.fsum(case.gbps_back for case in cases) / gbps if gbps else math.nan,
        min((case.share for case in cases), default=math.nan),
    )
    return dict(zip((name for name, _, _ in _FIGURES), values, strict=True))


def _figure(name: str, unit: str, better: int, values: tuple[float, float]) -> Figure:
    before, after = values
    return Figure(
        name=name,
        unit=unit,
        a=before,
        b=after,
        change=after - before,
        word=_word(before, after, better),
    )


def _word(before: float, after: float, better: int) -> Word:
    if math.isnan(before) or math.isnan(after):
        return "unknown"
    if abs(after - before) <= _NEAR * max(1.0, abs(before), abs(after)):
        return "same"
    if not better:
        return ""
    return "better" if (after > before) == (better > 0) else "worse"


def _mean(weighted: Sequence[tuple[float, float]]) -> float:
    total = math.fsum(weight for weight, _ in weighted)
    return math.fsum(weight * value for weight, value in weighted) / total if total else math.nan


def _most(values: Sequence[float]) -> float:
    return math.nan if any(map(math.isnan, values)) else max(values, default=math.nan)


def _gate_value(proof: Proof | None, name: str) -> float:
    gates = proof.gates if proof else ()
    return next((gate.value for gate in gates if gate.name == name), math.nan)


def watts(plan: Plan) -> float:
    """Of all pluggables, regenerators' included; NaN where a datasheet gives none."""
    return math.fsum(wave.watts for wave in plan.lightpaths)


def _hops(plan: Plan) -> float:
    count = dict.fromkeys((tunnel.name for tunnel in plan.tunnels), 0)
    for hop in plan.tunnel_hops:
        count[hop.tunnel] += 1
    return _mean([(tunnel.rate_gbps, float(count[tunnel.name])) for tunnel in _primaries(plan)])


def _primaries(plan: Plan) -> list[Tunnel]:
    return [tunnel for tunnel in plan.tunnels if not tunnel.protects]


def _stretch(plan: Plan) -> float:
    """All primaries' round trips without access over those of light on great circles.

    Tunnels inside a site, or at a site without coordinates, are left out.
    """
    places = {
        site.name: (site.lat, site.lon)
        for site in plan.network.sites
        if site.lat is not None and site.lon is not None
    }
    access = {demand.name: demand.access_ms for demand in plan.demands}
    spent, least = 0.0, 0.0
    for tunnel in _primaries(plan):
        if tunnel.source != tunnel.target and {tunnel.source, tunnel.target} <= places.keys():
            far_km = great_circle_km(*places[tunnel.source], *places[tunnel.target])
            spent += tunnel.rate_gbps * (tunnel.rtt_ms - 2.0 * access[tunnel.demand])
            least += tunnel.rate_gbps * 2.0 * fibre_delay_ms(far_km)
    return spent / least if least else math.nan


def round_trips(a: Plan, b: Plan) -> tuple[RoundTrip, ...]:
    """Markets of both plans whose round trip changes by more than 0.1 ms, most first."""
    before = {row.market: row for row in a.replicas}
    found = [
        _round_trip(before[row.market], row)
        for row in b.replicas
        if row.market in before and _moved_ms(before[row.market], row) > CHANGED_MS
    ]
    return tuple(sorted(found, key=lambda row: (-abs(row.rtt_b_ms - row.rtt_a_ms), row.market)))


def _moved_ms(a: Replica, b: Replica) -> float:
    changes = (b.rtt_ms - a.rtt_ms, b.failover_rtt_ms - a.failover_rtt_ms)
    return max((abs(change) for change in changes if not math.isnan(change)), default=0.0)


def _round_trip(a: Replica, b: Replica) -> RoundTrip:
    first = _word(a.rtt_ms, b.rtt_ms, -1)
    return RoundTrip(
        market=a.market,
        rtt_a_ms=a.rtt_ms,
        rtt_b_ms=b.rtt_ms,
        failover_a_ms=a.failover_rtt_ms,
        failover_b_ms=b.failover_rtt_ms,
        word=first if first != "same" else _word(a.failover_rtt_ms, b.failover_rtt_ms, -1),
    )


def gate_changes(a: Proof, b: Proof) -> tuple[GateChange, ...]:
    """Gates that differ: those of another verdict first."""
    before = {gate.name: gate for gate in a.gates}
    after = {gate.name: gate for gate in b.gates}
    rows = [
        _gate_change(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
    ]
    changed = [row for row in rows if _differs(row)]
    return tuple(sorted(changed, key=lambda row: row.verdict_a == row.verdict_b))


def _differs(row: GateChange) -> bool:
    both_unknown = math.isnan(row.value_a) and math.isnan(row.value_b)
    alike = both_unknown or _word(row.value_a, row.value_b, 0) == "same"
    return row.verdict_a != row.verdict_b or not alike


def _gate_change(name: str, a: Gate | None, b: Gate | None) -> GateChange:
    shown = b or a
    assert shown is not None
    return GateChange(
        gate=name,
        unit=shown.unit,
        verdict_a=a.verdict if a else "",
        verdict_b=b.verdict if b else "",
        value_a=a.value if a else math.nan,
        value_b=b.value if b else math.nan,
        limit=shown.limit,
        case_a=a.worst_case if a else "",
        case_b=b.worst_case if b else "",
    )


def link_loads(a: Proof, b: Proof, pairs: Sequence[LinkPair]) -> tuple[LinkLoad, ...]:
    """Links of both plans whose worst utilisation differs, largest change first."""
    found = list(_link_loads(a, b, pairs))
    return tuple(
        sorted(found, key=lambda row: (-abs(row.utilisation_b - row.utilisation_a), row.link))
    )


def _link_loads(a: Proof, b: Proof, pairs: Sequence[LinkPair]) -> Iterator[LinkLoad]:
    before = {row.link: row for row in a.worst_links}
    after = {row.link: row for row in b.worst_links}
    for pair in pairs:
        had = before.get(pair.a.name) if pair.a else None
        has = after.get(pair.b.name) if pair.b else None
        if had is None or has is None:
            continue
        word = _word(had.utilisation, has.utilisation, -1)
        if word != "same":
            yield LinkLoad(
                link=pair.name,
                utilisation_a=had.utilisation,
                utilisation_b=has.utilisation,
                case_a=had.worst_case,
                case_b=has.worst_case,
                word=word,
            )
