"""The part of ``arterial design`` that is about staying close to a plan: options, and its page."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.diff import difference
from arterial.cli.options import Count
from arterial.cli.show import amount, facts
from arterial.study import close as study
from arterial.study.cases import misused
from arterial.study.design import Designed

__all__ = ["MostChanges", "StayCloseTo", "Worth", "asked", "close_page"]


def _worth(_: object, value: float | None) -> None:
    if value is not None and not 0.0 <= value < math.inf:
        raise ValueError("give a number, 0 or more")


StayCloseTo = Annotated[
    Path | None,
    Parameter(help="A plan that stands: what it built is free and stays, changes are few."),
]
MostChanges = Annotated[Count | None, Parameter(help="Close to a plan: at most so many changes.")]
Worth = Annotated[
    float | None,
    Parameter(validator=_worth, help="Close to a plan: the cost units that a change must save."),
]

_SHOWN = 12
"""Things that change, on the page; the answer in JSON has all."""


def asked(plan: Path | None, changes: int | None, worth: float | None) -> study.Near | None:
    """The plan to stay close to and how; None where none is named.

    Raises ModelError where a limit has nothing to hold for.
    """
    if plan is not None:
        return study.Near(plan=plan, changes=changes, worth=worth)
    if changes is not None or worth is not None:
        option = "--worth" if changes is None else "--changes"
        raise misused(option, "there is no plan to change", "Name it by --stay-close-to")
    return None


def close_page(page: Callable[[Designed], None]) -> Callable[[study.Closed], None]:
    """A design's page, and below it what it changes."""

    def both(told: study.Closed) -> None:
        page(told.design)
        _close(told)

    return both


def _close(told: study.Closed) -> None:
    most = "" if told.most_changes is None else f", {told.most_changes} allowed"
    free = told.free
    facts(
        [
            ("close to", told.close_to),
            ("price of a change", amount(told.worth, 1)),
            ("changes", f"{_changes(told.changes)}, at least {told.least_changes}{most}"),
            ("bought on top", f"{amount(told.added, 1)}, bound {amount(told.added_bound, 1)}"),
            ("free design", f"cost {amount(free.cost, 1)}, bound {amount(free.bound, 1)}"),
            ("its changes", _changes(free.changes)),
            ("it buys on top", amount(free.added, 1)),
            (
                "staying close costs",
                f"{amount(told.stays_cost, 1)}, of what is bought {amount(told.stays_added, 1)}",
            ),
        ]
    )
    difference(told.differs, _SHOWN, "see `arterial diff` or --json")


def _changes(told: study.Changes) -> str:
    waves = f"waves {told.waves_built} built, {told.waves_freed} freed, {told.waves_moved} moved"
    return (
        f"{told.total}: {waves}; {told.markets_moved} markets and {told.replicas_moved} replicas"
        " moved"
    )
