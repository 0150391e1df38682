"""The verdict in words: what holds, what does not, and what a planner would buy or relax.

Unknown is told like "no": in red, and with what is missing. A value never rounds onto its limit.
"""

from collections.abc import Sequence

from msgspec import Struct

from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Policy, Proof, Verdict
from arterial.report.remedy import remedy
from arterial.report.words import apart

__all__ = ["GateRow", "Headline", "gate_rows", "headline"]

WAYS: dict[Policy, str] = {
    "backup": "backups as installed",
    "ecmp": "shortest paths (ECMP)",
    "best_lp": "any routing",
    "table": "nobody: tables",
}
SIGNS: dict[Verdict, str] = {"proved": "✓", "refuted": "✗", "unknown": "?"}


class GateRow(Struct, frozen=True, kw_only=True):
    """A gate as the table shows it."""

    name: str
    traffic_class: str
    policy: Policy
    way: str
    value: str
    limit: str
    verdict: Verdict
    sign: str
    worst_case: str
    cases: int
    note: str


class Headline(Struct, frozen=True, kw_only=True):
    """The verdict, a sentence about it, and what would turn it."""

    verdict: Verdict
    sign: str
    words: str
    remedies: tuple[str, ...]


def gate_rows(proof: Proof | None) -> tuple[GateRow, ...]:
    """Gates in the proof's order, those that do not hold first."""
    rows = [_row(gate) for gate in proof.gates] if proof else []
    order: tuple[Verdict, ...] = ("refuted", "unknown", "proved")
    return tuple(sorted(rows, key=lambda row: order.index(row.verdict)))


def _row(gate: Gate) -> GateRow:
    value, limit = apart(gate.value, gate.limit, gate.unit)
    return GateRow(
        name=gate.name,
        traffic_class=gate.traffic_class,
        policy=gate.policy,
        way=WAYS[gate.policy],
        value=value,
        limit=limit,
        verdict=gate.verdict,
        sign=SIGNS[gate.verdict],
        worst_case=gate.worst_case or _no_case(gate),
        cases=gate.cases,
        note=gate.note,
    )


def _no_case(gate: Gate) -> str:
    """What stands where no failure is named: only a routed and decided gate was worst at rest."""
    return "" if gate.policy == "table" or gate.verdict == "unknown" else "no failure"


def headline(plan: Plan, proof: Proof | None) -> Headline:
    """The verdict on a plan. Without a proof, or without a gate in it, it is unknown."""
    if proof is None:
        return _unknown("Unknown: this plan has not been proved.", ("Run `arterial prove` on it.",))
    if not proof.gates or not proof.cases:
        return _unknown(
            "Unknown: the proof holds no gate or no failure case.",
            ("Run `arterial prove` on the plan again.",),
        )
    failed = [gate for gate in proof.gates if gate.verdict != "proved"]
    without = f", with {', '.join(proof.without)} taken out" if proof.without else ""
    return Headline(
        verdict=proof.verdict,
        sign=SIGNS[proof.verdict],
        words=_sentence(plan, proof, failed) + without + ".",
        remedies=tuple(remedy(gate, proof.gates) for gate in failed),
    )


def _unknown(words: str, remedies: tuple[str, ...]) -> Headline:
    return Headline(verdict="unknown", sign=SIGNS["unknown"], words=words, remedies=remedies)


def _sentence(plan: Plan, proof: Proof, failed: Sequence[Gate]) -> str:
    cases, gates = f"{proof.cases:,} cases of failure", f"{len(proof.gates)} gates"
    if proof.verdict == "proved":
        return f"Proved: the plan carries load '{plan.load}' through {cases}; all {gates} hold"
    refuted = sum(gate.verdict == "refuted" for gate in failed)
    unknown = len(failed) - refuted
    parts = [f"{refuted} do not hold"] if refuted else []
    parts += [f"{unknown} could not be decided"] if unknown else []
    word = proof.verdict.capitalize()
    return f"{word}: of {gates} over {cases}, {' and '.join(parts) or 'not all hold'}"
