"""``design --stay-close-to``: a plan on top of one that stands, with few changes, and its price.

Two designs are made: one that keeps what stands and pays for each change, or makes no more than so
many; and one that is free, as if nothing stood. What is built, freed and moved is told by ``diff``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import Struct, structs

from arterial.clock import Clock, seconds
from arterial.design import engine
from arterial.design.close import least_waves
from arterial.design.guided import LanesOf
from arterial.design.run import Run
from arterial.errors import ModelError, Problem, SolverError
from arterial.jobs.deadline import Deadline
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan, write_plan
from arterial.report.built import built, retuned
from arterial.report.moved import served
from arterial.report.same_links import link_pairs
from arterial.report.words import counted
from arterial.study.cases import misused
from arterial.study.chain import added_cost
from arterial.study.core_lanes import core_lanes
from arterial.study.design import Designed, Question, ask_of, check_ray, figures_of
from arterial.study.diff import Differs, diff
from arterial.study.kept_design import Begin, kept_design
from arterial.study.stopwatch import Stopwatch

__all__ = ["Changes", "Closed", "FreeDesign", "Near", "changes_of", "close"]

WORTHS = (0.0, 1.0, 4.0, 16.0, 64.0)
"""Prices of a change that are tried one after the other until changes are few enough, in cost
units: from nothing to more than any wave."""


FREE_SHARE = 0.5
"""Of the time there is, what the free design may take: it is not the one that is asked for."""


class Near(Struct, frozen=True, kw_only=True):
    """What to stay close to, and how close."""

    plan: Path
    worth: float | None = None
    """Cost units that a change must save; None is 0."""
    changes: int | None = None
    """Most changes; None sets no limit."""


class Changes(Struct, frozen=True, kw_only=True):
    """What differs from the plan that stands; what follows from these is in ``differs``."""

    total: int
    waves_built: int
    waves_freed: int
    waves_moved: int
    """On other fibres, another pair or another frequency."""
    markets_moved: int
    """Another edge answers."""
    replicas_moved: int
    """The fail-over stands elsewhere."""


class FreeDesign(Struct, frozen=True, kw_only=True):
    """The design of the same load as if nothing stood, set against what does."""

    cost: float
    bound: float
    gap: float
    added: float
    """What it buys beyond what stands; what it frees brings nothing in."""
    changes: Changes


class Closed(Struct, frozen=True, kw_only=True):
    """A design that stays close to a plan."""

    design: Designed
    """Its cost and bound are of all that stands then; the bound keeps what stands too."""
    close_to: str
    worth: float
    """The price of a change that it was made with."""
    most_changes: int | None
    changes: Changes
    least_changes: int
    """No design on these candidates and replicas makes fewer."""
    added: float
    """What it buys beyond what stands."""
    added_bound: float
    charged: float
    """``added`` and the price of all changes."""
    charged_bound: float
    free: FreeDesign
    stays_cost: float
    """Cost of staying close: this plan's less the free one's."""
    stays_added: float
    """The same of what is bought now; below 0 where staying close is cheaper."""
    differs: Differs
    """All that changes, from the plan that stands to this one."""


def close(
    network_folder: Path,
    plan_folder: Path,
    question: Question,
    near: Near,
    *,
    begin: Begin = "on",
    report: Report = silent,
    clock: Clock = seconds,
) -> Closed:
    """Design a backbone on top of a plan that stands and write the new plan.

    Raises
    ------
    ModelError
        The description is wrong, or the plan stands on what the network no longer has.
    InfeasibleError
        No plan exists on top of what stands.
    SolverError
        No design with so few changes was found.
    DamagedError
        What the folder keeps is another question's, and ``begin`` asks to go on from it.
    InterruptedRunError
        The user stopped it; what was reached is on disk.
    """
    until_s = clock() + question.time_limit_s
    deadline = Deadline(lambda: until_s - clock())
    watch = Stopwatch(report)
    check_ray(question)
    if question.joint_rounds:
        found = "markets that stay where they are cannot be moved together with their network"
        raise misused("--joint-rounds", found, "Give it or --stay-close-to, not both")
    watch("reading the network", 0, 1)
    network, before = load_network(network_folder), read_plan(near.plan)
    _check(network, before, near)
    ask = ask_of(network, network_folder, question)
    key = f"{engine.input_hash(network, ask, before)} {near.worth} {near.changes}"
    with kept_design(plan_folder, key, begin, watch) as memory, core_lanes(question.ray) as lanes:
        run = Run(report=watch, memory=memory, deadline=deadline)
        work = _Work(network=network, before=before, ask=ask, run=run, lanes=lanes, clock=clock)
        free = run.step("free design", Plan, work.free)
        found = _found(work, free, near)
        enough = near.changes is None or found.changes.total <= near.changes
        if enough or memory.cut:
            watch("writing the plan", 0, 1)
            write_plan(found.plan, plan_folder, watch.facts())
    if near.changes is not None and not (enough or memory.cut):
        raise _not_found(near.changes, found)
    figures = figures_of(found.plan, plan_folder, watch.elapsed_s)
    told = diff(near.plan, plan_folder)
    return _closed(near, before, found, _free(before, free), figures, told)


class _Try(Struct, frozen=True, kw_only=True):
    """A design at one price of changes."""

    plan: Plan
    worth: float
    changes: Changes
    least: int


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What is designed, on top of what, and how long."""

    network: Network
    before: Plan
    ask: engine.Ask
    run: Run
    lanes: LanesOf | None
    clock: Clock

    def free(self) -> Plan:
        """The design as if nothing stood."""
        return engine.design(
            self.network,
            self._asked(None, FREE_SHARE),
            report=self.run.report,
            memory=self.run.memory.under("free"),
            lanes=self.lanes,
            clock=self.clock,
        )

    def close(self, free: Plan, worth: float) -> _Try:
        """The design at a price of changes."""
        ask, run = self._asked(worth), self.run.under(f"worth {worth:g}")
        start = engine.started(self.network, ask, self.before, run, (free,))
        plan = engine.design(
            self.network,
            self._asked(worth),
            before=self.before,
            start=start,
            report=run.report,
            memory=run.memory,
            lanes=self.lanes,
            clock=self.clock,
        )
        run.report("fewest changes", 0, 1)
        waves = least_waves(
            start.uncharged,
            start.flows,
            rounds=ask.bound_rounds,
            seed=ask.seed,
            deadline=run.deadline,
        )
        changes = changes_of(self.before, plan)
        return _Try(plan=plan, worth=worth, changes=changes, least=waves + start.moved)

    def _asked(self, worth: float | None, share: float = 1.0) -> engine.Ask:
        """The question at a price of changes, with a share of the time that is left."""
        left_s = max(self.run.deadline.left_s(), 0.0) * share
        return replace(self.ask, worth=worth, time_limit_s=left_s)


