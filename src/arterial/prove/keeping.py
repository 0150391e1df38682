"""What classes keep of many cases, on arrays: as installed and by ECMP, reduced as it is routed.

Shares by demand are not kept: a continent has too many. Of each case and class there remain the
worst-hit demand, what is dropped in all, and whether somebody has no way left.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from arterial.plan.verdict import Policy
from arterial.prove.backup import Installed, installed, routed
from arterial.prove.cases import Cases
from arterial.prove.igp import NOWHERE, Igp, igp_of, rerouted
from arterial.prove.sweep import demands_of
from arterial.prove.tables import Tables
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["MOMENTS", "Engines", "Kept", "engines_of", "kept", "shares"]

MOMENTS: tuple[Policy, ...] = ("backup", "ecmp")
"""Local repair, as installed; then where an IGP sends traffic."""


@dataclass(frozen=True, kw_only=True)
class Engines:
    """What routes a plan, the same in every case."""

    tables: Tables
    classes: tuple[str, ...]
    """C of them, in the order of the demands."""
    ready: Installed
    igp: Igp
    in_time: "sparse.csr_array"
    """Float (K, P): 1 where a tunnel is the demand's and within its round trip."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Of F cases and C classes; axes (M, F, C) have the moments first."""

    counted: BoolArray
    """bool (F, C): some demand of the class is not cut off."""
    least: FloatArray
    """float (M, F, C): share of the worst-hit demand, those cut off left out; inf where none is."""
    demand: IntArray
    """int (M, F, C): that demand."""
    dropped_gbps: FloatArray
    """float (M, F, C)."""
    mean: FloatArray
    """float (M, F, C): share of the class's traffic."""
    no_way: BoolArray
    """bool (F, C): a demand that is not cut off has no way."""
    no_way_gbps: FloatArray
    """float (F,): of all classes."""

    @staticmethod
    def empty(cases: int, classes: int) -> "Kept":
        """Room for so many."""
        size = (len(MOMENTS), cases, classes)
        return Kept(
            counted=np.zeros(size[1:], dtype=np.bool_),
            least=np.full(size, np.inf),
            demand=np.zeros(size, dtype=np.int64),
            dropped_gbps=np.zeros(size),
            mean=np.ones(size),
            no_way=np.zeros(size[1:], dtype=np.bool_),
            no_way_gbps=np.zeros(cases),
        )


def engines_of(tables: Tables) -> Engines:
    """Prepare both ways of routing once for all cases."""
    tunnels, demands = tables.tunnels, tables.demands
    bound_ms = demands.bound_ms[tunnels.demand]
    timely = np.isinf(bound_ms) | (tunnels.round_trip_ms <= bound_ms * (1.0 + TOLERANCE))
    shape = (len(demands.names), len(tunnels.names))
    return Engines(
        tables=tables,
        classes=tuple(dict.fromkeys(demands.traffic_class)),
        ready=installed(tables),
        igp=igp_of(tables),
        in_time=sparse.csr_array(
            (timely.astype(np.float64), (tunnels.demand, np.arange(shape[1]))), shape=shape
        ),
    )


def shares(engines: Engines, cases: Cases) -> tuple[Mapping[Policy, FloatArray], BoolArray]:
    """What each demand keeps within its round trip, float (F, K) by moment; who has no way."""
    demands = engines.tables.demands
    arrived = (engines.in_time @ routed(engines.ready, cases).carried_gbps.T).T
    asked = np.where(demands.gbps > 0.0, demands.gbps, 1.0)
    as_installed = np.where(demands.gbps > 0.0, arrived / asked, 1.0)
    anew = rerouted(engines.igp, cases)
    timely = np.isinf(demands.bound_ms)
    timely = timely | (anew.round_trip_ms <= demands.bound_ms * (1.0 + TOLERANCE))
    return {"backup": as_installed, "ecmp": anew.share * timely}, anew.option == NOWHERE


def kept(engines: Engines, cases: Cases, into: Kept, rows: slice) -> None:
    """Route cases and write what they keep into rows of ``into``."""
    demands = engines.tables.demands
    found, no_way = shares(engines, cases)
    # Numbers of lost ends, not truth values: few sites are down in a case.
    alive = (cases.site_down.astype(np.float64) @ demands.own_end.T.astype(np.float64)) == 0.0
    no_way &= alive
    into.no_way_gbps[rows] = no_way @ demands.gbps
    for column, name in enumerate(engines.classes):
        own = np.flatnonzero(demands_of(engines.tables, name))
        counted, gbps = alive[:, own], demands.gbps[own]
        asked = counted @ gbps
        into.counted[rows, column] = counted.any(axis=1)
        into.no_way[rows, column] = no_way[:, own].any(axis=1)
        for moment, policy in enumerate(MOMENTS):
            share = np.where(counted, found[policy][:, own], np.inf)
            worst = share.argmin(axis=1)
            into.least[moment, rows, column] = share[np.arange(len(share)), worst]
            into.demand[moment, rows, column] = own[worst]
            lost = np.where(counted, np.maximum(1.0 - share, 0.0), 0.0) @ gbps
            into.dropped_gbps[moment, rows, column] = lost
            into.mean[moment, rows, column] = 1.0 - lost / np.where(asked > 0.0, asked, 1.0)
