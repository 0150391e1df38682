"""Sites that may hold replicas, in the order of every array over edges, and what they cost."""

from arterial.model.network import Network
from arterial.model.site import Site

__all__ = ["edge_sites", "open_cost"]


def edge_sites(network: Network) -> tuple[Site, ...]:
    """Sites in the role of an edge or a candidate for one, in the network's order."""
    return tuple(
        site for site in network.sites if {"edge", "candidate-edge"}.intersection(site.roles)
    )


def open_cost(network: Network, site: Site) -> float:
    """Cost of a site in service over ``costs.years``, and of building it where it is new."""
    costs = network.costs
    build = 0.0 if "edge" in site.roles else costs.edge_site_build
    return costs.edge_site_year * costs.years + build
