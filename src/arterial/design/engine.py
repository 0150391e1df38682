"""Design: from a network and a load to a plan with its cost, bound and gap.

Replicas are placed, demands follow, candidate lightpaths are lit at least cost so that the policy
table holds with tunnels and backups as installed. The bound is on the same candidates and replicas.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version

import msgspec

from arterial import __version__
from arterial.clock import Clock, seconds
from arterial.demand.loads import load_named
from arterial.design.ahead import Ahead
from arterial.design.bound import Bounded
from arterial.design.bound import bound as lower_bounds
from arterial.design.candidates import Express
from arterial.design.close import Close
from arterial.design.doubles import Asked, covered
from arterial.design.draw import drawn, whole
from arterial.design.guided import Guided, LanesOf, bettered
from arterial.design.joint.together import Together, heard_by_nobody, together
from arterial.design.kept import with_pairs
from arterial.design.memory import Memory
from arterial.design.opening import Opening, opened
from arterial.design.phase_network import with_edges
from arterial.design.restoration import SparesAsked, restorable
from arterial.design.run import Run
from arterial.design.search import Found, restored
from arterial.design.shape import Shape
from arterial.jobs.deadline import Deadline
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.placement.replicas import Cover
from arterial.plan.plan import Plan, Status
from arterial.plan.store import plan_hash

__all__ = ["Ask", "design", "input_hash", "started"]

WHOLE_ADDS = 0.03
"""What a round with whole waves adds to a bound of cut sets, at most, as a share: 0.023 on the
reference network's ``stress``."""

