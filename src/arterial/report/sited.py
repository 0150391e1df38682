"""At which site each piece of a plan's bill stands.

A wave's pluggables stand at both its ends and, two and two, at its regenerators. A fibre's huts
belong to the end that is nearer, its ROADM degrees to both ends. What the fibre itself costs, once
or by the year, is told at end a, as are units and traffic of a ready-made link. What the tables do
not place keeps no site, and is never dropped.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import isnan

from msgspec import Struct

from arterial.design.bill import ports_used
from arterial.design.ground import huts
from arterial.model.fibre import Fibre
from arterial.plan.plan import Plan
from arterial.plan.rows import BillItem, Lightpath

__all__ = ["OF_FIBRE", "OF_LINK", "Share", "line_cards", "shares"]

_NEAR = 1e-9
OF_FIBRE = frozenset(
    {"fibre setup", "fibre pair", "amplifier hut", "roadm degree", "line terminal"}
)
"""What a fibre holds fast; whatever else stands at a site serves any link there."""
OF_LINK = frozenset({"leased wave", "on-ramp", "peering", "traffic"})
"""What is bought of a ready-made link, told at its end a."""


class Share(Struct, frozen=True, kw_only=True):
    """How much of a line of the bill stands at one site."""

    site: str
    """Empty where the plan's tables do not say."""
    place: str
    """The link or fibre that it is for; of huts how far along it they stand."""
    quantity: float


def shares(plan: Plan, line: BillItem) -> tuple[Share, ...]:
    """A line of the bill by site; the quantities add up to the line's."""
    found = tuple(share for share in _found(plan, line) if share.quantity)
    left = line.quantity - sum(share.quantity for share in found)
    if abs(left) <= _NEAR * max(1.0, abs(line.quantity)):
        return found
    return (*found, Share(site="", place=line.where, quantity=left))


def line_cards(plan: Plan) -> dict[str, int]:
    """Line cards by site: enough for the ports of each of its routers."""
    cards: Counter[str] = Counter()
    for (site, _), count in ports_used(
        plan.ip_links, (*plan.lightpaths, *plan.bought_units)
    ).items():
        cards[site] += -(-count // plan.network.costs.line_card_ports)
    return dict(cards)


def _found(plan: Plan, line: BillItem) -> Iterator[Share]:
    fibres = {fibre.name: fibre for fibre in plan.network.fibres}
    if line.item in OF_FIBRE and line.where in fibres:
        yield from _along(plan, line, fibres[line.where])
    elif line.item in OF_LINK:
        for link in plan.ip_links:
            if link.name == line.where:
                place = f"link {link.name} to {link.z}"
                yield Share(site=link.a, place=place, quantity=line.quantity)
    elif line.where in {link.name for link in plan.ip_links}:
        for site, quantity in _of_waves(plan, line).items():
            yield Share(site=site, place=f"link {line.where}", quantity=quantity)
    elif line.where in {site.name for site in plan.network.sites}:
        yield Share(site=line.where, place="", quantity=line.quantity)


def _of_waves(plan: Plan, line: BillItem) -> Mapping[str, float]:
    """Pluggables, regenerators or watts of a link's waves, by site."""
    link = next(link for link in plan.ip_links if link.name == line.where)
    found: dict[str, float] = {}
    for wave in plan.lightpaths:
        if wave.link != line.where or (line.item != "power" and wave.mode != line.kind):
            continue
        each = _each(line, wave)
        ends = () if line.item == "regenerator" else (link.a, link.z)
        twice = 1 if line.item == "regenerator" else 2
        for site, count in (*((end, 1) for end in ends), *((s, twice) for s in wave.regenerators)):
            found[site] = found.get(site, 0.0) + count * each
    return found


def _each(line: BillItem, wave: Lightpath) -> float:
    """One piece, or the watts of one pluggable."""
    if line.item != "power":
        return 1.0
    return 0.0 if isnan(wave.watts) else wave.watts / (2 * (1 + len(wave.regenerators)))


def _along(plan: Plan, line: BillItem, fibre: Fibre) -> Iterator[Share]:
    if line.item in {"fibre pair", "fibre setup"}:
        yield Share(site=fibre.a, place=f"fibre {fibre.name} to {fibre.z}", quantity=line.quantity)
    elif line.item in {"roadm degree", "line terminal"}:
        for site in (fibre.a, fibre.z):
            yield Share(site=site, place=f"fibre {fibre.name}", quantity=line.quantity / 2)
    elif fibre.length_km is not None:
        count = huts(plan.network, fibre)
        apart_km = fibre.length_km / (count + 1)
        nearer_a = (count + 1) // 2  # the one half way, if there is one, is a's
        for site, own in ((fibre.a, nearer_a), (fibre.z, count - nearer_a)):
            where = " ".join(f"{(hut + 1) * apart_km:.1f}" for hut in range(own))
            place = f"fibre {fibre.name} {where} km from {site}"
            yield Share(site=site, place=place, quantity=own * line.quantity / max(count, 1))
