"""The figures of a trade-off as its picture takes them."""

from collections import defaultdict
from math import isnan

from arterial.report.tradeoff_chart import Bar, Dot, Series
from arterial.study.tradeoff_answer import Point, Sensitivity, TradedOff

__all__ = ["bars_of", "series_of"]


def series_of(answer: TradedOff) -> tuple[Series, ...]:
    """Cost against people, a series a level of training; against training where nobody asks."""
    there = [point for point in answer.points if not point.refused]
    if all(isnan(point.people) for point in there):
        dots = tuple(_dot(point, point.training) for point in there if not isnan(point.training))
        return (Series(name="", across="training", dots=dots),) if dots else ()
    levels: defaultdict[float, list[Dot]] = defaultdict(list)
    for point in there:
        training = -1.0 if isnan(point.training) else point.training
        levels[training].append(_dot(point, point.people))
    across = f"people within {answer.within_ms:g} ms"
    return tuple(
        Series(
            name="" if training < 0.0 else f"training {100 * training:.0f} %",
            across=across,
            dots=tuple(sorted(dots, key=lambda dot: (dot.share, dot.cost))),
        )
        for training, dots in sorted(levels.items(), reverse=True)
    )


def _dot(point: Point, share: float) -> Dot:
    return Dot(
        share=share,
        cost=point.cost,
        bound=point.bound,
        stands=point.standing != "dominated",
        sure=point.standing in {"sure", "restricted"},
    )


def bars_of(answer: TradedOff) -> tuple[Bar, ...]:
    """Change of cost by group of prices, the widest first."""
    by_group: defaultdict[str, list[Sensitivity]] = defaultdict(list)
    for row in answer.sensitivities:
        by_group[row.group].append(row)
    old = sum(answer.spent.values())
    bars = [
        Bar(
            name=group,
            changes=tuple(
                (
                    f"{row.factor - 1.0:+.0%}".replace("%", " %"),
                    (row.cost - old) / old,
                    (row.kept_cost - old) / old,
                )
                for row in rows
            ),
        )
        for group, rows in by_group.items()
        if old > 0.0
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.width))
