"""A load by its name, and how much each of its workloads is scaled.

A load names workloads and scales them: by a number, or as the campuses' power grows from now to
planned. A name that nobody gave is refused with the nearest one that somebody did.
"""

from collections.abc import Iterable

from arterial.errors import ModelError, Problem
from arterial.model.network import Network
from arterial.model.workload import Load, Workload
from arterial.names import did_you_mean

__all__ = ["load_named", "scaled_workloads"]

FILE = "network.yaml"


def load_named(network: Network, name: str) -> Load:
    """The load called ``name``.

    Raises
    ------
    ModelError
        When the network has no such load.
    """
    for load in network.loads:
        if load.name == name:
            return load
    raise _unknown("loads", "load", name, (load.name for load in network.loads))


def scaled_workloads(network: Network, load_name: str) -> tuple[tuple[Workload, float], ...]:
    """The workloads of a load, in the order that it names them, with the factor on their rates.

    Raises
    ------
    ModelError
        When the load or one of its workloads is unknown, or a workload is to grow with power and
        the campuses have none now.
    """
    load = load_named(network, load_name)
    known = {workload.name: workload for workload in network.workloads}
    for name in (*load.workloads, *load.scale, *load.scale_by_power):
        if name not in known:
            raise _unknown(f"loads '{load.name}'", "workload", name, known)
    growth = _power_growth(network, load) if load.scale_by_power else 1.0
    return tuple(
        (known[name], load.scale.get(name, 1.0) * (growth if name in load.scale_by_power else 1.0))
        for name in dict.fromkeys(load.workloads)
    )


def _power_growth(network: Network, load: Load) -> float:
    """Power planned over power now, all campuses together."""
    now_mw = sum(campus.mw for campus in network.campuses)
    planned_mw = sum(campus.mw_planned for campus in network.campuses)
    if now_mw > 0.0 and planned_mw > 0.0:
        return planned_mw / now_mw
    problem = Problem(
        file=FILE,
        field=f"loads '{load.name}' scale_by_power",
        found=f"the campuses have {now_mw:g} MW now and {planned_mw:g} MW planned",
        expected="Both must be above 0 to grow by their ratio; use scale instead",
    )
    raise ModelError([problem])


def _unknown(field: str, kind: str, name: str, known: Iterable[str]) -> ModelError:
    names = sorted(known)
    hint = did_you_mean(name, names) or f"Known: {', '.join(names) or 'none'}"
    found = f"no {kind} is called '{name}'"
    return ModelError([Problem(file=FILE, field=field, found=found, expected=hint)])
