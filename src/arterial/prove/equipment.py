"""Gates on tables: rows that contradict each other, ports, chassis, power, and the bill.

Nothing is routed here. A site that sets no limit asks nothing; a limit that meets a figure that no
datasheet gives is ``unknown``.
"""

import math
from collections.abc import Callable, Iterator

from arterial.model.site import Site
from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Verdict

__all__ = ["table_gates"]

_TOLERANCE = 1e-6
_WATTS_IN_KW = 1000.0


def table_gates(plan: Plan, faults: tuple[str, ...]) -> Iterator[Gate]:
    """Every gate that a table alone decides; ``faults`` are the contradictions already found."""
    wrong = [*faults, *_replica_faults(plan)]
    count = float(len(wrong))
    yield _gate(plan, "tables", "faults", (count, 0.0), _at_most(count, 0.0), _first(wrong))
    yield from _site_gate(plan, "router ports", "ports", lambda site: site.ports, _ports(plan))
    yield from _site_gate(plan, "chassis slots", "chassis", lambda site: site.slots, _chassis(plan))
    yield from _site_gate(plan, "power", "kW", lambda site: site.power_kw, _power_kw(plan))
    yield _bill_gate(plan)


def _gate(
    plan: Plan, name: str, unit: str, figures: tuple[float, float], verdict: Verdict, note: str
) -> Gate:
    value, limit = figures
    return Gate(
        name=name,
        traffic_class="",
        load=plan.load,
        policy="table",
        value=value,
        limit=limit,
        unit=unit,
        verdict=verdict,
        worst_case="",
        cases=1,
        note=note,
    )


def _first(wrong: list[str]) -> str:
    return wrong[0] if wrong else ""


def _at_most(value: float, limit: float) -> Verdict:
    if math.isnan(value):
        return "unknown"
    return "proved" if value <= limit + _TOLERANCE * max(1.0, limit) else "refuted"


def _replica_faults(plan: Plan) -> Iterator[str]:
    homes = {market.name: market.site for market in plan.network.markets}
    roles = {site.name: set(site.roles) for site in plan.network.sites}
    for replica in plan.replicas:
        if replica.site != homes[replica.market]:
            yield f"the replica of '{replica.market}' is entered at {replica.site}, not its site"
        if replica.edge == replica.failover:
            yield f"'{replica.market}' fails over from {replica.edge} to itself"
        for edge in (replica.edge, replica.failover):
            if not roles[edge] & {"edge", "candidate-edge"}:
                yield f"'{replica.market}' is served from {edge}, which is no edge site"


def _site_gate(
    plan: Plan,
    name: str,
    unit: str,
    limit_of: Callable[[Site], float | None],
    used: dict[str, float],
) -> Iterator[Gate]:
    """The site nearest to its limit; no gate where no site sets one."""
    worst: tuple[float, float, float, str] | None = None
    verdicts: list[Verdict] = []
    for site in plan.network.sites:
        limit = limit_of(site)
        if limit is None:
            continue
        value = used.get(site.name, 0.0)
        verdicts.append(_at_most(value, limit))
        over = math.inf if math.isnan(value) else value - limit
        if worst is None or over > worst[0]:
            worst = (over, value, limit, site.name)
    if worst:
        verdict: Verdict = "proved"
        if "unknown" in verdicts:
            verdict = "unknown"
        if "refuted" in verdicts:
            verdict = "refuted"
        yield _gate(plan, name, unit, worst[1:3], verdict, f"at {worst[3]}")


def _terminals(plan: Plan) -> Iterator[tuple[str, int, str]]:
    """(site, router, mode) of every wave's end."""
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    for wave in plan.lightpaths:
        a, z = ends[wave.link]
        yield a, wave.router_a, wave.mode
        yield z, wave.router_z, wave.mode


def _ports(plan: Plan) -> dict[str, float]:
    used: dict[str, float] = {}
    for site, _, _ in _terminals(plan):
        used[site] = used.get(site, 0.0) + 1.0
    return used


def _chassis(plan: Plan) -> dict[str, float]:
    """Chassis in steps of their ports, for each router that ends waves."""
    ports: dict[tuple[str, int], int] = {}
    for site, router, _ in _terminals(plan):
        ports[site, router] = ports.get((site, router), 0) + 1
    used: dict[str, float] = {}
    for (site, _), count in ports.items():
        used[site] = used.get(site, 0.0) + math.ceil(count / plan.network.costs.chassis_ports)
    return used


def _power_kw(plan: Plan) -> dict[str, float]:
    """Pluggables of waves and of regenerators (two each); NaN where a datasheet gives no watts."""
    watts = {mode.name: mode.watts for mode in plan.network.modes}
    used: dict[str, float] = {}
    places = [(site, mode) for site, _, mode in _terminals(plan)]
    for wave in plan.lightpaths:
        places += [(site, wave.mode) for site in wave.regenerators for _ in range(2)]
    for site, mode in places:
        own = watts[mode]
        used[site] = used.get(site, 0.0) + (math.nan if own is None else own / _WATTS_IN_KW)
    return used


def _bill_gate(plan: Plan) -> Gate:
    total = sum(item.cost for item in plan.bill)
    near = _TOLERANCE * max(1.0, abs(plan.cost))
    wrong = [
        f"{item.item} at {item.where}: {item.quantity:g} x {item.unit_cost:g} is not {item.cost:g}"
        for item in plan.bill
        if not abs(item.quantity * item.unit_cost - item.cost) <= near
    ]
    if not abs(total - plan.cost) <= near:
        wrong.append(f"the bill adds up to {total:g}; the plan says {plan.cost:g}")
    verdict: Verdict = "refuted" if wrong else "proved"
    return _gate(plan, "bill", "cost", (total, plan.cost), verdict, _first(wrong))
