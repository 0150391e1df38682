"""``arterial demo``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, Output, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.plan.losses import OUT, parted_words
from arterial.study import demo as study
from arterial.study.prove import Proved

__all__ = ["demo"]

_COLUMNS = (
    "spares: regenerators that wait for restored light; gap: of the cost without them",
    "light back: least share of what one cut takes, over all cuts",
)
_REFERENCE = Path("networks") / "us-ai-backbone"


def demo(
    network: Annotated[Path, Parameter(help="Network folder to show.")] = _REFERENCE,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder for plans and reports.")] = Path("out/demo"),
    json: Json = False,
) -> int:
    """Check, design, prove and report the reference network under each of its loads.

    Exits as `prove` does: 0 when every load is proved.
    """
    with Progress() as report:
        result = study.demo(network, output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Demo) -> None:
    heading(f"{done.network.title or done.network.name}", done.verdict)
    rows = [
        (
            designed.load,
            amount(designed.cost, 1),
            amount(designed.spares_cost, 1),
            percent(designed.search_gap),
            str(designed.waves),
            str(designed.ip_links),
            str(designed.replicas),
            _light_back(proved),
            str(proved.cases),
            proved.verdict,
        )
        for designed, proved in zip(done.designs, done.proofs, strict=True)
    ]
    columns = (
        *("load", "cost>", "of it spares>", "gap>", "waves>", "IP links>", "edges>"),
        *("light back>", "failures>", "verdict"),
    )
    table(columns, rows)
    lines(_COLUMNS)
    table(
        ("stage", "seconds>", "budget>"),
        [
            (stage.name, amount(stage.seconds, 1), amount(stage.budget_s))
            for stage in (*done.stages, done.total)
        ],
    )
    _beyond(done.proofs)
    for proved in done.proofs:
        open_gates = [gate for gate in proved.gates if gate.verdict != "proved"]
        lines(f"{proved.load}: {gate.name} {gate.verdict}; {gate.note}" for gate in open_gates)
    for missed in done.infeasible:
        heading(f"{missed.load}: no plan carries it", "refuted")
        lines([f"{missed.demand}: {missed.constraint}"])
        lines(f"would free it: {remedy}" for remedy in missed.remedies)
    facts([("report", page) for page in done.reports])
    facts([("bill", file) for file in done.bills])


def _light_back(proved: Proved) -> str:
    """Least share of the light that one cut takes which comes back, over all cuts."""
    gates = [gate for gate in proved.gates if gate.name == "light: restoration"]
    return percent(gates[0].value) if gates else "-"


def _beyond(proofs: Sequence[Proved]) -> None:
    """What the class that is served first keeps when two things are out, and the cuts that part."""
    rows = [
        (
            proved.load,
            OUT[row.kind],
            row.traffic_class,
            row.policy,
            f"{row.cases:,}",
            f"{row.keeps_share:,}",
            f"{row.no_way:,}",
        )
        for proved in proofs
        for row in proved.beyond or ()
        if proved.beyond and row.traffic_class == proved.beyond[0].traffic_class
    ]
    if rows:
        columns = ("load", "out at once", "class", "routing", "cases>", "keep share>", "no way>")
        table(columns, rows)
    lines(dict.fromkeys(parted_words(proved.partings) for proved in proofs if proved.partings))
