"""One set of candidate lightpaths for every placement, and a design taken over to it.

Candidates are those of the design that stands, and those that join all sites where replicas may
stand: light may end at an edge that is not open too, where traffic then only passes.
"""

from collections.abc import Mapping

from arterial.design.candidates import Express, Route, candidate_routes
from arterial.design.instance import Instance, instance_of
from arterial.design.offers import with_offers
from arterial.design.opening import Opening
from arterial.design.state import Placement
from arterial.optics.modes import options_of_routes
from arterial.paths.graph import Path
from arterial.placement.edges import edge_sites

__all__ = ["carried_over", "wide_instance"]


def wide_instance(start: Opening, express: Express) -> Instance:
    """The instance of an opening with candidates for any placement, and all edges' losses."""
    ground, sections = start.instance.ground, start.sections
    edges = [site.name for site in edge_sites(ground.network)]
    if sections is None:
        return instance_of(ground, (), (), edges)
    names = {site for demand in start.demands for site in (demand.source, demand.target)}
    names |= {site for row in start.sited.replicas for site in (row.edge, row.failover)}
    sites = (ground.site_index[name] for name in sorted(names.union(edges)))
    found: dict[Path, Route] = {r.arcs: r for r in start.instance.routes if not r.given}
    for route in with_offers(ground, candidate_routes(ground, sites, start.demands, express)):
        found.setdefault(route.arcs, route)
    options = options_of_routes(ground.network, sections, list(found))
    return instance_of(ground, tuple(found.values()), options, edges)


def carried_over(
    placements: Mapping[str, Placement], narrow: Instance, wide: Instance
) -> dict[str, Placement]:
    """Placements with their links numbered as in another instance that has all of them."""
    number = {(route.arcs, route.given): link for link, route in enumerate(wide.routes)}
    of = [number[route.arcs, route.given] for route in narrow.routes]

    def renumbered(path: Path) -> Path:
        return tuple(2 * of[arc // 2] + arc % 2 for arc in path)

    return {
        name: Placement(
            tuple(renumbered(path) for path in place.paths),
            None if place.backup is None else renumbered(place.backup),
        )
        for name, place in placements.items()
    }
