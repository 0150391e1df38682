# ruff: noqa: INP001 - a script in a folder of data, no package
"""Derives the tables of this network from ``raw/``: same input, same bytes.

Run it as ``python networks/us-ai-backbone/build.py``, with ``--out FOLDER`` to write elsewhere. It
reads no network.yaml, which is written by hand, and fetches nothing. Every rule below that is not
data says ASSUMPTION in the ``source`` column of the rows it makes.
"""

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geometry import Place
from risks import shared_risks

from arterial.units import fibre_delay_ms, great_circle_km

HERE = Path(__file__).parent
Row = dict[str, str]

SERVED_WITHIN_KM = 50.0
REGIONAL_FACTOR = 1.3
NEIGHBOUR_WITHIN_KM = 400.0
USER_TO_METRO_MS = 0.5

OVER_WATER = {
    frozenset(("San_Diego", "Santa_Barbara")),  # the Pacific
    frozenset(("Milwaukee", "Toledo")),  # Lake Michigan
    frozenset(("Cleveland", "Detroit")),  # Lake Erie
}
"""Pairs that the rule for regional fibres would join where no straight trench can be dug."""

EQUIPMENT = {
    "campus": ("144", "4", "20"),
    "edge": ("144", "4", "20"),
    "market": ("72", "2", "10"),
    "junction": ("", "", ""),
}
"""Router ports, chassis and kW by what a site is for."""

TABLES = {
    "sites.csv": ("name", "lat", "lon", "roles", "ports", "slots", "power_kw", "source"),
    "fibres.csv": (
        *("name", "a", "z", "length_km", "type", "status", "pairs", "lit_pairs"),
        *("risks", "lead_time_months", "source"),
    ),
    "markets.csv": ("name", "site", "people", "access_ms", "source"),
    "campuses.csv": ("name", "site", "mw", "mw_planned", "power_cents_per_kwh", "source"),
    "risks.csv": ("name", "note", "source"),
}

CORONET = "CORONET CONUS via GNPy"
ROOM = "ASSUMPTION: room and power for {} chassis of 36 ports"
PAIRS = "ASSUMPTION: {} pairs in the cable and one lit"


def site_rows(nodes: Sequence[Row], metros: Sequence[Row]) -> list[Row]:
    """Junctions and campuses of the raw nodes, then the metros that no junction serves."""
    served = {market_site(metro) for metro in metros}
    rows: list[Row] = []
    for node in nodes:
        if node["kind"] == "campus":
            where = (node["lat"], node["lon"])
            rows.append(site(node["node"], *where, ("campus",), "place: as campuses.csv"))
            continue
        roles = ["junction"]
        if node["inference_edge"] == "1":
            roles.append("edge")
        elif node["node"] in served:
            roles.append("candidate-edge")
        if node["node"] in served:
            roles.append("market")
        source = CORONET
        if node["hub_note"]:
            source += f"; edge by general knowledge: {node['hub_note']}"
        rows.append(site(node["node"], node["lat"], node["lon"], roles, source))
    for metro in metros:
        name = market_site(metro)
        if name not in {row["name"] for row in rows}:
            source = f"US Census CBSA {metro['cbsa']}; centre by general knowledge"
            rows.append(
                site(name, metro["lat"], metro["lon"], ("candidate-edge", "market"), source)
            )
    return rows


def site(name: str, lat: str, lon: str, roles: Sequence[str], source: str) -> Row:
    """One row of sites.csv, with the equipment of the site's largest role."""
    size = next(kind for kind in EQUIPMENT if kind in roles)
    ports, slots, power_kw = EQUIPMENT[size]
    row = {"name": name, "lat": lat, "lon": lon, "roles": ";".join(roles)}
    row |= {"ports": ports, "slots": slots, "power_kw": power_kw, "source": source}
    if slots:
        row["source"] += f"; {ROOM.format(slots)}"
    return row


def market_site(metro: Row) -> str:
    """The junction that serves a metro when one is near, else a site of the metro's own."""
    near = float(metro["distance_km"]) <= SERVED_WITHIN_KM
    return metro["nearest_node"] if near else f"market:{metro['metro']}"


def market_rows(metros: Sequence[Row], places: Mapping[str, Place]) -> list[Row]:
    """People and access delay of each metro."""
    rows: list[Row] = []
    for metro in metros:
        where = market_site(metro)
        away_km = great_circle_km(float(metro["lat"]), float(metro["lon"]), *places[where])
        access_ms = USER_TO_METRO_MS + fibre_delay_ms(REGIONAL_FACTOR * away_km)
        source = (
            f"US Census CBSA {metro['cbsa']} estimate 2023 ({metro['cbsa_name']}); "
            "ASSUMPTION: access 0.5 ms and 1.3 x great circle to the site"
        )
        row = {"name": metro["metro"], "site": where, "people": metro["population_2023"]}
        rows.append(row | {"access_ms": f"{access_ms:.3f}", "source": source})
    return rows


def campus_rows(campuses: Sequence[Row]) -> list[Row]:
    """Power of each campus; a campus and its site have one name."""
    rows: list[Row] = []
    for campus in campuses:
        by = f" by {campus['planned_by']}" if campus["planned_by"] else ""
        basis = campus["basis"].replace("epoch", "Epoch AI Frontier AI Data Centers, 2026-01-11", 1)
        name = f"campus:{campus['id']}"
        source = f"{campus['name']}, {campus['operator']}: MW January 2026 and planned{by}: {basis}"
        row = {"name": name, "site": name}
        row |= {"mw": campus["mw_jan2026"], "mw_planned": campus["mw_planned"]}
        row["power_cents_per_kwh"] = campus["state_industrial_cents_per_kwh_2023"]
        source += "; price: EIA Electric Power Annual 2023, industrial"
        rows.append(row | {"source": source})
    return rows


