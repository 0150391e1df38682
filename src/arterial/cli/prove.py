"""``arterial prove``."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, lines, percent, table
from arterial.plan.losses import OUT, parted_words
from arterial.plan.verdict import Excepted
from arterial.report.words import counted
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
    beyond: Annotated[
        bool,
        Parameter(
            negative=(),
            help="Tell what two losses at once do: all double cuts, and planned work on a fibre, "
            "shared risk, router or site with a failure on top. Facts: the verdict stays.",
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Prove or refute a plan under every failure of its policy.

    Exits 0 if it is proved, 1 if it is refuted, 3 if that stays unknown.
    """
    with Progress() as report:
        result = study.prove(
            plan, without=without, with_critical=critical, with_beyond=beyond, report=report
        )
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
    if done.excepted is not None:
        _excepted(done.excepted)
    if done.critical is not None:
        _critical(done.critical, two_cuts=done.excepted is not None)
    if done.beyond is None:
        lines([parted_words(done.partings)] if done.partings else [])
    else:
        _beyond(done, done.beyond)


def _gate(gate: study.GateFigures) -> tuple[str, ...]:
    figures = (amount(gate.value, 3), amount(gate.limit, 3), gate.unit)
    return (gate.name, gate.policy, gate.verdict, *figures, gate.worst_case or "-")


def _excepted(rows: Sequence[Excepted]) -> None:
    if not rows:
        lines(["no double cut of fibres in use leaves anybody without a way in time"])
        return
    heading(f"{counted(len(rows), 'double cut')} after which no network serves these in time")
    table(
        ("cut", "owed nothing", "Gb/s>"),
        [(" + ".join(row.fibres), ", ".join(row.names), amount(row.gbps, 1)) for row in rows],
    )


def _critical(tried: tuple[study.Critical, ...], *, two_cuts: bool) -> None:
    refuted = [row for row in tried if row.verdict == "refuted"]
    heading(f"{len(refuted)} of {len(tried)} waves and pairs refute the plan when they are lost")
    table(
        ("element", "kind", "gate that turns", "with"),
        [(row.element, row.kind, row.gate, row.worst_case or "-") for row in refuted],
    )
    rule = "any two cuts too" if two_cuts else "no two cuts: no rule of the policy names fibre2"
    lines([f"asked with every single failure on top, and {rule}"])


def _beyond(done: study.Proved, rows: Sequence[study.BeyondFigures]) -> None:
    heading("Two losses at once, beyond what the policy asks: facts, no gates")
    table(
        ("out", "class", "routing", "cases>", "keep all>", "keep share>", "least>", "worst case"),
        [
            (
                OUT[row.kind],
                row.traffic_class,
                row.policy,
                f"{row.cases:,}",
                f"{row.keeps_all:,}",
                f"{row.keeps_share:,}",
                percent(row.carried),
                row.worst_case,
            )
            for row in rows
        ],
    )
    refused = sum(row.refused for row in rows)
    checked = "the worst and a sample of each were verified; the other figures prove nothing"
    lines(
        [checked] + [f"{refused} of those were refused: their figures are unknown"] * (refused > 0)
    )
    if done.partings:
        heading(parted_words(done.partings))
        table(
            ("cut", "parts off", "markets without an edge"),
            [
                (" + ".join(row.fibres), ", ".join(row.sites), ", ".join(row.markets) or "-")
                for row in done.partings
            ],
        )
    if done.no_way:
        heading(
            "Two losses that leave demands no way over the plan's links: the worst of each kind"
        )
        table(
            ("case", "demands>", "Gb/s>", "markets out of reach of every replica"),
            [
                (row.case, str(row.demands), amount(row.gbps, 1), ", ".join(row.markets) or "-")
                for row in done.no_way
            ],
        )
