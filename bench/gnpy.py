"""GSNR of random CONUS routes beside GNPy's own command line, which rounds to 0.01 dB.

Every route is ridden both ways on a drawn pair under a drawn mode, so that planes are needed; the
comb's figure must be the same within the rounding.
"""

import random
import tempfile
import time
from pathlib import Path

from arterial.model.network import Network
from arterial.optics.gnpy_files import gnpy_files
from arterial.optics.gnpy_planes import Ride
from arterial.optics.gnpy_service import Service
from arterial.optics.gnpy_tools import ROUNDING_DB
from arterial.optics.sections import load_sections
from arterial.study.gnpy import gnpy_check, write_gnpy
from arterial.study.gnpy_services import Services
from bench.optics import conus
from bench.row import Row

__all__ = ["run"]

ROUTES = 200
MOST_HOPS = 14
SEED = 5
MODES = ("400ZR", "OpenZR+ 100", "OpenZR+ 400", "400 ULH QPSK", "OpenROADM 800 PCS E")


def run() -> list[Row]:
    """The largest difference of all routes, and what the command took."""
    network = conus()
    services = tuple(_drawn(network))
    asked = Services(services=services, unknown=())
    sections = load_sections(network)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = gnpy_files(network, services)
        write_gnpy(folder, files)
        start = time.perf_counter()
        check = gnpy_check(network, sections, asked, folder)
        took_s = time.perf_counter() - start
    worst = max(abs(row.difference_db) for row in check.rows)
    return [
        Row(
            name=f"GSNR of {ROUTES} CONUS routes beside gnpy-path-request",
            own_s=took_s,
            goal=f"<= {ROUNDING_DB:g} dB",
            met=worst <= ROUNDING_DB + 1e-9,
            note=f"farthest apart {worst:.4f} dB; {files.planes} planes",
        )
    ]


def _drawn(network: Network) -> list[Service]:
    """Walks that pass no site twice, each on drawn pairs under a drawn mode."""
    draw = random.Random(SEED)  # noqa: S311 - routes, not secrets
    modes = {mode.name: mode for mode in network.modes}
    leaving: dict[str, list[tuple[int, str]]] = {}
    for index, fibre in enumerate(network.fibres):
        leaving.setdefault(fibre.a, []).append((2 * index, fibre.z))
        leaving.setdefault(fibre.z, []).append((2 * index + 1, fibre.a))
    services: list[Service] = []
    for number in range(ROUTES):
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
