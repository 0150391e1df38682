"""``tradeoff``: cost against people near an edge against training; what each policy costs.

Every point is a plan that `design` made and `prove` can prove. The grid is of levels on two axes,
the third is what is brought down: an epsilon-constraint method.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.demand.loads import load_named
from arterial.demand.throughput import FULL_OVERLAP
from arterial.design.priced import GROUPS, scaled
from arterial.design.relaxed import Variant, variants
from arterial.errors import InterruptedRunError, ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.report.tradeoff_chart import tradeoff_svg
from arterial.study.design import Question, first_load
from arterial.study.tradeoff_answer import (
    Point,
    PolicyPrice,
    Sensitivity,
    TradedOff,
    Verdict,
)
from arterial.study.tradeoff_grid import Cell, Grid, grid_of
from arterial.study.tradeoff_known import SAME, Changed, Pool, Priced
from arterial.study.tradeoff_points import points_of
from arterial.study.tradeoff_price import prices_of, sensitivities_of
from arterial.study.tradeoff_runs import Made, Run, made
from arterial.study.tradeoff_series import bars_of, series_of
from arterial.study.tradeoff_table import csv_of

__all__ = [
    "ANSWER",
    "Part",
    "Point",
    "PolicyPrice",
    "Sensitivity",
    "TradedOff",
    "Tradeoff",
    "tradeoff",
]

ANSWER = "tradeoff.json"
FACTORS = (0.5, 1.5)
Part = Literal["frontier", "policies", "costs"]
PARTS: tuple[Part, ...] = ("frontier", "policies", "costs")
MOST_POINTS = 50
NAME_LETTERS = 40
_DESIGN = Question()

NOTES = (
    "bound: on each plan's own candidates and replicas; floor: for every plan, but far below",
    "people: planning round trips of the tunnels installed, without failure",
    "ranges of prices hold on the candidates and replicas of the designs compared",
)


class Tradeoff(Struct, frozen=True, kw_only=True):
    """What is asked."""

    load: str = ""
    within_ms: float = 10.0
    """Round trip within which people count."""
    points: int = 5
    """Levels on each axis, at most."""
    overlap: float = FULL_OVERLAP
    """Share of a step beside which its exchange runs."""
    rtt_ms: tuple[float, ...] = ()
    """Round trips of people's class to price; one millisecond less than its own by default."""
    parts: tuple[Part, ...] = PARTS
    gap: float = _DESIGN.gap
    rounds: int = _DESIGN.rounds
    bound_rounds: int = _DESIGN.bound_rounds
    seed: int = _DESIGN.seed


def tradeoff(
    network_folder: Path,
    folder: Path,
    question: Tradeoff,
    *,
    table: Path | None = None,
    picture: Path | None = None,
    report: Report = silent,
) -> TradedOff:
    """Design the grid, and what policies and prices change, into folders below ``folder``.

    Parameters
    ----------
    table
        Where to write every figure as CSV.
    picture
        Where to draw frontier and sensitivities as SVG.

    Raises
    ------
    ModelError
        The description or the question is wrong.
    InfeasibleError
        A market has no edge and fail-over at all.
    InterruptedRunError
        The user stopped it; plans and rounds that ended are on disk.
    """
    network = load_network(network_folder)
    _check(question)
    load = question.load or first_load(network, network_folder)
    load_named(network, load)
    try:
        answer = _answered(network, load, folder, question, report)
    except KeyboardInterrupt as stop:
        saved = f"What ended stands in {folder}; the same command goes on from there"
        raise InterruptedRunError("tradeoff", saved) from stop
    write_atomically(folder / ANSWER, msgspec.json.format(msgspec.json.encode(answer), indent=2))
    if table is not None:
        write_atomically(table, csv_of(answer).encode())
    if picture is not None:
        drawn = tradeoff_svg(
            f"{answer.network}, load {answer.load}: cost against people within "
            f"{answer.within_ms:g} ms",
            series_of(answer),
            bars_of(answer),
        )
        write_atomically(picture, drawn.encode())
    return answer


