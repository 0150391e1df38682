"""How near packing comes to its bound, how fast first fit is, and GNPy's first fit beside it.

A thousand waves over CONUS, ends drawn at random, shortest routes, slots of 75, 87.5, 112.5 and 150
GHz, on one pair a fibre and a band without an upper end: the number of slots is the answer. GNPy
assigns the same waves on the same routes and as wide a band, one way of each fibre alone, which is
half of what it does for light in both. Seconds are of the CPU, one process.
"""

import random
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from gnpy.topology.spectrum_assignment import OMS, pth_assign_spectrum

from arterial.model.network import Network
from arterial.optics.occupancy import Occupancy
from arterial.optics.packing import Packing, first_fit, orders, pack
from arterial.optics.packing_routes import pack_on_routes
from arterial.optics.spectrum import Band, SpectrumRequest, assign, slot_count
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Graph
from bench.optics import calibration_s, conus
from bench.row import Row

__all__ = ["run"]

WAVES = 1_000
WIDTHS_GHZ = (75.0, 87.5, 112.5, 150.0)
SEEDS = 5
SLOTS = 2_600
"""Of a band that holds all waves: 32.5 THz."""
GAP, SECONDS, MICROSECONDS = 0.02, 10.0, 10.0
Routes = list[list[tuple[int, ...]]]


def run() -> list[Row]:
    """Packing, its gap, first fit three ways, and GNPy's."""
    network = conus()
    return [*_packing(network), *_first_fit(network), _chosen(network)]


def _packing(network: Network) -> list[Row]:
    seconds: list[float] = []
    found: list[Packing] = []
    for seed in range(SEEDS):
        routes, widths = _waves(network, seed, 1)
        only = [options[0] for options in routes]
        start = time.process_time()
        found.append(pack(only, [slot_count(width) for width in widths]))
        seconds.append(time.process_time() - start)
    gap, spent_s = max(one.gap for one in found), max(seconds)
    note = ", ".join(f"{one.top} of {one.bound} (first fit {one.first_fit})" for one in found)
    return [
        Row(
            name=f"{WAVES} waves over CONUS packed, gap {gap:.2%}, worst of {SEEDS}",
            own_s=spent_s,
            goal=f"<= {GAP:.0%} of the bound in <= {SECONDS:g} s",
            met=gap <= GAP and spent_s <= SECONDS,
            note=f"slots: {note}",
        )
    ]


def _first_fit(network: Network) -> list[Row]:
    routes, widths = _waves(network, 0, 1)
    only = [options[0] for options in routes]
    slots = [slot_count(width) for width in widths]
    order = next(orders(only, slots))
    requests = [
        SpectrumRequest(name=f"{number:04}", fibres=route, slot_ghz=width)
        for number, (route, width) in enumerate(zip(only, widths, strict=True))
    ]
    band = Band(start_ghz=191_300.0, slots=SLOTS)
    lit = dict.fromkeys(range(len(network.fibres)), 1)
    bare_s = _cpu_s(lambda: first_fit(order, only, slots)) / WAVES
    assign_s = _cpu_s(lambda: assign(requests, lit, band)) / WAVES
    kept_s = _cpu_s(lambda: _kept(band, lit, only, slots)) / WAVES
    gnpy_s = _gnpy_s(network, only, widths) / WAVES
    kernel_s = calibration_s()
    goal = f"<= {MICROSECONDS:g} us"
    return [
        Row(
            name=f"a wave by first fit, {what}",
            own_s=own_s,
            peer_s=gnpy_s,
            goal=goal,
            met=own_s <= MICROSECONDS * 1e-6,
            note=f"peer: GNPy; calibration kernel {kernel_s:.3f} s, {kernel_s / own_s:,.0f}x",
        )
        for what, own_s in (
            ("in packing", bare_s),
            ("requests in, rows out", assign_s),
            ("asked and taken one by one", kept_s),
        )
    ]


def _kept(band: Band, lit: dict[int, int], routes: list[tuple[int, ...]], slots: list[int]) -> None:
    occupancy = Occupancy(band, lit)
    for route, width in zip(routes, slots, strict=True):
        first = occupancy.first_fit(route, width)
        assert first is not None
        for fibre in route:
            occupancy.take(fibre, 1, first, width)


def _cpu_s(work: Callable[[], object]) -> float:
    """Least CPU time of five runs, seconds: other jobs of the machine are kept out."""
    taken: list[float] = []
    for _ in range(5):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def _gnpy_s(network: Network, routes: list[tuple[int, ...]], widths: list[float]) -> float:
    lines: list[Any] = []
    for number, fibre in enumerate(network.fibres):
        oms = OMS(oms_id=number, el_id_list=[fibre.name], el_list=[])
        oms.update_spectrum(191.3e12, 191.3e12 + SLOTS * 12.5e9, guardband=0.0)
        lines.append(oms)
    spans = [SimpleNamespace(oms_id=number) for number in range(len(lines))]
    asked = [
        SimpleNamespace(
            request_id=str(number),
            blocking_reason=None,
            path_bandwidth=400e9,
            bit_rate=400e9,
            spacing=width * 1e9,
            N=[None],
            M=[None],
        )
        for number, width in enumerate(widths)
    ]
    paths = [[spans[fibre] for fibre in route] for route in routes]
    start = time.process_time()
    pth_assign_spectrum(paths, asked, lines, [[]] * len(paths))
    spent_s = time.process_time() - start
    assert all(one.blocking_reason is None for one in asked)
    return spent_s


def _chosen(network: Network) -> Row:
    routes, widths = _waves(network, 0, 3)
    slots = [slot_count(width) for width in widths]
    start = time.process_time()
    found = pack_on_routes(routes, slots, gap=GAP, rounds=0)
    spent_s = time.process_time() - start
    shortest = pack([options[0] for options in routes], slots).top
    return Row(
        name=f"{WAVES} waves, one of 3 routes each, gap {found.gap:.1%}",
        own_s=spent_s,
        note=f"{found.packing.top} slots, bound {found.bound}; shortest routes: {shortest}",
    )


def _waves(network: Network, seed: int, k: int) -> tuple[Routes, list[float]]:
    """Up to k diverse routes of each wave, the shortest first, and its slot."""
    site = {one.name: number for number, one in enumerate(network.sites)}
    fibres = network.fibres
    graph = Graph.of(
        len(site), [site[fibre.a] for fibre in fibres], [site[fibre.z] for fibre in fibres]
    )
    weight = [fibre.length_km or 0.0 for fibre in fibres for _ in range(2)]
    risks = [(number,) for number in range(len(fibres))]
    draw = random.Random(seed)  # noqa: S311 - traffic, not secrets
    routes: Routes = []
    widths: list[float] = []
    for _ in range(WAVES):
        a, z = draw.sample(range(len(site)), 2)
        found = diverse_paths(graph, weight, risks, a, z, k)
        routes.append([tuple(arc // 2 for arc in path) for path in found])
        widths.append(draw.choice(WIDTHS_GHZ))
    return routes, widths
