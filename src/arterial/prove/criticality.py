"""What is lost when a site or a fibre goes: traffic and people, for every one that a plan uses.

As installed: backups take over, nobody looks for another way. Traffic that ends at a lost site is
lost with it in any network, so it is told apart; what remains is what the network could have kept.
Late traffic arrives, beyond its bound. Where a rule of the policy speaks of two cuts, each is lost
with every further fibre too.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

import numpy as np
from msgspec import Struct, structs

from arterial.fabric.failures import Failure
from arterial.plan.plan import Plan
from arterial.prove.cases import Cases, compile_cases
from arterial.prove.further_cut import FurtherCut, further_cuts
from arterial.prove.keeping import Engines, engines_of, shares
from arterial.prove.promised import after_two_cuts
from arterial.prove.tables import Tables
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["NOTHING", "Loss", "Spread", "any_delay", "criticality", "spread_of"]

NOTHING = 1e-9
"""Share of all traffic: less is rounding, not loss."""


class Loss(Struct, frozen=True, kw_only=True):
    """What goes with one element."""

    kind: Literal["site", "fibre"]
    element: str
    lost_gbps: float
    """Of demands whose own ends stand: no way left, or no room on it."""
    late_gbps: float
    """Of such demands, carried beyond the round trip of their class."""
    ended_gbps: float
    """Of demands that end at the lost site."""
    people_lost: float
    """Whose market's site stands and whose questions are not carried; of a part, the part."""
    people_late: float
    """Answered beyond the round trip."""
    people_ended: float
    """Whose market's site is lost."""
    further: FurtherCut | None = None
    """With one more cut fibre; None where no rule of the policy speaks of two cuts."""


class Spread(Struct, frozen=True, kw_only=True):
    """How losses lie over the elements of a kind."""

    elements: int
    critical: int
    """Whose loss loses traffic that neither begins nor ends there."""
    top: str
    """The worst; empty where none is critical."""
    top_gbps: float
    top_people: float
    """Without answer when the worst goes; of all elements the most."""
    top_share: float
    """The worst over the sum of all; 0 where nothing is lost."""
    gini: float
    """0: all lose alike, or nothing is lost; towards 1: one loses all."""
    pairs: int = 0
    """Of an element and one more fibre; 0 where no rule of the policy speaks of two cuts."""
    pairs_losing: int = 0
    """Of these: traffic is lost whose own ends stand."""
    pairs_unanswered: int = 0
    """Of these: people get no answer whose market's site stands."""
    pair: tuple[str, ...] = ()
    """The worst, element and further fibre; empty where none loses anything."""
    pair_gbps: float = math.nan
    """Lost with the worst pair; NaN where no rule speaks of two cuts."""
    pair_people: float = math.nan
    """Without answer, of all pairs the most."""


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """Shares of demands, float (F, K)."""

    carried: FloatArray
    in_time: FloatArray
    own_end: BoolArray
    """bool (F, K): the demand's own end is lost."""


def any_delay(tables: Tables) -> Tables:
    """The same plan with no round trip asked of anybody."""
    free = np.full_like(tables.demands.bound_ms, np.inf)
    return replace(tables, demands=replace(tables.demands, bound_ms=free))


def criticality(tables: Tables) -> tuple[Loss, ...]:
    """Every site and then every fibre in use, in the network's order.

    Sites in use are those where links end or light passes.
    """
    failures = tuple(_failures(tables.plan))
    cases = compile_cases(tables, failures)
    free = engines_of(any_delay(tables))
    kept = _kept(engines_of(tables), free, cases)
    markets = _markets(tables)
    further: tuple[FurtherCut | None, ...] = (None,) * len(failures)
    if after_two_cuts(tables.plan):
        asked = [(people, np.array(own)) for people, _, own in markets.values()]
        further = further_cuts(free, cases, asked, NOTHING)
    return tuple(
        structs.replace(_loss(tables, kept, markets, failure, row), further=further[row - 1])
        for row, failure in enumerate(failures, 1)
    )


