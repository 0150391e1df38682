"""A bare network made one that can be designed: the order in which its parts are found."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct, structs

from arterial.errors import ModelError, Problem
from arterial.model.fibre import Fibre, Risk
from arterial.model.imports.found import Found
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE
from arterial.model.site import Campus, Market, Role, Site
from arterial.study.populate.campuses import Settled, known_campuses, ruled_campuses
from arterial.study.populate.exits import exits
from arterial.study.populate.markets import equipped, markets_of, opened, unheld
from arterial.study.populate.missing import missing_fibres
from arterial.study.populate.people import Crowd, Town, crowds, distances_km
from arterial.study.populate.roads import (
    Places,
    places_of,
    regional_fibres,
    standing_fibres,
    subsea_systems,
)
from arterial.study.populate.trenches import own_trenches
from arterial.study.populate.work import HUBS, hubs_of, work_of

__all__ = ["Choice", "settled"]

FEWEST_KNOWN = 2
BESIDE = 3
"""Of a market that the edges do not hold: its own site and the two nearest markets'."""


class Choice(Struct, frozen=True, kw_only=True):
    """What a rule leaves to the user."""

    within_km: float = 100.0
    """A town farther from every site is nobody's."""
    from_people: float = 500_000.0
    """Least people of a market."""
    edges: int = 24
    """Markets whose site is an edge, the largest."""
    candidates: int = 24
    """Markets whose site may become one, the next in size; more where a market needs it."""
    campuses: int = 4
    """Where fewer than two known campuses are near: how many a rule places."""


class _Roads(Struct, frozen=True, kw_only=True):
    fibres: tuple[Fibre, ...]
    risks: tuple[Risk, ...]
    regional: int
    missing: int
    trenches: int
    dropped: tuple[str, ...]


def settled(network: Network, towns: Sequence[Town], choice: Choice) -> Found:
    """Markets, edges, campuses, candidate fibres, shared risks, workloads and loads.

    Raises
    ------
    ModelError
        When the network has some of these already, no fibre of known length, or no people.
    """
    _refuse_inhabited(network)
    standing = standing_fibres(network)
    crowd = crowds(network.sites, towns, choice.within_km)
    campuses = _campuses(network.sites, standing, crowd, choice)
    markets = markets_of(
        network.sites, crowd, from_people=choice.from_people, within_km=choice.within_km
    )
    places = places_of(campuses.sites)
    roads = _roads(network, (*standing, *campuses.fibres), places, markets, campuses.campuses)
    described = structs.replace(
        network,
        sites=campuses.sites,
        fibres=roads.fibres,
        links=(),
        subsea=subsea_systems(network, roads.fibres),
    )
    held, lost, edges, spare = _held(described, markets, places, choice)
    if not held:
        raise _refusal("no market can be held", "Give a table of people that live near its sites")
    work, loads = work_of(held, campuses.campuses, places)
    roles = _roles(held, edges, spare)
    return Found(
        name=network.name,
        title=network.title or network.name,
        sites=equipped(opened(campuses.sites, roles)),
        fibres=roads.fibres,
        risks=(*network.risks, *roads.risks),
        markets=held,
        campuses=campuses.campuses,
        subsea=described.subsea,
        workloads=work,
        loads=loads,
        notes=(*network.notes, *_notes(roads, lost, choice)),
    )


def _refuse_inhabited(network: Network) -> None:
    told = {
        "markets": network.markets,
        "campuses": network.campuses,
        "workloads": network.workloads,
    }
    for section in (name for name, rows in told.items() if rows):
        found = f"the network has {section} already"
        raise _refusal(found, "Give a bare network, of sites and fibres")
    if not any(route.length_km is not None for route in (*network.fibres, *network.links)):
        raise _refusal("no fibre has a known length", "Give a network with coordinates or lengths")


def _refusal(found: str, expected: str) -> ModelError:
    return ModelError([Problem(file=NETWORK_FILE, found=found, expected=expected)])


def _campuses(
    sites: Sequence[Site], fibres: Sequence[Fibre], crowd: dict[str, Crowd], choice: Choice
) -> Settled:
    known = known_campuses(sites, fibres)
    if len(known.campuses) >= FEWEST_KNOWN:
        return known
    return ruled_campuses(sites, fibres, crowd, choice.campuses)


