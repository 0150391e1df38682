"""Routes that an upgrade may use, and what may be done on each.

The routes of the links that stand come first, then routes beside them, as free of their risks as
can be. On a standing route waves of one mode can be exchanged for a faster one, each in its turn;
on every route waves can be added. A mode asked for alone is the only one that is newly lit.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

from arterial.design.candidates import Route
from arterial.design.carried import Carried, Chain, carried, chains, option_of
from arterial.design.instance import option_latency_ms
from arterial.design.standing import Bundle, Standing
from arterial.optics.modes import RouteOption
from arterial.optics.sections import Sections
from arterial.paths.diverse import diverse_paths

__all__ = [
    "FURTHER_ROUTES",
    "FURTHER_STRETCH",
    "NEAR_KM",
    "Action",
    "Terms",
    "Way",
    "actions_of",
    "regenerated_after",
    "sites_of_chain",
    "ways_of",
]

FURTHER_ROUTES = 3
FURTHER_STRETCH = 2.0
"""A route beside those that stand is at most so many times as long as the shortest."""
NEAR_KM = 500.0
"""And one that is no longer than this is near enough whatever the shortest is (ASSUMPTION: what a
fast mode still bridges without regenerators)."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an upgrade may do."""

    mode: str = ""
    """The only mode that may be newly lit; empty for any."""
    in_place: bool = False
    """Only waves that stand are exchanged: none is added."""
    regenerators: bool = False
    """Light may be regenerated where it is not yet."""


@dataclass(frozen=True)
class Way:
    """One fibre route with what each mode does on it."""

    bundle: Bundle | None
    """The link that stands on it."""
    arcs: tuple[int, ...]
    """Directed sections from the link's a, or the upgrade's a, to the other end."""
    chain: Chain
    """Where its light is regenerated already."""
    modes: tuple[Carried, ...]
    """As regenerated already."""
    chains: dict[str, Chain]
    """By mode: where it would be regenerated, were that allowed."""
    options: tuple[RouteOption, ...]
    """What may be newly lit, priced."""


@dataclass(frozen=True)
class Action:
    """Exchange waves of one kind on a way, or add waves to it."""

    way: int
    option: RouteOption
    old: tuple[str, Chain] | None
    """Mode and regenerators of the waves exchanged; None adds waves."""
    most: int

    @property
    def new(self) -> bool:
        """Waves are added."""
        return self.old is None


def ways_of(base: Standing, sections: Sections, terms: Terms) -> tuple[Way, ...]:
    """Standing routes in the order of their links, then routes beside them, the shortest first."""
    ways = [
        _way(base, sections, terms, bundle, bundle.arcs, _chain(base, bundle))
        for bundle in base.bundles
    ]
    if not terms.in_place:
        ways += [_way(base, sections, terms, None, arcs, ()) for arcs in _further(base)]
    return tuple(ways)


def actions_of(
    base: Standing, ways: tuple[Way, ...], terms: Terms, more_gbps: float
) -> list[Action]:
    """Everything that may be done to gain ``more_gbps``."""
    found: list[Action] = []
    for number, way in enumerate(ways):
        found += _exchanges(base, number, way)
        if not terms.in_place:
            found += [
                Action(number, option, None, int(-(-more_gbps // option.rate_gbps)))
                for option in way.options
            ]
    return found


def regenerated_after(base: Standing, arcs: tuple[int, ...], sites: tuple[str, ...]) -> Chain:
    """Hops of a route after which light is regenerated, from the sites that do it."""
    names = base.plan.network.sites
    passed = [names[site].name for site in base.ground.graph.sites_of(arcs)[1:-1]]
    return tuple(passed.index(site) for site in sites)


def sites_of_chain(base: Standing, arcs: tuple[int, ...], chain: Chain) -> list[str]:
    """Names of the sites where a chain regenerates."""
    names = base.plan.network.sites
    passed = base.ground.graph.sites_of(arcs)
    return [names[passed[hop + 1]].name for hop in chain]


def _chain(base: Standing, bundle: Bundle) -> Chain:
    """After which hops the first wave of a link is regenerated."""
    return regenerated_after(base, bundle.arcs, bundle.waves[0].row.regenerators)


def _exchanges(base: Standing, number: int, way: Way) -> Iterator[Action]:
    if way.bundle is None:
        return
    kinds = Counter(
        (
            wave.row.mode,
            wave.row.rate_gbps,
            regenerated_after(base, way.arcs, wave.row.regenerators),
        )
        for wave in way.bundle.waves
    )
    for (mode, rate_gbps, chain), count in kinds.items():
        for option in way.options:
            if option.rate_gbps > rate_gbps:
                yield Action(number, option, (mode, chain), count)


def _way(
    base: Standing,
    sections: Sections,
    terms: Terms,
    bundle: Bundle | None,
    arcs: tuple[int, ...],
    chain: Chain,
) -> Way:
    network = base.plan.network
    modes = carried(network, sections, arcs, chain)
    further = chains(network, sections, arcs)
    way = Way(bundle, arcs, chain, modes, further, ())
    options = [option_of(network, row, chain) for row in modes]
    if terms.regenerators:
        options += [_regenerated(base, sections, way, row) for row in modes]
    kept = [
        option
        for option in options
        if option is not None
        and terms.mode in ("", option.mode)
        and _soon_enough(base, bundle, arcs, option)
    ]
    return Way(bundle, arcs, chain, modes, further, tuple(kept))


def _regenerated(base: Standing, sections: Sections, way: Way, row: Carried) -> RouteOption | None:
    """A mode that does not get there as it is, with the fewest regenerators that carry it."""
    chain = way.chains.get(row.mode)
    if row.verdict != "no" or chain is None or chain == way.chain:
        return None
    judged = carried(base.plan.network, sections, way.arcs, chain)
    again = next(other for other in judged if other.mode == row.mode)
    return option_of(base.plan.network, again, chain)


def _soon_enough(
    base: Standing, bundle: Bundle | None, arcs: tuple[int, ...], option: RouteOption
) -> bool:
    """Whether the tunnels of a link keep their round trips: it is as late as its slowest wave."""
    if bundle is None:
        return True
    late_ms = option_latency_ms(base.ground, Route(0, 0, arcs), option)
    return late_ms <= bundle.link.latency_ms + max(0.0, bundle.slack_ms) + 1e-9


def _further(base: Standing) -> list[tuple[int, ...]]:
    """Routes on which no link between the two sites stands, far detours left out."""
    ground = base.ground
    a, z = ground.site_index[base.a], ground.site_index[base.z]
    stand = {_undirected(arcs) for arcs in _stand(base)}
    weight = [length if isfinite(length) else inf for length in ground.length_km]
    paths = diverse_paths(
        ground.graph, weight, ground.risks, a, z, FURTHER_ROUTES + len(base.bundles)
    )
    beside = [path for path in paths if path and _undirected(path) not in stand]
    known = [sum(weight[arc] for arc in path) for path in (*paths, *_stand(base)) if path]
    most_km = max(NEAR_KM, FURTHER_STRETCH * min(known, default=inf))
    near = [path for path in beside if sum(weight[arc] for arc in path) <= most_km]
    return near[:FURTHER_ROUTES]


def _stand(base: Standing) -> list[tuple[int, ...]]:
    return [bundle.arcs for bundle in base.bundles]


def _undirected(arcs: tuple[int, ...]) -> frozenset[int]:
    return frozenset(arc // 2 for arc in arcs)
