"""What a failure would do to a link while a piece of work goes on there.

Tunnels run as installed: in each single failure of the plan the backups of dead primaries carry in
their place. On the link that is worked on, classes take what is left in order of priority, and the
step holds where every demand still gets the share that the policy asks for. Other links are taken
to carry what is put on them; a link that a failure leaves without a wave does not hold its tunnels.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from arterial.fabric.failures import Failure, single_failures
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, Tunnel
from arterial.plan.transparent import fibre_ends
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Meanwhile", "Worst"]

_SMALL = 1e-9


class Worst(Struct, frozen=True, kw_only=True):
    """The failure that is worst for a link with the waves that it has."""

    holds: bool
    """Every demand keeps what the policy asks of it, after every single failure."""
    case: str
    """Empty where no failure puts anything on the link."""
    load_gbps: float
    """What tunnels want of the link then, the direction that is worse off."""
    usable_gbps: float
    """What the policy lets traffic take of it then."""


class Meanwhile:
    """Tunnels of a plan in each of its single failures; F cases, L links, P tunnels, K demands."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._usable = plan.network.policy.usable(failed=True)
        self._link = {row.name: number for number, row in enumerate(plan.ip_links)}
        self._failures = _failures(plan)
        self._gone = _links_gone(plan, self._failures)
        self._riding = _riding(plan)
        demand = {row.name: number for number, row in enumerate(plan.demands)}
        self._demand = np.array([demand[row.demand] for row in plan.tunnels], dtype=np.int64)
        priority = {row.name: row.priority for row in plan.network.classes}
        self._priority = np.array(
            [priority[plan.demands[demand[row.demand]].traffic_class] for row in plan.tunnels],
            dtype=np.int64,
        )
        self._wanted = _wanted(plan, self._alive())
        self._share = self._shares()

    def worst(self, link: str, waves: Sequence[Lightpath]) -> Worst:
        """The worst single failure for a link that has these waves."""
        left = self._left_gbps(link, waves)
        found = Worst(holds=True, case="", load_gbps=0.0, usable_gbps=float(left.max(initial=0.0)))
        most = (0.0, 0.0)
        for way in (True, False):
            riding = self._riding.get((link, way))
            if riding is None:
                continue
            load = self._wanted[:, riding].sum(axis=1)
            short = self._short_gbps(riding, left)
            full = np.divide(load, left, out=np.where(load > 0.0, np.inf, 0.0), where=left > 0.0)
            case = int(np.lexsort((full, short))[-1])
            rank = (float(short[case]), float(full[case]))
            if load[case] > 0.0 and rank > most:
                most = rank
                found = Worst(
                    holds=rank[0] <= _SMALL * max(1.0, float(load[case])),
                    case=self._failures[case].name,
                    load_gbps=float(load[case]),
                    usable_gbps=float(left[case]),
                )
        return found

    def _left_gbps(self, link: str, waves: Sequence[Lightpath]) -> FloatArray:
        """Float (F,): of the link, what traffic may take in each case."""
        number = self._link.get(link)
        if number is None:
            return np.zeros(len(self._failures))
        row = self._plan.ip_links[number]
        least = self._plan.network.policy.min_links
        left = np.zeros(len(self._failures))
        for case, failure in enumerate(self._failures):
            lost = (failure.site, failure.router) if failure.kind == "router" else None
            up = [
                wave.rate_gbps
                for wave in waves
                if lost not in ((row.a, wave.router_a), (row.z, wave.router_z))
            ]
            left[case] = sum(up) if len(up) >= least else 0.0
        left[self._gone[:, number]] = 0.0
        return left * self._usable

    def _short_gbps(self, riding: IntArray, left: FloatArray) -> FloatArray:
        """Float (F,): what demands miss of what the policy asks, over one direction of a link."""
        room, short = left.copy(), np.zeros_like(left)
        for level in np.unique(self._priority[riding]):
            own = riding[self._priority[riding] == level]
            wanted = self._wanted[:, own]
            offered = wanted.sum(axis=1)
            share = np.divide(room, offered, out=np.ones_like(room), where=offered > room)
            missed = np.maximum(self._share[:, self._demand[own]] - share[:, None], 0.0)
            short += (wanted * missed).sum(axis=1)
            room = np.maximum(room - offered * share, 0.0)
        return short

    def _alive(self) -> BoolArray:
        """Bool (F, P): nothing that the tunnel needs is lost."""
        plan, gone = self._plan, self._gone
        alive = np.ones((len(self._failures), len(plan.tunnels)), dtype=np.bool_)
        for (link, _), riding in self._riding.items():
            alive[:, riding] &= ~gone[:, [self._link[link]]]
        ends = {row.name: (row.a, row.z) for row in plan.ip_links}
        passes: dict[str, set[int]] = {}
        for (link, _), riding in self._riding.items():
            for site in ends[link]:
                passes.setdefault(site, set()).update(riding.tolist())
        edges: dict[str, list[int]] = {}
        for number, (row, edge) in enumerate(zip(plan.tunnels, _edges(plan), strict=True)):
            edges.setdefault(edge, []).append(number)
            passes.setdefault(row.source, set()).add(number)
            passes.setdefault(row.target, set()).add(number)
        for case, failure in enumerate(self._failures):
            if failure.kind == "site":
                alive[case, sorted(passes.get(failure.site, ()))] = False
            if failure.kind in ("site", "edge"):
                alive[case, edges.get(failure.site, [])] = False
        return alive

    def _shares(self) -> FloatArray:
        """Float (F, K): share of what a demand's tunnels want that the policy asks them to get."""
        plan, keep = self._plan, _keep(self._plan)
        asked = np.array(
            [
                [
                    0.0
                    if failure.kind == "site" and failure.site in (row.source, row.target)
                    else keep.get((row.traffic_class, failure.kind), 0.0) * row.gbps
                    for row in plan.demands
                ]
                for failure in self._failures
            ]
        ).reshape(len(self._failures), len(plan.demands))
        wanted = np.zeros_like(asked)
        np.add.at(wanted.T, self._demand, self._wanted.T)
        share = np.divide(asked, wanted, out=np.zeros_like(asked), where=wanted > 0.0)
        return np.minimum(share, 1.0)


