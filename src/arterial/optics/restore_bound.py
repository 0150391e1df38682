"""What no restoration of a case can beat, whatever it sends where: scope ``network``.

Two relaxations, and the lesser counts. By wave: the best rate of its module that may get there at
all, as if noise were that of the quietest way between any two places with regenerators, spectrum
were free and only the number of spare regenerators counted. By spectrum: slots flow over standing
fibre as water does, in each wave's thriftiest mode. Add/drop is free in both.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from arterial.errors import SolverError
from arterial.optics.restore import CaseLight, Restoration
from arterial.optics.restore_light import Kind, Standing
from arterial.optics.restore_options import OptionBook
from arterial.optics.restore_quiet import Joined, Quiet, bits
from arterial.optics.sections import Sections
from arterial.optics.spectrum_band import free_runs
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows

__all__ = ["CaseBound", "bounds_of"]

_NOTHING_GBPS = 1e-6


@dataclass(frozen=True)
class CaseBound:
    """The most of a case that any restoration could bring back."""

    gbps: float
    by: str
    """``reach``, ``regenerators`` or ``spectrum``."""


@dataclass(frozen=True)
class _Most:
    """The best of a kind, if spectrum were free."""

    gbps: float
    slots_per_gbps: float
    needs_spare: bool


def _most(kind: Kind, options: OptionBook, quiet: Quiet, joined: Joined) -> _Most:
    """The best rate that may get there, and how thriftily."""
    best, thrifty, spare = 0.0, np.inf, True
    own = bits(kind.own)
    everywhere = own | bits(options.regenerating(kind))
    for mode in options.modes(kind):
        if quiet.most(mode) <= 0.0 or not joined.joined(kind.a, kind.z, mode, everywhere):
            continue
        best = max(best, mode.rate_gbps)
        thrifty = min(thrifty, mode.slots / mode.rate_gbps)
        spare = spare and not joined.joined(kind.a, kind.z, mode, own)
    return _Most(best, thrifty, spare)


def bounds_of(
    restoration: Restoration, options: OptionBook, sections: Sections, *, spectrum: bool = True
) -> tuple[CaseBound, ...]:
    """A bound for every case; spectrum is asked only where the first bound leaves a gap.

    Parameters
    ----------
    spectrum
        Whether it is asked at all: 0.1 s a case where a thousand waves stand.

    Raises
    ------
    SolverError
        HiGHS stopped without an answer.
    """
    quiet = Quiet(restoration.standing, options.routes, sections)
    return tuple(
        _bound(restoration.standing, options, quiet, case, spectrum=spectrum)
        for case in restoration.cases
    )


def _bound(
    standing: Standing,
    options: OptionBook,
    quiet: Quiet,
    case: CaseLight,
    *,
    spectrum: bool,
) -> CaseBound:
    if case.restored_gbps >= case.cut_gbps - _NOTHING_GBPS:
        return CaseBound(case.restored_gbps, "reach")
    kinds = Counter(standing.waves[wave].kind for wave in case.played.cut)
    joined = Joined(quiet, case.cut.fibres)
    most = {kind: _most(kind, options, quiet, joined) for kind in kinds}
    whole = sum(most[kind].gbps * count for kind, count in kinds.items())
    few = _with_few(options, kinds, most)
    bound = CaseBound(whole, "reach") if whole <= few else CaseBound(few, "regenerators")
    if bound.gbps <= case.restored_gbps + _NOTHING_GBPS:
        return CaseBound(case.restored_gbps, bound.by)
    flow = _by_spectrum(standing, options, case, kinds, most) if spectrum else np.inf
    if flow < bound.gbps:
        bound = CaseBound(flow, "spectrum")
    return CaseBound(max(bound.gbps, case.restored_gbps), bound.by)


def _with_few(options: OptionBook, kinds: Mapping[Kind, int], most: Mapping[Kind, _Most]) -> float:
    """Each wave that cannot do without a spare regenerator takes one at least."""
    free = sum(most[kind].gbps * n for kind, n in kinds.items() if not most[kind].needs_spare)
    needing = sorted(
        (most[kind].gbps for kind, n in kinds.items() if most[kind].needs_spare for _ in range(n)),
        reverse=True,
    )
    count = options.spares.count
    left = len(needing) if count is None else sum(count.values())
    return free + sum(needing[:left])


def _by_spectrum(
    standing: Standing,
    options: OptionBook,
    case: CaseLight,
    kinds: Mapping[Kind, int],
    most: Mapping[Kind, _Most],
) -> float:
    """Most Gb/s if slots were a fluid: flows by source, in slots, over standing fibre."""
    wanted = [(kind, count) for kind, count in kinds.items() if most[kind].gbps > 0.0]
    if not wanted:
        return 0.0
    widest = min(mode.slots for kind, _ in wanted for mode in options.modes(kind))
    free = _free_slots(standing, case, widest)
    graph, fibres = options.routes.graph, sorted(free)
    sources = sorted({min(kind.a, kind.z) for kind, _ in wanted})
    arcs = [arc for m in fibres for arc in (2 * m, 2 * m + 1)]
    column = {
        (source, arc): place
        for place, (source, arc) in enumerate((s, arc) for s in sources for arc in arcs)
    }
    first = len(column)
    entries: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for (source, arc), place in column.items():
        entries.setdefault((source, graph.arc_target[arc]), []).append((place, 1.0))
        entries.setdefault((source, graph.arc_target[arc ^ 1]), []).append((place, -1.0))
    for number, (kind, _) in enumerate(wanted):
        source, sink = sorted((kind.a, kind.z))
        slots = most[kind].slots_per_gbps
        entries.setdefault((source, source), []).append((first + number, slots))
        entries.setdefault((source, sink), []).append((first + number, -slots))
    rows = [([c for c, _ in row], [v for _, v in row], 0.0, 0.0) for row in entries.values()]
    rows += [
        (
            [column[source, arc] for source in sources for arc in (2 * m, 2 * m + 1)],
            [1.0] * (2 * len(sources)),
            -np.inf,
            float(free[m]),
        )
        for m in fibres
    ]
    size = first + len(wanted)
    high = np.full(size, np.inf)
    high[first:] = [most[kind].gbps * count for kind, count in wanted]
    cost = np.zeros(size)
    cost[first:] = -1.0
    found = solve(
        Program(
            cost=cost,
            low=np.zeros(size),
            high=high,
            integer=np.zeros(size, dtype=np.bool_),
            rows=Rows.of(rows),
        )
    )
    if found.status != "optimal":
        raise SolverError("HiGHS", f"bound on restored light: {found.detail}")
    return -found.bound * (1.0 + 1e-9)


def _free_slots(standing: Standing, case: CaseLight, narrowest: int) -> dict[int, int]:
    """Slots of each standing fibre in runs that hold a channel, cut waves gone."""
    freed: dict[tuple[int, int], int] = {}
    for number in case.played.cut:
        for m, pair, slots in standing.waves[number].taken:
            freed[m, pair] = freed.get((m, pair), 0) | slots
    found: dict[int, int] = {}
    for m, pairs in standing.taken.items():
        if m in case.cut.fibres:
            continue
        masks = (
            standing.band.on(m).open & ~(taken & ~freed.get((m, pair), 0))
            for pair, taken in enumerate(pairs, 1)
        )
        found[m] = sum(
            width for free in masks for _, width in free_runs(free) if width >= narrowest
        )
    return found
