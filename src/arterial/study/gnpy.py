"""``export gnpy`` and ``reach --verify gnpy``: GNPy's own files, and its own word on them.

Two questions are put to GNPy's command line. Under the full comb that Arterial worked with, its
GSNR must be Arterial's within the rounding of its answer. Under each mode's own baud rate and slot
over the whole band, GNPy itself must find the service feasible with all margins kept.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.optics.combs import comb_index
from arterial.optics.gnpy_files import FILES, GnpyFiles, Service, comb_request_id, gnpy_files
from arterial.optics.gnpy_tools import FEASIBLE, PATH_REQUEST, ROUNDING_DB, Answer, answers
from arterial.optics.gsnr import routes_gsnr_db
from arterial.optics.routes import route_sites
from arterial.optics.sections import Sections, load_sections
from arterial.plan.store import read_plan
from arterial.study.gnpy_services import Services, plan_services, reach_services
from arterial.study.reach import Reached

__all__ = [
    "GnpyCheck",
    "GnpyExport",
    "GnpyRow",
    "ReachVerified",
    "export_gnpy",
    "gnpy_check",
    "verify_reach",
    "write_gnpy",
]

Verdict = Literal["yes", "no", "unknown"]

STAGE = "GNPy's command line"
_EXACT_DB = 1e-9


class GnpyRow(Struct, frozen=True, kw_only=True):
    """One mode over one transparent segment, both ways; the worse way counts."""

    services: tuple[str, ...]
    """Those that are alike."""
    sites: tuple[str, ...]
    mode: str
    comb: str
    comb_gsnr_db: float
    """Arterial's, under the comb of the mode's class at the comb's baud rate."""
    gnpy_comb_gsnr_db: float
    difference_db: float
    """The larger of both ways, GNPy's less Arterial's."""
    gsnr_db: float
    """Arterial's, at the mode's baud rate: what plans say."""
    gnpy_gsnr_db: float
    """GNPy's, under a full band of the mode itself."""
    needs_db: float
    """Required OSNR, penalties of ROADMs passed and all margins."""
    gnpy_verdict: str
    verdict: Verdict
    """``yes``: equal under the comb, and feasible for GNPy."""


class GnpyCheck(Struct, frozen=True, kw_only=True):
    """What GNPy's own command says. ``unknown`` where Arterial has no figure to compare."""

    verdict: Verdict
    tool: str
    tolerance_db: float
    services: int
    feasible: int
    """Services that GNPy finds feasible."""
    worst_difference_db: float
    """Under the comb; largest in size."""
    rows: tuple[GnpyRow, ...]
    unknown: tuple[str, ...]


class GnpyExport(Struct, frozen=True, kw_only=True):
    """What was written."""

    folder: str
    files: tuple[str, ...]
    lightpaths: int
    services: int
    """Transparent segments, each lit both ways."""
    planes: int
    unknown: tuple[str, ...]
    """Segments that are not among the services, each with what is missing."""
    check: GnpyCheck | None = None


class ReachVerified(Struct, frozen=True, kw_only=True):
    """What ``reach`` says, and what GNPy says of it."""

    reached: Reached
    check: GnpyCheck | None
    """Absent where no mode gets there, and so nothing is asked."""


def export_gnpy(
    plan_folder: Path, folder: Path, *, verify: bool = False, report: Report = silent
) -> GnpyExport:
    """Write a plan's light as GNPy's files, and ask GNPy's command about them.

    Raises
    ------
    ModelError
        The plan has no lightpath.
    DamagedError
        No plan is in ``plan_folder``.
    SolverError
        GNPy, or its command, failed.
    OSError
        A file cannot be written, or ``folder`` is one.
    """
    plan = read_plan(plan_folder)
    if not plan.lightpaths:
        found = "this plan has no lightpath: its links stand ready made"
        raise ModelError(
            [Problem(file=str(plan_folder), found=found, expected="Name a plan over fibres")]
        )
    sections = load_sections(plan.network, report)
    asked = plan_services(plan, sections)
    files = gnpy_files(plan.network, asked.services)
    names = write_gnpy(folder, files)
    check = gnpy_check(plan.network, sections, asked, folder, report) if verify else None
    return GnpyExport(
        folder=str(folder),
        files=names,
        lightpaths=len(plan.lightpaths),
        services=len(asked.services),
        planes=files.planes,
        unknown=asked.unknown,
        check=check,
    )


def verify_reach(network_folder: Path, reached: Reached, *, report: Report = silent) -> GnpyCheck:
    """Ask GNPy's command about every mode that gets there on the routes shown."""
    network = load_network(network_folder)
    sections = load_sections(network, report)
    asked = reach_services(network, sections, reached)
    with tempfile.TemporaryDirectory(prefix="arterial-gnpy-") as place:
        write_gnpy(Path(place), gnpy_files(network, asked.services))
        return gnpy_check(network, sections, asked, Path(place), report)


def write_gnpy(folder: Path, files: GnpyFiles) -> tuple[str, ...]:
    """Write the files and a page about them; their names. Raises OSError."""
    contents: dict[str, dict[str, object]] = {name: getattr(files, name) for name in FILES}
    for name, content in contents.items():
        text = msgspec.json.format(msgspec.json.encode(content), indent=2)
        write_atomically(folder / f"{name}.json", text + b"\n")
    write_atomically(folder / "README.md", _README.encode())
    return (*(f"{name}.json" for name in FILES), "README.md")


