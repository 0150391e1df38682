"""A routing with names: tunnels with their hops, and links with their load, as Parquet tables."""

from pathlib import Path

import numpy as np
from msgspec import Struct

from arterial.demand.traffic import asking
from arterial.plan.folder import write_tables
from arterial.routing.pathset import PathSet
from arterial.routing.pricing import Ways
from arterial.solve.program import FloatArray
from arterial.study.scene import Scene

__all__ = ["LinkLoad", "RoutedTunnel", "Tables", "tables_of", "write_routing"]


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


def tables_of(seen: Scene, ways: Ways, paths: PathSet, rate_gbps: FloatArray) -> Tables:
    """Rates on paths with the names of a scene."""
    return Tables(
        tunnels=_tunnels(seen, ways, paths, rate_gbps),
        links=_links(seen, paths.load(rate_gbps, len(seen.ip.capacity_gbps))),
    )


def write_routing(tables: Tables, folder: Path) -> None:
    """Write ``tunnels.parquet`` and ``links.parquet``, each whole or not at all."""
    write_tables(tables, TABLES, folder)


def _tunnels(
    seen: Scene, ways: Ways, paths: PathSet, rate_gbps: FloatArray
) -> tuple[RoutedTunnel, ...]:
    traffic, sites, links = seen.traffic, seen.ip.sites, seen.ip.links
    router_ms = seen.network.latency.router_us / 1000.0
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
                sites=(sites[traffic.source[k]], *(sites[n] for n in target[arcs].tolist())),
                links=tuple(links[arc // 2] for arc in arcs.tolist()),
                sids=(),
            )
        )
    return tuple(rows)


def _links(seen: Scene, load_gbps: FloatArray) -> tuple[LinkLoad, ...]:
    ip = seen.ip
    rows: list[LinkLoad] = []
    for arc, load in enumerate(load_gbps.tolist()):
        ends = ip.ends[arc // 2].tolist()
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
