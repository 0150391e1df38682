"""Links of a network as candidates for modules that a user names: a capacity problem.

Every demand is asked whole in every case, but for those that end at a site that is lost. A way's
delay is that of its links and routers; a link of unknown delay serves no class with a bound.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from arterial.demand.traffic import Traffic
from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.design.capacity_task import Bought, Buying, CapacityTask
from arterial.errors import ModelError
from arterial.errors import Problem as Wrong
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CaseSet
from arterial.model.values import number_of
from arterial.routing.ask import ways_of
from arterial.solve.program import BoolArray, FloatArray, IntArray
from arterial.units import fibre_delay_ms

__all__ = ["Offer", "links_task", "offer_of"]

_SHAPE = "Give GBPS:COST or GBPS:COST+COST/km, as 400:10 or 400:10+0.02/km"


class Offer(NamedTuple):
    """A module that every link may have any number of."""

    gbps: float
    cost: float
    per_km: float

    def on(self, length_km: float) -> float:
        """Cost of one on a link of this length."""
        return self.cost + self.per_km * length_km if self.per_km else self.cost


def offer_of(text: str) -> Offer:
    """The module that an option names.

    >>> offer_of("400:10+0.02/km")
    Offer(gbps=400.0, cost=10.0, per_km=0.02)

    Raises
    ------
    ModelError
        It names none, or one without capacity or for nothing: every link would have it.
    """
    size, colon, price = text.partition(":")
    plain, _, distance = price.partition("+")
    if not distance and plain.endswith("/km"):
        plain, distance = "0", plain
    gbps, cost = number_of(size.strip()), number_of(plain.strip())
    per_km = number_of(distance.strip().removesuffix("/km")) if distance else 0.0
    if not colon or gbps is None or cost is None or per_km is None:
        raise _misused(f"'{text}' is no module", _SHAPE)
    if distance and not distance.strip().endswith("/km"):
        raise _misused(f"'{text}' adds what is not by km", _SHAPE)
    if gbps <= 0.0:
        raise _misused(f"a module of {gbps:g} Gb/s carries nothing", "Give it more than 0 Gb/s")
    if cost < 0.0 or per_km < 0.0 or cost + per_km == 0.0:
        found = f"a module '{text}' costs nothing or less: nothing bounds how many are bought"
        raise _misused(found, "Give it a cost above 0")
    return Offer(gbps, cost, per_km)


def links_task(
    name: str,
    ip: IpFabric,
    traffic: Traffic,
    failures: CaseSet | None,
    offers: Sequence[Offer],
    *,
    router_ms: float,
    length_km: FloatArray,
    direct_km: FloatArray,
    keep: bool = False,
) -> CapacityTask:
    """The problem of a network's links.

    Parameters
    ----------
    failures
        None for the case without failure alone.
    router_ms
        One way, of each router passed.
    length_km : float (L,)
        NaN where unknown.
    direct_km : float (N, N)
        Great circle between sites; NaN where one has no place.
    keep
        Links have the capacity that stands already, at no cost; else they have none.

    Raises
    ------
    ModelError
        A module's cost goes by a length that is unknown, or a case leaves a link a part of its
        capacity.
    """
    _known_lengths(ip, offers, length_km)
    asked = _together(ip, traffic, router_ms)
    there = ip.capacity_gbps.reshape(-1, 2).min(axis=1) if keep else np.zeros(len(ip.links))
    total = float(asked.gbps.sum())
    buying = Buying()
    for link in range(len(ip.links)):
        for offer in offers:
            buying.column(
                Bought(link, "module", offer.gbps, offer.on(float(length_km[link]))),
                high=math.ceil(total / offer.gbps),
                supply=[(link, offer.gbps)],
            )
    return CapacityTask(
        name=name,
        problem=_problem(ip, asked, buying, there, failures),
        sites=ip.sites,
        links=ip.links,
        ends=ip.ends,
        of_link=np.arange(len(ip.links)),
        there_gbps=there,
        demands=tuple(
            f"{ip.sites[source]} -> {ip.sites[target]}"
            for source, target in zip(asked.source, asked.target, strict=True)
        ),
        bought=buying.bought,
        length_km=length_km,
        direct_ms=direct_km[asked.source, asked.target] * fibre_delay_ms(1.0),
        notes=tuple(_notes(ip, keep=keep)),
    )


class _Asked(NamedTuple):
    source: IntArray
    target: IntArray
    limit_ms: FloatArray
    gbps: FloatArray
    delay_ms: FloatArray
    """(L,) of links, with a router's."""


