"""What is built in light: waves with mode, route and margin, and how full each fibre is."""

import math
from collections.abc import Sequence

from msgspec import Struct

from arterial.model.fibre import Fibre
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop

__all__ = ["Bundle", "Fill", "bundles", "fills", "margin_bins"]


class Bundle(Struct, frozen=True, kw_only=True):
    """Waves of one link that share mode, route and regenerators."""

    link: str
    a: str
    z: str
    mode: str
    waves: int
    rate_gbps: float
    """All waves together."""
    route: tuple[str, ...]
    """Sites passed, both ends included."""
    fibres: tuple[str, ...]
    regenerators: tuple[str, ...]
    length_km: float | None
    margin_db: float
    """Of the worst wave; NaN when unknown."""
    gsnr_db: float
    osnr_db: float
    """What the mode requires."""
    dearest_fibre: str
    """The fibre that costs most of the worst wave's GSNR; empty where nobody worked it out."""
    dearest_share: float
    segments_km: tuple[float, ...]
    """Length between regenerators, one after the other; NaN where a fibre's is unknown."""
    watts: float
    """All waves together; NaN when a datasheet gives none."""


class Fill(Struct, frozen=True, kw_only=True):
    """A lit fibre route."""

    fibre: str
    a: str
    z: str
    status: str
    length_km: float | None
    pairs: int
    new_pairs: int
    pairs_total: int
    waves: int
    fill: float


def bundles(plan: Plan) -> tuple[Bundle, ...]:
    """Lightpaths grouped, least margin first."""
    hops: dict[str, list[LightpathHop]] = {}
    for hop in plan.lightpath_hops:
        hops.setdefault(hop.lightpath, []).append(hop)
    groups: dict[tuple[str, str, tuple[tuple[str, bool], ...], tuple[str, ...]], list[Lightpath]]
    groups = {}
    for wave in plan.lightpaths:
        ridden = sorted(hops.get(wave.name, []), key=lambda hop: hop.hop)
        route = tuple((hop.fibre, hop.forward) for hop in ridden)
        groups.setdefault((wave.link, wave.mode, route, wave.regenerators), []).append(wave)
    rows = [_bundle(plan, link, route, waves) for (link, _, route, _), waves in groups.items()]
    return tuple(
        sorted(rows, key=lambda row: (not math.isnan(row.margin_db), row.margin_db, row.link))
    )


def _bundle(
    plan: Plan, link: str, route: Sequence[tuple[str, bool]], waves: Sequence[Lightpath]
) -> Bundle:
    fibre = {row.name: row for row in plan.network.fibres}
    ends = {row.name: (row.a, row.z) for row in plan.ip_links}[link]
    ridden = [(fibre[name], forward) for name, forward in route]
    lengths = [row.length_km for row, _ in ridden if row.length_km is not None]
    route_sites = (ends[0], *(row.z if forward else row.a for row, forward in ridden))
    worst = min(waves, key=lambda wave: (not math.isnan(wave.margin_db), wave.margin_db))
    return Bundle(
        link=link,
        a=ends[0],
        z=ends[1],
        mode=waves[0].mode,
        waves=len(waves),
        rate_gbps=sum(wave.rate_gbps for wave in waves),
        route=route_sites,
        fibres=tuple(name for name, _ in route),
        regenerators=waves[0].regenerators,
        length_km=sum(lengths) if len(lengths) == len(ridden) else None,
        margin_db=_least([wave.margin_db for wave in waves]),
        gsnr_db=_least([wave.gsnr_db for wave in waves]),
        osnr_db=waves[0].osnr_db,
        dearest_fibre=worst.dearest_fibre,
        dearest_share=worst.dearest_share,
        segments_km=_segments_km(route_sites, ridden, waves[0].regenerators),
        watts=sum(wave.watts for wave in waves),
    )


def _segments_km(
    sites: Sequence[str], ridden: Sequence[tuple[Fibre, bool]], regenerators: Sequence[str]
) -> tuple[float, ...]:
    """Length of each transparent segment of a route."""
    segments = [0.0]
    for (fibre, _), reached in zip(ridden, sites[1:], strict=True):
        segments[-1] += math.nan if fibre.length_km is None else fibre.length_km
        if reached in regenerators and reached != sites[-1]:
            segments.append(0.0)
    return tuple(segments)


def _least(values: Sequence[float]) -> float:
    """The least value; NaN as soon as one is unknown."""
    return math.nan if any(math.isnan(value) for value in values) else min(values)


def fills(plan: Plan) -> tuple[Fill, ...]:
    """Lit fibre routes, fullest first."""
    fibre = {row.name: row for row in plan.network.fibres}
    waves: dict[str, int] = {}
    for hop in plan.lightpath_hops:
        waves[hop.fibre] = waves.get(hop.fibre, 0) + 1
    rows = [
        Fill(
            fibre=row.fibre,
            a=fibre[row.fibre].a,
            z=fibre[row.fibre].z,
            status=fibre[row.fibre].status,
            length_km=fibre[row.fibre].length_km,
            pairs=row.pairs,
            new_pairs=row.new_pairs,
            pairs_total=fibre[row.fibre].pairs,
            waves=waves.get(row.fibre, 0),
            fill=row.fill,
        )
        for row in plan.lit_fibres
    ]
    return tuple(sorted(rows, key=lambda row: (-row.fill, row.fibre)))


def margin_bins(rows: Sequence[Bundle], *, width_db: float = 0.5) -> tuple[tuple[float, int], ...]:
    """Waves by margin: lower end of each bin in dB, and how many waves; unknown ones left out.

    Examples
    --------
    >>> margin_bins([])
    ()
    """
    known = [
        (math.floor(row.margin_db / width_db), row.waves)
        for row in rows
        if not math.isnan(row.margin_db)
    ]
    if not known:
        return ()
    low, high = min(known)[0], max(known)[0]
    return tuple(
        (bin_ * width_db, sum(waves for at, waves in known if at == bin_))
        for bin_ in range(low, high + 1)
    )
