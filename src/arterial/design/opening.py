"""The opening of a design: replicas, demands, candidates, and a first placement of every flow."""

from collections.abc import Sequence
from dataclasses import dataclass

from arterial.demand.flows import demands
from arterial.design.candidates import candidate_routes
from arterial.design.flows import Flow, flows_of
from arterial.design.ground import Ground, ground_of
from arterial.design.instance import Instance, instance_of
from arterial.design.search import Found, search
from arterial.design.siting import Siting
from arterial.errors import InfeasibleError
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.optics.modes import options_of_routes
from arterial.optics.sections import Sections, load_sections
from arterial.placement.replicas import Placement
from arterial.plan.rows import Demand, Replica

__all__ = ["Opening", "opened"]


@dataclass(frozen=True)
class Opening:
    """What the search works on, and where it starts."""

    instance: Instance
    flows: tuple[Flow, ...]
    sited: Placement
    demands: tuple[Demand, ...]
    first: Found

    @property
    def edge_cost(self) -> float:
        """Cost of the edge sites, fixed before the search."""
        return self.sited.edge_cost


def opened(network: Network, load: str, report: Report) -> Opening:
    """Site replicas, anew while a market's pair of edges cannot be routed; place every flow."""
    report("optics", 0, 1)
    sections = load_sections(network, report) if network.fibres else None
    report("placement", 0, 1)
    siting = Siting(network, load)
    ground = ground_of(network)
    while True:
        sited = siting.placed()
        wanted = demands(network, load, sited.replicas)
        instance = _instance(ground, sections, sited, wanted)
        flows = flows_of(instance, wanted, sited.replicas)
        report("search", 0, 1)
        try:
            first = next(search(instance, flows, rounds=0))
        except InfeasibleError as error:
            stuck = _stuck(flows, sited.replicas, error)
            if stuck is None:
                raise
            siting.give_up(stuck.market, stuck.edge, stuck.failover)
        else:
            return Opening(instance, flows, sited, wanted, first)


def _instance(
    ground: Ground, sections: Sections | None, sited: Placement, wanted: Sequence[Demand]
) -> Instance:
    """Candidate links between the sites where traffic ends, with what each may be lit with."""
    names = {site for demand in wanted for site in (demand.source, demand.target)}
    names |= {site for row in sited.replicas for site in (row.edge, row.failover)}
    if sections is None:
        return instance_of(ground, (), (), sited.edges)
    routes = candidate_routes(ground, (ground.site_index[name] for name in names), wanted)
    options = options_of_routes(ground.network, sections, [route.arcs for route in routes])
    return instance_of(ground, routes, options, sited.edges)


def _stuck(
    flows: Sequence[Flow], replicas: Sequence[Replica], error: InfeasibleError
) -> Replica | None:
    """The market whose pair of edges the error is about; None for any other demand."""
    for flow in flows:
        demand = flow.up or flow.down
        if demand is not None and demand.market and error.demand == f"demand '{flow.name}'":
            return next(row for row in replicas if row.market == demand.market)
    return None
