"""Which waves to exchange and which to add: the least to buy for the capacity that is asked.

A small program of whole waves. Pluggables that are freed at a site count against those needed
there; spectrum, ports and the order of the work are bounded from below, so that its bound holds
whatever order is then found. Many links at once have a bound together.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isnan

import numpy as np

from arterial.design.parts import SHELF, Parts, module_of, parts_of, price_of
from arterial.design.standing import Standing
from arterial.design.stock import Stock
from arterial.design.ways import Action, Way, sites_of_chain
from arterial.errors import SolverError
from arterial.optics.occupancy import Occupancy
from arterial.optics.spectrum import slot_count
from arterial.solve.highs import solve
from arterial.solve.program import Program, Rows, Solution

__all__ = ["Choice", "Question", "choose", "gain_gbps", "joint_bound", "needs_bridge"]

JOINT_GAP = 0.01
"""Many questions at once are bounded to within this share of their cheapest choice."""
_MOST = 10_000.0
_SMALL = 1e-9


@dataclass(frozen=True)
class Choice:
    """Waves of each action, and what no choice can cost less than."""

    counts: tuple[int, ...]
    bound: float


@dataclass(frozen=True)
class Question:
    """What is chosen from: X actions."""

    base: Standing
    ways: Sequence[Way]
    actions: Sequence[Action]
    occupancy: Occupancy
    stock: Stock
    """What lies at the sites already."""
    more_gbps: float


@dataclass
class _Draft:
    """A program while it is written down; the first X columns are the actions."""

    cost: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    rows: list[tuple[list[int], list[float], float, float]] = field(
        default_factory=list[tuple[list[int], list[float], float, float]]
    )
    needs: list[tuple[Parts, Parts]] = field(default_factory=list[tuple[Parts, Parts]])
    """By action: what one wave of it takes at each site, and what it frees."""
    bought: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    port: dict[str, int] = field(default_factory=dict[str, int])

    def column(self, cost: float, high: float) -> int:
        """A whole variable from 0 on; its index."""
        self.cost.append(cost)
        self.high.append(high)
        return len(self.cost) - 1

    def at_least(self, terms: Sequence[tuple[int, float]], low: float) -> None:
        """A row."""
        self.rows.append(([c for c, _ in terms], [v for _, v in terms], low, inf))


def choose(question: Question) -> Choice | None:
    """The cheapest whole waves that gain what is asked; None where no choice does.

    Raises SolverError when HiGHS stops without an answer.
    """
    answer = _solved(_drafted([question])) if question.actions else None
    if answer is None:
        return None
    counts = tuple(round(float(value)) for value in answer.primal[: len(question.actions)])
    return Choice(counts, float(answer.bound))


def joint_bound(questions: Sequence[Question]) -> float:
    """No choices for all questions at once cost less, pieces shared at a site and fibres shared.

    All questions start from one plan and one stock.

    Raises SolverError when HiGHS stops without an answer.
    """
    answer = _solved(_drafted(questions), gap=JOINT_GAP)
    return 0.0 if answer is None else float(answer.bound)


def _drafted(questions: Sequence[Question]) -> _Draft:
    draft = _Draft()
    for question in questions:
        for action in question.actions:
            draft.column(_power(question, action), float(action.most))
            draft.needs.append(_needs(question, action))
    first = 0
    for question in questions:
        own = list(range(first, first + len(question.actions)))
        gains = [gain_gbps(question.base, action) for action in question.actions]
        draft.at_least(list(zip(own, gains, strict=True)), question.more_gbps)
        _once(draft, question, first)
        first += len(own)
    _parts(draft, questions)
    _ports(draft, questions)
    _spectrum(draft, questions)
    first = 0
    for question in questions:
        for place in range(len(question.ways)):
            _bridge(draft, question, place, first)
        first += len(question.actions)
    return draft


def _solved(draft: _Draft, *, gap: float = 0.0) -> Solution | None:
    """None where nothing satisfies all rows."""
    answer = solve(
        Program(
            cost=np.array(draft.cost),
            low=np.zeros(len(draft.cost)),
            high=np.array(draft.high),
            integer=np.ones(len(draft.cost), dtype=np.bool_),
            rows=Rows.of(draft.rows),
        ),
        gap=gap,
    )
    if answer.status == "infeasible":
        return None
    if answer.status != "optimal":
        raise SolverError("HiGHS", answer.status)
    return answer


def gain_gbps(base: Standing, action: Action) -> float:
    """What one wave of an action adds."""
    if action.old is None:
        return action.option.rate_gbps
    old = next(row.rate_gbps for row in base.plan.network.modes if row.name == action.old[0])
    return action.option.rate_gbps - old


def needs_bridge(base: Standing, way: Way) -> bool:
    """Whether no wave of a link can be taken down first: the rest would not carry the load."""
    if way.bundle is None:
        return False
    least = min(wave.row.rate_gbps for wave in way.bundle.waves)
    rest_gbps = (way.bundle.link.capacity_gbps - least) * base.usable
    return rest_gbps < way.bundle.load_gbps - _SMALL


def _power(question: Question, action: Action) -> float:
    """Power over the years, less what an exchanged wave drew; unknown figures count as nothing."""
    network = question.base.plan.network
    before = 0.0
    if action.old is not None:
        own = next(row.watts for row in network.modes if row.name == action.old[0])
        before = 0.0 if own is None else 2 * (1 + len(action.old[1])) * own
    watts = action.option.watts
    drawn = (0.0 if isnan(watts) else watts) - before
    return drawn * network.costs.watt_year * network.costs.years


def _numbered(questions: Sequence[Question]) -> Iterator[tuple[int, Question, Action]]:
    """Every action with its column."""
    pairs = [(question, action) for question in questions for action in question.actions]
    return ((number, question, action) for number, (question, action) in enumerate(pairs))


def _once(draft: _Draft, question: Question, first: int) -> None:
    """A wave that stands is exchanged once."""
    groups: dict[tuple[int, tuple[str, tuple[int, ...]]], list[int]] = defaultdict(list)
    for number, action in enumerate(question.actions):
        if action.old is not None:
            groups[action.way, action.old].append(number)
    for members in groups.values():
        most = max(question.actions[number].most for number in members)
        draft.at_least([(first + number, -1.0) for number in members], -float(most))


def _parts(draft: _Draft, questions: Sequence[Question]) -> None:
    """Pieces bought at a site, those that lie there and those freed are as many as are needed."""
    net: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for number, question, action in _numbered(questions):
        need, freed = draft.needs[number]
        for key in need:
            _price_in(draft, question, key, action)
        for key in need | freed:
            pieces = need[key] - freed[key]
            if pieces:
                net[key].append((number, -float(pieces)))
    for key, terms in net.items():
        if key in draft.bought:
            lies = float(questions[0].stock.lies(key))
            draft.at_least([(draft.bought[key], 1.0), *terms], -lies)


def _price_in(draft: _Draft, question: Question, key: tuple[str, str], action: Action) -> None:
    """A piece is bought at the least price of the modes that want it."""
    price = price_of(question.base.plan.network, key[1], action.option.mode)
    column = draft.bought.setdefault(key, len(draft.cost))
    if column == len(draft.cost):
        draft.column(price, _MOST)
    draft.cost[column] = min(draft.cost[column], price)


def _needs(question: Question, action: Action) -> tuple[Parts, Parts]:
    """What one wave of an action takes at each site, and what it frees."""
    base, way = question.base, question.ways[action.way]
    network, ends = base.plan.network, (base.a, base.z)
    chain = action.option.regenerator_hops
    need = parts_of(network, action.option.mode, ends, sites_of_chain(base, way.arcs, chain))
    if action.old is None:
        return need, Parts()
    sites = sites_of_chain(base, way.arcs, action.old[1])
    return need, parts_of(network, action.old[0], ends, sites)


def _ports(draft: _Draft, questions: Sequence[Question]) -> None:
    """A port at both ends for each added wave, beside those that stand free."""
    added: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, question, action in _numbered(questions):
        for site in (question.base.a, question.base.z):
            added[site] += [(number, -1.0)] if action.new else []
    for site, terms in added.items():
        price = questions[0].base.plan.network.costs.router_port
        draft.port[site] = draft.column(price, _MOST)
        free = float(questions[0].stock.free_ports(site))
        draft.at_least([(draft.port[site], 1.0), *terms], -free)


def _bridge(draft: _Draft, question: Question, place: int, start: int) -> None:
    """A port at both ends while a wave that is missed is exchanged.

    The first new wave of such a link stands beside the old one, or beside one that is added to the
    link: its pieces are bought, or lie there, or are freed by an exchange for another module.
    """
    base = question.base
    own = {start + n: action for n, action in enumerate(question.actions) if action.way == place}
    exchanged = [n for n, action in own.items() if not action.new]
    if not exchanged or not needs_bridge(base, question.ways[place]):
        return
    bridge = draft.column(0.0, 1.0)
    draft.at_least([(bridge, _MOST), *((number, -1.0) for number in exchanged)], 0.0)
    for site in (base.a, base.z):
        free = float(question.stock.free_ports(site))
        draft.at_least([(draft.port[site], 1.0), (bridge, -1.0)], -free)
    same = {n for n, action in own.items() if _same_module(question, action)}
    for key, column in draft.bought.items():
        within = [n for n in exchanged if n in same and draft.needs[n][0][key] > 0]
        if within and key[1] != SHELF:
            first = draft.column(0.0, 1.0)
            draft.at_least([(first, _MOST), *((n, -1.0) for n in within)], 0.0)
            free = {n: float(freed[key]) for n, freed in _pure(draft, key)}
            eased = [(n, 1.0) for n in own if n not in same and n not in free]
            lies = float(question.stock.lies(key))
            draft.at_least([(column, 1.0), (first, -1.0), *free.items(), *eased], -lies)


def _same_module(question: Question, action: Action) -> bool:
    """An exchange that could be a setting of the same pluggables."""
    network = question.base.plan.network
    if action.old is None:
        return False
    return module_of(network, action.old[0]) == module_of(network, action.option.mode)


def _pure(draft: _Draft, key: tuple[str, str]) -> Iterator[tuple[int, Parts]]:
    """Exchanges that free a piece and need none of its kind."""
    for number, (need, freed) in enumerate(draft.needs):
        if freed[key] and not need[key]:
            yield number, freed


def _spectrum(draft: _Draft, questions: Sequence[Question]) -> None:
    """Slots that waves gain fit the free ones of lit pairs and of pairs that are lit for them."""
    network, occupancy = questions[0].base.plan.network, questions[0].occupancy
    slots = {row.name: row.slot_ghz for row in network.modes}
    asked: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, question, action in _numbered(questions):
        width = slot_count(action.option.slot_ghz)
        old_ghz = None if action.old is None else slots[action.old[0]]
        width -= 0 if old_ghz is None else min(width, slot_count(old_ghz))
        for fibre in {arc // 2 for arc in question.ways[action.way].arcs}:
            asked[fibre].append((number, -float(width)))
    for fibre, terms in asked.items():
        lit = occupancy.pairs(fibre)
        free = sum(occupancy.free(fibre, pair).bit_count() for pair in range(1, lit + 1))
        spare = max(0, network.fibres[fibre].pairs - lit)
        ground = questions[0].base.ground
        price = float(ground.pair_cost[fibre])
        more = draft.column(price, float(spare)) if price < inf else draft.column(0.0, 0.0)
        if not lit and ground.setup_cost[fibre] > 0.0:
            setup = draft.column(float(ground.setup_cost[fibre]), 1.0)
            draft.at_least([(setup, float(spare)), (more, -1.0)], 0.0)
        draft.at_least([(more, float(occupancy.band.on(fibre).open_slots)), *terms], -float(free))
