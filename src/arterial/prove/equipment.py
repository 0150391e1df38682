"""Gates on what stands at sites: rows that contradict each other, ports, chassis and power.

Nothing is routed here. A site that sets no limit asks nothing; a limit that meets a figure that no
datasheet gives is ``unknown``.
"""

import math
from collections.abc import Callable, Iterator

from msgspec import UNSET, UnsetType

from arterial.model.site import Site
from arterial.model.workload import Inference
from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.gates import overall
from arterial.prove.table_gate import fault_gate, table_gate

__all__ = ["table_gates"]

_TOLERANCE = 1e-6
_WATTS_IN_KW = 1000.0


def table_gates(plan: Plan, faults: tuple[str, ...]) -> Iterator[Gate]:
    """Every gate that a table alone decides; ``faults`` are the contradictions already found."""
    yield fault_gate(plan, "tables", faults)
    yield from _site_gate(plan, "router ports", "ports", lambda site: site.ports, _ports(plan))
    yield from _site_gate(plan, "chassis slots", "chassis", lambda site: site.slots, _chassis(plan))
    yield from _site_gate(plan, "power", "kW", lambda site: site.power_kw, _power_kw(plan))
    yield from _replica_gates(plan)


def _replica_gates(plan: Plan) -> Iterator[Gate]:
    """Accelerators and their power, counted from replicas; no gate where none are counted."""
    if plan.serving is UNSET:
        return
    needs = {
        work.replica.model: work.replica
        for work in plan.network.workloads
        if isinstance(work, Inference) and work.replica is not UNSET
    }
    gpus: dict[str, float] = {}
    kw: dict[str, float] = {}
    for row in plan.serving:
        need = needs.get(row.model)
        own = math.nan if need is None or need.kw is None else need.kw * row.replicas
        kw[row.edge] = kw.get(row.edge, 0.0) + own
        own = math.nan if need is None else float(need.gpus * row.replicas)
        gpus[row.edge] = gpus.get(row.edge, 0.0) + own
    yield from _site_gate(plan, "gpus", "gpus", lambda site: _said(site.gpus), gpus)
    yield from _site_gate(plan, "gpu power", "kW", lambda site: _said(site.gpu_kw), kw)


def _said(limit: float | UnsetType) -> float | None:
    return None if limit is UNSET else float(limit)


def _at_most(value: float, limit: float) -> Verdict:
    if math.isnan(value):
        return "unknown"
    return "proved" if value <= limit + _TOLERANCE * max(1.0, limit) else "refuted"


def _site_gate(
    plan: Plan,
    name: str,
    unit: str,
    limit_of: Callable[[Site], float | None],
    used: dict[str, float],
) -> Iterator[Gate]:
    """The site nearest to its limit, of those that decide; no gate where no site sets one."""
    said: list[tuple[Verdict, float, float, str]] = []
    for site in plan.network.sites:
        limit = limit_of(site)
        if limit is not None:
            value = used.get(site.name, 0.0)
            said.append((_at_most(value, limit), value, limit, site.name))
    if said:
        verdict = overall(row[0] for row in said)
        alike = (row for row in said if row[0] == verdict)
        _, value, limit, site = max(alike, key=lambda row: row[1] - row[2])
        yield table_gate(plan, name, unit, (value, limit), verdict, f"at {site}")


def _ends(plan: Plan) -> Iterator[tuple[str, int]]:
    """(site, router) of every port in use: an end of a wave, or of a unit that is bought."""
    yield from ((site, router) for site, router, _ in _terminals(plan))
    links = {link.name: link for link in plan.network.links}
    for unit in plan.bought_units:
        yield links[unit.link].a, unit.router_a
        yield links[unit.link].z, unit.router_z


def _terminals(plan: Plan) -> Iterator[tuple[str, int, str]]:
    """(site, router, mode) of every wave's end."""
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    for wave in plan.lightpaths:
        a, z = ends[wave.link]
        yield a, wave.router_a, wave.mode
        yield z, wave.router_z, wave.mode


def _ports(plan: Plan) -> dict[str, float]:
    used: dict[str, float] = {}
    for site, _ in _ends(plan):
        used[site] = used.get(site, 0.0) + 1.0
    return used


def _chassis(plan: Plan) -> dict[str, float]:
    """Chassis in steps of their ports for each router in use, or as many as are billed."""
    ports: dict[tuple[str, int], int] = {}
    for site, router in _ends(plan):
        ports[site, router] = ports.get((site, router), 0) + 1
    used: dict[str, float] = {}
    for (site, _), count in ports.items():
        used[site] = used.get(site, 0.0) + math.ceil(count / plan.network.costs.chassis_ports)
    for item in plan.bill:
        if item.item == "chassis":
            used[item.where] = max(used.get(item.where, 0.0), item.quantity)
    return used


def _power_kw(plan: Plan) -> dict[str, float]:
    """Pluggables of waves and of regenerators (two each); NaN where a datasheet gives no watts.

    Client optics of bought units are not in it: nothing says what they draw.
    """
    watts = {mode.name: mode.watts for mode in plan.network.modes}
    used: dict[str, float] = {}
    places = [(site, mode) for site, _, mode in _terminals(plan)]
    for wave in plan.lightpaths:
        places += [(site, wave.mode) for site in wave.regenerators for _ in range(2)]
    for site, mode in places:
        own = watts[mode]
        used[site] = used.get(site, 0.0) + (math.nan if own is None else own / _WATTS_IN_KW)
    return used
