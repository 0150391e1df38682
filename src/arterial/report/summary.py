"""The plan in a dozen figures, and several plans side by side."""

from collections.abc import Sequence
from typing import get_args

from msgspec import Struct

from arterial.plan.plan import Plan, Status
from arterial.plan.verdict import Proof, Verdict
from arterial.report.gates import SIGNS
from arterial.report.words import amount, percent, rate

__all__ = ["Comparison", "KeyFigure", "Named", "compare", "key_figures", "stop_words"]

Named = tuple[str, Plan, Proof | None]
"""A plan under the name by which it is compared."""

SCOPES = {
    "network": "no plan on this network costs less than the bound",
    "restricted": "bound over a restricted network",
    "paths": "bound over the candidate paths",
}
STOPS: dict[Status, str] = {
    "gap": "stopped when the gap was reached",
    "rounds": "stopped after its rounds",
    "time": "stopped by wall time: another run may end elsewhere",
    "fixed": "nothing to build: the network's links stand already",
}
assert set(STOPS) == set(get_args(Status))


class KeyFigure(Struct, frozen=True, kw_only=True):
    """One figure with its name and a word on what it counts."""

    label: str
    value: str
    note: str


class Comparison(Struct, frozen=True, kw_only=True):
    """One plan's column of figures."""

    name: str
    cost: float
    bound: float
    gap: float
    bound_scope: str
    waves: int
    links: int
    demand_gbps: float
    verdict: Verdict
    sign: str
    failed: int
    """Gates that are not proved."""
    gates: int
    cases: int


def key_figures(plan: Plan, proof: Proof | None) -> tuple[KeyFigure, ...]:
    """What stands at the head of the report."""
    capacity = sum(link.capacity_gbps for link in plan.ip_links)
    edges = {row.edge for row in plan.replicas} | {row.failover for row in plan.replicas}
    new_pairs = sum(row.new_pairs for row in plan.lit_fibres)
    return (
        KeyFigure(
            label="Cost", value=amount(plan.cost, 0), note="one 400G long-haul pluggable = 1"
        ),
        KeyFigure(label="Lower bound", value=amount(plan.bound, 0), note=SCOPES[plan.bound_scope]),
        KeyFigure(label="Gap", value=percent(plan.gap, 1), note=stop_words(plan)),
        KeyFigure(
            label="Demand",
            value=rate(sum(row.gbps for row in plan.demands)),
            note=f"{len(plan.demands):,} demands, load {plan.load}",
        ),
        KeyFigure(
            label="Waves",
            value=amount(float(sum(link.waves for link in plan.ip_links))),
            note=f"on {len(plan.lit_fibres)} fibre routes, {new_pairs} pairs newly lit",
        ),
        KeyFigure(
            label="IP links",
            value=amount(float(len(plan.ip_links))),
            note=f"{rate(capacity)} in all",
        ),
        KeyFigure(
            label="Edge sites in use",
            value=amount(float(len(edges))),
            note=f"answer {len(plan.replicas)} markets, each with a fail-over",
        ),
        KeyFigure(
            label="Failure cases",
            value=amount(float(proof.cases)) if proof else "none",
            note=f"over {len(proof.gates)} gates" if proof else "nothing was proved",
        ),
    )


def stop_words(plan: Plan) -> str:
    """Why the design stopped where it did, and its gap where spares were bought after that."""
    apart = f"; {percent(plan.search_gap, 1)} without spares" if plan.spares else ""
    return STOPS[plan.status] + apart


def compare(plans: Sequence[Named]) -> tuple[Comparison, ...]:
    """Plans side by side, in the order given. Without a proof the verdict is unknown."""
    return tuple(_column(name, plan, proof) for name, plan, proof in plans)


def _column(name: str, plan: Plan, proof: Proof | None) -> Comparison:
    verdict: Verdict = proof.verdict if proof and proof.gates and proof.cases else "unknown"
    gates = proof.gates if proof else ()
    return Comparison(
        name=name,
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        bound_scope=plan.bound_scope,
        waves=sum(link.waves for link in plan.ip_links),
        links=len(plan.ip_links),
        demand_gbps=sum(row.gbps for row in plan.demands),
        verdict=verdict,
        sign=SIGNS[verdict],
        failed=sum(gate.verdict != "proved" for gate in gates),
        gates=len(gates),
        cases=proof.cases if proof else 0,
    )
