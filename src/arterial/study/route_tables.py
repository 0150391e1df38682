"""A routing with names: tunnels with their hops, and links with their load, as Parquet tables."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from arterial.demand.traffic import asking
from arterial.errors import ModelError, Problem
from arterial.plan.folder import write_tables
from arterial.plan.table import database, read_table
from arterial.routing.churn import Before, before_of
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Ways
from arterial.routing.segments import Igp, segments_of
from arterial.solve.program import FloatArray
from arterial.study.scene import Scene

__all__ = [
    "LinkLoad",
    "RoutedTunnel",
    "Tables",
    "read_before",
    "tables_of",
    "write_routing",
]

TABLE_BYTES = 2**30
"""A table of tunnels that is larger was not written here."""


class RoutedTunnel(Struct, frozen=True, kw_only=True):
    """A path that carries part of a demand."""

    tunnel: str
    """The demand and a number."""
    demand: str
    traffic_class: str
    source: str
    target: str
    rate_gbps: float
    share: float
    """Of what is placed of its demand."""
    rtt_ms: float
    """Planning value, access included; NaN where a delay is unknown."""
    sites: tuple[str, ...]
    """From source to target."""
    links: tuple[str, ...]
    """Between them."""
    sids: tuple[str, ...]
    """Segment list that makes routers send it this way: ``node SITE`` or ``link LINK``."""


class LinkLoad(Struct, frozen=True, kw_only=True):
    """A link in one direction."""

    link: str
    source: str
    target: str
    capacity_gbps: float
    load_gbps: float
    utilisation: float
    """NaN where there is no capacity."""


class Tables(Struct, frozen=True, kw_only=True):
    """Both tables of a routing."""

    tunnels: tuple[RoutedTunnel, ...]
    links: tuple[LinkLoad, ...]


TABLES: dict[str, type[Struct]] = {"tunnels": RoutedTunnel, "links": LinkLoad}


def tables_of(seen: Scene, ways: Ways, igp: Igp, paths: PathSet, rate_gbps: FloatArray) -> Tables:
    """Rates on paths with the names of a scene."""
    return Tables(
        tunnels=_tunnels(seen, ways, igp, paths, rate_gbps),
        links=_links(seen, paths.load(rate_gbps, len(seen.ip.capacity_gbps))),
    )


def write_routing(tables: Tables, folder: Path) -> None:
    """Write ``tunnels.parquet`` and ``links.parquet``, each whole or not at all."""
    write_tables(tables, TABLES, folder)


def read_before(seen: Scene, file: Path) -> tuple[Before, int]:
    """An earlier routing's tunnels on the links of a scene, and how many no longer belong to it.

    Raises
    ------
    ModelError
        There is no such file, or it is not a table of tunnels.
    """
    named = {demand.name: k for k, demand in enumerate(asking(seen.demands))}
    link = {name: number for number, name in enumerate(seen.ip.links)}
    site = {name: number for number, name in enumerate(seen.ip.sites)}
    found: list[tuple[int, list[int]]] = []
    rates: list[float] = []
    strange, forced = 0, 0.0
    for row in _rows(file):
        k = named.get(row.demand)
        if k is None:
            strange += 1
            continue
        arcs = _arcs(seen, row, link, site)
        right = (int(seen.traffic.source[k]), int(seen.traffic.target[k])) == (
            site.get(row.source),
            site.get(row.target),
        )
        if arcs is None or not right:
            forced += row.rate_gbps
            continue
        found.append((k, arcs))
        rates.append(row.rate_gbps)
    before = before_of(
        PathSet.of(found),
        np.array(rates, dtype=np.float64),
        seen.traffic.gbps,
        seen.ip.capacity_gbps,
    )
    return replace(before, forced_gbps=before.forced_gbps + forced), strange


def _rows(file: Path) -> tuple[RoutedTunnel, ...]:
    expected = "Name the tunnels.parquet that `arterial route -o` wrote"
    if not file.is_file() or file.stat().st_size > TABLE_BYTES:
        found = "it is too large" if file.is_file() else "there is no such file"
        raise ModelError([Problem(file=str(file), found=found, expected=expected)])
    with database() as engine:
        try:
            rows = read_table(engine, file, RoutedTunnel)
        except (ValueError, msgspec.ValidationError) as error:
            problem = Problem(file=str(file), found=str(error), expected=expected)
            raise ModelError([problem]) from error
    wrong = [row.tunnel for row in rows if not 0.0 <= row.rate_gbps < np.inf]
    if wrong:
        found = f"tunnel '{wrong[0]}' has no rate that is 0 or more"
        raise ModelError([Problem(file=str(file), found=found, expected=expected)])
    return rows


def _arcs(
    seen: Scene, row: RoutedTunnel, link: dict[str, int], site: dict[str, int]
) -> list[int] | None:
    """The tunnel's arcs; None where it cannot be followed on these links."""
    arcs: list[int] = []
    here = site.get(row.source)
    for name in row.links:
        number = link.get(name)
        ends: list[int] = [] if number is None else seen.ip.ends[number].tolist()
        if number is None or here not in ends:
            return None
        arc = 2 * number + (0 if ends[0] == here else 1)
        if arc in arcs:
            return None
        arcs.append(arc)
        here = ends[1] if ends[0] == here else ends[0]
    return arcs if arcs and here == site.get(row.target) else None


