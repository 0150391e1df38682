"""What an upgrade buys, frees and uses again, site by site, while the work goes on.

Pieces that are freed lie at their site until a later step takes them; nothing travels between
sites. Ports count at their peak: a wave that stands beside the one it takes over from needs one.
"""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy

from msgspec import Struct

from arterial.design.parts import SHELF, Parts, price_of, wave_parts
from arterial.model.network import Network
from arterial.plan.plan import Plan

__all__ = ["Exchanged", "Stock"]


class Exchanged(Struct, frozen=True, kw_only=True):
    """Pieces of one kind in one place: ``before + bought = after + freed - reused``."""

    item: str
    """pluggable, regenerator shelf, router port, fibre pair or fibre setup."""
    where: str
    """Site or fibre."""
    kind: str
    """Module of a pluggable; empty for others."""
    before: int
    """In use in the whole plan."""
    bought: int
    freed: int
    reused: int
    """Of those freed, taken up again by a later step."""
    after: int
    cost: float
    """Of those bought."""


class Stock:
    """Parts and ports of a plan while waves are lit and taken down."""

    def __init__(self, plan: Plan) -> None:
        self._network: Network = plan.network
        self._before: Parts = Counter()
        self._ports: Counter[str] = Counter()
        self._peak: Counter[str] = Counter()
        self._routers: Counter[tuple[str, int]] = Counter()
        ends = {link.name: (link.a, link.z) for link in plan.ip_links}
        for row in plan.lightpaths:
            a, z = ends[row.link]
            self._before.update(wave_parts(plan.network, row, (a, z)))
            self.plug(((a, row.router_a), (z, row.router_z)))
        for unit in plan.bought_units:
            a, z = ends[unit.link]
            self.plug(((a, unit.router_a), (z, unit.router_z)))
        self._used: Parts = Counter(self._before)
        self._pool: Parts = Counter()
        self._bought: Parts = Counter()
        self._freed: Parts = Counter()
        self._reused: Parts = Counter()
        self._paid: dict[tuple[str, str], float] = {}
        self._ports_before = Counter(self._ports)
        self._peak = Counter(self._ports)
        self._unplugged: Counter[str] = Counter()

    def copy(self) -> "Stock":
        """The same, to be tried on."""
        return deepcopy(self, {id(self._network): self._network})

    def lies(self, key: tuple[str, str]) -> int:
        """Pieces that were freed at a site and not taken up again."""
        return self._pool[key]

    def free_ports(self, site: str) -> int:
        """Ports that stand there already and are not in use now."""
        return self._peak[site] - self._ports[site]

    def take(self, parts: Parts, mode: str) -> None:
        """Use pieces for a wave of a mode: those that lie there, then new ones."""
        for key, pieces in parts.items():
            again = min(pieces, self._pool[key])
            self._pool[key] -= again
            self._reused[key] += again
            self._bought[key] += pieces - again
            price = price_of(self._network, key[1], mode)
            self._paid[key] = self._paid.get(key, 0.0) + (pieces - again) * price
            self._used[key] += pieces

    def free(self, parts: Parts) -> None:
        """Lay pieces aside."""
        self._pool.update(parts)
        self._freed.update(parts)
        self._used.subtract(parts)

    def plug(self, ends: Iterable[tuple[str, int]]) -> None:
        """Take a port at each end."""
        for site, router in ends:
            self._ports[site] += 1
            self._routers[site, router] += 1
            self._peak[site] = max(self._peak[site], self._ports[site])

    def unplug(self, ends: Iterable[tuple[str, int]]) -> None:
        """Give the ports back."""
        for site, router in ends:
            self._ports[site] -= 1
            self._unplugged[site] += 1
            self._routers[site, router] -= 1

    def quietest(self, site: str, routers: int) -> int:
        """The router of a site with fewest waves."""
        return min(range(1, max(1, routers) + 1), key=lambda r: (self._routers[site, r], r))

    def peak_ports(self) -> dict[str, int]:
        """By site: most ports in use at once."""
        return dict(self._peak)

    def rows(self) -> tuple[Exchanged, ...]:
        """Every kind and place that the upgrade touched."""
        touched = {key for counts in (self._bought, self._freed) for key in +counts}
        parts = [self._part(key) for key in sorted(touched, key=lambda key: (key[1] == SHELF, key))]
        return (*parts, *(self._port(site) for site in sorted(self._ports) if self._moved(site)))

    def _moved(self, site: str) -> bool:
        before = self._ports_before[site]
        return (
            self._peak[site] > before or self._ports[site] != before or bool(self._unplugged[site])
        )

    def _part(self, key: tuple[str, str]) -> Exchanged:
        site, part = key
        return Exchanged(
            item=SHELF if part == SHELF else "pluggable",
            where=site,
            kind="" if part == SHELF else part,
            before=self._before[key],
            bought=self._bought[key],
            freed=self._freed[key],
            reused=self._reused[key],
            after=self._used[key],
            cost=self._paid.get(key, 0.0),
        )

    def _port(self, site: str) -> Exchanged:
        before, after = self._ports_before[site], self._ports[site]
        bought = self._peak[site] - before
        return Exchanged(
            item="router port",
            where=site,
            kind="",
            before=before,
            bought=bought,
            freed=self._unplugged[site],
            reused=self._unplugged[site] - (before + bought - after),
            after=after,
            cost=bought * self._network.costs.router_port,
        )
