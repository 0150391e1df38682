"""``design``: a network folder to a plan folder, resumable.

Rounds are recorded beside the plan as they end; a run that was killed goes on from the last one
when the same question is asked again, and starts anew for another question.
"""

from collections.abc import Callable, Iterator
from math import isnan
from pathlib import Path

from msgspec import UNSET, Struct, UnsetType, structs

from arterial.clock import Clock, seconds
from arterial.design import engine
from arterial.design.candidates import Express
from arterial.design.guided import LanesOf
from arterial.design.joint.together import Together, heard_by_nobody
from arterial.design.restoration import SparesAsked
from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.plan.plan import Plan, Status
from arterial.plan.rows import Serving
from arterial.plan.store import plan_hash, write_plan
from arterial.plan.verdict import Excepted
from arterial.prove.exposure import Exposure, exposures
from arterial.prove.promised import after_two_cuts
from arterial.prove.two_cuts import excepted_rows
from arterial.report.roads import Roads, roads
from arterial.report.words import counted
from arterial.study.cases import misused
from arterial.study.core_lanes import core_lanes
from arterial.study.kept_design import LEDGER, Begin, begin_of, kept_design
from arterial.study.stopwatch import Stopwatch

__all__ = [
    "LEDGER",
    "Designed",
    "Joint",
    "Question",
    "ask_of",
    "begin_of",
    "check_ray",
    "design",
    "designed",
    "figures_of",
    "first_load",
]


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of a design."""

    load: str = ""
    """Empty asks for the network's first load."""
    gap: float = 0.08
    time_limit_s: float = float("inf")
    rounds: int = 6
    bound_rounds: int = 1
    core_rounds: int = 0
    joint_rounds: int = 0
    seed: int = 0
    express: Express = "large"
    spares: SparesAsked = "installed"
    ray: str = ""
    """Address of a Ray cluster for the capacity problem's cases; the plan is the same without."""


class Joint(Struct, frozen=True, kw_only=True):
    """Placement and network designed together, beside placement first and capacity after."""

    apart_cost: float
    apart_bound: float
    """Of the network for the placement that came first, its edges included."""
    cost: float
    """Without spare regenerators, as is ``apart_cost``."""
    saving: float
    """(apart_cost - cost) / apart_cost."""
    bound: float
    """No placement with its network costs less."""
    gap: float
    rounds: int
    """Rounds that found something cheaper."""


class Designed(Struct, frozen=True, kw_only=True):
    """A plan in figures; the plan itself stands in its folder."""

    plan: str
    plan_hash: str
    network: str
    load: str
    cost: float
    bound: float
    gap: float
    bound_scope: str
    bound_note: str
    waves: int
    lightpaths: int
    ip_links: int
    replicas: int
    tunnels: int
    spares: int
    """Spare regenerators bought for restoration."""
    spares_cost: float
    """Part of the cost, and of the gap: the bound knows no spares."""
    search_gap: float
    """Gap of the rest of the cost."""
    roads: Roads
    """IP links on the way and stretch, by traffic and by people."""
    bought: tuple[str, ...]
    """Units of ready-made links that the plan buys."""
    subsea: tuple[str, ...]
    """Wet fibres in use, each with its system and how long a cut takes to mend; likewise links that
    take a week or more. Where a further cut would leave demands no way meanwhile, that is told."""
    excepted: tuple[Excepted, ...] | None
    """Double cuts of fibres in use that leave somebody no way in time, whoever builds; None where
    no rule speaks of double cuts."""
    seconds: float
    status: Status
    input_hash: str
    seed: int
    joint: Joint | None = None
    """What designing together came to; None where it was not asked for."""
    serving: tuple[Serving, ...] | UnsetType = UNSET
    """Replicas that stand at each edge; absent where the network does not say what one takes."""


def design(
    network_folder: Path,
    plan_folder: Path,
    question: Question,
    *,
    begin: Begin = "on",
    report: Report = silent,
    clock: Clock = seconds,
) -> Designed:
    """Design a backbone and write its plan.

    Raises
    ------
    ModelError
        The description is wrong or holds no such load.
    DamagedError
        What the folder keeps is another question's, and ``begin`` asks to go on from it.
    InfeasibleError
        No plan exists; any older plan stays.
    InterruptedRunError
        The user stopped it; what was reached is on disk.
    SolverError
        A solver or a cluster stopped without an answer.
    """
    watch = Stopwatch(report)
    check_ray(question)
    watch("reading the network", 0, 1)
    network = load_network(network_folder)
    if question.joint_rounds and any("fibre2" in rule.after for rule in network.policy.rules):
        found = "placements are moved without ways for two cuts, and a rule asks for these"
        raise misused("--joint-rounds", found, "Leave it out, or the rule's fibre2")
    ask = ask_of(network, network_folder, question)
    told: list[Together] = []
    with core_lanes(question.ray) as lanes:
        plan = designed(
            network,
            plan_folder,
            ask,
            begin=begin,
            watch=watch,
            lanes=lanes,
            heard=told.append,
            clock=clock,
        )
    figures = figures_of(plan, plan_folder, watch.elapsed_s)
    return structs.replace(figures, joint=_joint(told[-1])) if told else figures