def _tunnels(
    seen: Scene, ways: Ways, igp: Igp, paths: PathSet, rate_gbps: FloatArray
) -> tuple[RoutedTunnel, ...]:
    traffic, sites, links = seen.traffic, seen.ip.sites, seen.ip.links
    router_ms = seen.network.latency.router_ms
    one_way_ms = paths.along(np.where(np.isinf(ways.delay_ms), np.nan, ways.delay_ms))
    rtt_ms = 2.0 * (one_way_ms + router_ms + traffic.access_ms[paths.demand])
    placed = paths.by_demand(rate_gbps, len(traffic))
    target, named = ways.adjacency.target, asking(seen.demands)
    rows: list[RoutedTunnel] = []
    count: dict[int, int] = {}
    for path in np.argsort(paths.demand, kind="stable").tolist():
        k = int(paths.demand[path])
        count[k] = count.get(k, 0) + 1
        arcs = paths.arc[paths.start[path] : paths.start[path + 1]]
        ridden: list[int] = arcs.tolist()
        passed: list[int] = target[arcs].tolist()
        demand = named[k]
        rows.append(
            RoutedTunnel(
                tunnel=f"{demand.name} t{count[k]}",
                demand=demand.name,
                traffic_class=demand.traffic_class,
                source=demand.source,
                target=demand.target,
                rate_gbps=float(rate_gbps[path]),
                share=float(rate_gbps[path] / placed[k]),
                rtt_ms=float(rtt_ms[path]),
                sites=(demand.source, *(sites[n] for n in passed)),
                links=tuple(links[arc // 2] for arc in ridden),
                sids=tuple(_sid(seen, *sid) for sid in segments_of(igp, arcs)),
            )
        )
    return tuple(rows)


def _sid(seen: Scene, to_site: bool, number: int) -> str:  # noqa: FBT001 - one entry of a list
    return f"node {seen.ip.sites[number]}" if to_site else f"link {seen.ip.links[number // 2]}"


def _links(seen: Scene, load_gbps: FloatArray) -> tuple[LinkLoad, ...]:
    ip = seen.ip
    rows: list[LinkLoad] = []
    for arc, load in enumerate(load_gbps.tolist()):
        ends: list[int] = ip.ends[arc // 2].tolist()
        source, target = ends if arc % 2 == 0 else ends[::-1]
        room = float(ip.capacity_gbps[arc])
        rows.append(
            LinkLoad(
                link=ip.links[arc // 2],
                source=ip.sites[source],
                target=ip.sites[target],
                capacity_gbps=room,
                load_gbps=load,
                utilisation=load / room if room > 0.0 else np.nan,
            )
        )
    return tuple(rows)
