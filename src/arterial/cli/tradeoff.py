"""``arterial tradeoff``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import (
    EXIT_CODES,
    Count,
    Json,
    Limit,
    Load,
    Network,
    Output,
    Picture,
    Share,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import tradeoff as study

__all__ = ["tradeoff"]

_DEFAULT = study.Tradeoff()


def tradeoff(
    network: Network,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder for the plans, one folder each.")],
    load: Load = "",
    within_ms: Annotated[
        Limit, Parameter(help="Round trip within which people count.")
    ] = _DEFAULT.within_ms,
    points: Annotated[Count, Parameter(help="Levels on each axis, at most.")] = _DEFAULT.points,
    overlap: Annotated[
        Share, Parameter(help="Share of a step beside which its exchange runs; an assumption.")
    ] = _DEFAULT.overlap,
    rtt_ms: Annotated[
        tuple[float, ...],
        Parameter(
            consume_multiple=True,
            negative=(),
            help="Round trips of people's class to price; one ms less by default.",
        ),
    ] = (),
    parts: Annotated[
        tuple[study.Part, ...],
        Parameter(consume_multiple=True, negative=(), help="Which to work out; all by default."),
    ] = _DEFAULT.parts,
    gap: Annotated[Share, Parameter(help="Stop each design at this gap.")] = _DEFAULT.gap,
    rounds: Annotated[
        Count, Parameter(help="Rounds of search of each design, at most.")
    ] = _DEFAULT.rounds,
    bound_rounds: Annotated[
        Count, Parameter(help="Rounds with whole waves for each bound.")
    ] = _DEFAULT.bound_rounds,
    seed: Annotated[Count, Parameter(help="Seed of every random draw.")] = _DEFAULT.seed,
    table: Annotated[
        Path | None, Parameter(name="--table", help="CSV file for every figure.")
    ] = None,
    picture: Annotated[
        Picture, Parameter(help="SVG file: the frontier, and a tornado of prices.")
    ] = None,
    json: Json = False,
) -> int:
    """Cost against people near an edge against training; what each policy and price does.

    Every point is a plan that `prove` takes. Stopped or killed, the same command goes on. Exits 0
    with a frontier, 1 where no point has a plan, 3 where a search failed.
    """
    question = study.Tradeoff(
        load=load,
        within_ms=within_ms,
        points=points,
        overlap=overlap,
        rtt_ms=rtt_ms,
        parts=parts,
        gap=gap,
        rounds=rounds,
        bound_rounds=bound_rounds,
        seed=seed,
    )
    with Progress() as report:
        result = study.tradeoff(
            network, output, question, table=table, picture=picture, report=report
        )
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(found: study.TradedOff) -> None:
    heading(
        f"{found.network}, load {found.load}: cost against people within {found.within_ms:g} ms",
        found.verdict,
    )
    facts(
        [
            ("plans below", found.folder),
            ("most people that any placement has so near", percent(found.most_people)),
            ("training traded", ", ".join(found.training) or "-"),
            ("policies and prices start from", found.base),
        ]
    )
    _points(found)
    if found.prices:
        _prices(found)
    if found.sensitivities:
        _sensitivities(found)
    lines(found.notes)


def _points(found: study.TradedOff) -> None:
    heads = ("point", "people>", "training>", "cost>", "bound>", "floor>", "gap>", "edges>")
    table(
        (*heads, "waves>", "pairs>", "stands"),
        [
            (
                point.name,
                percent(point.people),
                percent(point.training),
                amount(point.cost, 1),
                amount(point.bound, 1),
                amount(point.floor, 1),
                percent(point.gap),
                str(point.edges),
                str(point.waves),
                str(point.new_pairs),
                point.standing,
            )
            for point in found.points
        ],
    )
    lines(f"{point.name}: {point.refused}" for point in found.points if point.refused)
    lines(
        f"{point.name}: its plan is {point.plan}, which gives as much for less"
        for point in found.points
        if point.plan not in {"", point.name}
    )
    lines(
        (
            (
                "sure: no plan of another point can give as much for less; restricted: none on its "
                "candidates and replicas; seems: none found does; dominated: one found does"
            ),
        )
    )


def _prices(found: study.TradedOff) -> None:
    table(
        ("what a policy costs", "with>", "without>", "costs>", "at least>", "at most>"),
        [
            (
                row.policy,
                amount(row.with_cost, 1),
                amount(row.without_cost, 1),
                amount(row.cost, 1),
                amount(row.at_least, 1),
                amount(row.at_most, 1),
            )
            for row in found.prices
        ],
    )
    lines(f"{row.policy}: {row.note}" for row in found.prices if row.note)


def _sensitivities(found: study.TradedOff) -> None:
    heads = ("prices", "times>", "old plan>", "new design>", "bound>", "regret>", "at most>")
    table(
        (*heads, "edges>", "waves>", "pairs>", "links>"),
        [
            (
                row.group,
                f"{row.factor:g}",
                amount(row.kept_cost, 1),
                amount(row.cost, 1),
                amount(row.bound, 1),
                amount(row.regret, 1),
                amount(row.regret_at_most, 1),
                f"+{len(row.edges_opened)} -{len(row.edges_closed)}",
                f"{row.waves:+d}",
                f"{row.new_pairs:+d}",
                str(row.links_changed),
            )
            for row in found.sensitivities
        ],
    )
    lines(
        (
            (
                "new design: the cheapest known at these prices; regret: what keeping the old plan "
                "wastes; links: IP links that only one of the two has"
            ),
        )
    )
