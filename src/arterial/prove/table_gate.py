"""Gates that a table decides by itself: a figure against its limit, or faults that must be none."""

from collections.abc import Sequence

from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Verdict

__all__ = ["fault_gate", "table_gate"]


def table_gate(
    plan: Plan,
    name: str,
    unit: str,
    figures: tuple[float, float],
    verdict: Verdict,
    note: str = "",
    *,
    cases: int = 1,
) -> Gate:
    """A gate over the plan as it stands.

    Parameters
    ----------
    figures
        Value and limit.
    cases
        Rows that were looked at, where the gate counts them.
    """
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
        cases=cases,
        note=note,
    )


def fault_gate(plan: Plan, name: str, faults: Sequence[str]) -> Gate:
    """Proved when there is no fault; else refuted, with the first one as its note."""
    verdict: Verdict = "refuted" if faults else "proved"
    note = faults[0] if faults else ""
    return table_gate(plan, name, "faults", (float(len(faults)), 0.0), verdict, note)
