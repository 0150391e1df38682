"""A network as a phase finds it: its load, campuses on line, fibre that has come, prices by then.

What an earlier phase opened stands: edges that it built cost no building again. Nothing else of an
earlier plan is in here.
"""

from collections.abc import Collection

import msgspec

from arterial.model.cost import Costs
from arterial.model.network import Network
from arterial.model.phase import Phase
from arterial.model.pluggable import Mode
from arterial.model.site import Campus, Site
from arterial.model.workload import Load

__all__ = ["discount", "fibre_opens", "phase_network", "with_edges"]

_EQUIPMENT = (
    "amplifier_hut",
    "roadm_degree",
    "line_terminal",
    "router_port",
    "chassis",
    "regenerator",
)
"""Costs that fall with ``price_factor``; rent, edges and power are paid by the year."""


def phase_network(network: Network, number: int) -> Network:
    """The network of one phase, counted from 0, without phases of its own.

    Its load and those under ``also`` keep their names; each is scaled as the phase says.
    """
    phase = network.phases[number]
    years = phase.year - network.phases[0].year
    opens = fibre_opens(network)
    factor = network.horizon.price_factor**years
    return msgspec.structs.replace(
        network,
        phases=(),
        fibres=tuple(
            row for row, first in zip(network.fibres, opens, strict=True) if first <= number
        ),
        campuses=tuple(_campus(network, row, number) for row in network.campuses),
        loads=tuple(_load(row, phase) for row in network.loads),
        demands={
            name: tuple(
                msgspec.structs.replace(row, gbps=row.gbps * phase.demand_scale) for row in rows
            )
            if name == phase.load
            else rows
            for name, rows in network.demands.items()
        },
        modes=tuple(_mode(network, mode, years) for mode in network.modes),
        costs=_costs(network.costs, factor),
    )


def discount(network: Network, number: int) -> float:
    """What one unit spent in a phase is worth in the year of the first.

    Spent once, when the phase comes into service.
    """
    years = network.phases[number].year - network.phases[0].year
    return (1.0 + network.horizon.discount_rate) ** -years


def fibre_opens(network: Network) -> tuple[int, ...]:
    """(M,) number of the phase before which a fibre cannot be used; 0 where no phase says."""
    return tuple(
        max(
            (
                number
                for number, phase in enumerate(network.phases)
                if fibre.name in phase.fibres or set(fibre.risks) & set(phase.risks)
            ),
            default=0,
        )
        for fibre in network.fibres
    )


def with_edges(network: Network, opened: Collection[str]) -> Network:
    """The network with some candidate edges built."""
    return msgspec.structs.replace(
        network,
        sites=tuple(_built(site) if site.name in opened else site for site in network.sites),
    )


def _built(site: Site) -> Site:
    roles = tuple("edge" if role == "candidate-edge" else role for role in site.roles)
    return msgspec.structs.replace(site, roles=roles)


def _campus(network: Network, campus: Campus, number: int) -> Campus:
    """Its power from the last phase that says one; none before the first that does."""
    said = [phase.campuses_mw.get(campus.name) for phase in network.phases]
    if all(mw is None for mw in said):
        return campus
    here = next((mw for mw in reversed(said[: number + 1]) if mw is not None), 0.0)
    return msgspec.structs.replace(campus, mw=min(campus.mw, here), mw_planned=here)


def _load(load: Load, phase: Phase) -> Load:
    if load.name != phase.load:
        return load
    scale = {
        name: load.scale.get(name, 1.0) * phase.scale.get(name, 1.0)
        for name in load.workloads
        if name in load.scale or name in phase.scale
    }
    return msgspec.structs.replace(load, scale=scale)


def _mode(network: Network, mode: Mode, years: int) -> Mode:
    if mode.cost is None:
        return mode
    horizon = network.horizon
    yearly = horizon.price_factors.get(mode.name, horizon.price_factor)
    return msgspec.structs.replace(mode, cost=mode.cost * yearly**years)


def _costs(costs: Costs, factor: float) -> Costs:
    return msgspec.structs.replace(
        costs, **{name: getattr(costs, name) * factor for name in _EQUIPMENT}
    )
