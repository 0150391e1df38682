"""Lightpaths as arrays: what each carries, how late it is, and which elements it needs.

A wave needs every fibre and pair it rides, every site it passes (ROADMs and regenerators), both its
routers. A wave whose rows do not join its link's ends carries nothing and is listed as a fault.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from arterial.fabric.failures import router_count
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop
from arterial.prove.outage import Element
from arterial.solve.program import FloatArray, IntArray
from arterial.units import fibre_delay_ms

__all__ = ["Waves", "compile_waves", "hops_by_name", "sites_passed"]


@dataclass(frozen=True, kw_only=True)
class Waves:
    """Lightpaths, V of them, over L links."""

    names: tuple[str, ...]
    link: IntArray
    """int (V,): index of the link it belongs to."""
    rate_gbps: FloatArray
    """float (V,): as the row says; 0 for a faulty wave, one beyond its mode's rate included."""
    delay_ms: FloatArray
    """float (V,): one way, planning value; NaN when a length is missing."""
    needing: dict[Element, IntArray]
    """Waves that are lost with an element."""
    faults: tuple[str, ...]


def sites_passed(start: str, ends: Iterable[tuple[str, str]]) -> list[str] | None:
    """Sites from ``start`` on over directed steps; None where a step starts elsewhere.

    >>> sites_passed("a", [("a", "b"), ("b", "c")])
    ['a', 'b', 'c']
    """
    passed = [start]
    for source, target in ends:
        if source != passed[-1]:
            return None
        passed.append(target)
    return passed


def hops_by_name(hops: Iterable[LightpathHop]) -> dict[str, list[LightpathHop]]:
    """Hops of each lightpath, in order."""
    found: dict[str, list[LightpathHop]] = {}
    for hop in sorted(hops, key=lambda hop: (hop.lightpath, hop.hop)):
        found.setdefault(hop.lightpath, []).append(hop)
    return found


def compile_waves(plan: Plan) -> Waves:
    """Lightpaths of a plan that ``integrity`` let pass."""
    hops = hops_by_name(plan.lightpath_hops)
    links = {link.name: link for link in plan.ip_links}
    index = {name: number for number, name in enumerate(links)}
    rate: list[float] = []
    faults: list[str] = []
    needing: dict[Element, list[int]] = {}
    for number, wave in enumerate(plan.lightpaths):
        route, link = hops[wave.name], links[wave.link]
        wrong = _faults(plan, wave, link, route)
        faults += wrong
        rate.append(0.0 if wrong else wave.rate_gbps)
        for element in sorted(_needs(plan, wave, link, route)):
            needing.setdefault(element, []).append(number)
    return Waves(
        names=tuple(wave.name for wave in plan.lightpaths),
        link=np.array([index[wave.link] for wave in plan.lightpaths], dtype=np.int64),
        rate_gbps=np.array(rate, dtype=np.float64),
        delay_ms=np.array([_delay_ms(plan, w, hops[w.name]) for w in plan.lightpaths]),
        needing={element: np.array(waves) for element, waves in needing.items()},
        faults=tuple(faults),
    )


def _passed(plan: Plan, link: IpLink, route: list[LightpathHop]) -> list[str] | None:
    ends = {fibre.name: (fibre.a, fibre.z) for fibre in plan.network.fibres}
    steps = (ends[hop.fibre] if hop.forward else ends[hop.fibre][::-1] for hop in route)
    return sites_passed(link.a, ((step[0], step[1]) for step in steps))


def _faults(plan: Plan, wave: Lightpath, link: IpLink, route: list[LightpathHop]) -> list[str]:
    """What makes a wave carry nothing."""
    passed = _passed(plan, link, route)
    if passed is None or passed[-1] != link.z:
        return [f"lightpath '{wave.name}' does not lead from {link.a} to {link.z}"]
    inside = iter(passed[1:-1])
    faults: list[str] = []
    if not all(site in inside for site in wave.regenerators):
        faults.append(f"lightpath '{wave.name}' is not regenerated in order on its way")
    mode = next(mode for mode in plan.network.modes if mode.name == wave.mode)
    if wave.rate_gbps > mode.rate_gbps:
        faults.append(f"lightpath '{wave.name}' says {wave.rate_gbps:g} Gb/s; its mode has less")
    counts = {site.name: router_count(site) for site in plan.network.sites}
    for site, router in ((link.a, wave.router_a), (link.z, wave.router_z)):
        if not 1 <= router <= counts[site]:
            faults.append(f"lightpath '{wave.name}' ends on {site}/{router}, which is not there")
    return faults


def _needs(plan: Plan, wave: Lightpath, link: IpLink, route: list[LightpathHop]) -> set[Element]:
    passed = _passed(plan, link, route) or [link.a, link.z]
    return {
        ("wave", wave.name, 0),
        ("link", link.name, 0),
        ("router", link.a, wave.router_a),
        ("router", link.z, wave.router_z),
        *(("fibre", hop.fibre, 0) for hop in route),
        *(("pair", hop.fibre, hop.pair) for hop in route),
        *(("site", site, 0) for site in [*passed, *wave.regenerators]),
    }


def _delay_ms(plan: Plan, wave: Lightpath, route: list[LightpathHop]) -> float:
    latency = plan.network.latency
    lengths = {fibre.name: fibre.length_km for fibre in plan.network.fibres}
    mode = next(mode for mode in plan.network.modes if mode.name == wave.mode)
    fec_us = latency.fec_us if mode.fec_us is None else mode.fec_us
    total_km = 0.0
    for hop in route:
        length_km = lengths[hop.fibre]
        total_km += math.nan if length_km is None else length_km
    coding_ms = fec_us / 1000.0 * (1 + len(wave.regenerators))
    return latency.route_factor * fibre_delay_ms(total_km) + coding_ms
