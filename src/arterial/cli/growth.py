"""``arterial growth``."""

import math
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Count, Described, Json, Load, Output, Picture, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import growth as study

__all__ = ["growth"]

GBPS_PER_TBPS = 1000.0
_PLANTS = (("C", "lit"), ("C", "all"), ("C+L", "lit"), ("C+L", "all"))


def growth(
    folder: Described,
    /,
    *,
    between: Annotated[
        tuple[str, str] | None,
        Parameter(negative=(), help="Two campuses; without it every pair."),
    ] = None,
    growth_per_year: Annotated[
        float, Parameter(help="Share that demand grows by; 0.4 is an assumption.")
    ] = 0.4,
    from_year: Annotated[int, Parameter(help="Year that the load stands for.")] = 2026,
    horizon: Annotated[int, Parameter(help="Last year that is looked at.")] = 2040,
    top: Annotated[Count, Parameter(help="Only the first so many pairs; 0 for all.")] = 0,
    load: Load = "",
    with_candidates: Annotated[
        bool, Parameter(negative=(), help="Fibres for lease or to be built count as well.")
    ] = False,
    output: Annotated[Output | None, Parameter(help="CSV file for every figure.")] = None,
    picture: Annotated[
        Picture, Parameter(help="SVG file: demand by year against capacities.")
    ] = None,
    json: Json = False,
) -> int:
    """How much the fibres carry between campuses, and for how many years of growth.

    Exits 0 if some plant keeps pace to the horizon for every pair shown, 1 if none can for one of
    them, 3 if that is open or a figure is missing.
    """
    question = study.Growth(
        between=between,
        growth_per_year=growth_per_year,
        from_year=from_year,
        horizon=horizon,
        top=top,
        load=load,
        with_candidates=with_candidates,
    )
    with Progress() as report:
        result = study.growth(folder, question, output=output, picture=picture, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(found: study.Grown) -> None:
    pace = f"{percent(found.growth_per_year)} a year from {found.from_year} to {found.horizon}"
    heading(f"{found.network}, load {found.load or '-'}: {pace}", found.verdict)
    most = max((plant for pair in found.pairs for plant in pair.plants), key=_gbps, default=None)
    if most is not None:
        moved = (
            f"{amount(most.terabytes_per_hour)} TB an hour, {amount(most.terabytes_per_day)} a day"
        )
        words = f"{_tbps(most.carried_gbps)} Tb/s each way ({_name(most)}), {moved}"
        facts([("most between two campuses", words)])
    if len(found.pairs) == 1:
        _pair(found.pairs[0])
    else:
        _pairs(found)
    _campuses(found)
    lines(found.notes)


def _gbps(plant: study.PlantGrowth) -> float:
    return plant.carried_gbps


def _tbps(gbps: float) -> str:
    return amount(gbps / GBPS_PER_TBPS, 1)


def _pairs(found: study.Grown) -> None:
    names = [f"{bands} {pairs}>" for bands, pairs in _PLANTS]
    table(
        (
            "Tb/s each way",
            "asked>",
            "today>",
            *names,
            "at most>",
            "runs out>",
            "sustains>",
            "planned>",
        ),
        [_row(pair) for pair in found.pairs],
    )
    last = f"to {found.horizon}"
    lines(
        (
            "C, C+L, lit, all: bands, and pairs lit or all pairs; with regenerators, alone there",
            (
                "at most, runs out, sustains, planned: of C+L over all pairs. At most: any route; "
                f"runs out: the first year that it is too little; sustains: yearly growth {last}; "
                f"planned: the same {last}, from demand scaled to planned power on"
            ),
        )
    )
    lines(f"{pair.a} - {pair.z}: {pair.why}" for pair in found.pairs if pair.why)
    hidden = found.pairs_in_all - len(found.pairs)
    if hidden:
        lines((f"{hidden} more pairs are left out",))


def _row(pair: study.PairGrowth) -> tuple[str, ...]:
    alone = {
        (plant.bands, plant.pairs): plant
        for plant in pair.plants
        if plant.regenerators and not plant.beside
    }
    largest = alone[_PLANTS[-1]]
    return (
        f"{pair.a} - {pair.z}",
        amount(pair.asked_gbps / GBPS_PER_TBPS, 2),
        _tbps(pair.today_gbps),
        *(_tbps(alone[plant].carried_gbps) for plant in _PLANTS),
        _tbps(largest.network_bound_gbps),
        *_pace(pair, largest),
        percent(math.nan if _open(largest) else largest.planned_growth_to_horizon),
    )


def _pace(pair: study.PairGrowth, plant: study.PlantGrowth) -> tuple[str, str]:
    """When it runs out and what growth it sustains; of unknown light nobody can say."""
    if _open(plant):
        return "-", "-"
    never = "never" if pair.asked_gbps > 0.0 else "-"
    year = never if plant.runs_out is None else str(plant.runs_out)
    return year, percent(plant.growth_to_horizon)


def _open(plant: study.PlantGrowth) -> bool:
    """Whether nothing is known to be carried where something might be."""
    return plant.carried_gbps <= 0.0 < plant.network_bound_gbps


def _pair(pair: study.PairGrowth) -> None:
    heading(f"{pair.a} - {pair.z}", pair.verdict)
    facts(
        [
            ("shortest route, km", amount(pair.length_km)),
            (
                "asked, Gb/s",
                f"{amount(pair.asked_gbps, 1)}, training {amount(pair.training_gbps, 1)}",
            ),
            ("asked at planned power, Gb/s", amount(pair.planned_asked_gbps, 1)),
            ("today, Gb/s", f"{amount(pair.today_gbps)} by {pair.today_by}"),
            ("routes tried", str(pair.routes)),
        ]
    )
    columns = (
        "plant",
        "Tb/s>",
        "bound>",
        "at most>",
        "TB/h>",
        "TB/day>",
        "runs out>",
        "sustains>",
    )
    table(columns, [_plant(pair, plant) for plant in pair.plants])
    lines(
        (
            *((pair.why,) if pair.why else ()),
            "Tb/s each way; bound: by the routes tried; at most: by any route",
            "runs out: first year that it is too little; sustains: yearly growth to the horizon",
        )
    )


def _plant(pair: study.PairGrowth, plant: study.PlantGrowth) -> tuple[str, ...]:
    return (
        _name(plant),
        _tbps(plant.carried_gbps),
        _tbps(plant.bound_gbps),
        _tbps(plant.network_bound_gbps),
        amount(plant.terabytes_per_hour),
        amount(plant.terabytes_per_day),
        *_pace(pair, plant),
    )


def _name(plant: study.PlantGrowth) -> str:
    words = [f"{plant.bands}, {'pairs lit' if plant.pairs == 'lit' else 'all pairs'}"]
    words += ["beside the plan"] if plant.beside else []
    words += [] if plant.regenerators else ["no regenerators"]
    return ", ".join(words)


def _campuses(found: study.Grown) -> None:
    table(
        (
            "campus",
            "MW now>",
            "planned>",
            "DCI Gb/s>",
            "Gb/s a MW now>",
            "planned>",
            "TB/day>",
            "fibre Tb/s>",
        ),
        [
            (
                row.name,
                amount(row.mw),
                amount(row.mw_planned),
                amount(row.dci_gbps, 1),
                amount(row.gbps_per_mw, 2),
                amount(row.gbps_per_mw_planned, 2),
                amount(row.terabytes_per_day),
                _tbps(row.fibre_bound_gbps),
            )
            for row in found.campuses
        ],
    )
    lines(
        (
            (
                "DCI: traffic now with other campuses, the larger way, over MW now and planned; "
                "fibre: the most that its fibres carry"
            ),
        )
    )