ENGINES = ("numpy", "scipy", "highspy", "gnpy")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked of a design."""

    load: str
    gap: float = 0.08
    """Stop when (cost - bound) / cost is no more."""
    rounds: int = 6
    """Rounds of search, at most."""
    bound_rounds: int = 1
    """Rounds with whole waves for the bound, at most: 2 to 25 s each on a continent."""
    core_rounds: int = 0
    """Rounds of the capacity problem, at most: its bound, and a search that its answers lead.
    About 3 s each on a continent, leads and whole programs counted in; 0 leaves it out."""
    joint_rounds: int = 0
    """Rounds in which edges and replicas are moved with their network, at most: some seconds each
    on a continent, and a minute or two for the bound for all placements. 0 leaves placement first.
    Neither with ``cover``, ``shape`` nor what stands."""
    time_limit_s: float = float("inf")
    """Wall time after which nothing is begun; a plan that it stopped says so."""
    seed: int = 0
    express: Express = "large"
    """Pairs of sites that may be joined past the routers between them."""
    spares: SparesAsked = "installed"
    """Spare regenerators for restoration: none, those that stand, or bought as needed."""
    cover: Cover | None = None
    """People who must be near their edge, beyond what their class asks of everybody."""
    shape: Shape | None = None
    """The only links and replicas that the plan may have; None is free to choose."""
    worth: float | None = None
    """Price of a change to the plan that stands; None does not ask for its markets and tunnels."""
    ahead: Ahead | None = None
    """What later phases need too, and the design leans on; None builds for the load alone."""


def input_hash(network: Network, ask: Ask, before: Plan | None = None) -> str:
    """SHA-256 over all that a plan depends on: network, question, version, what stands."""
    steps = (ask.gap, ask.rounds, ask.bound_rounds, ask.seed, ask.express)
    joint = ("joint", ask.joint_rounds) if ask.joint_rounds else None
    limits = (ask.cover, ask.shape, ask.core_rounds or None, ask.worth, joint, ask.ahead)
    held = [limit for limit in limits if limit is not None]
    stands = () if before is None else (plan_hash(before),)
    asked = (network, ask.load, ask.spares, steps, __version__)
    known = msgspec.json.encode((*asked, *held, *stands))
    return hashlib.sha256(known).hexdigest()


def design(
    network: Network,
    ask: Ask,
    *,
    report: Report = silent,
    memory: Memory | None = None,
    before: Plan | None = None,
    start: Opening | None = None,
    lanes: LanesOf | None = None,
    clock: Clock = seconds,
    heard: Callable[[Together], None] = heard_by_nobody,
) -> Plan:
    """Design a backbone for one load.

    Parameters
    ----------
    before
        A plan that stands: nothing of it is moved or taken out, and only what is added costs.
    start
        The opening, where it is known already (``started``).
    lanes
        Where the capacity problem looks at its cases; in this process without.
    memory
        What an interrupted design of the same input reached; it goes on from there.
    clock
        Read between flows and rounds, against ``ask.time_limit_s``.
    heard
        Told what designing placement and network together came to, where that is asked for.

    Raises
    ------
    InfeasibleError
        No plan exists on the candidates; it names the demand, what collides and what would free it.
    ModelError
        The load is unknown.
    SolverError
        GNPy or HiGHS stopped without an answer, or the search found no way that nothing rules out.
    """
    until_s = clock() + ask.time_limit_s
    deadline = Deadline(lambda: until_s - clock())
    run = Run(report=report, memory=memory or Memory(), deadline=deadline)
    load_named(network, ask.load)
    start = start or started(network, ask, before, run)
    bounds = _bounds(start, ask, start.first, run)
    first = next(bounds)
    start, found, less = _doubled(start, ask, _searched(start, ask, first, run), run)
    lead = _led(start, ask, found, run, lanes)
    start, found, eased = _better(start, ask, found, lead, run)
    plan = msgspec.structs.replace(
        drawn(start, found),
        load=ask.load,
        seed=ask.seed,
        input_hash=input_hash(network, ask, before),
        versions={"arterial": __version__, **{name: version(name) for name in ENGINES}},
    )
    added = plan.cost - start.uncharged.stand_cost
    least = added * (1.0 - ask.gap) - start.edge_cost
    known = -math.inf if less or eased else first.bound, -math.inf if eased else lead.floor
    best = run.step(
        "bound", float, lambda: _lifted((start, found), bounds, (*known, least), ask, run)
    )
    gap = _gap(added, start, best)
    status = _status(network, gap, ask, run)
    if before is not None:
        plan = whole(plan, network)
        gap = gap * added / plan.cost if plan.cost else 0.0
    bound = plan.cost * (1.0 - gap)
    plan = msgspec.structs.replace(plan, bound=bound, gap=gap, status=status)
    if ask.joint_rounds:
        plan = _together(start, ask, found, plan, run=run, heard=heard)
    # Spares come last: the bound knows none, so they must not keep the search from its gap.
    return plan if start.sections is None else restorable(plan, start.sections, spares=ask.spares)


def _bounds(start: Opening, ask: Ask, found: Found, run: Run) -> Iterator[Bounded]:
    """Bounds of what is asked; whole rounds start from a design."""
    return lower_bounds(
        start.uncharged,
        start.flows,
        rounds=ask.bound_rounds,
        seed=ask.seed,
        known=restored(start.uncharged, start.flows, found.placements),
        deadline=run.deadline,
    )


def started(
    network: Network,
    ask: Ask,
    before: Plan | None,
    run: Run,
    others: tuple[Plan, ...] = (),
) -> Opening:
    """What a design works on, and where it starts; pairs that a plan lit are lit.

    Close to a plan its edges are built too, and other designs of the same demands are tried.
    """
    close = None
    if before is not None:
        network = with_pairs(network, before)
        if ask.worth is not None:
            edges = {site for row in before.replicas for site in (row.edge, row.failover)}
            network = with_edges(network, edges)
            close = Close(plan=before, worth=ask.worth, others=others)
    return opened(
        network,
        ask.load,
        run,
        express=ask.express,
        cover=ask.cover,
        shape=ask.shape,
        before=before,
        close=close,
        ahead=ask.ahead,
    )


def _searched(start: Opening, ask: Ask, floor: Bounded, run: Run) -> Found:
    """The best placements found."""
    best = start.first
    rounds = run.rounds(start.chooser, start.flows, rounds=ask.rounds, start=start.first)
    for found in rounds:
        run.report("search", found.round, ask.rounds)
        if not start.fits(found):
            continue
        best = found
        near = _gap(found.bill + start.edge_cost, start, floor.bound) <= ask.gap
        if near and not ask.joint_rounds:  # what is saved is told against a search that ended
            break
    return best


@dataclass(frozen=True)
class _Lead:
    """A design after the capacity problem's lead, and the bound of that; -inf without it."""

    found: Found
    floor: float = -math.inf