def _found(work: _Work, free: Plan, near: Near) -> _Try:
    """The design at the price given, or at the least price that makes changes few enough.

    Where none does, the one of fewest changes; if time ended it, its status says so.
    """

    def tried(worth: float) -> _Try:
        return work.run.step(f"worth {worth:g}", _Try, lambda: work.close(free, worth))

    if near.changes is None:
        return tried(near.worth or 0.0)
    made: list[_Try] = []
    for number, worth in enumerate(WORTHS):
        work.run.report("prices of a change", number, len(WORTHS))
        made.append(tried(worth))
        if made[-1].changes.total <= near.changes:
            return made[-1]
        if work.run.late:
            break
    fewest = min(made, key=lambda one: one.changes.total)
    if work.run.memory.cut:
        return structs.replace(fewest, plan=structs.replace(fewest.plan, status="time"))
    return fewest


def _not_found(changes: int, fewest: _Try) -> SolverError:
    return SolverError(
        f"design with {counted(changes, 'change')} at most",
        f"not found: the fewest found are {fewest.changes.total}, and on the replicas of that"
        f" design at least {fewest.least} are needed",
    )


def changes_of(before: Plan, after: Plan) -> Changes:
    """What differs between two plans, as changes of a network that stands."""
    pairs = link_pairs(before, after)
    waves = [row for row in built(before, after, pairs) if row.thing == "wave"]
    more = sum(max(row.change, 0.0) for row in waves)
    fewer = sum(max(-row.change, 0.0) for row in waves)
    moved = sum(row.b for row in waves if row.fate == "moved") + retuned(before, after, pairs)
    known = [row for row in served(before, after) if row.edge_a and row.edge_b]
    markets = sum(row.edge_a != row.edge_b for row in known)
    replicas = sum(row.failover_a != row.failover_b for row in known)
    return Changes(
        total=round(more + fewer + moved) + markets + replicas,
        waves_built=round(more),
        waves_freed=round(fewer),
        waves_moved=round(moved),
        markets_moved=markets,
        replicas_moved=replicas,
    )


def _free(before: Plan, plan: Plan) -> FreeDesign:
    return FreeDesign(
        cost=plan.cost,
        bound=plan.bound,
        gap=plan.gap,
        added=added_cost(plan, before),
        changes=changes_of(before, plan),
    )


def _closed(
    near: Near, before: Plan, found: _Try, free: FreeDesign, figures: Designed, told: Differs
) -> Closed:
    added = added_cost(found.plan, before)
    bound = max(0.0, added - (found.plan.cost - found.plan.bound))
    return Closed(
        design=figures,
        close_to=str(near.plan),
        worth=found.worth,
        most_changes=near.changes,
        changes=found.changes,
        least_changes=min(found.least, found.changes.total),
        added=added,
        added_bound=bound,
        charged=added + found.worth * found.changes.total,
        charged_bound=bound + found.worth * min(found.least, found.changes.total),
        free=free,
        stays_cost=found.plan.cost - free.cost,
        stays_added=added - free.added,
        differs=told,
    )


def _check(network: Network, before: Plan, near: Near) -> None:
    """What stands must be there still, and be told by link and mode.

    Raises ModelError with everything that is not.
    """
    if near.changes is not None and near.worth is not None:
        raise misused("--worth", "changes are limited in number already", "Leave one of them out")
    problems = [
        Problem(
            file=str(near.plan),
            field=field,
            found=f"the network has no {name!r} any more, and the plan stands on it",
            expected="Design without --stay-close-to, or put it back",
        )
        for field, name in sorted(set(_gone(network, before)))
    ]
    modes: dict[str, set[str]] = {}
    for row in before.lightpaths:
        modes.setdefault(row.link, set()).add(row.mode)
    problems += [
        Problem(
            file=str(near.plan),
            field="lightpaths",
            found=f"waves of link '{link}' are of several modes: {', '.join(sorted(found))}",
            expected="Stay close to the plan before its upgrade: a design's links have one mode",
        )
        for link, found in sorted(modes.items())
        if len(found) > 1
    ]
    if problems:
        raise ModelError(problems)


def _gone(network: Network, before: Plan) -> Iterator[tuple[str, str]]:
    sites, fibres, modes = (
        {row.name for row in rows} for rows in (network.sites, network.fibres, network.modes)
    )
    for hop in before.lightpath_hops:
        if hop.fibre not in fibres:
            yield "fibres", hop.fibre
    for row in before.lightpaths:
        if row.mode not in modes:
            yield "pluggables", row.mode
    for link in before.ip_links:
        if link.waves:
            yield from (("sites", name) for name in (link.a, link.z) if name not in sites)
