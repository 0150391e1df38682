"""What arrives within the round trip of its class, by the arrays of the installed routing."""

import numpy as np

from arterial.prove.backup import Routing
from arterial.prove.tables import Tables
from arterial.prove.verifier import TOLERANCE
from arterial.solve.program import FloatArray

__all__ = ["share_in_time"]


def share_in_time(tables: Tables, routing: Routing) -> FloatArray:
    """Float (F, K): what arrives within the round trip, of what is asked."""
    tunnels, demands = tables.tunnels, tables.demands
    in_time = ~(tunnels.round_trip_ms > demands.bound_ms[tunnels.demand] * (1.0 + TOLERANCE))
    arrived = np.zeros((len(routing.carried_gbps), len(demands.names)))
    np.add.at(arrived.T, tunnels.demand, (routing.carried_gbps * in_time).T)
    asked = demands.gbps
    return np.divide(arrived, asked, out=np.ones_like(arrived), where=asked > 0.0)