def _failures(plan: Plan) -> tuple[Failure, ...]:
    return single_failures(
        plan.network,
        fibres={
            *(hop.fibre for hop in plan.lightpath_hops),
            *(row.name for row in plan.ip_links if row.waves == 0),
        },
        router_sites={end for row in plan.ip_links for end in (row.a, row.z)},
        edges={edge for row in plan.replicas for edge in (row.edge, row.failover)},
    )


def _links_gone(plan: Plan, failures: Sequence[Failure]) -> BoolArray:
    """Bool (F, L): no wave of the link is left."""
    ends = fibre_ends(plan.network)
    needs: dict[str, set[tuple[str, str, int]]] = {row.name: set() for row in plan.lightpaths}
    links = {row.name: row for row in plan.ip_links}
    for hop in plan.lightpath_hops:
        needs[hop.lightpath].add(("fibre", hop.fibre, 0))
        needs[hop.lightpath].update(("site", site, 0) for site in ends[hop.fibre])
    own: dict[str, list[set[tuple[str, str, int]]]] = {}
    for row in plan.lightpaths:
        link = links[row.link]
        routers = {("router", link.a, row.router_a), ("router", link.z, row.router_z)}
        own.setdefault(row.link, []).append(needs[row.name] | routers)
    standing = {link.name for link in plan.network.standing_links}
    for link in plan.ip_links:
        if link.waves == 0:
            lost = {("site", link.a, 0), ("site", link.z, 0), ("fibre", link.name, 0)}
            own[link.name] = [lost] if link.name in standing else []
            own[link.name] += [
                lost | {("router", link.a, unit.router_a), ("router", link.z, unit.router_z)}
                for unit in plan.bought_units
                if unit.link == link.name
            ]
    gone = np.zeros((len(failures), len(plan.ip_links)), dtype=np.bool_)
    for case, failure in enumerate(failures):
        lost = {("fibre", fibre, 0) for fibre in failure.fibres}
        if failure.kind in ("site", "router"):
            lost.add((failure.kind, failure.site, failure.router))
        for number, link in enumerate(plan.ip_links):
            gone[case, number] = all(lost & wave for wave in own.get(link.name, []))
    return gone


def _riding(plan: Plan) -> dict[tuple[str, bool], IntArray]:
    """By link and direction: tunnels on it."""
    number = {row.name: place for place, row in enumerate(plan.tunnels)}
    found: dict[tuple[str, bool], list[int]] = {}
    for hop in plan.tunnel_hops:
        found.setdefault((hop.link, hop.forward), []).append(number[hop.tunnel])
    return {key: np.array(tunnels, dtype=np.int64) for key, tunnels in found.items()}


def _wanted(plan: Plan, alive: BoolArray) -> FloatArray:
    """Float (F, P): rate of live primaries, and of live backups while their primary is dead."""
    number = {row.name: place for place, row in enumerate(plan.tunnels)}
    rate = np.array([row.rate_gbps for row in plan.tunnels], dtype=np.float64)
    wanted, missing = np.where(alive, rate, 0.0), np.where(alive, 0.0, rate)
    for place, row in enumerate(plan.tunnels):
        if row.protects:
            primary = number[row.protects]
            wanted[:, place] = np.minimum(wanted[:, place], missing[:, primary])
            missing[:, primary] -= wanted[:, place]
    return wanted


def _edges(plan: Plan) -> list[str]:
    """By tunnel: the site whose replicas it needs; empty where it needs none."""
    demands = {row.name: row for row in plan.demands}

    def edge(row: Tunnel) -> str:
        demand = demands[row.demand]
        return "" if not demand.market else row.source if demand.to_market else row.target

    return [edge(row) for row in plan.tunnels]


def _keep(plan: Plan) -> dict[tuple[str, str], float]:
    """By class and kind of failure: the share that must be carried; the strictest rule counts."""
    found: dict[tuple[str, str], float] = {}
    for rule in plan.network.policy.rules:
        for name in rule.classes:
            for kind in rule.after:
                found[name, kind] = max(found.get((name, kind), 0.0), rule.keep)
    return found
