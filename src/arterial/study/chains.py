"""Chains of plans side by side: year by year, and such as build ahead for the whole horizon.

In a chain that builds ahead, every phase's design leans on light and pairs that some phase needs:
on what a way of building buys in all of them, or on what the chain year by year ends with. Each is
carried to its last phase unless it is as dear before, and the cheapest of all is kept: never dearer
than year by year. All stand in folders of their own, so that a run that was stopped goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from arterial.design.ahead import Ahead
from arterial.design.horizon import Horizon
from arterial.design.horizon_lead import ahead_of, ahead_of_plan
from arterial.design.horizon_ways import Way
from arterial.errors import InfeasibleError, SolverError
from arterial.model.network import Network
from arterial.plan.store import read_plan, write_plan
from arterial.study.chain import PhasePlan, Terms, chained, known_plan, plan_place
from arterial.study.stopwatch import Stopwatch

__all__ = ["Chain", "Chains", "Plans", "chains_of"]

Plans = Literal["whole", "yearly", "none"]

SURCHARGES = (0.1, 0.5)
"""On what a design does not lean on, as a share of its price. Measured on the drill and the
reference network: a tenth does best, and beyond the half more is lost in a phase than later."""
YEARLY = "year by year"
TRIED = ".chains"
"""Folder of all that were tried."""


class Chain(Struct, frozen=True, kw_only=True):
    """A chain of plans in figures."""

    chain: str
    folder: str
    cost: float
    """What its plans add, discounted; inf where it was given up."""
    by_phase: tuple[float, ...]
    """As far as it went."""
    kept: bool
    ended: str
    """Why it has not all phases; empty where it has."""


class Chains(Struct, frozen=True, kw_only=True):
    """All that were tried, and the plans of the cheapest."""

    tried: tuple[Chain, ...]
    """Year by year first."""
    plans: tuple[PhasePlan, ...]


class ChainTerms(Terms, Protocol):
    """What chains need to know of a question."""

    @property
    def plans(self) -> Plans:
        """Which chains are made."""
        ...

    @property
    def leads(self) -> int:
        """Chains that build ahead, at most."""
        ...


@dataclass(frozen=True)
class _Run:
    chain: Chain
    plans: tuple[PhasePlan, ...]
    error: InfeasibleError | SolverError | None


def chains_of(
    horizon: Horizon, ways: Sequence[Way], folder: Path, terms: ChainTerms, watch: Stopwatch
) -> Chains:
    """Make chains of plans; those of the kept one stand in ``folder``, a folder a phase.

    Parameters
    ----------
    ways
        What was bought for the horizon, that of the whole first.

    Raises
    ------
    InfeasibleError
        A phase finds no plan on top of what stands, whichever way it was built.
    """
    network = horizon.outlook.network
    if terms.plans == "yearly":
        rows = chained(network, folder, terms, watch)
        chain = _chain(YEARLY, folder, rows, "")
        return Chains(tried=(msgspec.structs.replace(chain, kept=True),), plans=rows)
    runs = list(_runs(horizon, ways, folder / TRIED, terms, watch))
    best = min(runs, key=lambda run: run.chain.cost)
    kept = [
        msgspec.structs.replace(run.chain, kept=True, folder=str(folder))
        if run is best
        else run.chain
        for run in runs
    ]
    return Chains(tried=tuple(kept), plans=_copied(best.plans, folder, watch))


def _runs(
    horizon: Horizon, ways: Sequence[Way], folder: Path, terms: ChainTerms, watch: Stopwatch
) -> Iterator[_Run]:
    """Year by year first, then those that build ahead; raises where none comes to its end."""
    network = horizon.outlook.network
    first = _run(network, YEARLY, folder / YEARLY.replace(" ", "-"), terms, watch)
    yield first
    most = first.chain.cost
    leads = list(_leads(horizon, ways, first.plans))[: terms.leads]
    for number, (name, aheads) in enumerate(leads):
        watch("chains", number, len(leads))
        place = folder / f"ahead-{number + 1}"
        run = _run(network, name, place, terms, watch, aheads=aheads, most=most)
        yield run
        most = min(most, run.chain.cost)
    if first.error is not None and most == inf:
        raise first.error


def _leads(
    horizon: Horizon, ways: Sequence[Way], first: Sequence[PhasePlan]
) -> Iterator[tuple[str, tuple[Ahead, ...]]]:
    """(name, what each phase leans on): the lightest surcharge first."""
    phases = len(horizon.outlook.stages)
    known = [way for way in ways if way.draw < 0 and len(way.columns)]
    for surcharge in SURCHARGES:
        told = f"+{100 * surcharge:.0f} %"
        if len(first) == phases:
            end = ahead_of_plan(read_plan(Path(first[-1].plan)), surcharge=surcharge)
            yield f"ahead to its own end, {told}", (end,) * phases
        for way in known:
            yield (
                f"ahead by {way.name}, {told}",
                (ahead_of(horizon, way.columns, surcharge=surcharge),) * phases,
            )


def _run(
    network: Network,
    name: str,
    place: Path,
    terms: ChainTerms,
    watch: Stopwatch,
    *,
    aheads: Sequence[Ahead] = (),
    most: float = inf,
) -> _Run:
    """A chain as far as it goes."""
    try:
        rows = chained(network, place, terms, watch, aheads=aheads, most=most)
    except (InfeasibleError, SolverError) as error:
        return _Run(_chain(name, place, (), "a phase finds no plan"), (), error)
    ended = "" if len(rows) == len(network.phases) else "dearer before its end"
    return _Run(_chain(name, place, rows, ended), rows, None)


def _chain(name: str, place: Path, rows: Sequence[PhasePlan], ended: str) -> Chain:
    by_phase = tuple(row.added_discounted for row in rows)
    return Chain(
        chain=name,
        folder=str(place),
        cost=inf if ended else sum(by_phase),
        by_phase=by_phase,
        kept=False,
        ended=ended,
    )


def _copied(plans: Sequence[PhasePlan], folder: Path, watch: Stopwatch) -> tuple[PhasePlan, ...]:
    """The plans of a chain in the folder where they are looked for."""
    rows: list[PhasePlan] = []
    for row in plans:
        plan, place = read_plan(Path(row.plan)), plan_place(folder, row.phase)
        if known_plan(place, plan.input_hash) is None:
            write_plan(plan, place, watch.facts())
        rows.append(msgspec.structs.replace(row, plan=str(place)))
    return tuple(rows)
