"""``arterial evolve``."""

from math import isnan
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Count, Json, Network, Output, Picture, Share, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, percent, table
from arterial.study import evolve as study

__all__ = ["evolve"]

_DEFAULT = study.Question()
_MOST = 40
"""Orders shown; all of them stand in the answer."""
_CASES = 5
"""Cases shown that are not proved; all of them stand in the answer."""


def evolve(
    network: Network,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder for the plans, one a phase.")],
    demand: Annotated[
        study.Demand,
        Parameter(help="Each phase's matrix, its hose, or its further loads as well."),
    ] = _DEFAULT.demand,
    gap: Annotated[
        Share, Parameter(help="Stop at this gap between capacity's cost and bound.")
    ] = _DEFAULT.gap,
    rounds: Annotated[
        Count, Parameter(help="Rounds of each capacity problem at most.")
    ] = _DEFAULT.rounds,
    draws: Annotated[
        Count, Parameter(help="Draws of forecasts for the rolling horizon.")
    ] = _DEFAULT.draws,
    plans: Annotated[
        study.Plans,
        Parameter(
            help="A plan of every phase: ahead for the whole horizon, each for itself, none."
        ),
    ] = _DEFAULT.plans,
    leads: Annotated[
        Count, Parameter(help="Chains of plans that build ahead, at most; the cheapest is kept.")
    ] = _DEFAULT.leads,
    picture: Annotated[
        Picture, Parameter(help="SVG of costs over the years and what is built when.")
    ] = None,
    seed: Annotated[Count, Parameter(help="Seed of every random draw.")] = _DEFAULT.seed,
    json: Json = False,
) -> int:
    """Plan for all phases of a network and write a plan of each.

    Nothing that was built is taken out. Exits 0 with an answer, 1 when some phase cannot be built.
    """
    question = study.Question(
        demand=demand, gap=gap, rounds=rounds, draws=draws, plans=plans, leads=leads, seed=seed
    )
    with Progress() as report:
        result = study.evolve(network, output, question, picture=picture, report=report)
    answer(result, _page, as_json=json)
    return 0


def _page(done: study.Evolved) -> None:
    heading(f"{done.network}, {done.years[0]} to {done.years[-1]}: written to {done.folder}")
    facts(
        [
            ("bound", f"{amount(done.bound, 1)}, discounted: {done.bound_scope}"),
            ("edges, in every figure", amount(done.edge_cost, 1)),
            *_matrices(done),
            *_kept(done),
            *((("picture", done.picture),) if done.picture else ()),
        ]
    )
    _ways(done)
    _lasts(done)
    _hose(done)
    _chains(done)
    _plans(done)
    _orders(done)


def _matrices(done: study.Evolved) -> list[tuple[str, str]]:
    if done.demand != "hose":
        return []
    end = "no further one was found" if done.matrices_closed else "stopped by rounds"
    return [("matrices added", f"{done.matrices}; {end}")]


def _kept(done: study.Evolved) -> list[tuple[str, str]]:
    if not done.plans:
        return []
    told = f"{percent(done.plans_over_bound)} above the bound"
    if isnan(done.plans_over_bound):
        told = "on candidates or replicas that the bound does not know"
    return [("plans", f"{amount(done.plans_cost, 1)}, discounted; {told}")]


def _ways(done: study.Evolved) -> None:
    table(
        ["way of building", "cost>", "above the bound>", *(f"{year}>" for year in done.years)],
        [
            [row.way, amount(row.cost, 1), percent(row.over_bound)]
            + [amount(cost, 1) for cost in row.by_phase]
            + ["-"] * (len(done.years) - len(row.by_phase))
            for row in done.ways
        ],
    )


def _lasts(done: study.Evolved) -> None:
    table(
        ["what stands after", "way of building", "no longer enough from"],
        [
            [
                f"{row.phase} ({row.year})",
                row.way,
                f"after {done.years[-1]}"
                if row.runs_out is None
                else f"{row.runs_out}{'' if row.proved else ', not proved'}",
            ]
            for row in done.lasts
        ],
    )


def _hose(done: study.Evolved) -> None:
    if not done.hose:
        return
    table(
        [
            "every matrix of the hose",
            "way of building",
            "cases>",
            "proved>",
            "unknown>",
            "fullest>",
        ],
        [
            [
                f"{row.phase} ({row.year})",
                row.way,
                str(row.cases),
                str(row.proved),
                str(row.cases - row.proved),
                percent(row.fill),
            ]
            for row in done.hose
        ],
    )
    for row in done.hose:
        if row.unknown:
            more = len(row.unknown) - _CASES
            told = ", ".join(row.unknown[:_CASES]) + (f" and {more} more" if more > 0 else "")
            large = f"; {row.too_large} too large to ask" if row.too_large else ""
            facts([(f"unknown, {row.phase}", f"{told}{large}")])


def _chains(done: study.Evolved) -> None:
    if len(done.chains) > 1:
        table(
            ["chain of plans", "discounted>", *(f"{year}>" for year in done.years), ""],
            [
                [row.chain, amount(row.cost, 1)]
                + [amount(cost, 1) for cost in row.by_phase]
                + ["-"] * (len(done.years) - len(row.by_phase))
                + ["kept" if row.kept else row.ended]
                for row in done.chains
            ],
        )


def _plans(done: study.Evolved) -> None:
    if done.plans:
        table(
            ["plan", "in service", "waves>", "new>", "added>", "discounted>", "gap>"],
            [
                [
                    row.plan,
                    str(row.year),
                    str(row.waves),
                    str(row.new_waves),
                    amount(row.added, 1),
                    amount(row.added_discounted, 1),
                    percent(row.gap),
                ]
                for row in done.plans
            ],
        )


def _orders(done: study.Evolved) -> None:
    table(
        ["order by", "for", "item", "where", "kind", "pieces>", "cost>"],
        [
            [
                row.order_by,
                row.phase,
                row.item,
                row.where,
                row.kind,
                str(row.quantity),
                amount(row.cost, 1),
            ]
            for row in done.orders[:_MOST]
        ],
    )
    if len(done.orders) > _MOST:
        facts([("orders not shown", f"{len(done.orders) - _MOST}; --json lists all")])
