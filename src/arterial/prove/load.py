"""Whether the plan carries what its load asks: the load worked out again, demand by demand.

A demand that is dropped, shrunk, invented or sent elsewhere refutes, however well the rest is
carried. A load that cannot be worked out leaves the gate ``unknown``.
"""

import math
from collections.abc import Iterator

from arterial.demand.flows import demands
from arterial.demand.loads import scaled_workloads
from arterial.errors import ModelError
from arterial.model.workload import Inference, KvCache
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand
from arterial.plan.verdict import Gate
from arterial.prove.table_gate import fault_gate, table_gate

__all__ = ["load_gates"]

_TOLERANCE = 1e-9
_SAME = ("traffic_class", "source", "target", "market", "to_market")
_NEAR = ("gbps", "access_ms", "transfer_h")


def load_gates(plan: Plan) -> Iterator[Gate]:
    """Gates on what is asked: every demand of the load, and a replica for every market in it."""
    try:
        asked = demands(plan.network, plan.load, plan.replicas)
        served = bool(_market_workloads(plan))
    except ModelError as error:
        for name in ("demands", "replicas"):
            yield table_gate(
                plan, name, "faults", (math.nan, 0.0), "unknown", str(error.problems[0])
            )
        return
    yield fault_gate(plan, "demands", list(_demand_faults(plan, asked)))
    yield fault_gate(plan, "replicas", list(_replica_faults(plan, served=served)))


def _market_workloads(plan: Plan) -> list[str]:
    """Workloads that people bring: they are asked of every market."""
    return [
        workload.name
        for workload, _ in scaled_workloads(plan.network, plan.load)
        if isinstance(workload, Inference | KvCache)
    ]


def _demand_faults(plan: Plan, asked: tuple[Demand, ...]) -> Iterator[str]:
    wanted = {demand.name: demand for demand in asked}
    for demand in plan.demands:
        want = wanted.pop(demand.name, None)
        if want is None:
            yield f"nobody asks for '{demand.name}'"
            continue
        for field in _SAME:
            found, right = getattr(demand, field), getattr(want, field)
            if found != right:
                yield f"'{demand.name}': {field} is '{found}'; the load asks '{right}'"
        for field in _NEAR:
            found, right = getattr(demand, field), getattr(want, field)
            if not math.isclose(found, right, rel_tol=_TOLERANCE):
                yield f"'{demand.name}': {field} is {found:g}; the load asks {right:g}"
    for name in wanted:
        yield f"'{name}' is asked for and the plan leaves it out"


def _replica_faults(plan: Plan, *, served: bool) -> Iterator[str]:
    """Markets without a replica, and replicas that could serve nobody or could not fail over."""
    homes = {market.name: market.site for market in plan.network.markets}
    roles = {site.name: set(site.roles) for site in plan.network.sites}
    placed = {replica.market for replica in plan.replicas}
    if served:
        yield from (f"market '{name}' has no replica" for name in homes if name not in placed)
    for replica in plan.replicas:
        if replica.site != homes[replica.market]:
            yield f"the replica of '{replica.market}' is entered at {replica.site}, not its site"
        if replica.edge == replica.failover:
            yield f"'{replica.market}' fails over from {replica.edge} to itself"
        for edge in (replica.edge, replica.failover):
            if not roles[edge] & {"edge", "candidate-edge"}:
                yield f"'{replica.market}' is served from {edge}, which is no edge site"
