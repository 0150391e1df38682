"""The most that a fibre plant carries between two sites: a real assignment, and two bounds.

Routes are fixed first: the shortest, diverse ones, and those that the largest flow takes. Over them
a linear program bounds what can be carried (scope ``paths``) and says what to try; waves are then
put into pairs and slots one by one. A second bound holds for every route (scope ``network``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from arterial.design.growth_bound import fibre_caps_gbps, fibre_items, routes_bound
from arterial.design.growth_clear import clear_items
from arterial.design.growth_column import Column, Item, columns_of
from arterial.design.growth_fill import Filled, filled
from arterial.design.growth_plant import Plant
from arterial.model.network import Network
from arterial.optics.modes import RouteOption, options_of_routes
from arterial.optics.sections import Sections
from arterial.paths.diverse import diverse_paths
from arterial.paths.graph import Graph, Path
from arterial.paths.maxflow import MaxFlow, max_flow
from arterial.paths.shortest import k_shortest

__all__ = ["Carried", "Light", "Ways", "carried", "light_of_network", "ways_between"]

DIVERSE, SHORTEST = 6, 8
"""Routes of each kind a pair; those of the largest flows come on top."""


@dataclass(frozen=True)
class Light:
    """A network's fibres under one line system; M fibres."""

    network: Network
    sections: Sections
    graph: Graph
    weight: tuple[float, ...]
    """(2M,) km by arc; inf where the light is unknown."""
    items: tuple[frozenset[Item], ...]
    """(M,) channels that can cross each fibre."""


@dataclass(frozen=True)
class Ways:
    """Routes between two sites under one line system, and what each can be lit with."""

    ends: tuple[int, int]
    routes: tuple[Path, ...]
    options: tuple[tuple[RouteOption, ...], ...]
    clear: tuple[frozenset[Item], ...]
    """(M,) channels that may cross each fibre on a way without regenerators."""


@dataclass(frozen=True)
class Carried:
    """What a plant carries between two sites."""

    filled: Filled
    columns: tuple[Column, ...]
    paths_bound_gbps: float
    """No waves over the routes tried carry more."""
    network_bound_gbps: float
    """No waves over any routes carry more."""
    cut: tuple[int, ...]
    """Fibres whose capacities make the latter."""


def light_of_network(network: Network, sections: Sections) -> Light:
    """Compile a network's fibres."""
    index = {site.name: number for number, site in enumerate(network.sites)}
    fibres = network.fibres
    return Light(
        network,
        sections,
        Graph.of(
            len(index), [index[fibre.a] for fibre in fibres], [index[fibre.z] for fibre in fibres]
        ),
        tuple(
            inf if fibre.length_km is None or not sections.known[m] else fibre.length_km
            for m, fibre in enumerate(fibres)
            for _ in range(2)
        ),
        fibre_items(network, sections),
    )


def ways_between(light: Light, plants: Sequence[Plant], ends: tuple[int, int]) -> Ways:
    """Routes worth trying in any of the plants, and their options.

    Only fibres of known light with pairs in a plant are ridden.
    """
    found: dict[Path, None] = {}
    for plant in plants:
        weight = [km if plant.free[arc >> 1] else inf for arc, km in enumerate(light.weight)]
        risks = [(m,) for m in range(len(plant.free))]
        caps = fibre_caps_gbps(light.items, plant)
        open_caps = [cap if weight[2 * m] < inf else 0.0 for m, cap in enumerate(caps)]
        flow = max_flow(light.graph, open_caps, *ends)
        for path in (
            *diverse_paths(light.graph, weight, risks, *ends, DIVERSE),
            *k_shortest(light.graph, weight, *ends, SHORTEST),
            *(path for path, _ in flow.routes),
        ):
            found.setdefault(path)
    routes = tuple(sorted(found, key=lambda path: (len(path), path)))
    options = options_of_routes(light.network, light.sections, routes)
    clear = clear_items(light.network, light.sections, light.graph, ends)
    return Ways(ends, routes, options, clear)


def carried(light: Light, ways: Ways, plant: Plant, *, regenerators: bool) -> Carried:
    """The most that one plant carries over these ways, with its bounds."""
    kept = [n for n, route in enumerate(ways.routes) if all(plant.free[arc >> 1] for arc in route)]
    columns = columns_of(
        [ways.routes[n] for n in kept],
        [ways.options[n] for n in kept],
        regenerators=regenerators,
    )
    bound, relaxed = routes_bound(plant, columns)
    flow = _every_route(light, ways, plant, regenerators=regenerators)
    return Carried(filled(plant, columns, relaxed, bound), columns, bound, flow.value, flow.cut)


def _every_route(light: Light, ways: Ways, plant: Plant, *, regenerators: bool) -> MaxFlow:
    items = light.items if regenerators else ways.clear
    return max_flow(light.graph, fibre_caps_gbps(items, plant), *ways.ends)
