"""Spare regenerators as a choice: the cheapest that bring back, in every case, what is asked.

A mixed-integer program picks for the cut waves of every case an option over the candidate routes
and for every site and module how many spares stand there, shared by all cases; spectrum is a
capacity of each fibre in it. What it says is then played with real spectrum: spares that turn out
to lack are added, spares that no case misses are taken away again. The play is greedy, so now and
then a case stays short of what it had with spares everywhere, whatever is bought: then what lacks
least is taken, and what comes back says so. The bound is the program's, on these routes and chains
(``restricted``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.jobs.progress import Report, silent
from arterial.optics.restore import CaseLight, Restoration, restored
from arterial.optics.restore_case import CasePlayer
from arterial.optics.restore_cuts import Cut
from arterial.optics.restore_light import Kind
from arterial.optics.restore_options import ANY, OptionBook, Spares
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows

__all__ = ["SpareChoice", "chosen_spares"]

NODES = 200
"""Branch-and-bound nodes of the program, at most."""
MIP_GAP = 0.01
TRIMS = 400
"""Spares that are tried without, at most."""
_GBPS = 1e-6

Key = tuple[int, str]
"""Site and module."""


@dataclass(frozen=True)
class SpareChoice:
    """What to buy."""

    bought: dict[Key, int]
    restoration: Restoration
    """What comes back with it."""
    cost: float
    bound: float
    """No choice over the same routes and chains costs less."""
    gap: float


@dataclass(frozen=True)
class _Task:
    """What is asked: cases with what each must bring back."""

    cuts: tuple[Cut, ...]
    target_gbps: tuple[float, ...]
    installed: dict[Key, int]
    price: Callable[[str], float]
    player: Callable[[Spares], CasePlayer]


def chosen_spares(
    player: Callable[[Spares], CasePlayer],
    cuts: Sequence[Cut],
    price: Callable[[str], float],
    *,
    installed: Spares,
    share: float = 1.0,
    report: Report = silent,
) -> SpareChoice:
    """The cheapest spares found for every case to come back as asked, else those that lack least.

    Parameters
    ----------
    player
        Makes a player of the plan for a stock of spares.
    price
        Of a spare regenerator, by its module.
    installed
        Spares that stand already and cost nothing more.
    share
        Of the cut rate that every case must bring back; no case is asked for more than it would
        with as many spares as it likes.
    """
    free = player(Spares(None))
    whole = restored(free, cuts, report)
    target = tuple(min(share * case.cut_gbps, case.restored_gbps) for case in whole.cases)
    stands = dict(installed.count or {})
    task = _Task(tuple(cuts), target, stands, price, player)
    report("choosing spare regenerators", 0, 3)
    program, keys = _program(task, free, whole)
    found = solve(program, gap=MIP_GAP, nodes=NODES)
    asked = dict.fromkeys(keys, 0)
    if len(found.primal):
        counts = np.ceil(found.primal[: len(keys)] - 1e-6).astype(np.int64).tolist()
        asked = dict(zip(keys, counts, strict=True))
    starts = [asked, _most_used(task, whole.cases)]
    report("choosing spare regenerators", 1, 3)
    ready = [_trimmed(task, _enough(task, start, whole)) for start in starts]
    report("choosing spare regenerators", 2, 3)
    bought, done = _cheapest(task, ready)
    cost = _cost(task, bought)
    bound = min(max(found.bound, 0.0) if np.isfinite(found.bound) else 0.0, cost)
    report("choosing spare regenerators", 3, 3)
    return SpareChoice(
        bought={key: count for key, count in sorted(bought.items()) if count},
        restoration=done,
        cost=cost,
        bound=bound,
        gap=(cost - bound) / cost if cost > 0.0 else 0.0,
    )


def _cheapest(task: _Task, ready: Iterable[dict[Key, int]]) -> tuple[dict[Key, int], Restoration]:
    """The cheapest that brings back what is asked, and what it does; else what lacks least."""
    tried: list[tuple[float, int, dict[Key, int], Restoration]] = []
    for one in sorted(ready, key=lambda one: (_cost(task, one), sorted(one.items()))):
        done = _played(task, one)
        short = sum(
            task.target_gbps[number] - done.cases[number].restored_gbps
            for number in _short(task, done.cases)
        )
        tried.append((short, len(tried), one, done))
        if not short:
            break
    _, _, bought, done = min(tried, key=lambda row: row[:2])
    return bought, done


def _cost(task: _Task, bought: dict[Key, int]) -> float:
    return sum(count * task.price(module) for (_, module), count in bought.items())


def _stock(task: _Task, bought: dict[Key, int]) -> Spares:
    count = Counter(task.installed)
    count.update(bought)
    return Spares(dict(count))


def _played(task: _Task, bought: dict[Key, int]) -> Restoration:
    return restored(task.player(_stock(task, bought)), task.cuts)


def _short(task: _Task, cases: Iterable[CaseLight]) -> list[int]:
    """Cases that bring back less than is asked."""
    return [
        number
        for number, case in enumerate(cases)
        if case.restored_gbps < task.target_gbps[number] - _GBPS
    ]


def _use(case: CaseLight) -> Counter[Key]:
    used: Counter[Key] = Counter()
    for back in case.played.back:
        for stop in back.chain.spare:
            used[back.route.sites[stop], back.mode.module] += 1
    return used


def _most_used(task: _Task, cases: Iterable[CaseLight]) -> dict[Key, int]:
    """What any case uses of each, beyond what stands."""
    most: dict[Key, int] = {}
    for case in cases:
        for key, count in _use(case).items():
            most[key] = max(most.get(key, 0), count)
    return _beyond(task, most)


def _beyond(task: _Task, most: dict[Key, int]) -> dict[Key, int]:
    """Less what stands already for this module; spares of any module are left as a bonus."""
    return {key: max(0, count - task.installed.get(key, 0)) for key, count in most.items()}


def _enough(task: _Task, start: dict[Key, int], whole: Restoration) -> dict[Key, int]:
    """More spares, until every case comes back as asked: what short cases use when all is free."""
    bought = dict(start)
    short = _short(task, _played(task, bought).cases)
    while short:
        asked = _most_used(task, [whole.cases[number] for number in short])
        more = {key: max(bought.get(key, 0), asked.get(key, 0)) for key in {*bought, *asked}}
        if more == bought:
            return _most_used(task, whole.cases)
        bought = more
        short = _short(task, _played(task, bought).cases)
    return bought


def _trimmed(task: _Task, bought: dict[Key, int]) -> dict[Key, int]:
    """Without every spare that no case misses, the dearest and least shared first."""
    if _short(task, _played(task, bought).cases):
        return bought
    best = dict(bought)
    cases = _played(task, best).cases
    tries = 0
    for key in sorted(best, key=lambda key: (-task.price(key[1]), _users(cases, key), key)):
        while best[key] and tries < TRIMS:
            tries += 1
            fewer = {**best, key: best[key] - 1}
            stood = best[key] + task.installed.get(key, 0)
            touched = [n for n, case in enumerate(cases) if _use(case)[key] >= stood]
            again = restored(
                task.player(_stock(task, fewer)), [task.cuts[number] for number in touched]
            )
            lacks = [
                number
                for number, case in zip(touched, again.cases, strict=True)
                if case.restored_gbps < task.target_gbps[number] - _GBPS
            ]
            if lacks:
                break
            best = fewer
            cases = _played(task, best).cases
            if _short(task, cases):
                return bought
    return best


def _users(cases: Iterable[CaseLight], key: Key) -> int:
    return sum(_use(case)[key] > 0 for case in cases)


def _program(task: _Task, free: CasePlayer, whole: Restoration) -> tuple[Program, list[Key]]:
    """Spares first, then one column for each option of each kind in each case."""
    options = [_options(free.options, free, case) for case in whole.cases]
    keys = sorted({key for case in options for _, use, _, _, _ in case for key in use})
    place = {key: number for number, key in enumerate(keys)}
    entries: list[tuple[list[int], list[float], float, float]] = []
    high: list[float] = [np.inf] * len(keys)
    column = len(keys)
    for number, case in enumerate(options):
        kinds: dict[Kind, list[int]] = {}
        spares: dict[Key, list[tuple[int, float]]] = {}
        fibres: dict[int, list[tuple[int, float]]] = {}
        gbps: list[tuple[int, float]] = []
        count = Counter(whole.standing.waves[w].kind for w in whole.cases[number].played.cut)
        for kind, use, mask, slots, rate in case:
            kinds.setdefault(kind, []).append(column)
            gbps.append((column, rate))
            for key, uses in use.items():
                spares.setdefault(key, []).append((column, float(uses)))
            for m in mask:
                fibres.setdefault(m, []).append((column, float(slots)))
            high.append(float(count[kind]))
            column += 1
        free_slots = _free_slots(free, whole.cases[number])
        entries += [(c, [1.0] * len(c), -np.inf, float(count[k])) for k, c in kinds.items()]
        entries += [
            ([c for c, _ in row], [v for _, v in row], -np.inf, float(free_slots[m]))
            for m, row in fibres.items()
        ]
        for key, row in spares.items():
            stands = task.installed.get(key, 0) + task.installed.get((key[0], ANY), 0)
            cells = [*row, (place[key], -1.0)]
            entries.append(([c for c, _ in cells], [v for _, v in cells], -np.inf, float(stands)))
        if gbps and task.target_gbps[number] > 0.0:
            asked = task.target_gbps[number] - _GBPS
            entries.append(([c for c, _ in gbps], [v for _, v in gbps], asked, np.inf))
    cost = np.zeros(column)
    cost[: len(keys)] = [task.price(module) for _, module in keys]
    integer = np.zeros(column, dtype=np.bool_)
    integer[: len(keys)] = True
    program = Program(
        cost=cost,
        low=np.zeros(column),
        high=np.array(high, dtype=np.float64),
        integer=integer,
        rows=Rows.of(entries),
    )
    return program, keys


_Column = tuple[Kind, Counter[Key], tuple[int, ...], int, float]
"""Kind, spares used, fibres, slots, Gb/s."""


def _options(book: OptionBook, free: CasePlayer, case: CaseLight) -> list[_Column]:
    """Options of the kinds that a case cuts, on standing candidates, and those that were played."""
    closed = sum(1 << m for m in case.cut.fibres)
    waves = free.standing.waves
    found: dict[tuple[Kind, tuple[int, ...], str, tuple[int, ...]], _Column] = {}
    for kind in dict.fromkeys(waves[wave].kind for wave in case.played.cut):
        for option in book.ranked(kind, 0):
            if option.route.mask & closed:
                continue
            chain = option.route.chain(option.mode.number, option.own, option.spare)
            if chain is not None:
                use = Counter((option.route.sites[s], kind.module) for s in chain.spare)
                key = (kind, option.route.arcs, option.mode.name, chain.stops)
                found[key] = (
                    kind,
                    use,
                    option.route.fibres,
                    option.mode.slots,
                    option.mode.rate_gbps,
                )
    for back in case.played.back:
        kind = waves[back.wave].kind
        key = (kind, back.route.arcs, back.mode.name, back.chain.stops)
        use = Counter((back.route.sites[s], kind.module) for s in back.chain.spare)
        found[key] = (kind, use, back.route.fibres, back.mode.slots, back.mode.rate_gbps)
    return list(found.values())


def _free_slots(free: CasePlayer, case: CaseLight) -> dict[int, int]:
    """Slots of each standing fibre that are open and not taken, cut waves gone."""
    room = free.room(case.played.cut, sum(1 << m for m in case.cut.fibres))
    return {
        m: sum(room.free(m, pair).bit_count() for pair in range(1, room.pairs(m) + 1))
        for m in free.standing.pairs_lit
    }
