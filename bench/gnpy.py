"""GSNR of random routes beside GNPy's own command line, which rounds to 0.01 dB.

On one band every route is ridden both ways on a drawn pair under a drawn mode, so that planes are
needed; the comb's worst channel must be the same within the rounding. On two bands each route is a
run of its own, one way, and every channel must be. CONUS on one band and a few of two by default;
``--long`` has as many of two, and CORONET worldwide.
"""

import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from arterial.model.network import Network
from arterial.optics.combs import comb_index
from arterial.optics.gnpy_comb import CombRun, comb_request_id
from arterial.optics.gnpy_files import gnpy_files
from arterial.optics.gnpy_planes import Ride
from arterial.optics.gnpy_service import Service, tx_osnr_db
from arterial.optics.gnpy_tools import PATH_REQUEST, ROUNDING_DB, TRANSMISSION, channels_db
from arterial.optics.gsnr import routes_gsnr_db
from arterial.optics.sections import load_sections
from arterial.study.gnpy import gnpy_check, write_gnpy
from arterial.study.gnpy_services import Services
from bench.optics import conus, coronet
from bench.row import Row

__all__ = ["run"]

ROUTES = 200
FEW = 4
MOST_HOPS = 14
SEED = 5
MODES = ("400ZR", "OpenZR+ 100", "OpenZR+ 400", "400 ULH QPSK", "OpenROADM 800 PCS E")


def run(*, long: bool = False) -> list[Row]:
    """The largest difference of all routes, and what the command took."""
    rows = [_one_band(conus()), _two_bands(conus(), ROUTES if long else FEW)]
    if long:
        rows += [_one_band(worldwide()), _two_bands(worldwide(), ROUTES)]
    return rows


def worldwide() -> Network:
    """CORONET Global: its fibres under the sea drawn as land, for there they have lengths only."""
    return coronet("CORONET_Global_Topology.json", "worldwide")


def _one_band(network: Network) -> Row:
    services = tuple(_drawn(network, ROUTES))
    asked = Services(services=services, unknown=())
    sections = load_sections(network)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = gnpy_files(network, services)
        write_gnpy(folder, files)
        start = time.perf_counter()
        check = gnpy_check(network, sections, asked, folder)
        took_s = time.perf_counter() - start
    worst_db = max(abs(row.difference_db) for row in check.rows)
    what = f"{ROUTES} routes, {network.name}, beside {PATH_REQUEST}"
    return _row(what, took_s, worst_db, f"{files.planes} planes")


def _two_bands(network: Network, routes: int) -> Row:
    network = msgspec.structs.replace(
        network, line=msgspec.structs.replace(network.line, bands="C+L")
    )
    services = tuple(_drawn(network, routes))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = gnpy_files(network, services)
        write_gnpy(folder, files)
        # One way of each: there and back by turns.
        runs = [one for number, one in enumerate(files.runs) if one.way == number // 2 % 2]
        start = time.perf_counter()
        found = channels_db(folder, runs)
        took_s = time.perf_counter() - start
    apart_db = _apart_db(network, services, runs, found)
    what = f"{len(runs)} routes, {network.name} C+L, beside {TRANSMISSION}"
    return _row(what, took_s, max(apart_db), f"{sum(map(len, found.values()))} channels")


def _apart_db(
    network: Network,
    services: Sequence[Service],
    runs: Sequence[CombRun],
    found: Mapping[tuple[str, int], tuple[float, ...]],
) -> list[float]:
    """By run: the channel that is farthest apart."""
    sections = load_sections(network)
    by_name = {comb_request_id(network, service): service for service in services}
    apart_db: list[float] = []
    for one in runs:
        service = by_name[one.name]
        route = service.ride.route
        comb = comb_index(service.mode, sections.combs)
        assert comb is not None, "a drawn mode has a comb"
        ours_db = routes_gsnr_db(
            sections,
            comb,
            [tuple(section ^ 1 for section in reversed(route)) if one.way else route],
            add_drop_osnr_db=network.line.add_drop_osnr_db,
            tx_osnr_db=tx_osnr_db(network.line, service.mode),
        )[0]
        apart_db.append(float(np.abs(np.array(found[one.name, one.way]) - ours_db).max()))
    return apart_db


def _row(what: str, took_s: float, worst_db: float, note: str) -> Row:
    return Row(
        name=f"GSNR of {what}",
        own_s=took_s,
        goal=f"<= {ROUNDING_DB:g} dB",
        met=worst_db <= ROUNDING_DB + 1e-9,
        note=f"farthest apart {worst_db:.4f} dB; {note}",
    )


def _drawn(network: Network, routes: int) -> list[Service]:
    """Walks that pass no site twice, each on drawn pairs under a drawn mode."""
    draw = random.Random(SEED)  # noqa: S311 - routes, not secrets
    modes = {mode.name: mode for mode in network.modes}
    leaving: dict[str, list[tuple[int, str]]] = {}
    for index, fibre in enumerate(network.fibres):
        leaving.setdefault(fibre.a, []).append((2 * index, fibre.z))
        leaving.setdefault(fibre.z, []).append((2 * index + 1, fibre.a))
    services: list[Service] = []
    for number in range(routes):
        here = draw.choice(network.sites).name
        passed, route = {here}, []
        for _ in range(draw.randint(1, MOST_HOPS)):
            ways = [way for way in leaving[here] if way[1] not in passed]
            if not ways:
                break
            section, here = draw.choice(ways)
            passed.add(here)
            route.append(section)
        ride = Ride(route=tuple(route), pairs=tuple(draw.randint(1, 2) for _ in route))
        mode = modes[draw.choice(MODES)]
        services.append(Service(name=f"w{number}", mode=mode, ride=ride))
    return services