def ask_of(network: Network, folder: Path, question: Question) -> engine.Ask:
    """What the engine is asked; the first load where none is named."""
    return engine.Ask(
        load=question.load or first_load(network, folder),
        gap=question.gap,
        rounds=question.rounds,
        bound_rounds=question.bound_rounds,
        core_rounds=question.core_rounds,
        joint_rounds=question.joint_rounds,
        time_limit_s=question.time_limit_s,
        seed=question.seed,
        express=question.express,
        spares=question.spares,
    )


def check_ray(question: Question) -> None:
    """Raises ModelError where a cluster would have nothing to do."""
    if question.ray and not question.core_rounds:
        found = "the cluster would look at cases of the capacity problem, and no round is asked for"
        raise misused("--ray", found, "Give --core-rounds too")


def _joint(told: Together) -> Joint:
    return Joint(
        apart_cost=told.apart_cost,
        apart_bound=told.apart_bound,
        cost=told.cost,
        saving=told.saving,
        bound=told.bound,
        gap=(told.cost - told.bound) / told.cost if told.cost else 0.0,
        rounds=told.rounds,
    )


def first_load(network: Network, folder: Path) -> str:
    """The load that is meant where none is named.

    Raises ModelError where there is none.
    """
    if not network.loads:
        expected = "Add a load to `loads`: it names the workloads that run together"
        place = str(folder / NETWORK_FILE)
        problem = Problem(file=place, field="loads", found="there is no load", expected=expected)
        raise ModelError([problem])
    return network.loads[0].name


def designed(
    network: Network,
    folder: Path,
    ask: engine.Ask,
    *,
    begin: Begin = "on",
    watch: Stopwatch,
    lanes: LanesOf | None = None,
    heard: Callable[[Together], None] = heard_by_nobody,
    clock: Clock = seconds,
) -> Plan:
    """The plan of a network that is read already, written to its folder; resumable.

    Raises as ``design`` does.
    """
    with kept_design(folder, engine.input_hash(network, ask), begin, watch) as memory:
        plan = engine.design(
            network, ask, report=watch, memory=memory, lanes=lanes, heard=heard, clock=clock
        )
        watch("writing the plan", 0, 1)
        write_plan(plan, folder, watch.facts())
    return plan


def _bought(plan: Plan) -> Iterator[str]:
    for link in plan.ip_links:
        if link.units:
            units = counted(link.units, "unit")
            yield f"{link.kind} {link.name}: {units}, {link.capacity_gbps:g} Gb/s"


def _told(one: Exposure) -> str:
    name = f"{one.element} (system {one.system})" if one.system else one.element
    weeks = "an unknown time" if isnan(one.repair_weeks) else f"{one.repair_weeks:g} weeks"
    told = f"{name}: a cut takes {weeks} to mend"
    if not one.demands:
        return told
    bare = f"{counted(len(one.demands), 'demand')} ({one.gbps:.4g} Gb/s)"
    return f"{told}; meanwhile one more cut leaves {bare} no way, worst {one.worst_case}"


def figures_of(plan: Plan, folder: Path, seconds: float) -> Designed:
    """A plan in figures."""
    return Designed(
        plan=str(folder),
        plan_hash=plan_hash(plan),
        network=plan.network.name,
        load=plan.load,
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        bound_scope=plan.bound_scope,
        bound_note=plan.bound_note,
        waves=sum(link.waves for link in plan.ip_links),
        lightpaths=len(plan.lightpaths),
        ip_links=len(plan.ip_links),
        replicas=len({row.edge for row in plan.replicas}),
        tunnels=len(plan.tunnels),
        spares=sum(row.regenerators for row in plan.spares),
        spares_cost=plan.spares_cost,
        search_gap=plan.search_gap,
        roads=roads(plan),
        bought=tuple(_bought(plan)),
        subsea=tuple(_told(one) for one in exposures(plan)),
        excepted=excepted_rows(plan) if after_two_cuts(plan) else None,
        seconds=round(seconds, 3),
        status=plan.status,
        input_hash=plan.input_hash,
        seed=plan.seed,
        serving=plan.serving,
    )
