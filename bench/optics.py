"""How fast light is: the CONUS section cache, and a route's GSNR against GNPy's own.

Figures are ratios within one run: against GNPy where it does the same, against a calibration kernel
where nobody else does. CONUS is CORONET as GNPy ships it.
"""

import json
import logging
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from arterial.model.catalogue import load_catalogue
from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.optics.gnpy_door import designed_line, propagated, section_figures, terminated
from arterial.optics.gsnr import routes_gsnr_db
from arterial.optics.line_request import line_request
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections, load_sections
from arterial.optics.spectrum import SpectrumRequest, assign, grid_band

__all__ = ["calibration_s", "conus", "coronet", "run"]

ROUTES = 2_000
GNPY_ROUTES = 20
SEED = 2
Routes = Sequence[Sequence[int]]


def run() -> list[dict[str, Any]]:
    """Rows of name, own_s, peer_s, ratio = peer_s / own_s, and the least ratio that will do."""
    logging.disable(logging.ERROR)
    try:
        return _rows()
    finally:
        logging.disable(logging.NOTSET)


def calibration_s() -> float:
    """Seconds of a fixed kernel of plain Python, the kind of work that GNPy's objects are."""

    def kernel() -> None:
        table: dict[int, float] = {}
        for number in range(1_000_000):
            table[number % 997] = table.get(number % 991, 0.0) * 0.5 + number

    return _best_s(kernel, times=3)


def conus() -> Network:
    """CORONET CONUS: 75 sites, 99 fibres, and the package's catalogue."""
    return coronet("CORONET_CONUS_Topology.json", "conus")


def coronet(topology: str, name: str) -> Network:
    """A CORONET network as GNPy ships it, with the package's catalogue."""
    spec = find_spec("gnpy")
    assert spec is not None
    assert spec.origin is not None
    file = Path(spec.origin).parent / "example-data" / topology
    drawn = json.loads(file.read_text(encoding="utf-8"))
    lengths = {e["uid"]: e["params"]["length"] for e in drawn["elements"] if e["type"] == "Fiber"}
    source = {c["to_node"]: c["from_node"].removeprefix("roadm ") for c in drawn["connections"]}
    target = {c["from_node"]: c["to_node"].removeprefix("roadm ") for c in drawn["connections"]}
    fibres = tuple(
        Fibre(
            name=f"{source[uid]}-{target[uid]}",
            a=source[uid],
            z=target[uid],
            length_km=lengths[uid],
        )
        for uid in sorted(lengths)
        if source[uid] < target[uid]
    )
    sites = sorted({site for fibre in fibres for site in (fibre.a, fibre.z)})
    return Network(
        name=name,
        sites=tuple(Site(name=site) for site in sites),
        fibres=fibres,
        modes=load_catalogue(),
    )


def _rows() -> list[dict[str, Any]]:
    network = conus()
    calibration = calibration_s()
    cold_s, warm_s, sections = _section_cache(network)
    routes = _walks(network, random.Random(SEED))  # noqa: S311 - routes, not secrets
    gsnr_s = _best_s(lambda: _gsnr(network, sections, routes), times=5) / ROUTES
    gnpy_s = _gnpy_route_s(network, routes[:GNPY_ROUTES])
    options_s = _best_s(lambda: options_of_routes(network, sections, routes), times=3)
    assign_s = _assign_s(network, routes)
    return [
        _row("CONUS sections by GNPy", _physics_s(network), calibration, 0.04),
        _row("CONUS section cache, cold, with GNPy's start", cold_s, calibration, 0.02),
        _row("CONUS section cache, warm", warm_s, calibration, 10.0),
        _row("GSNR of a route, all channels", gsnr_s, gnpy_s, 10_000.0),
        _row(f"options of {ROUTES} routes", options_s, calibration, 0.07),
        _row(f"spectrum of {ROUTES} routes, 4 pairs lit", assign_s, calibration, 1.0),
    ]


def _row(name: str, own_s: float, peer_s: float, goal: float) -> dict[str, Any]:
    return {"name": name, "own_s": own_s, "peer_s": peer_s, "ratio": peer_s / own_s, "goal": goal}


def _physics_s(network: Network) -> float:
    """Design and every section under every comb, without the start of a process."""
    start = time.perf_counter()
    line = designed_line(line_request(network))
    for comb in line.request.combs:
        section_figures(line, comb)
    return time.perf_counter() - start


def _section_cache(network: Network) -> tuple[float, float, Sections]:
    before = os.environ.get("ARTERIAL_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ARTERIAL_CACHE"] = folder
        try:
            cold_s = _best_s(lambda: load_sections(network), times=1)
            warm_s = _best_s(lambda: load_sections(network), times=5)
            return cold_s, warm_s, load_sections(network)
        finally:
            os.environ.pop("ARTERIAL_CACHE")
            if before is not None:
                os.environ["ARTERIAL_CACHE"] = before


def _walks(network: Network, draw: random.Random) -> list[tuple[int, ...]]:
    """Random walks of 1 to 14 fibres, none ridden twice: the hops of shortest CONUS routes."""
    leaving: dict[str, list[tuple[int, str]]] = {}
    for index, fibre in enumerate(network.fibres):
        leaving.setdefault(fibre.a, []).append((2 * index, fibre.z))
        leaving.setdefault(fibre.z, []).append((2 * index + 1, fibre.a))
    walks: list[tuple[int, ...]] = []
    while len(walks) < ROUTES:
        here, route = draw.choice(network.sites).name, []
        for _ in range(draw.randint(1, 14)):
            ways = [way for way in leaving[here] if way[0] // 2 not in {s // 2 for s in route}]
            if not ways:
                break
            section, here = draw.choice(ways)
            route.append(section)
        walks.append(tuple(route))
    return walks


def _gsnr(network: Network, sections: Sections, routes: Routes) -> None:
    routes_gsnr_db(
        sections,
        0,
        routes,
        add_drop_osnr_db=network.line.add_drop_osnr_db,
        tx_osnr_db=network.line.tx_osnr_db,
    )


def _gnpy_route_s(network: Network, routes: Routes) -> float:
    line = designed_line(line_request(network))
    paths = [terminated(line, [divmod(section, 2) for section in route]) for route in routes]
    comb = line.request.combs[0]
    start = time.perf_counter()
    for path in paths:
        propagated(line, path, comb)
    return (time.perf_counter() - start) / len(paths)


def _assign_s(network: Network, routes: Routes) -> float:
    requests = [
        SpectrumRequest(
            name=f"wave {number:04}",
            fibres=tuple(section // 2 for section in route),
            slot_ghz=(75.0, 87.5, 150.0)[number % 3],
        )
        for number, route in enumerate(routes)
    ]
    lit = dict.fromkeys(range(len(network.fibres)), 4)
    return _best_s(lambda: assign(requests, lit, grid_band(network.line)), times=3)


def _best_s(work: Callable[[], object], *, times: int) -> float:
    best_s = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best_s = min(best_s, time.perf_counter() - start)
    return best_s
