"""Ready-made links in units: how many a plan has of each, and what share of them an outage leaves.

A unit that stood already ends evenly on all routers of its sites (ASSUMPTION); a bought one ends
where its row says, and is lost with either router. Axes: F outages, L links.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from arterial.fabric.failures import router_count
from arterial.plan.plan import Plan
from arterial.prove.outage import Outage
from arterial.solve.program import FloatArray

__all__ = ["ready_gbps", "ready_share", "unit_faults"]


def ready_gbps(plan: Plan) -> dict[str, float]:
    """Capacity of every ready-made link, each direction: its units that stand or are bought."""
    bought = _count(plan)
    return {
        link.name: link.capacity_gbps
        * (link.standing + min(bought.get(link.name, 0), link.for_sale))
        for link in plan.network.links
    }


def ready_share(plan: Plan, outages: Sequence[Outage]) -> FloatArray:
    """Float (F, L): share of each ready-made link that an outage leaves; 1 for other links."""
    share = np.ones((len(outages), len(plan.ip_links)))
    ready = [number for number, link in enumerate(plan.ip_links) if link.waves == 0]
    if not ready:
        return share
    routers = {site.name: max(router_count(site), 1) for site in plan.network.sites}
    known = {link.name: link for link in plan.network.links}
    ends: dict[str, list[tuple[int, int]]] = {}
    for unit in plan.bought_units:
        ends.setdefault(unit.link, []).append((unit.router_a, unit.router_z))
    for row, out in enumerate(outages):
        lost = _routers_lost(out)
        for number in ready:
            link = plan.ip_links[number]
            given = known[link.name]
            own = ends.get(link.name, [])[: given.for_sale]
            if _gone(out, link.name, (link.a, link.z)):
                share[row, number] = 0.0
            elif lost.get(given.a) or lost.get(given.z):
                a, z = lost.get(given.a, set[int]()), lost.get(given.z, set[int]())
                evenly = (1.0 - len(a) / routers[given.a]) * (1.0 - len(z) / routers[given.z])
                left = sum(one not in a and other not in z for one, other in own)
                total = given.standing + len(own)
                share[row, number] = (given.standing * evenly + left) / total if total else 0.0
    return share


def unit_faults(plan: Plan) -> Iterator[str]:
    """Links whose units or kind are not what the network and the rows of units say."""
    bought = _count(plan)
    routers = {site.name: max(router_count(site), 1) for site in plan.network.sites}
    known = {link.name: link for link in plan.network.links}
    for link in plan.ip_links:
        count = bought.pop(link.name, 0)
        given = known[link.name] if link.waves == 0 else None
        most = given.for_sale if given else 0
        kind = given.kind if given and given.kind != "own" else ""
        if link.units != count:
            yield f"link '{link.name}' says {link.units} units and has {count}"
        if count > most:
            yield f"link '{link.name}' has {count} units bought and {most} are for sale"
        if given and not given.standing and not count:
            yield f"link '{link.name}' does not stand, and no unit of it is bought"
        if link.kind != kind:
            yield f"link '{link.name}' says kind '{link.kind}' and is '{kind}'"
    yield from (f"units of link '{name}' are bought, which is no link" for name in bought)
    for unit in plan.bought_units:
        given = known.get(unit.link)
        if given and not (
            1 <= unit.router_a <= routers[given.a] and 1 <= unit.router_z <= routers[given.z]
        ):
            yield f"unit {unit.unit} of link '{unit.link}' ends on a router that is not there"


def _count(plan: Plan) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit in plan.bought_units:
        found[unit.link] = found.get(unit.link, 0) + 1
    return found


def _routers_lost(out: Outage) -> Mapping[str, set[int]]:
    lost: dict[str, set[int]] = {}
    for kind, name, number in out:
        if kind == "router":
            lost.setdefault(name, set()).add(number)
    return lost


def _gone(out: Outage, name: str, ends: tuple[str, str]) -> bool:
    return any((kind, name, 0) in out for kind in ("fibre", "link")) or any(
        ("site", end, 0) in out for end in ends
    )
