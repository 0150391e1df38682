"""``arterial design``."""

import math
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.design_close import MostChanges, StayCloseTo, Worth, asked, close_page
from arterial.cli.options import Count, Json, Limit, Load, Network, Output, Ray, Share, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, percent
from arterial.design.candidates import Express
from arterial.design.restoration import SparesAsked
from arterial.plan.rows import Serving
from arterial.study import design as study
from arterial.study.close import close

__all__ = ["design"]

_DEFAULT = study.Question()

_BoundRounds = Annotated[
    Count,
    Parameter(help="Rounds with whole waves for a better bound; 2 to 25 s each on a continent."),
]
_CoreRounds = Annotated[
    Count,
    Parameter(help="Rounds of the capacity problem, which bounds and leads; about 3 s each."),
]
_ExpressAsked = Annotated[
    Express,
    Parameter(help="Links past routers: none, for large demands, or besides two neighbours apart."),
]
_SparesAsked = Annotated[
    SparesAsked,
    Parameter(help="Spare regenerators: none, those that stand, or as many as restoration asks."),
]
_JointRounds = Annotated[
    Count,
    Parameter(
        help="Rounds in which edges and replicas move with their network; 5 to 10 s each on a"
        " continent, and two minutes for a bound for all placements."
    ),
]


def design(
    network: Network,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder for the plan.")],
    load: Load = "",
    gap: Annotated[
        Share, Parameter(help="Stop at this gap between cost and bound.")
    ] = _DEFAULT.gap,
    time_limit: Annotated[
        Limit, Parameter(help="Seconds after which the best so far is the plan; it says so.")
    ] = math.inf,
    rounds: Annotated[Count, Parameter(help="Rounds of search at most.")] = _DEFAULT.rounds,
    bound_rounds: _BoundRounds = _DEFAULT.bound_rounds,
    core_rounds: _CoreRounds = _DEFAULT.core_rounds,
    joint_rounds: _JointRounds = _DEFAULT.joint_rounds,
    seed: Annotated[Count, Parameter(help="Seed of every random draw.")] = _DEFAULT.seed,
    express: _ExpressAsked = _DEFAULT.express,
    spares: _SparesAsked = _DEFAULT.spares,
    stay_close_to: StayCloseTo = None,
    changes: MostChanges = None,
    worth: Worth = None,
    ray: Ray = "",
    fresh: Annotated[
        bool, Parameter(negative=(), help="Forget what an interrupted run had reached.")
    ] = False,
    resume: Annotated[
        bool,
        Parameter(negative=(), help="Go on, but refuse what a run of another question kept."),
    ] = False,
    json: Json = False,
) -> int:
    """Design a backbone for a load and write the plan.

    Stopped or killed, the same command goes on from the last step. Exits 0 with a plan, 3 with the
    best so far when time ended first, 1 when none exists: what collides, and what would free it.
    """
    question = study.Question(
        load=load,
        gap=gap,
        time_limit_s=time_limit,
        rounds=rounds,
        bound_rounds=bound_rounds,
        core_rounds=core_rounds,
        joint_rounds=joint_rounds,
        seed=seed,
        express=express,
        spares=spares,
        ray=ray,
    )
    begin = study.begin_of(fresh=fresh, resume=resume)
    near = asked(stay_close_to, changes, worth)
    if near is not None:
        with Progress() as report:
            told = close(network, output, question, near, begin=begin, report=report)
        answer(told, close_page(_page), as_json=json)
        return _code(told.design)
    with Progress() as report:
        result = study.design(network, output, question, begin=begin, report=report)
    answer(result, _page, as_json=json)
    return _code(result)


def _code(done: study.Designed) -> int:
    """Of a plan that time ended before the gap was met: 3."""
    return 3 if done.status == "time" else 0


def _page(done: study.Designed) -> None:
    heading(f"{done.network}, load {done.load}: plan written to {done.plan}")
    facts(
        [
            ("cost", f"{amount(done.cost, 1)} (one 400G long-haul pluggable = 1)"),
            ("bound", f"{amount(done.bound, 1)}, {done.bound_scope}: {done.bound_note or '-'}"),
            ("gap", percent(done.gap)),
            ("stopped by", done.status),
            ("waves", str(done.waves)),
            ("IP links", str(done.ip_links)),
            ("edges with replicas", str(done.replicas)),
            ("tunnels", str(done.tunnels)),
            ("spare regenerators", f"{done.spares} for {amount(done.spares_cost, 1)}"),
            ("router hops", _both(done.roads.hops, done.roads.hops_people)),
            ("stretch", _both(done.roads.stretch, done.roads.stretch_people)),
            *(("replicas", _stand(row)) for row in done.serving or ()),
            *_joint(done.joint),
            *(("bought", told) for told in done.bought),
            *(("long repair", told) for told in done.subsea),
            *(
                ("owed nothing", f"{', '.join(row.names)} after {' + '.join(row.fibres)}")
                for row in done.excepted or ()
            ),
            ("seconds", amount(done.seconds, 1)),
            ("plan hash", done.plan_hash),
        ]
    )


def _stand(row: Serving) -> str:
    power = "unknown power" if math.isnan(row.kw) else f"{amount(row.kw, 1)} kW"
    return f"{row.edge}: {row.replicas} of {row.model}, {row.gpus} accelerators, {power}"


def _joint(told: study.Joint | None) -> list[tuple[str, str]]:
    if told is None:
        return []
    apart = f"{amount(told.apart_cost, 1)} (bound {amount(told.apart_bound, 1)})"
    return [("placement first", apart), ("saved by designing together", percent(told.saving))]


def _both(by_traffic: float, by_people: float) -> str:
    return f"{amount(by_traffic, 2)} by traffic, {amount(by_people, 2)} by people"