def spread_of(losses: Sequence[Loss], offered_gbps: float) -> Spread:
    """The worst of some losses, and how evenly they lie.

    >>> def lost(site, gbps):
    ...     rest = dict(late_gbps=0, ended_gbps=0, people_lost=0, people_late=0, people_ended=0)
    ...     return Loss(kind="site", element=site, lost_gbps=gbps, **rest)
    >>> spread_of([lost("a", 0.0), lost("b", 30.0), lost("c", 10.0)], 100.0).gini
    0.5
    """
    gbps = np.array([loss.lost_gbps for loss in losses], dtype=np.float64)
    gbps[gbps <= NOTHING * offered_gbps] = 0.0
    total, count = float(gbps.sum()), len(gbps)
    worst = int(gbps.argmax()) if total else -1
    rank = np.arange(1, count + 1)
    gini = (
        float(2.0 * (rank @ np.sort(gbps)) / (count * total) - (count + 1) / count)
        if total
        else 0.0
    )
    return Spread(
        elements=count,
        critical=int((gbps > 0.0).sum()),
        top=losses[worst].element if total else "",
        top_gbps=float(gbps[worst]) if total else 0.0,
        top_people=max((loss.people_lost for loss in losses), default=0.0),
        top_share=float(gbps[worst]) / total if total else 0.0,
        gini=max(gini, 0.0),
        **_pairs(losses),
    )


class _Pairs(TypedDict, total=False):
    pairs: int
    pairs_losing: int
    pairs_unanswered: int
    pair: tuple[str, ...]
    pair_gbps: float
    pair_people: float


def _pairs(losses: Sequence[Loss]) -> _Pairs:
    """Over all elements; two fibres are one pair, which either of them tells of."""
    known = [(loss, loss.further) for loss in losses if loss.further is not None]
    if not known:
        return {}
    twice = 2 if known[0][0].kind == "fibre" else 1
    loss, worst = max(known, key=lambda one: one[1].worst_gbps)
    return {
        "pairs": sum(further.cuts for _, further in known) // twice,
        "pairs_losing": sum(further.losing for _, further in known) // twice,
        "pairs_unanswered": sum(further.unanswered for _, further in known) // twice,
        "pair": (loss.element, worst.worst_cut) if worst.worst_cut else (),
        "pair_gbps": worst.worst_gbps,
        "pair_people": max(further.people_worst for _, further in known),
    }


def _failures(plan: Plan) -> Iterator[Failure]:
    fibres = {fibre.name: fibre for fibre in plan.network.fibres}
    ridden = {hop.fibre for hop in plan.lightpath_hops}
    ridden |= {link.name for link in plan.ip_links if link.waves == 0}
    used = {end for link in plan.ip_links for end in (link.a, link.z)}
    used |= {end for name in ridden if name in fibres for end in (fibres[name].a, fibres[name].z)}
    for site in plan.network.sites:
        if site.name in used:
            yield Failure(name=site.name, kind="site", site=site.name)
    for route in (*plan.network.fibres, *plan.network.links):
        if route.name in ridden:
            yield Failure(name=route.name, kind="fibre", fibres=(route.name,))


def _kept(bound: Engines, free: Engines, cases: Cases) -> _Kept:
    lost_ends = cases.site_down.astype(np.float64) @ bound.tables.demands.own_end.T
    return _Kept(
        carried=shares(free, cases)[0]["backup"],
        in_time=shares(bound, cases)[0]["backup"],
        own_end=lost_ends > 0.0,
    )


def _markets(tables: Tables) -> dict[str, tuple[float, str, list[int]]]:
    """By market: people, its site, its demands."""
    people = {market.name: (market.people, market.site) for market in tables.plan.network.markets}
    found: dict[str, tuple[float, str, list[int]]] = {}
    for number, demand in enumerate(tables.plan.demands):
        if demand.market in people:
            found.setdefault(demand.market, (*people[demand.market], []))[2].append(number)
    return found


def _loss(
    tables: Tables,
    kept: _Kept,
    markets: dict[str, tuple[float, str, list[int]]],
    failure: Failure,
    row: int,
) -> Loss:
    stands = ~kept.own_end[row]
    gbps, carried = tables.demands.gbps, np.minimum(kept.carried[row], 1.0)
    in_time = np.minimum(kept.in_time[row], carried)
    lost = late = ended = 0.0
    for people, site, own in markets.values():
        if failure.site == site:
            ended += people
        else:
            lost += people * float(1.0 - carried[own].min())
            late += people * float(carried[own].min() - in_time[own].min())
    return Loss(
        kind="fibre" if failure.kind == "fibre" else "site",
        element=failure.name,
        lost_gbps=float(gbps[stands] @ (1.0 - carried[stands])),
        late_gbps=float(gbps[stands] @ (carried - in_time)[stands]),
        ended_gbps=float(gbps[~stands].sum()),
        people_lost=lost,
        people_late=late,
        people_ended=ended,
    )