def _problem(
    ip: IpFabric, asked: _Asked, buying: Buying, there: FloatArray, failures: CaseSet | None
) -> Problem:
    names, alive, lost = _cases(ip, failures)
    gone = lost[:, asked.source] | lost[:, asked.target]
    return Problem(
        program=buying.program(),
        links=Links(
            sites=len(ip.sites),
            ends=ip.ends,
            base_gbps=there,
            supply=buying.supply(len(ip.links)),
            latency_ms=asked.delay_ms,
        ),
        demands=Demands(
            source=asked.source,
            target=asked.target,
            limit_ms=asked.limit_ms,
            scaled_by=np.full(len(asked.gbps), FIXED, dtype=np.int64),
        ),
        cases=Cases(
            names=names,
            alive=alive,
            usable=np.ones(len(names)),
            gbps=np.where(gone, 0.0, asked.gbps),
            stage=np.zeros(len(names), dtype=np.int64),
        ),
    )


def _together(ip: IpFabric, traffic: Traffic, router_ms: float) -> _Asked:
    """Demands of one source, target and limit are one."""
    ways = ways_of(ip, traffic, router_ms)
    sums: dict[tuple[int, int, float], float] = {}
    for k in range(len(traffic)):
        key = int(traffic.source[k]), int(traffic.target[k]), float(ways.budget_ms[k])
        sums[key] = sums.get(key, 0.0) + float(traffic.gbps[k])
    return _Asked(
        source=np.array([source for source, _, _ in sums], dtype=np.int64),
        target=np.array([target for _, target, _ in sums], dtype=np.int64),
        limit_ms=np.array([limit for _, _, limit in sums], dtype=np.float64),
        gbps=np.array(list(sums.values()), dtype=np.float64),
        delay_ms=ways.delay_ms.reshape(-1, 2).max(axis=1),
    )


def _cases(ip: IpFabric, failures: CaseSet | None) -> tuple[tuple[str, ...], BoolArray, BoolArray]:
    """Names, links that stand (F, L), sites that are lost (F, N); the first without failure."""
    count = len(failures) if failures else 0
    alive = np.ones((1 + count, len(ip.links)), dtype=np.bool_)
    lost = np.zeros((1 + count, len(ip.sites)), dtype=np.bool_)
    if failures is None or not count:
        return ("no failure",), alive, lost
    chunk = failures.chunk(0, count)
    if len(chunk.weak):
        found = "a case leaves links a part of their capacity: one of a site's routers is lost"
        raise _misused(found, "Give fibre, srlg, site or fibre2", option="--failures")
    case = np.repeat(np.arange(count), np.diff(chunk.first))
    alive[1 + case, chunk.links] = False
    lost[1:] = chunk.sites
    return ("no failure", *(failures.name(number) for number in range(count))), alive, lost


def _known_lengths(ip: IpFabric, offers: Sequence[Offer], length_km: FloatArray) -> None:
    by_km = any(offer.per_km for offer in offers)
    unknown = [ip.links[link] for link in np.flatnonzero(np.isnan(length_km))]
    if by_km and unknown:
        named = ", ".join(f"'{link}'" for link in unknown[:3])
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""  # noqa: PLR2004
        found = f"a module costs by km, and the length of {named}{more} is unknown"
        raise _misused(found, "Give those links a length_km, or a module without /km")


def _notes(ip: IpFabric, *, keep: bool) -> Iterator[str]:
    yield "every demand is asked whole in every case, but for those that end at a lost site"
    if keep:
        yield f"capacity of {len(ip.links)} links that stand already costs nothing"
    if np.isinf(ip.latency_ms).any() or np.isnan(ip.latency_ms).any():
        yield "links of unknown delay serve no class with a bound on its round trip"


def _misused(found: str, expected: str, *, option: str = "--module") -> ModelError:
    return ModelError([Wrong(file=option, found=found, expected=expected)])
