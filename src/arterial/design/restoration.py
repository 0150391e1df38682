"""A plan with its restoration: tables of what comes back, spare regenerators, and their bill."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from arterial.design.bill import spare_bill, spare_cost
from arterial.jobs.progress import Report, silent
from arterial.optics.restore import Restoration, installed_spares, player_of, restored
from arterial.optics.restore_case import CasePlayer
from arterial.optics.restore_cuts import Cut, cuts_of
from arterial.optics.restore_options import Spares
from arterial.optics.restore_rows import restored_rows
from arterial.optics.restore_spares import SpareChoice, chosen_spares
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan
from arterial.plan.rows import SpareRegenerators

__all__ = ["SparesAsked", "restorable", "spares_chosen", "with_restoration", "without_spares"]

SparesAsked = Literal["none", "installed", "auto"]
"""Restore without spare regenerators, with those that stand, or with the fewest that do."""


def restorable(plan: Plan, sections: Sections, *, spares: SparesAsked = "installed") -> Plan:
    """The plan with what optics brings back after every single cut.

    With ``auto`` it buys the spare regenerators that bring back in each case what any would.
    """
    cuts = cuts_of(plan)
    if spares == "auto":
        bare = without_spares(plan)
        choice = spares_chosen(bare, sections, cuts)
        return with_restoration(bare, choice.restoration, _rows(bare, choice))
    stock = Spares({}) if spares == "none" else installed_spares(plan)
    return with_restoration(plan, restored(player_of(plan, sections, stock), cuts), plan.spares)


def spares_chosen(
    plan: Plan,
    sections: Sections,
    cuts: Sequence[Cut],
    *,
    share: float = 1.0,
    report: Report = silent,
) -> SpareChoice:
    """The cheapest spare regenerators found, beside those of the network's sites."""

    @lru_cache(maxsize=1)
    def first() -> CasePlayer:
        return player_of(plan, sections, Spares(None))

    return chosen_spares(
        first().equipped,
        cuts,
        lambda module: spare_cost(plan.network, module),
        installed=installed_spares(plan),
        share=share,
        report=report,
    )


def without_spares(plan: Plan) -> Plan:
    """The plan as it was before it bought any: tables, bill and cost."""
    bill = tuple(item for item in plan.bill if item.item != "spare regenerator")
    return _billed(msgspec.structs.replace(plan, spares=(), bill=bill), plan.bound)


def _rows(plan: Plan, choice: SpareChoice) -> tuple[SpareRegenerators, ...]:
    sites = plan.network.sites
    return tuple(
        SpareRegenerators(site=sites[site].name, module=module, regenerators=count)
        for (site, module), count in choice.bought.items()
    )


def with_restoration(
    plan: Plan, restoration: Restoration, spares: Sequence[SpareRegenerators]
) -> Plan:
    """The plan with these tables; its spares are on the bill, and its bound is what it was."""
    waves, hops = restored_rows(restoration)
    bought = tuple(spares)
    other = tuple(item for item in plan.bill if item.item != "spare regenerator")
    changed = msgspec.structs.replace(
        plan,
        restored_waves=waves,
        restored_hops=hops,
        spares=bought,
        bill=(*other, *spare_bill(plan.network, bought)),
    )
    return _billed(changed, plan.bound)


def _billed(plan: Plan, bound: float) -> Plan:
    """Cost as the bill adds up; the bound holds on, for spares only add to what was bounded."""
    cost = sum(item.cost for item in plan.bill)
    gap = max(0.0, (cost - bound) / cost) if cost else 0.0
    return msgspec.structs.replace(plan, cost=cost, gap=gap)