def _led(start: Opening, ask: Ask, found: Found, run: Run, lanes: LanesOf | None) -> _Lead:
    def led() -> _Lead:
        if run.late:
            return _Lead(found)
        # Prices of changes, and of what is not leant on, are in it and not in the plan's cost.
        true = start.ahead is None and (start.close is None or not start.close.worth)
        ends = true and not ask.joint_rounds

        def enough(one: Found, bound: float) -> bool:
            return ends and _gap(one.bill + start.edge_cost, start, bound) <= ask.gap

        better, floor = bettered(
            start,
            found,
            Guided(
                rounds=ask.rounds,
                core_rounds=ask.core_rounds,
                bound_rounds=ask.bound_rounds if true else 0,
                seed=ask.seed,
                enough=enough,
            ),
            report=run.report,
            lanes=lanes,
            deadline=run.deadline,
        )
        fit = better if start.fits(better) else found
        return _Lead(fit, floor if true else -math.inf)

    return run.step("led", _Lead, led) if ask.core_rounds else _Lead(found)


def _lifted(
    design: tuple[Opening, Found],
    bounds: Iterator[Bounded],
    known: tuple[float, float, float],
    ask: Ask,
    run: Run,
) -> float:
    """The best bound: of cut sets, of the capacity problem, raised until it is enough.

    No round of whole waves is made where what it adds would not reach the capacity problem's.
    """
    first, core, least = known
    if design[0].instance.double.any() and not (run.late and math.isfinite(max(first, core))):
        bounds = _bounds(design[0], ask, design[1], run)
        first = next(bounds).bound
    best = max(first, core)
    while best < least and first * (1.0 + WHOLE_ADDS) >= core and not run.late:
        step = next(bounds, None)
        if step is None:
            break
        best = max(best, step.bound)
        run.report("bound", step.round, 1 + ask.bound_rounds)
    return best


def _better(
    start: Opening, ask: Ask, found: Found, lead: _Lead, run: Run
) -> tuple[Opening, Found, bool]:
    """The design after a lead, if it costs less with ways for every double cut.

    Tells too whether a shape is asked for less by now.
    """
    if lead.found.cost >= found.cost:
        return start, found, False
    after, better, eased = _doubled(start, ask, lead.found, run.under("after the lead"))
    return (after, better, eased) if better.cost < found.cost else (start, found, False)


def _doubled(start: Opening, ask: Ask, found: Found, run: Run) -> tuple[Opening, Found, bool]:
    """The design with ways for every double cut that a rule speaks of.

    Tells too whether a shape is asked for less by now: bounds of before are none of that.
    """
    asked = Asked(start.chooser, start.flows, start.demands, start.sited.replicas, start.held)
    asked, found = covered(asked, found, rounds=ask.rounds, run=run)
    less = asked.held != start.held
    held = replace(start, chooser=asked.chooser, flows=asked.flows, held=asked.held)
    return held, found, less


def _together(
    start: Opening,
    ask: Ask,
    found: Found,
    plan: Plan,
    *,
    run: Run,
    heard: Callable[[Together], None],
) -> Plan:
    """The plan after its placement was moved with its network."""
    free = ask.cover is None and ask.shape is None and start.instance.stand_cost == 0.0
    assert free, "placement is moved only where nothing stands and nothing holds it"
    plan = together(
        start,
        found,
        plan,
        load=ask.load,
        rounds=ask.joint_rounds,
        search_rounds=ask.rounds,
        seed=ask.seed,
        express=ask.express,
        run=run.under("together"),
        heard=heard,
    )
    if not run.memory.cut:
        return plan
    status = _status(start.instance.ground.network, plan.gap, ask, run)
    return msgspec.structs.replace(plan, status=status)


def _gap(cost: float, start: Opening, bound: float) -> float:
    """Relative gap of a plan's cost to a bound on what is built between the sites."""
    return max(0.0, (cost - bound - start.edge_cost) / cost) if cost else 0.0


def _status(network: Network, gap: float, ask: Ask, run: Run) -> Status:
    buys = network.fibres or any(link.for_sale for link in network.links)
    if not buys:
        return "fixed"
    return "gap" if gap <= ask.gap else "time" if run.memory.cut else "rounds"