def gnpy_check(
    network: Network, sections: Sections, asked: Services, folder: Path, report: Report = silent
) -> GnpyCheck:
    """Ask GNPy's command about files of these services that stand in ``folder``."""
    own: Mapping[str, Answer] = {}
    comb: Mapping[str, Answer] = {}
    if asked.services:
        report(STAGE, 0.0, 2.0)
        comb = answers(folder, folder / "comb_services.json")
        report(STAGE, 1.0, 2.0)
        own = answers(folder, folder / "services.json")
        report(STAGE, 2.0, 2.0)
    alike: dict[tuple[tuple[int, ...], str], list[Service]] = {}
    for service in asked.services:
        alike.setdefault((service.ride.route, service.mode.name), []).append(service)
    rows = tuple(_row(network, sections, group, own, comb) for group in alike.values())
    verdicts = {row.verdict for row in rows}
    unsure = "unknown" if asked.unknown or not rows else "yes"
    return GnpyCheck(
        verdict="no" if "no" in verdicts else unsure,
        tool=PATH_REQUEST,
        tolerance_db=ROUNDING_DB,
        services=len(asked.services),
        feasible=sum(own[service.name].verdict == FEASIBLE for service in asked.services),
        worst_difference_db=max((row.difference_db for row in rows), key=abs, default=0.0),
        rows=rows,
        unknown=asked.unknown,
    )


def _row(
    network: Network,
    sections: Sections,
    alike: Sequence[Service],
    own: Mapping[str, Answer],
    comb: Mapping[str, Answer],
) -> GnpyRow:
    service = alike[0]
    ours_db, difference_db = _compared(network, sections, service, comb)
    told = [own[one.name] for one in alike]
    stopped = next((one.verdict for one in told if one.verdict != FEASIBLE), FEASIBLE)
    equal = abs(difference_db) <= ROUNDING_DB + _EXACT_DB
    number = comb_index(service.mode, sections.combs)
    assert number is not None, "a service has a comb"
    needs_db = (service.mode.osnr_db or 0.0) + service.penalty_db + network.margins.total_db
    return GnpyRow(
        services=tuple(one.name for one in alike),
        sites=route_sites(network, service.ride.route),
        mode=service.mode.name,
        comb=sections.combs[number].name,
        comb_gsnr_db=min(ours_db),
        gnpy_comb_gsnr_db=min(comb[comb_request_id(network, service)].lowest_db),
        difference_db=difference_db,
        gsnr_db=service.gsnr_db,
        gnpy_gsnr_db=min(min(one.lowest_db) for one in told),
        needs_db=needs_db,
        gnpy_verdict=stopped,
        verdict="yes" if equal and stopped == FEASIBLE else "no",
    )


def _compared(
    network: Network, sections: Sections, service: Service, comb: Mapping[str, Answer]
) -> tuple[tuple[float, float], float]:
    """Arterial's GSNR under the comb each way, and how far GNPy's is from it at most."""
    number = comb_index(service.mode, sections.combs)
    assert number is not None, "a service has a comb"
    tx_osnr_db = service.mode.tx_osnr_db
    there = service.ride.route
    back = tuple(section ^ 1 for section in reversed(there))
    worst = routes_gsnr_db(
        sections,
        number,
        [there, back],
        add_drop_osnr_db=network.line.add_drop_osnr_db,
        tx_osnr_db=network.line.tx_osnr_db if tx_osnr_db is None else tx_osnr_db,
    ).min(axis=1)
    ours_db = (float(worst[0]), float(worst[1]))
    theirs_db = comb[comb_request_id(network, service)].lowest_db
    apart = [their - our for their, our in zip(theirs_db, ours_db, strict=True)]
    # A way that GNPy did not find is as far from ours as can be.
    return ours_db, max((float("inf") if one != one else one for one in apart), key=abs)  # noqa: PLR0124


_README = f"""\
# A plan's light, for GNPy

| file | what it holds |
| --- | --- |
| topology.json | ROADMs, transceivers and fibre spans of every lit pair that a service rides |
| equipment.json | GNPy's example library with this line system and these transceiver modes |
| services.json | every transparent segment: route, mode, frequency slot |
| comb_services.json | every route under the full comb that its noise was worked out with |

GNPy's own word on every service, both ways:

    {PATH_REQUEST} topology.json services.json -e equipment.json -o answer.json

The figures that must equal Arterial's, within the 0.01 dB that GNPy rounds to:

    {PATH_REQUEST} topology.json comb_services.json -e equipment.json -o comb_answer.json

* Run it in a folder of its own: it writes tables beside the answer.
* GNPy places the amplifiers and sets them when it reads the topology, as it did for Arterial.
* The required OSNR of a mode named `... +0.15 dB` holds the penalty of the ROADMs passed;
  `sys_margins` holds all margins of the network.
* Services that GNPy finds alike are answered together, their names joined by ` | `.
* A name that ends in `@2` stands in a second plane: GNPy tells lines between the same two ROADMs
  apart on the way there and not on the way back, so each plane has one.
"""