def fibre_rows(raw: Sequence[Row], sites: Sequence[Row], places: Mapping[str, Place]) -> list[Row]:
    """Long-haul and access fibres as they stand, then the regional ones that could be had."""
    rows: list[Row] = []
    for fibre in raw:
        haul = fibre["kind"] == "long-haul"
        pairs = "8" if haul else "16"
        length = f"{CORONET}: 1.2 x great circle, a model and not a survey"
        if not haul:
            length = "ASSUMPTION: 1.2 x great circle"
        row = cable(fibre["a"], fibre["b"], fibre["length_km"], "existing", pairs)
        row |= {"lit_pairs": "1", "type": fibre["fibre_type"]}
        rows.append(row | {"source": f"{length}; {PAIRS.format(pairs)}"})
    joined = {frozenset((row["a"], row["z"])) for row in rows}
    for a, z in regional_ends(sites, places):
        if frozenset((a, z)) in joined | OVER_WATER:
            continue
        joined.add(frozenset((a, z)))
        length_km = REGIONAL_FACTOR * great_circle_km(*places[a], *places[z])
        status = "leasable" if (a, z) in junctions_of_markets(sites, places) else "candidate"
        row = cable(a, z, f"{length_km:.3f}", status, "4")
        row |= {"lit_pairs": "0", "type": "SSMF", "lead_time_months": "12"}
        source = f"ASSUMPTION: {status} regional fibre, 1.3 x great circle, 4 pairs, 12 months"
        rows.append(row | {"source": source})
    return rows


def cable(a: str, z: str, length_km: str, status: str, pairs: str) -> Row:
    """The columns that every fibre has."""
    row = {"name": f"{a}--{z}", "a": a, "z": z, "length_km": length_km}
    return row | {"status": status, "pairs": pairs, "lead_time_months": ""}


def junctions_of_markets(
    sites: Sequence[Row], places: Mapping[str, Place]
) -> list[tuple[str, str]]:
    """Stand-alone markets, each with its two nearest junctions: without these it has no fibre."""
    alone = [row["name"] for row in sites if "junction" not in row["roles"].split(";")]
    junctions = [row["name"] for row in sites if "junction" in row["roles"].split(";")]
    markets = [name for name in alone if name.startswith("market:")]
    return [(name, near) for name in markets for near in nearest(name, junctions, places)[:2]]


def regional_ends(sites: Sequence[Row], places: Mapping[str, Place]) -> list[tuple[str, str]]:
    """Each market with its two nearest junctions and its two nearest neighbour markets."""
    markets = sorted(row["name"] for row in sites if "market" in row["roles"].split(";"))
    junctions = [row["name"] for row in sites if "junction" in row["roles"].split(";")]
    ends = junctions_of_markets(sites, places)
    for name in markets:
        ends += [(name, near) for near in nearest(name, junctions, places)[:2]]
        neighbours = nearest(name, markets, places, NEIGHBOUR_WITHIN_KM)
        ends += [(name, near) for near in neighbours[:2]]
    return ends


def nearest(
    name: str, others: Iterable[str], places: Mapping[str, Place], within_km: float = 1e6
) -> list[str]:
    """The other sites by distance."""
    far = {other: great_circle_km(*places[name], *places[other]) for other in others}
    near = (other for other in far if other != name and far[other] <= within_km)
    return sorted(near, key=lambda other: (far[other], other))


def build() -> tuple[dict[str, list[Row]], list[str]]:
    """All tables by file name, and the shared risks that were left out."""
    nodes, fibres, metros, campuses = (
        read(HERE / "raw" / f"{name}.csv") for name in ("nodes", "fibres", "metros", "campuses")
    )
    sites = site_rows(nodes, metros)
    places = {row["name"]: (float(row["lat"]), float(row["lon"])) for row in sites}
    cables = fibre_rows(fibres, sites, places)
    ends = {row["name"]: (row["a"], row["z"]) for row in cables}
    needed = [row["name"] for row in sites if row["roles"] != "junction"]
    shared, dropped = shared_risks(ends, places, needed)
    for row in cables:
        row["risks"] = ";".join(risk.name for risk in shared if row["name"] in risk.fibres)
    guess = "ASSUMPTION: straight lines, no public conduit map"
    tables = {
        "sites.csv": sites,
        "fibres.csv": cables,
        "markets.csv": market_rows(metros, places),
        "campuses.csv": campus_rows(campuses),
        "risks.csv": [{"name": risk.name, "note": risk.note, "source": guess} for risk in shared],
    }
    return tables, dropped


def read(path: Path) -> list[Row]:
    """Rows of a CSV table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Writes a CSV table with these columns, each of which every row must have."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Writes the tables and says how many rows each has and which risks were left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write the tables")
    out: Path = parser.parse_args().out
    tables, dropped = build()
    for name, columns in TABLES.items():
        write(out / name, columns, tables[name])
        print(f"{name}: {len(tables[name])} rows")  # noqa: T201 - what a script is run for
    for line in dropped:
        print(f"left out: {line}")  # noqa: T201 - the same


if __name__ == "__main__":
    main()
