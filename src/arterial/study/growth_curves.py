"""The picture of `growth`: which pairs, which plants, in which words."""

from math import isfinite

from arterial.design.growth_years import asked_in_gbps
from arterial.report.growth_chart import Level, Panel
from arterial.report.words import percent, shown
from arterial.study.growth_answer import Grown, PairGrowth, PlantGrowth

__all__ = ["PANELS", "curves_of"]

PANELS = 6
"""Pairs in the picture, the first ones of the answer."""

_MARKS = {("C", "lit"): 1, ("C", "all"): 2, ("C+L", "lit"): 3, ("C+L", "all"): 4}


def curves_of(grown: Grown) -> tuple[str, str, tuple[Panel, ...]]:
    """Title, legend and panels."""
    pace = percent(grown.growth_per_year)
    title = f"{grown.network}: demand between campuses and what the fibres carry"
    legend = (
        f"solid: demand of load {grown.load or 'unknown'} growing {pace} a year; dotted: the same "
        "scaled to planned power; ring: first year for which a level is too little. Levels: waves, "
        "regenerated, alone on the fibres, each way"
    )
    return title, legend, tuple(_panel(grown, pair) for pair in grown.pairs[:PANELS])


def _panel(grown: Grown, pair: PairGrowth) -> Panel:
    levels = [_level(plant) for plant in pair.plants if plant.regenerators and not plant.beside]
    if pair.today_by == "ip-links":
        today = Level(name="IP links today", gbps=pair.today_gbps, runs_out=None, mark=0)
        levels.insert(0, today)
    return Panel(
        title=f"{shown(pair.a)} - {shown(pair.z)}",
        from_year=grown.from_year,
        demand_gbps=_by_year(grown, pair.asked_gbps),
        planned_gbps=_by_year(grown, pair.planned_asked_gbps),
        levels=tuple(levels),
    )


def _level(plant: PlantGrowth) -> Level:
    pairs = "pairs lit" if plant.pairs == "lit" else "all pairs"
    return Level(
        name=f"{plant.bands}, {pairs}",
        gbps=plant.carried_gbps,
        runs_out=plant.runs_out,
        mark=_MARKS[plant.bands, plant.pairs],
    )


def _by_year(grown: Grown, asked_gbps: float) -> tuple[float, ...]:
    if not isfinite(asked_gbps) or asked_gbps <= 0.0:
        return ()
    return tuple(
        asked_in_gbps(asked_gbps, grown.growth_per_year, after)
        for after in range(grown.horizon - grown.from_year + 1)
    )
