"""``arterial prove``."""

from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, lines, table
from arterial.study import prove as study

__all__ = ["prove"]


def prove(
    plan: Plan,
    /,
    *,
    without: Annotated[
        tuple[str, ...],
        Parameter(negative=(), help="Take this element out of service in every case; repeatable."),
    ] = (),
    critical: Annotated[
        bool, Parameter(negative=(), help="List the waves and pairs whose loss refutes the plan.")
    ] = False,
    json: Json = False,
) -> int:
    """Prove or refute a plan under every failure of its policy.

    Exits 0 if it is proved, 1 if it is refuted, 3 if that stays unknown.
    """
    with Progress() as report:
        result = study.prove(plan, without=without, with_critical=critical, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Proved) -> None:
    out = f", without {', '.join(done.without)}" if done.without else ""
    heading(f"load {done.load}{out}: {done.cases} failures, {len(done.gates)} gates", done.verdict)
    table(
        ("gate", "routing", "verdict", "value>", "limit>", "unit", "worst case"),
        [_gate(gate) for gate in done.gates],
    )
    lines(f"{gate.name}: {gate.note}" for gate in done.gates if gate.verdict != "proved")
    if done.critical is not None:
        _critical(done.critical)


def _gate(gate: study.GateFigures) -> tuple[str, ...]:
    figures = (amount(gate.value, 3), amount(gate.limit, 3), gate.unit)
    return (gate.name, gate.policy, gate.verdict, *figures, gate.worst_case or "-")


def _critical(tried: tuple[study.Critical, ...]) -> None:
    refuted = [row for row in tried if row.verdict == "refuted"]
    heading(f"{len(refuted)} of {len(tried)} waves and pairs refute the plan when they are lost")
    table(
        ("element", "kind", "gate that turns", "with"),
        [(row.element, row.kind, row.gate, row.worst_case or "-") for row in refuted],
    )
