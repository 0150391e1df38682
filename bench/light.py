"""Light held to GNPy, and how fast it is in bulk: CORONET CONUS and Global, on C and on C+L.

Random shortest routes are propagated by GNPy from end to end and compared with the product of their
sections on every channel; combs of mixed classes with the estimate that reach uses. `--long` takes
200 routes of each, otherwise 20.
"""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec
import networkx as nx
import numpy as np

from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.optics.combs import WIDEST_NARROW_GHZ, Channel
from arterial.optics.gnpy_door import (
    Line,
    designed_line,
    propagated,
    section_figures,
    terminated,
)
from arterial.optics.gsnr import gsnr_db, route_log_noise, routes_gsnr_db
from arterial.optics.line_request import line_request
from arterial.optics.load import MIXED_COMB_DB
from arterial.optics.many import Asked, many_routes
from arterial.optics.mode_table import mode_table
from arterial.optics.sections import Sections, sections_from
from bench.optics import conus, coronet
from bench.row import Row, median_s

__all__ = ["run"]

SEED = 11
EXACT_DB = 1e-9
SECTIONS_S = 5.0
MANY = 10_000
MANY_S = 0.2
SHARES = (0.1, 0.5, 0.9)
KINDS = {False: [(75.0, 60.1), (87.5, 63.1)], True: [(150.0, 118.2), (150.0, 131.3)]}
Routes = Sequence[tuple[int, ...]]


def run(*, long: bool = False) -> list[Row]:
    """Rows of what holds and of what it takes."""
    logging.disable(logging.ERROR)
    try:
        return list(_rows(200 if long else 20))
    finally:
        logging.disable(logging.NOTSET)


def _rows(count: int) -> Iterator[Row]:
    worldwide = coronet("CORONET_Global_Topology.json", "worldwide")
    for given in (conus(), worldwide):
        for bands in ("C", "C+L"):
            network = msgspec.structs.replace(given, line=LineSystem(bands=bands))
            place = f"{network.name}, {bands}"
            line = designed_line(line_request(network))
            sections, taken_s = _sections(network, line)
            slowest_s = max(taken_s)
            asked = given is worldwide and bands == "C"
            yield Row(
                name=f"sections of a comb, {place}",
                own_s=slowest_s,
                goal=f"<= {SECTIONS_S:g} s" if asked else "",
                met=slowest_s <= SECTIONS_S if asked else None,
                note=f"{2 * len(network.fibres)} sections, the slower of {len(taken_s)} combs",
            )
            routes = list(_routes(network, count))
            yield _truth(place, line, sections, routes)
            yield _mixed(place, network.line, line, sections, routes)
            yield _many(place, network, sections)


def _sections(network: Network, line: Line) -> tuple[Sections, list[float]]:
    arrays: dict[str, Any] = {}
    taken_s: list[float] = []
    for number, comb in enumerate(line.request.combs):
        start = time.perf_counter()
        for figure, values in section_figures(line, comb).items():
            arrays[f"{figure}_{number}"] = values
        taken_s.append(time.perf_counter() - start)
    return sections_from(line.request, arrays, fibres=len(network.fibres)), taken_s


def _routes(network: Network, count: int) -> Iterator[tuple[int, ...]]:
    """Shortest routes between random sites."""
    graph: nx.Graph[str] = nx.Graph()
    for index, fibre in enumerate(network.fibres):
        graph.add_edge(fibre.a, fibre.z, km=fibre.length_km, index=index)
    draw = random.Random(SEED)  # noqa: S311 - routes, not secrets
    names = sorted(graph)
    for _ in range(count):
        source, target = draw.sample(names, 2)
        sites = nx.shortest_path(graph, source, target, weight="km")
        indices = [graph[a][z]["index"] for a, z in pairwise(sites)]
        yield tuple(
            2 * index + (network.fibres[index].a != site)
            for index, site in zip(indices, sites, strict=False)
        )