def _roads(
    network: Network,
    fibres: tuple[Fibre, ...],
    places: Places,
    markets: Sequence[Market],
    campuses: Sequence[Campus],
) -> _Roads:
    own = {name: places[name] for site in network.sites if (name := site.name) in places}
    regional = regional_fibres([market.site for market in markets], own, fibres)
    needed = {*(market.site for market in markets), *(campus.site for campus in campuses)}
    missing = missing_fibres((*fibres, *regional), places, needed)
    found = exits((*fibres, *regional, *missing), places, needed)
    trenches = own_trenches(found.fibres, places, _pairs(markets, campuses, places))
    return _Roads(
        fibres=(*found.fibres, *trenches),
        risks=found.risks,
        regional=len(regional),
        missing=len(missing),
        trenches=len(trenches),
        dropped=found.dropped,
    )


def _pairs(
    markets: Sequence[Market], campuses: Sequence[Campus], places: Places
) -> Iterator[tuple[str, str]]:
    """Sites between which training, checkpoints, data sets and models may have to travel."""
    by_size = sorted(campuses, key=lambda campus: (-campus.mw_planned, campus.name))
    yield from combinations([campus.site for campus in by_size], 2)
    sites = [market.site for market in markets]
    if by_size and sites:
        yield from ((by_size[0].site, site) for site in sites)
        # Twice as many as store data: a market may still be left out.
        for hub in hubs_of(sites, by_size[0].site, places, 2 * HUBS):
            yield from ((hub, campus.site) for campus in by_size)


def _held(
    network: Network, markets: Sequence[Market], places: Places, choice: Choice
) -> tuple[tuple[Market, ...], tuple[Market, ...], list[str], list[str]]:
    """Markets that two edges hold, those that none do, edges, and candidates for edges."""
    sites = [market.site for market in markets]
    edges = sites[: choice.edges]
    spare = sites[choice.edges : choice.edges + choice.candidates]
    weak = unheld(network, markets, (*edges, *spare))
    spare += [site for site in _beside(weak, markets, places) if site not in {*edges, *spare}]
    lost = unheld(network, markets, (*edges, *spare)) if weak else ()
    alone = {market.site for market in lost}
    return (
        tuple(market for market in markets if market not in lost),
        lost,
        edges,
        [site for site in spare if site not in alone],
    )


def _beside(weak: Sequence[Market], markets: Sequence[Market], places: Places) -> list[str]:
    """Sites of some markets, each with those of the two nearest other markets."""
    sites = [market.site for market in markets]
    found: dict[str, None] = {}
    for market in weak:
        away_km = distances_km([places[market.site]], [places[site] for site in sites])[0]
        found |= dict.fromkeys(sites[int(at)] for at in np.argsort(away_km, kind="stable")[:BESIDE])
    return list(found)


def _roles(
    markets: Sequence[Market], edges: Sequence[str], spare: Sequence[str]
) -> dict[str, tuple[Role, ...]]:
    roles: dict[str, tuple[Role, ...]] = {}
    for site in edges:
        roles[site] = ("edge",)
    for site in spare:
        roles[site] = ("candidate-edge",)
    for market in markets:
        roles[market.site] = (*roles.get(market.site, ()), "market")
    return roles


def _notes(roads: _Roads, lost: Sequence[Market], choice: Choice) -> list[str]:
    what = "markets, edges, campuses, workloads, candidate fibres and shared exits"
    where = f"people within {choice.within_km:g} km of their nearest site"
    size = f"markets from {choice.from_people:,.0f} people, the {choice.edges} largest are edges"
    ways = f"{roads.regional} regional fibres from markets to their two nearest sites"
    notes = [
        f"populated by rule: {what} are ASSUMPTION, each with its rule in its row",
        f"ASSUMPTION: {where}; {size}",
        f"ASSUMPTION: {ways}, {roads.missing} where one fibre alone led to a market or campus",
        (
            f"ASSUMPTION: {roads.trenches} fibres in trenches of their own, where no two ways that "
            "share no risk led from campus to campus or market"
        ),
    ]
    if lost:
        people = sum(market.people for market in lost)
        names = ", ".join(market.name for market in lost)
        notes.append(
            f"left out, {people:,.0f} people: no two edges within 18 ms on routes that fail apart: "
            f"{names}"
        )
    notes += [
        f"shared exit not kept, a second entrance is something to buy: {line}"
        for line in roads.dropped
    ]
    return notes
