"""Two losses after which demands have no way left over the plan's IP links, whoever routes."""

from collections.abc import Iterator

import numpy as np

from arterial.paths.parts import parts
from arterial.plan.verdict import LossKind, NoWay
from arterial.prove.beyond import KINDS, Found, in_states
from arterial.prove.cases import Cases
from arterial.prove.igp import NOWHERE, options

__all__ = ["LISTED", "no_ways"]

LISTED = 20
"""Cases of each kind that are told, in different states: those that cut off most."""


def no_ways(found: Found) -> Iterator[NoWay]:
    """The worst cases of each kind, most traffic first; demands whose own end is lost are apart."""
    doubles = found.doubles
    for kind in KINDS:
        own = np.flatnonzero(doubles.maintenance == (kind == "maintenance"))
        cases = in_states(doubles, own)
        gbps = found.kept.no_way_gbps[doubles.state[cases]]
        order = np.argsort(-gbps, kind="stable")[: min(LISTED, int((gbps > 0.0).sum()))]
        for case in cases[order].tolist():
            yield _told(found, kind, case)


def _told(found: Found, kind: LossKind, case: int) -> NoWay:
    one, tables = found.doubles.cases(np.array([case])), found.engines.tables
    stands = ~(one.site_down @ tables.demands.own_end.T)[0]
    lost = stands & (options(found.engines.igp, one)[0] == NOWHERE)
    return NoWay(
        kind=kind,
        case=found.doubles.name(case),
        demands=int(lost.sum()),
        gbps=float(tables.demands.gbps[lost].sum()),
        markets=tuple(_markets(found, one)),
    )


def _markets(found: Found, one: Cases) -> Iterator[str]:
    """Markets whose site stands and reaches no site with replicas."""
    tables = found.engines.tables
    part = parts(tables.link_end, len(tables.sites), one.left_gbps <= 0.0)[0]
    site = {name: number for number, name in enumerate(tables.sites)}
    down = one.edge_down[0] | one.site_down[0]
    edges = {site[edge] for row in tables.plan.replicas for edge in (row.edge, row.failover)}
    served = {int(part[edge]) for edge in edges if not down[edge]}
    for row in tables.plan.replicas:
        home = site[row.site]
        if not one.site_down[0, home] and int(part[home]) not in served:
            yield row.market
