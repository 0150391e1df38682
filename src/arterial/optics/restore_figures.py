"""Cases in figures: what was cut, what came back, at most, and why the rest did not."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from arterial.jobs.processes import in_processes
from arterial.jobs.progress import Report, silent
from arterial.optics.restore import CaseLight, Restoration, player_of, restored
from arterial.optics.restore_bound import CaseBound, bounds_of
from arterial.optics.restore_case import CasePlayer
from arterial.optics.restore_cuts import Cut
from arterial.optics.restore_options import Spares
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan

__all__ = ["CaseFigures", "case_figures", "many_figures"]

FEW = 256
"""Cases that are not worth a process of their own."""
STRETCH = 128


class CaseFigures(Struct, frozen=True, kw_only=True):
    """One case."""

    case: str
    cut: int
    """Waves."""
    back: int
    """Waves that come back, at least in part."""
    cut_gbps: float
    restored_gbps: float
    share: float
    """1 where nothing was cut."""
    bound_gbps: float
    """No restoration brings back more (``network``)."""
    gap: float
    """(bound - restored) / bound."""
    bound_by: str
    """What bounds it: ``reach``, ``regenerators`` or ``spectrum``."""
    missing: dict[str, int]
    """Waves that stay away, by what stops them."""


def case_figures(
    restoration: Restoration, player: CasePlayer, sections: Sections, *, spectrum: bool = True
) -> tuple[CaseFigures, ...]:
    """Figures of every case; without ``spectrum`` the bound does not ask for room."""
    bounds = bounds_of(restoration, player.options, sections, spectrum=spectrum)
    return tuple(map(_figures, restoration.cases, bounds))


def many_figures(
    plan: Plan,
    sections: Sections,
    spares: Spares,
    cuts: Sequence[Cut],
    report: Report = silent,
) -> tuple[CaseFigures, ...]:
    """Figures of very many cases, in two processes; their bound does not ask for room."""
    if len(cuts) <= FEW:
        return _played((plan, sections, spares, cuts), report)
    tasks = [
        (plan, sections, spares, cuts[half::2]) for half in range(2)
    ]  # by turns: neighbours take alike
    one, other = in_processes(_played, tasks, at_once=2, report=report)
    return tuple(_by_turns(one, other))


def _by_turns(one: Sequence[CaseFigures], other: Sequence[CaseFigures]) -> Iterator[CaseFigures]:
    for number in range(len(one) + len(other)):
        yield (one, other)[number % 2][number // 2]


_Task = tuple[Plan, Sections, Spares, Sequence[Cut]]


def _played(task: _Task, report: Report) -> tuple[CaseFigures, ...]:
    plan, sections, spares, cuts = task
    player = player_of(plan, sections, spares)
    found: list[CaseFigures] = []
    for start in range(0, len(cuts), STRETCH):
        report("restoring light", start, len(cuts))
        part = restored(player, cuts[start : start + STRETCH])
        found += case_figures(part, player, sections, spectrum=False)
    report("restoring light", len(cuts), len(cuts))
    return tuple(found)


def _figures(case: CaseLight, bound: CaseBound) -> CaseFigures:
    left = bound.gbps - case.restored_gbps
    return CaseFigures(
        case=case.cut.name,
        cut=len(case.played.cut),
        back=len(case.played.back),
        cut_gbps=case.cut_gbps,
        restored_gbps=case.restored_gbps,
        share=case.share,
        bound_gbps=bound.gbps,
        gap=left / bound.gbps if bound.gbps > 0.0 else 0.0,
        bound_by=bound.by,
        missing=dict(sorted(Counter(why for _, why in case.played.missing).items())),
    )
