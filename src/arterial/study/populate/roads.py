"""Fibres of a populated network: those that stand get light, and markets get candidates.

A bare network says where cables run and little else. What is added here is an ASSUMPTION and says
so in its row: one pair lit on what stands, a dispersion-managed system under each sea, and regional
fibres at 1.3 x great circle from each market to its two nearest sites.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import structs

from arterial.model.fibre import Fibre
from arterial.model.imports.found import joined_name
from arterial.model.imports.wet import crosses_sea
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.subsea import SubseaSystem
from arterial.study.populate.people import distances_km

__all__ = [
    "FACTOR",
    "Places",
    "new_fibre",
    "places_of",
    "regional_fibres",
    "standing_fibres",
    "subsea_systems",
]

Places = Mapping[str, tuple[float, float]]
"""Latitude and longitude of each site that has them, degrees."""

FACTOR = 1.3
"""Fibre length over great circle: ASSUMPTION."""
SHORTEST_KM = 1.0
NEW_PAIRS = 4
MONTHS = 12.0

# A dispersion-managed cable with its line terminals, from what is published of Atlantic ones.
BAUD_GBD = 118.2
SNR_DB = 22.0
REFERENCE_KM = 1000.0
MOST_GSNR_DB = 34.0
NOISE_GHZ = 12.5
RESIDUAL_PS_NM_KM = 3.0
PMD_PS_ROOT_KM = 0.04
REPAIR_WEEKS = 3.0


def places_of(sites: Sequence[Site]) -> dict[str, tuple[float, float]]:
    """Where the sites are, without those that nobody placed."""
    return {
        site.name: (site.lat, site.lon)
        for site in sites
        if site.lat is not None and site.lon is not None
    }


def standing_fibres(network: Network) -> tuple[Fibre, ...]:
    """Fibres as they stand, one pair lit; links of known length become fibres where none is."""
    fibres = network.fibres or tuple(_of_links(network))
    return tuple(_lit(fibre) for fibre in fibres)


def _of_links(network: Network) -> Iterator[Fibre]:
    places = places_of(network.sites)
    for link in network.links:
        if link.length_km is not None:
            ends = [places[end] for end in (link.a, link.z) if end in places]
            yield Fibre(
                name=link.name,
                a=link.a,
                z=link.z,
                length_km=max(link.length_km, SHORTEST_KM),
                risks=link.risks,
                subsea=len(ends) > 1 and crosses_sea(ends[0], ends[1]),
                source=f"{link.source}; ASSUMPTION: a link is a fibre route of four pairs",
            )


def _lit(fibre: Fibre) -> Fibre:
    if fibre.length_km is None or fibre.status != "existing" or fibre.lit_pairs:
        return fibre
    source = f"{fibre.source}; ASSUMPTION: one pair lit"
    if not fibre.subsea or fibre.system is not None:
        return structs.replace(fibre, lit_pairs=1, source=source)
    return structs.replace(fibre, lit_pairs=1, system=fibre.name, source=source)


def subsea_systems(network: Network, fibres: Sequence[Fibre]) -> tuple[SubseaSystem, ...]:
    """The systems that stand described, then one for each wet fibre that names another."""
    known = {system.name for system in network.subsea}
    made = (
        _system(fibre.system, fibre.length_km)
        for fibre in fibres
        if fibre.system is not None and fibre.system not in known and fibre.length_km is not None
    )
    return (*network.subsea, *made)


def _system(name: str, length_km: float) -> SubseaSystem:
    """Noise grows as the length, so SNR falls by 10 dB in ten times the distance."""
    widened_db = 10.0 * math.log10(BAUD_GBD / NOISE_GHZ)
    gsnr_db = SNR_DB + widened_db - 10.0 * math.log10(length_km / REFERENCE_KM)
    return SubseaSystem(
        name=name,
        gsnr_db=round(min(gsnr_db, MOST_GSNR_DB), 2),
        baud_gbd=BAUD_GBD,
        cd_ps_nm=round(RESIDUAL_PS_NM_KM * length_km, 1),
        pmd_ps=round(PMD_PS_ROOT_KM * math.sqrt(length_km), 2),
        repair_weeks=REPAIR_WEEKS,
        source=(
            f"ASSUMPTION: SNR {SNR_DB:g} dB at {REFERENCE_KM:g} km and {BAUD_GBD:g} GBd, noise in "
            f"proportion to length, at most {MOST_GSNR_DB:g} dB in 0.1 nm; dispersion-managed, "
            f"{RESIDUAL_PS_NM_KM:g} ps/nm/km left on the worst channel; PMD {PMD_PS_ROOT_KM:g} ps "
            f"a root km; {REPAIR_WEEKS:g} weeks to repair"
        ),
    )


def regional_fibres(
    markets: Sequence[str], places: Places, fibres: Sequence[Fibre]
) -> tuple[Fibre, ...]:
    """Candidates from each market to its two nearest sites, where no fibre joins them yet.

    None crosses a sea: nobody digs there, and no cable is known.
    """
    names = sorted(places)
    joined = {frozenset((fibre.a, fibre.z)) for fibre in fibres}
    taken = {fibre.name for fibre in fibres}
    found: list[Fibre] = []
    for market in sorted(set(markets) & set(names)):
        far_km = distances_km([places[market]], [places[name] for name in names])[0]
        order = [names[int(at)] for at in np.argsort(far_km, kind="stable")]
        for near in [name for name in order if name != market][:2]:
            pair = frozenset((market, near))
            if pair not in joined and not crosses_sea(places[market], places[near]):
                joined.add(pair)
                found.append(new_fibre(market, near, places, taken, "regional fibre"))
    return tuple(found)


def new_fibre(a: str, z: str, places: Places, taken: set[str], what: str) -> Fibre:
    """A candidate of 1.3 x great circle; its name is added to ``taken``."""
    name, number = joined_name(a, z), 2
    while name in taken:
        name, number = f"{joined_name(a, z)} {number}", number + 1
    taken.add(name)
    direct_km = float(distances_km([places[a]], [places[z]])[0, 0])
    return Fibre(
        name=name,
        a=a,
        z=z,
        length_km=max(round(FACTOR * direct_km, 1), SHORTEST_KM),
        status="candidate",
        pairs=NEW_PAIRS,
        lead_time_months=MONTHS,
        source=(
            f"ASSUMPTION: {what}, candidate, {FACTOR:g} x great circle, {NEW_PAIRS} pairs, "
            f"{MONTHS:g} months"
        ),
    )
