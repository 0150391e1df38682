"""A plan after an upgrade: its tables as they are once the last step is done.

Tunnels stay where they are; links, light, lit pairs, bill and round trips are worked out again.
"""

from collections.abc import Sequence

import msgspec

from arterial.design.bill import bill_of
from arterial.design.candidates import Route
from arterial.design.dearest import with_dearest
from arterial.design.draw import measured
from arterial.design.instance import option_latency_ms
from arterial.design.limits import check_limits
from arterial.design.standing import Standing, Wave
from arterial.design.ways import regenerated_after
from arterial.design.works import Works
from arterial.errors import InfeasibleError
from arterial.optics.modes import RouteOption
from arterial.optics.sections import Sections
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop, LitFibre, Tunnel
from arterial.units import fibre_delay_ms

__all__ = ["renewed"]


def renewed(base: Standing, works: Works, sections: Sections) -> Plan:
    """The plan with the upgrade done; bound, gap and hash are filled in by the caller.

    Rows of restored light name waves and slots that may be gone: they are left out, for
    ``design/restoration.py`` to work out anew. Spare regenerators stand where they stood.

    Raises InfeasibleError where a site has too few ports, slots or watts.
    """
    plan = base.plan
    _check_peak(base, works)
    links = _links(base, works)
    lightpaths, hops = _light(base, works)
    lightpaths = with_dearest(plan.network, sections, lightpaths, hops)
    lit = _lit(base, works, hops)
    edges = sorted({edge for row in plan.replicas for edge in (row.edge, row.failover)})
    bill = (
        *bill_of(plan.network, links, lightpaths, lit, edges, plan.bought_units),
        *(item for item in plan.bill if item.item == "traffic"),
        *(item for item in plan.bill if item.item in ("spare regenerator", "gpu", "gpu power")),
    )
    check_limits(plan.network, links, lightpaths, bill)
    tunnels = _tunnels(plan, links)
    return msgspec.structs.replace(
        plan,
        cost=sum(item.cost for item in bill),
        lightpaths=lightpaths,
        lightpath_hops=hops,
        ip_links=links,
        lit_fibres=lit,
        tunnels=tunnels,
        replicas=measured(plan.replicas, plan.demands, tunnels),
        bill=bill,
        restored_waves=(),
        restored_hops=(),
    )


def _check_peak(base: Standing, works: Works) -> None:
    has = {site.name: site.ports for site in base.plan.network.sites}
    for site, most in works.stock.peak_ports().items():
        ports = has[site]
        if ports is not None and most > ports:
            raise InfeasibleError(
                f"site '{site}'",
                f"{most} ports are in use at once while waves are exchanged, and it has {ports}",
                (f"more ports at '{site}'", "a smaller target"),
            )


def _links(base: Standing, works: Works) -> tuple[IpLink, ...]:
    """Links with the waves that they have now; new ones at the end."""
    standing = {bundle.link.name for bundle in base.bundles}
    rows: list[IpLink] = []
    for link in base.plan.ip_links:
        waves = works.waves.get(link.name)
        if waves is None:
            rows.append(link)
            continue
        arcs = next(bundle.arcs for bundle in base.bundles if bundle.link.name == link.name)
        rows.append(_link(base, link.name, (link.a, link.z), arcs, waves))
    for place, way in enumerate(works.ways):
        name = works.link_of[place]
        if name not in standing and works.waves.get(name):
            rows.append(_link(base, name, (base.a, base.z), way.arcs, works.waves[name]))
    return tuple(rows)


def _link(
    base: Standing, name: str, ends: tuple[str, str], arcs: tuple[int, ...], waves: Sequence[Wave]
) -> IpLink:
    length_km = sum(base.ground.length_km[arc] for arc in arcs)
    return IpLink(
        name=name,
        a=ends[0],
        z=ends[1],
        waves=len(waves),
        capacity_gbps=sum(wave.row.rate_gbps for wave in waves),
        length_km=length_km,
        latency_ms=max(_latency_ms(base, arcs, wave.row) for wave in waves),
        floor_ms=fibre_delay_ms(length_km),
    )


def _latency_ms(base: Standing, arcs: tuple[int, ...], row: Lightpath) -> float:
    option = RouteOption(
        mode=row.mode,
        rate_gbps=row.rate_gbps,
        slot_ghz=row.slot_ghz,
        regenerator_hops=regenerated_after(base, arcs, row.regenerators),
        cost=0.0,
        watts=row.watts,
        gsnr_db=row.gsnr_db,
        osnr_db=row.osnr_db,
        margin_db=row.margin_db,
    )
    return option_latency_ms(base.ground, Route(0, 0, arcs), option)


def _light(base: Standing, works: Works) -> tuple[tuple[Lightpath, ...], tuple[LightpathHop, ...]]:
    """Waves link by link, those of other links as they were."""
    hops: dict[str, list[LightpathHop]] = {}
    for hop in base.plan.lightpath_hops:
        hops.setdefault(hop.lightpath, []).append(hop)
    touched = set(works.waves)
    kept = [
        Wave(row, tuple(hops[row.name])) for row in base.plan.lightpaths if row.link not in touched
    ]
    waves = [*kept, *(wave for link in sorted(touched) for wave in works.waves[link])]
    return tuple(wave.row for wave in waves), tuple(hop for wave in waves for hop in wave.hops)


def _lit(base: Standing, works: Works, hops: Sequence[LightpathHop]) -> tuple[LitFibre, ...]:
    """Pairs lit; a fibre that carries nothing any more keeps those that were bought for it."""
    occupancy, fibres = works.seats.occupancy, base.plan.network.fibres
    said = {row.fibre for row in base.plan.lit_fibres} | {hop.fibre for hop in hops}
    rows: list[LitFibre] = []
    for number, fibre in enumerate(fibres):
        if fibre.name in said:
            masks = occupancy.masks()[number]
            fullest = max(mask.bit_count() for mask in masks)
            pairs = occupancy.pairs(number)
            rows.append(
                LitFibre(
                    fibre=fibre.name,
                    pairs=pairs,
                    new_pairs=max(0, pairs - fibre.lit_pairs),
                    fill=fullest / occupancy.band.on(number).open_slots,
                )
            )
    return tuple(rows)


def _tunnels(plan: Plan, links: Sequence[IpLink]) -> tuple[Tunnel, ...]:
    """Round trips follow the links: what a link gained or lost, there and back."""
    before = {link.name: link.latency_ms for link in plan.ip_links}
    gained = {
        link.name: link.latency_ms - before[link.name] for link in links if link.name in before
    }
    late: dict[str, float] = {}
    for hop in plan.tunnel_hops:
        if abs(gained[hop.link]) > 0.0:
            late[hop.tunnel] = late.get(hop.tunnel, 0.0) + 2.0 * gained[hop.link]
    return tuple(
        msgspec.structs.replace(row, rtt_ms=row.rtt_ms + late[row.name])
        if row.name in late
        else row
        for row in plan.tunnels
    )
