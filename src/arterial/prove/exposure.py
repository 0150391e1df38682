"""What a plan stands on while a long repair lasts: demands without a second way for weeks.

A cut under the sea waits for a ship. Until it comes, the network is what the cut left, and one more
cut may be one too many: told are the demands that some further cut of a fibre, or of all that share
a risk, would leave without any way at all, whatever the routing.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import Struct

from arterial.paths.parts import parts
from arterial.plan.plan import Plan
from arterial.plan.rows import Demand
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.tables import Tables, compile_tables
from arterial.solve.program import BoolArray

__all__ = ["Exposure", "exposures"]

WEEK_H = 168.0


class Exposure(Struct, frozen=True, kw_only=True):
    """A long repair, and who has no second way until it ends."""

    element: str
    """The wet fibre or ready-made link that is cut."""
    system: str
    """Subsea system of a fibre; empty for a link."""
    repair_weeks: float
    """NaN where nobody says."""
    demands: tuple[str, ...]
    """Those with a way while the element is cut, and without one after some further cut."""
    gbps: float
    """Of these demands."""
    worst_case: str
    """The further cut that takes most of it; empty where none takes any."""


def exposures(plan: Plan) -> tuple[Exposure, ...]:
    """Every wet fibre in use, and every other fibre or link that takes a week or more to mend."""
    slow = list(_slow(plan))
    if not slow:
        return ()
    tables = compile_tables(plan)
    return tuple(_exposure(tables, *one) for one in slow)


def _slow(plan: Plan) -> Iterator[tuple[str, str, float]]:
    """(element, system, weeks to mend)."""
    weeks = {system.name: system.repair_weeks for system in plan.network.subsea}
    used = {hop.fibre for hop in plan.lightpath_hops} | {link.name for link in plan.ip_links}
    for fibre in plan.network.fibres:
        if fibre.name not in used:
            continue
        if fibre.repair_h is not None:
            if fibre.subsea or fibre.repair_h >= WEEK_H:
                yield fibre.name, fibre.system or "", fibre.repair_h / WEEK_H
        elif fibre.subsea:
            own = weeks.get(fibre.system or "")
            yield fibre.name, fibre.system or "", float("nan") if own is None else own
    for link in plan.network.links:
        if link.name in used and link.repair_h is not None and link.repair_h >= WEEK_H:
            yield link.name, "", link.repair_h / WEEK_H


def _exposure(tables: Tables, element: str, system: str, weeks: float) -> Exposure:
    cuts = [failure for failure in failures_of(tables) if failure.fibres]
    out = frozenset({("fibre", element, 0)})
    cases = compile_cases(tables, cuts, out)
    served = np.array([_served(tables, alive) for alive in cases.left_gbps > 0.0])  # (1 + F, K)
    lost: BoolArray = served[0] & ~served
    gbps = np.array([demand.gbps for demand in tables.plan.demands])
    bare: list[bool] = np.asarray(lost.any(axis=0)).tolist()
    worst = int((lost @ gbps).argmax()) if any(bare) else 0
    return Exposure(
        element=element,
        system=system,
        repair_weeks=weeks,
        demands=tuple(
            demand.name for demand, one in zip(tables.plan.demands, bare, strict=True) if one
        ),
        gbps=float(sum(gbps[bare])),
        worst_case=cases.names[worst] if worst else "",
    )


def _served(tables: Tables, alive: BoolArray) -> list[bool]:
    """(K,) demands whose ends are joined by links that are alive."""
    part = parts(tables.link_end, len(tables.sites), ~alive[None])[0].tolist()
    number = {name: place for place, name in enumerate(tables.sites)}
    edges = {row.market: (row.edge, row.failover) for row in tables.plan.replicas}
    return [
        any(part[number[one]] == part[number[other]] for one, other in _ends(demand, edges))
        for demand in tables.plan.demands
    ]


def _ends(demand: Demand, edges: dict[str, tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Pairs of sites of which any will do: a market is answered from its edge or its fail-over."""
    if not demand.market:
        return ((demand.source, demand.target),)
    site = demand.target if demand.to_market else demand.source
    return ((site, edge) for edge in edges[demand.market])
