"""Who refuses restored links: classes whose round trip the longer way of restored light breaks."""

from collections.abc import Sequence
from math import isinf, isnan, nan

from msgspec import Struct

from arterial.optics.restored_links import RestoredLink
from arterial.plan.plan import Plan

__all__ = ["Refused", "refused"]

_NEARLY = 1e-9


class Refused(Struct, frozen=True, kw_only=True):
    """A class that stays on its backup while a link is restored: its round trip would be broken."""

    link: str
    case: str
    traffic_class: str
    tunnels: int
    """Tunnels of the class over the link that would be late."""
    rtt_ms: float
    """Of the latest of them over the restored link; NaN where unknown."""
    limit_ms: float


def refused(plan: Plan, rows: Sequence[RestoredLink]) -> tuple[Refused, ...]:
    """Classes that ran over a link, and whose bound its restored round trip breaks.

    A tunnel's planning round trip changes by twice what the link's one-way delay does.
    """
    limit = {one.name: one.rtt_ms for one in plan.network.classes}
    class_of = {demand.name: demand.traffic_class for demand in plan.demands}
    tunnels = {tunnel.name: tunnel for tunnel in plan.tunnels}
    over: dict[str, set[str]] = {}
    for hop in plan.tunnel_hops:
        over.setdefault(hop.link, set()).add(hop.tunnel)
    own_ms = {link.name: link.latency_ms for link in plan.ip_links}
    found: list[Refused] = []
    for row in rows:
        late: dict[str, list[float]] = {}
        for name in sorted(over.get(row.link, ())) if row.back else ():
            traffic_class = class_of[tunnels[name].demand]
            bound_ms = limit[traffic_class]
            if bound_ms is None or isinf(bound_ms):
                continue
            rtt_ms = tunnels[name].rtt_ms + 2.0 * (row.latency_ms - own_ms[row.link])
            if isnan(rtt_ms) or rtt_ms > bound_ms * (1.0 + _NEARLY):
                late.setdefault(traffic_class, []).append(rtt_ms)
        found += [
            Refused(
                link=row.link,
                case=row.case,
                traffic_class=traffic_class,
                tunnels=len(trips),
                rtt_ms=nan if any(isnan(ms) for ms in trips) else max(trips),
                limit_ms=limit[traffic_class] or nan,
            )
            for traffic_class, trips in sorted(late.items())
        ]
    return tuple(found)