def _gnpy_db(line: Line, route: Sequence[int], light: Any) -> Any:  # noqa: ANN401 - of GNPy
    path = terminated(line, [divmod(section, 2) for section in route])
    propagated(line, path, light)
    return path[-1].snr_01nm


def _ends(line: Line) -> dict[str, float]:
    asked = line.request
    return {"add_drop_osnr_db": asked.add_drop_osnr_db, "tx_osnr_db": asked.tx_osnr_db}


def _truth(place: str, line: Line, sections: Sections, routes: Routes) -> Row:
    """The wide comb: a third of the channels' work, and the same rule."""
    comb = len(sections.combs) - 1
    ours = routes_gsnr_db(sections, comb, routes, **_ends(line))
    apart_db = max(
        float(np.abs(ours[number] - _gnpy_db(line, route, sections.combs[comb])).max())
        for number, route in enumerate(routes)
    )
    return Row(
        name=f"GSNR as GNPy, {place}",
        own_s=np.nan,
        goal=f"<= {EXACT_DB:g} dB",
        met=apart_db <= EXACT_DB,
        note=f"{len(routes)} routes, all channels; farthest apart {apart_db:.1e} dB",
    )


def _mixed(place: str, kind: LineSystem, line: Line, sections: Sections, routes: Routes) -> Row:
    tenth = routes[: max(len(routes) // 10, 2)]
    short_db = -np.inf
    for number, share in enumerate(SHARES):
        light = _drawn(kind, share, SEED + number)
        baud = np.array([channel.baud_gbd for channel in light])
        wide = [channel.slot_ghz > WIDEST_NARROW_GHZ for channel in light]
        for route in tenth:
            worst = [route_log_noise(sections, comb, [route]).max() for comb in (0, 1)]
            noise = np.array([worst[is_wide] for is_wide in wide])
            ours = gsnr_db(noise, baud, **_ends(line))
            short_db = max(short_db, float((ours - _gnpy_db(line, route, light)).max()))
    most_db = MIXED_COMB_DB[sections.bands]
    return Row(
        name=f"mixed combs, {place}",
        own_s=np.nan,
        goal=f"<= {most_db:g} dB",
        met=short_db <= most_db,
        note=f"{len(tenth)} routes, {len(SHARES)} shares; short by {short_db:.3f} dB at most",
    )


def _drawn(kind: LineSystem, share: float, seed: int) -> list[Channel]:
    """Channels of both classes side by side at random, over every band."""
    draw = random.Random(seed)  # noqa: S311 - a load, not a secret
    channels: list[Channel] = []
    for low_thz, high_thz in kind.band_limits_thz:
        at_thz = low_thz
        while True:
            slot, baud = draw.choice(KINDS[draw.random() < share])
            if at_thz + slot / 1e3 > high_thz + 1e-9:
                break
            channels.append(Channel(centre_thz=at_thz + slot / 2e3, slot_ghz=slot, baud_gbd=baud))
            at_thz += slot / 1e3
    return channels


def _many(place: str, network: Network, sections: Sections) -> Row:
    table = mode_table(network, sections)
    asked = Asked(
        comb=table.comb,
        baud_gbd=table.baud_gbd,
        tx_osnr_db=table.tx_osnr_db,
        least_gsnr_db=table.osnr_db + network.margins.total_db,
        pass_db=np.full(len(table.modes), 0.05),
        cd_ps_nm=table.cd_ps_nm,
        pmd_ps=table.pmd_ps,
    )
    rng = np.random.default_rng(SEED)
    routes = [
        tuple(rng.integers(0, 2 * len(network.fibres), size=hops).tolist())
        for hops in rng.integers(1, 15, size=MANY)
    ]
    own_s = median_s(
        lambda: many_routes(sections, asked, routes, add_drop_osnr_db=network.line.add_drop_osnr_db)
    )
    return Row(
        name=f"{MANY:,} routes, every mode and channel, {place}",
        own_s=own_s,
        goal=f"<= {MANY_S:g} s",
        met=own_s <= MANY_S,
        note=f"{len(table.modes)} modes, 1 to 14 sections a route",
    )
