# ruff: noqa: INP001 - a script in a folder of data, no package
"""Writes a synthetic continent of any size: same options, same bytes.

``python networks/continent/build.py --sites 500 --out FOLDER``. Sites are the largest places of
North America, fibres run along its railways, people and work are put on by the rules of ``arterial
populate``. README.md tells the rules, SOURCE.md where the tables in ``raw/`` are from.
"""

import argparse
from pathlib import Path

from places import Place, chosen_places
from railways import read_lines
from trunk import RAIL_FACTOR, SPUR_FACTOR, Trunk, trunk

from arterial.model.fibre import Fibre, Risk
from arterial.model.imports.found import joined_name, unique
from arterial.model.imports.write import write_network
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.study.populate.people import PEOPLE, read_people
from arterial.study.populate.settle import Choice, settled

RAILS = Path(__file__).parent / "raw" / "rails.csv"
PAIRS = 8

ALONG = (
    f"ASSUMPTION: along railways of Natural Earth, {RAIL_FACTOR:g} x rail km and {SPUR_FACTOR:g} x "
    f"great circle from a place to its rail; {PAIRS} pairs in the cable"
)
STRAIGHT = (
    f"ASSUMPTION: no rail near or no second one, {SPUR_FACTOR:g} x great circle; {PAIRS} pairs in "
    "the cable"
)
SHARED = "ASSUMPTION: fibre along the same railway lies in one trench"


def bare_continent(count: int, seed: int) -> Network:
    """Sites, fibres and the rails that fibres share; nobody lives or works there yet."""
    lines = read_lines(RAILS)
    places = chosen_places(lines, count, seed)
    found = trunk(lines, places)
    names = unique(
        joined_name(places[fibre.a].name, places[fibre.z].name) for fibre in found.fibres
    )
    risks = unique(f"rail {shared.line}" for shared in found.shared)
    return Network(
        name=f"continent-{len(places)}" + (f"-{seed}" if seed else ""),
        title=f"Synthetic continent: {len(places)} places of North America, fibre along railways",
        sites=tuple(_site(place) for place in places),
        fibres=_fibres(found, places, names, risks),
        risks=tuple(
            Risk(name=name, note=f"{shared.km:.0f} km of rail in common", source=SHARED)
            for name, shared in zip(risks, found.shared, strict=True)
        ),
        notes=(
            (
                "places: GeoNames, CC BY 4.0; people of the United States: Census 2023; railways: "
                "Natural Earth, public domain"
            ),
            "ASSUMPTION: fibre lies along railways; no public conduit map exists",
            (
                f"{found.added} fibres are second ways, where one fibre or one rail alone led to a "
                f"part; {found.added_straight} of them follow no rail"
            ),
        ),
    )


def _site(place: Place) -> Site:
    source = "GeoNames" if place.people else "where railways of Natural Earth meet"
    return Site(name=place.name, lat=place.lat, lon=place.lon, source=source)


def _fibres(
    found: Trunk, places: list[Place], names: tuple[str, ...], risks: tuple[str, ...]
) -> tuple[Fibre, ...]:
    return tuple(
        Fibre(
            name=names[number],
            a=places[fibre.a].name,
            z=places[fibre.z].name,
            length_km=round(fibre.km + 0.05, 1),
            pairs=PAIRS,
            risks=tuple(
                risk
                for risk, shared in zip(risks, found.shared, strict=True)
                if number in shared.fibres
            ),
            source=ALONG if fibre.pieces else STRAIGHT,
        )
        for number, fibre in enumerate(found.fibres)
    )


def main() -> None:
    """Writes the folder and says what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=60, help="how many places")
    parser.add_argument("--seed", type=int, default=0, help="0: the largest; else another draw")
    parser.add_argument("--out", type=Path, required=True, help="folder, empty or new")
    asked = parser.parse_args()
    bare = bare_continent(asked.sites, asked.seed)
    network = write_network(settled(bare, read_people(PEOPLE), Choice()), asked.out)
    degree = 2.0 * len(bare.fibres) / len(bare.sites)
    shared = f"{len(bare.risks)} rails shared"
    print(f"{len(bare.sites)} places, {len(bare.fibres)} fibres, degree {degree:.2f}, {shared}")  # noqa: T201
    print("\n".join(network.notes))  # noqa: T201


if __name__ == "__main__":
    main()
