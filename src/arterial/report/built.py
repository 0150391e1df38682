"""What two plans build, thing by thing: links, waves, pairs, ports, chassis, regenerators, edges.

A row is one kind of thing at one place, with how many the older plan has and how many the newer
one. Only rows that differ are told.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath
from arterial.report.same_links import LinkPair, Route

__all__ = ["Change", "Fate", "built", "retuned"]

Fate = Literal["built", "freed", "moved", "raised", "lowered"]

_Count = Counter[tuple[str, str]]
"""How many by place and kind."""


class Change(Struct, frozen=True, kw_only=True):
    """One kind of thing at one place, where the plans differ."""

    thing: str
    """``IP link``, ``wave``, ``fibre setup``, ``fibre pair``, ``router port``, ``chassis``,
    ``regenerator``, ``spare regenerator`` or ``edge``."""
    where: str
    """Link, fibre, router or site."""
    kind: str
    """Mode, module, or the route of a link."""
    fate: Fate
    """``moved``: between the same ends, over other fibres. ``raised``, ``lowered``: an IP link over
    the same fibres at another rate."""
    a: float
    """How many in the older plan; Gb/s of an IP link."""
    b: float
    """How many in the newer one."""
    change: float


def built(a: Plan, b: Plan, pairs: Sequence[LinkPair]) -> tuple[Change, ...]:
    """Every row that differs, in the order in which a network is built up."""
    return (
        *_links(pairs),
        *_waves(a, b, pairs),
        *_counted("fibre setup", _billed(a, "fibre setup"), _billed(b, "fibre setup")),
        *_counted("fibre pair", _lit(a), _lit(b)),
        *_counted("router port", _ports(a), _ports(b)),
        *_counted("chassis", _billed(a, "chassis"), _billed(b, "chassis")),
        *_counted("regenerator", _regenerators(a), _regenerators(b)),
        *_counted("spare regenerator", _spares(a), _spares(b)),
        *_counted("edge", _edges(a), _edges(b)),
    )


def retuned(a: Plan, b: Plan, pairs: Sequence[LinkPair]) -> int:
    """Waves that stay on their fibres in their mode, and change pair or frequency."""
    light_a, light_b = _light(a), _light(b)
    own_a, own_b = _own_waves(a), _own_waves(b)
    count = 0
    for pair in pairs:
        if pair.fate != "same" or pair.a is None or pair.b is None:
            continue
        before = Counter((w.mode, light_a[w.name]) for w in own_a.get(pair.a.name, []))
        after = Counter((w.mode, light_b[w.name]) for w in own_b.get(pair.b.name, []))
        for mode in {mode for mode, _ in before} & {mode for mode, _ in after}:
            mine = Counter({key: n for key, n in before.items() if key[0] == mode})
            yours = Counter({key: n for key, n in after.items() if key[0] == mode})
            count += min(mine.total(), yours.total()) - (mine & yours).total()
    return count


def _light(plan: Plan) -> dict[str, frozenset[tuple[str, int, float]]]:
    found: dict[str, set[tuple[str, int, float]]] = {wave.name: set() for wave in plan.lightpaths}
    for hop in plan.lightpath_hops:
        found[hop.lightpath].add((hop.fibre, hop.pair, round(hop.centre_ghz, 3)))
    return {name: frozenset(light) for name, light in found.items()}


def _own_waves(plan: Plan) -> dict[str, list[Lightpath]]:
    own: dict[str, list[Lightpath]] = {}
    for wave in plan.lightpaths:
        own.setdefault(wave.link, []).append(wave)
    return own


def _links(pairs: Sequence[LinkPair]) -> Iterator[Change]:
    for pair in pairs:
        before = pair.a.capacity_gbps if pair.a else 0.0
        after = pair.b.capacity_gbps if pair.b else 0.0
        if pair.fate == "same":
            if before != after:
                fate: Fate = "raised" if after > before else "lowered"
                yield _change(("IP link", pair.name, _way(pair.route_b)), fate, before, after)
            continue
        route = _way(pair.route_b or pair.route_a)
        if pair.fate == "moved":
            route = f"{_way(pair.route_a)}, then {_way(pair.route_b)}"
        yield _change(("IP link", pair.name, route), pair.fate, before, after)


def _way(route: Route | None) -> str:
    return " + ".join(route[1]) if route else ""


def _waves(a: Plan, b: Plan, pairs: Sequence[LinkPair]) -> Iterator[Change]:
    """By link and mode; of a link that moved also those that light other fibres now."""
    own_a, own_b = _own_waves(a), _own_waves(b)
    for pair in pairs:
        before = Counter(w.mode for w in own_a.get(pair.a.name, [])) if pair.a else Counter[str]()
        after = Counter(w.mode for w in own_b.get(pair.b.name, [])) if pair.b else Counter[str]()
        for mode in sorted({*before, *after}):
            key = ("wave", pair.name, mode)
            kept = min(before[mode], after[mode])
            if pair.fate == "moved" and kept:
                yield _change(key, "moved", kept, kept)
                if before[mode] != after[mode]:
                    yield _counted_row(key, before[mode] - kept, after[mode] - kept)
            elif before[mode] != after[mode]:
                yield _counted_row(key, before[mode], after[mode])


def _counted(thing: str, before: _Count, after: _Count) -> Iterator[Change]:
    for where, kind in sorted({*before, *after}):
        key = where, kind
        if before[key] != after[key]:
            yield _counted_row((thing, where, kind), before[key], after[key])


def _counted_row(key: tuple[str, str, str], before: float, after: float) -> Change:
    return _change(key, "built" if after > before else "freed", before, after)


def _change(key: tuple[str, str, str], fate: Fate, before: float, after: float) -> Change:
    thing, where, kind = key
    return Change(
        thing=thing,
        where=where,
        kind=kind,
        fate=fate,
        a=float(before),
        b=float(after),
        change=float(after) - float(before),
    )


def _lit(plan: Plan) -> _Count:
    status = {fibre.name: fibre.status for fibre in plan.network.fibres}
    return Counter({(row.fibre, status[row.fibre]): row.pairs for row in plan.lit_fibres})


def _ports(plan: Plan) -> _Count:
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    return Counter(
        (f"{site}/{router}", "")
        for wave in plan.lightpaths
        for site, router in zip(ends[wave.link], (wave.router_a, wave.router_z), strict=True)
    )


def _billed(plan: Plan, item: str) -> _Count:
    found: _Count = Counter()
    for row in plan.bill:
        if row.item == item:
            found[row.where, row.kind] += round(row.quantity)
    return found


def _regenerators(plan: Plan) -> _Count:
    return Counter((site, wave.mode) for wave in plan.lightpaths for site in wave.regenerators)


def _spares(plan: Plan) -> _Count:
    found: _Count = Counter()
    for row in plan.spares:
        found[row.site, row.module] += row.regenerators
    return found


def _edges(plan: Plan) -> _Count:
    roles = {site.name: site.roles for site in plan.network.sites}
    used = {edge for row in plan.replicas for edge in (row.edge, row.failover)}
    return Counter((edge, "existing" if "edge" in roles[edge] else "candidate") for edge in used)