def _answered(
    network: Network, load: str, folder: Path, question: Tradeoff, report: Report
) -> TradedOff:
    report("grid", 0, 1)
    grid = grid_of(
        network,
        load,
        within_ms=question.within_ms,
        points=question.points,
        overlap=question.overlap,
    )
    cells = grid.cells if "frontier" in question.parts else (grid.base,)
    policies = (
        tuple(variants(grid.base.network, load, question.rtt_ms))
        if "policies" in question.parts
        else ()
    )
    changes = tuple(Changed(group, factor) for group in GROUPS for factor in FACTORS)
    changes = changes if "costs" in question.parts else ()
    priced = [Priced(_folder(number, one), one) for number, one in enumerate(policies, 1)]
    runs = [
        *(_run(question, load, cell.name, cell.network, cell) for cell in cells),
        *(_run(question, load, one.folder, one.variant.network) for one in priced),
        *(
            _run(question, load, one.folder, scaled(grid.base.network, one.group, one.factor))
            for one in changes
        ),
    ]
    done = {one.name: one for one in made(folder, runs, report)}
    known = Pool.of(grid, priced, changes, done)
    points = points_of(load, cells, known, done, question.overlap)
    return TradedOff(
        network=network.name,
        load=load,
        folder=str(folder),
        verdict=_verdict([done[cell.name] for cell in cells]),
        within_ms=question.within_ms,
        overlap=question.overlap,
        most_people=grid.most_people,
        training=grid.training,
        base=grid.base.name,
        points=points,
        prices=prices_of(known, priced, done),
        sensitivities=sensitivities_of(known, changes, done),
        spent=known.old.spent,
        notes=(
            *NOTES,
            *_training_note(grid, question),
            *grid.notes,
            *known.notes(),
            *_short_note(points),
        ),
    )


def _run(
    question: Tradeoff, load: str, name: str, network: Network, cell: Cell | None = None
) -> Run:
    return Run(
        name=name,
        network=network,
        load=load,
        cover=cell.cover if cell else None,
        gap=question.gap,
        rounds=question.rounds,
        bound_rounds=question.bound_rounds,
        seed=question.seed,
        within_ms=question.within_ms,
    )


def _verdict(found: Sequence[Made]) -> Verdict:
    if any(one.refused and not one.infeasible for one in found):
        return "unknown"
    return "no" if all(one.refused for one in found) else "yes"


def _training_note(grid: Grid, question: Tradeoff) -> Iterator[str]:
    if grid.training:
        yield (
            f"ASSUMPTION: the exchange of a step runs beside {100 * question.overlap:g} % of it; "
            "training = step / (step + max(0, volume / rate - overlap)), all workloads alike"
        )


def _short_note(points: Sequence[Point]) -> Iterator[str]:
    """Tunnels are longer than the fibre that placement looks at."""
    short = [point.name for point in points if point.people < point.asked_people * (1.0 - SAME)]
    if short:
        yield (
            "fewer people than placement was held to, whose tunnels take more than the shortest "
            f"fibre: {', '.join(short)}"
        )


def _folder(number: int, variant: Variant) -> str:
    """Of a policy's design: a number, for two rules may read alike."""
    words = re.sub(r"[^a-z0-9]+", "-", variant.name.lower()).strip("-")
    return f"policy-{number}-{words[:NAME_LETTERS].strip('-')}"


def _check(question: Tradeoff) -> None:
    """Raise ModelError for all that is wrong in a question."""
    wrong: list[tuple[str, str]] = []
    if not 0.0 < question.within_ms < float("inf"):
        wrong.append((f"--within-ms {question.within_ms:g}", "Give milliseconds above 0"))
    if not 1 <= question.points <= MOST_POINTS:
        expected = f"Give levels on each axis, 1 to {MOST_POINTS}: designs grow with their square"
        wrong.append((f"--points {question.points}", expected))
    if not 0.0 < question.overlap <= 1.0:
        wrong.append((f"--overlap {question.overlap:g}", "Give a share above 0, at most 1"))
    wrong += [
        (f"--rtt-ms {asked:g}", "Give milliseconds above 0")
        for asked in question.rtt_ms
        if not 0.0 < asked < float("inf")
    ]
    if not question.parts or not set(question.parts) <= set(PARTS):
        wrong.append(("--parts", f"Give one or more of {', '.join(PARTS)}"))
    if wrong:
        raise ModelError(
            [Problem(file="tradeoff", found=found, expected=what) for found, what in wrong]
        )
