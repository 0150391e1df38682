"""What optics brings back of the light that each cut takes, case by case and link by link.

Which waves a case cuts follows from the plan's own routes and the network's shared risks; which
come back, in which mode and over which fibres, are rows of the plan. A class refuses a restored
link when one of its tunnels over it would then miss the class's round trip.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from arterial.fabric.failures import single_failures
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop, RestoredHop, RestoredWave
from arterial.units import US_PER_MS, fibre_delay_ms

__all__ = ["CaseView", "LinkBack", "restored_cases"]

Hop = LightpathHop | RestoredHop


class LinkBack(Struct, frozen=True, kw_only=True):
    """One IP link in one case."""

    link: str
    waves: int
    """Cut."""
    waves_back: int
    gbps_before: float
    """All waves of the link."""
    gbps_after: float
    """Waves that were not cut, and those that came back."""
    rtt_before_ms: float
    """Of the link alone, planning value, routers not counted."""
    rtt_after_ms: float
    """NaN where nothing stands or a length is unknown."""
    refusing: tuple[str, ...]
    """Traffic classes with a tunnel here that would miss its round trip."""


class CaseView(Struct, frozen=True, kw_only=True):
    """One cut."""

    case: str
    waves: int
    waves_back: int
    gbps: float
    """Of the waves that are cut."""
    gbps_back: float
    links: tuple[LinkBack, ...]
    """Least restored first."""

    @property
    def share(self) -> float:
        """Of the rate that was cut."""
        return self.gbps_back / self.gbps if self.gbps else math.nan


def restored_cases(plan: Plan) -> tuple[CaseView, ...]:
    """Every cut of a fibre or shared risk in use, and every other case that the plan has rows of.

    Worst share first, then most rate cut. Empty where the plan says nothing of restoration: that is
    unknown, not nothing.
    """
    if not plan.restored_waves:
        return ()
    tale = _Tale(plan)
    rows = [tale.case(case, fibres) for case, fibres in _cuts(plan).items()]
    return tuple(
        sorted((row for row in rows if row.waves), key=lambda row: (row.share, -row.gbps, row.case))
    )


def _cuts(plan: Plan) -> dict[str, frozenset[str]]:
    """Fibres that each case takes, by its name."""
    failures = single_failures(
        plan.network,
        fibres={hop.fibre for hop in plan.lightpath_hops},
        router_sites=(),
        edges=(),
    )
    cuts = {
        failure.name: frozenset(failure.fibres)
        for failure in failures
        if failure.kind in ("fibre", "srlg")
    }
    for row in plan.restored_waves:  # several at once: "fibre A + fibre B"
        parts = row.case.split(" + ")
        if row.case not in cuts and all(part in cuts for part in parts):
            cuts[row.case] = frozenset().union(*(cuts[part] for part in parts))
    return cuts


class _Tale:
    """A plan's rows, looked up once for all cases."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._fec_us = {
            mode.name: plan.network.latency.fec_us if mode.fec_us is None else mode.fec_us
            for mode in plan.network.modes
        }
        self._km = {fibre.name: fibre.length_km for fibre in plan.network.fibres}
        self._hops = _by(plan.lightpath_hops)
        self._new_hops: dict[tuple[str, str], list[RestoredHop]] = {}
        for hop in plan.restored_hops:
            self._new_hops.setdefault((hop.case, hop.lightpath), []).append(hop)
        self._back = {(row.case, row.lightpath): row for row in plan.restored_waves}
        self._waves: dict[str, list[Lightpath]] = {}
        for wave in plan.lightpaths:
            self._waves.setdefault(wave.link, []).append(wave)
        self._bounds = _bounds(plan)

    def case(self, case: str, fibres: frozenset[str]) -> CaseView:
        """A case by its name and the fibres that it takes."""
        cut = {
            name for name, hops in self._hops.items() if any(hop.fibre in fibres for hop in hops)
        }
        links = [
            self._link(case, link, cut)
            for link, waves in self._waves.items()
            if any(wave.name in cut for wave in waves)
        ]
        lost = [wave for waves in self._waves.values() for wave in waves if wave.name in cut]
        back = [row for wave in lost if (row := self._back.get((case, wave.name)))]
        links.sort(key=lambda row: (row.gbps_after / row.gbps_before, row.link))
        return CaseView(
            case=case,
            waves=len(lost),
            waves_back=len(back),
            gbps=sum(wave.rate_gbps for wave in lost),
            gbps_back=sum(row.rate_gbps for row in back),
            links=tuple(links),
        )

    def _link(self, case: str, link: str, cut: set[str]) -> LinkBack:
        waves = self._waves[link]
        whole = [wave for wave in waves if wave.name not in cut]
        back = [
            row for wave in waves if wave.name in cut and (row := self._back.get((case, wave.name)))
        ]
        before = [self._one_way_ms(wave, self._hops.get(wave.name, ())) for wave in waves]
        after = [self._one_way_ms(wave, self._hops.get(wave.name, ())) for wave in whole]
        after += [
            self._one_way_ms(row, self._new_hops.get((case, row.lightpath), ())) for row in back
        ]
        before_ms, after_ms = 2 * _longest(before), 2 * _longest(after)
        return LinkBack(
            link=link,
            waves=len(waves) - len(whole),
            waves_back=len(back),
            gbps_before=sum(wave.rate_gbps for wave in waves),
            gbps_after=sum(row.rate_gbps for row in (*whole, *back)),
            rtt_before_ms=before_ms,
            rtt_after_ms=after_ms,
            refusing=tuple(
                sorted(
                    name
                    for name, spare_ms in self._bounds.get(link, {}).items()
                    if after_ms - before_ms > spare_ms
                )
            ),
        )

    def _one_way_ms(self, wave: Lightpath | RestoredWave, hops: Iterable[Hop]) -> float:
        """Fibre by the planning factor, and the FEC of the ends and of each regenerator."""
        lengths = [self._km.get(hop.fibre) for hop in hops]
        if not lengths:
            return math.nan
        km = sum(math.nan if length is None else length for length in lengths)
        latency = self._plan.network.latency
        fec_ms = self._fec_us.get(wave.mode, latency.fec_us) / US_PER_MS
        return latency.route_factor * fibre_delay_ms(km) + fec_ms * (1 + len(wave.regenerators))


def _bounds(plan: Plan) -> dict[str, dict[str, float]]:
    """By link and class: what the tightest of its tunnels there has left of its round trip, ms."""
    bound = {row.name: row.rtt_ms for row in plan.network.classes if row.rtt_ms is not None}
    classes = {demand.name: demand.traffic_class for demand in plan.demands}
    tunnel = {row.name: row for row in plan.tunnels}
    spare: dict[str, dict[str, float]] = {}
    for hop in plan.tunnel_hops:
        row = tunnel[hop.tunnel]
        name = classes[row.demand]
        if name in bound:
            left_ms = bound[name] - row.rtt_ms
            by_class = spare.setdefault(hop.link, {})
            by_class[name] = min(by_class.get(name, math.inf), left_ms)
    return spare


def _by(hops: Sequence[LightpathHop]) -> Mapping[str, list[LightpathHop]]:
    found: dict[str, list[LightpathHop]] = {}
    for hop in hops:
        found.setdefault(hop.lightpath, []).append(hop)
    return found


def _longest(figures: Sequence[float]) -> float:
    """NaN as soon as one is unknown, and when there is none."""
    return math.nan if any(map(math.isnan, figures)) else max(figures, default=math.nan)
