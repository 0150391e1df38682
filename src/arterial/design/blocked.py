"""Why a flow cannot be placed, and what would free it: told for the failure that cuts it off."""

import numpy as np

from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.errors import InfeasibleError
from arterial.paths.shortest import path_weight, shortest_path

__all__ = ["no_way"]


def no_way(instance: Instance, flow: Flow) -> InfeasibleError:
    """Name the case that cuts a flow off, and what would free it."""
    delay = np.repeat(instance.latency_ms + instance.hop_ms, 2)
    direct = shortest_path(instance.graph, delay.tolist(), flow.near, flow.far)
    names = [site.name for site in instance.ground.network.sites]
    ends = f"{names[flow.near]} and {names[flow.far]}"
    if direct is None:
        return InfeasibleError(
            f"demand '{flow.name}'",
            f"no lightpath joins {ends}",
            (f"a fibre that joins {ends}",),
        )
    for case, failure in enumerate(instance.failures):
        shut = np.repeat(instance.dead[case], 2)
        for far in {flow.far, flow.backup_far}:
            weight = np.where(shut, np.inf, delay).tolist()
            path = shortest_path(instance.graph, weight, flow.near, far)
            took = path_weight(weight, path or ()) + instance.hop_ms
            if path is not None and took <= flow.limit_ms:
                break
        else:
            if flow.must[case]:
                return _collision(flow, failure.name, names)
    return InfeasibleError(
        f"demand '{flow.name}'",
        f"no pair of paths between {ends} outlives every single failure within the bound",
        ("a fibre that shares no risk with those there are", "a longer round-trip bound"),
    )


def _collision(flow: Flow, failure: str, names: list[str]) -> InfeasibleError:
    remedies = [f"a fibre to {names[flow.near]} that does not share '{failure}'"]
    if flow.limit_ms < np.inf:
        remedies += [
            f"an edge nearer to {names[flow.near]}",
            f"a bound above {2 * flow.limit_ms:.1f} ms round trip in the backbone",
        ]
    return InfeasibleError(
        f"demand '{flow.name}'",
        f"after '{failure}' no path within the class's bound is left",
        remedies,
    )
