"""What no restoration of a case can beat, whatever it sends where: scope ``network``.

Two relaxations, and the lesser counts. By wave: the best rate of its module that may get there at
all, as if noise were that of the quietest way between any two places with regenerators, spectrum
were free and only the number of spare regenerators counted. By spectrum: slots flow over standing
fibre as water does, in each wave's thriftiest mode. Add/drop is free in both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from arterial.errors import SolverError
from arterial.optics.gsnr import REFERENCE_GHZ
from arterial.optics.mode_table import ModeTable
from arterial.optics.restore import CaseLight, Restoration
from arterial.optics.restore_light import Kind, Standing
from arterial.optics.restore_options import OptionBook
from arterial.optics.restore_routes import ModuleMode
from arterial.optics.sections import FloatArray, Sections
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


class _Quiet:
    """Least noise between any two sites over standing fibre, by comb: no route has less."""

    def __init__(
        self, standing: Standing, options: OptionBook, sections: Sections, down: frozenset[int]
    ) -> None:
        network = standing.plan.network
        index = {site.name: number for number, site in enumerate(network.sites)}
        self._options = options
        self._table: ModeTable = options.routes.table
        self._network = network
        open_ = [
            m
            for m in sorted(standing.pairs_lit)
            if m not in down and np.isfinite(options.routes.weight[2 * m])
        ]
        self._least = [
            _least_noise(
                log_noise, open_, [(index[f.a], index[f.z]) for f in network.fibres], len(index)
            )
            for log_noise in sections.log_noise
        ]

    def most(self, kind: Kind) -> _Most:
        """The best rate that may get there, and how thriftily."""
        best, thrifty, spare = 0.0, np.inf, True
        everywhere = self._options.regenerating(kind)
        for mode in self._options.modes(kind):
            if not self._joined(kind, mode, {*kind.own, *everywhere}):
                continue
            best = max(best, mode.rate_gbps)
            thrifty = min(thrifty, mode.slots / mode.rate_gbps)
            spare = spare and not self._joined(kind, mode, set(kind.own))
        return _Most(best, thrifty, spare)

    def _joined(self, kind: Kind, mode: ModuleMode, stops: set[int]) -> bool:
        """Whether the quietest ways join the ends, stop by stop."""
        table, line = self._table, self._network.line
        asked_db = mode.osnr_db + self._network.margins.total_db
        ends = 10.0 ** (-line.add_drop_osnr_db / 10.0)
        ends += 10.0 ** (-float(table.tx_osnr_db[mode.number]) / 10.0)
        room = (10.0 ** (-asked_db / 10.0) - ends) * float(table.baud_gbd[mode.number])
        if room <= 0.0:
            return False
        most = float(np.log1p(room / REFERENCE_GHZ)) * (1.0 + 1e-9)
        least = self._least[int(table.comb[mode.number])]
        places = {kind.a, kind.z, *stops}
        reached, waiting = {kind.a}, [kind.a]
        while waiting:
            here = waiting.pop()
            fresh = [n for n in places - reached if least[here, n] <= most]
            reached.update(fresh)
            waiting += fresh
        return kind.z in reached


def _least_noise(
    log_noise: FloatArray, fibres: Sequence[int], ends: Sequence[tuple[int, int]], sites: int
) -> FloatArray:
    """(N, N) least mean over channels: the worst channel of no route has less.

    Of the two ways of a fibre the quieter one counts.
    """
    mean = log_noise.mean(axis=1)
    least: dict[tuple[int, int], float] = {}
    for m in fibres:
        key = (min(ends[m]), max(ends[m]))
        noise = float(np.nanmin((mean[2 * m], mean[2 * m + 1], np.inf)))
        known = noise if np.isfinite(noise) else 0.0  # a wet section says nothing under this comb
        least[key] = min(least.get(key, np.inf), max(known, 1e-15))
    keys = sorted(least)
    graph = coo_array(
        ([least[key] for key in keys], ([a for a, _ in keys], [z for _, z in keys])),
        shape=(sites, sites),
    )
    return np.asarray(dijkstra(graph.tocsr(), directed=False), dtype=np.float64)


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
    return tuple(
        _bound(restoration.standing, options, sections, case, spectrum=spectrum)
        for case in restoration.cases
    )


def _bound(
    standing: Standing,
    options: OptionBook,
    sections: Sections,
    case: CaseLight,
    *,
    spectrum: bool,
) -> CaseBound:
    if case.restored_gbps >= case.cut_gbps - _NOTHING_GBPS:
        return CaseBound(case.restored_gbps, "reach")
    kinds = Counter(standing.waves[wave].kind for wave in case.played.cut)
    quiet = _Quiet(standing, options, sections, case.cut.fibres)
    most = {kind: quiet.most(kind) for kind in kinds}
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
