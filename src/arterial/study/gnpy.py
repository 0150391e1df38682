"""``export gnpy`` and ``reach --verify gnpy``: GNPy's own files, and its own word on them.

Two questions are put to GNPy's command line. Under the full comb that Arterial worked with, its
GSNR must be Arterial's within the rounding of its answer: of the worst channel on one band, of
every channel on two. Under each mode's own baud rate and slot over all bands, GNPy itself must find
the service feasible with all margins kept.
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
from arterial.optics.gnpy_comb import CombRun, comb_request_id
from arterial.optics.gnpy_files import COMB_SERVICES, RUNS, SERVICES, GnpyFiles, gnpy_files
from arterial.optics.gnpy_service import Service
from arterial.optics.gnpy_tools import (
    FEASIBLE,
    PATH_REQUEST,
    ROUNDING_DB,
    TRANSMISSION,
    Answer,
    answers,
    channels_db,
)
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

Channels = tuple[float, ...]

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
    """The larger of both ways, GNPy's less Arterial's: the worst channel's; any on two bands."""
    gsnr_db: float
    """Arterial's, at the mode's baud rate: what plans say."""
    gnpy_gsnr_db: float
    """GNPy's, under a full band of the mode itself."""
    pdl_penalty_db: float
    """Arterial's, for polarisation dependent loss of the ROADMs; 0 where the line gives none."""
    gnpy_pdl_penalty_db: float
    """GNPy's, which must be equal; NaN where the line gives none."""
    needs_db: float
    """Required OSNR, penalties of ROADMs passed and all margins."""
    gnpy_verdict: str
    verdict: Verdict
    """``yes``: equal under the comb, and feasible for GNPy."""


class GnpyCheck(Struct, frozen=True, kw_only=True):
    """What GNPy's own command says. ``unknown`` where Arterial has no figure to compare."""

    verdict: Verdict
    tool: str
    comb_tool: str
    """Where the comb was asked about: another on a line of two bands."""
    tolerance_db: float
    services: int
    feasible: int
    """Services that GNPy finds feasible."""
    worst_difference_db: float
    """Under the comb; largest in size."""
    rows: tuple[GnpyRow, ...]
    unknown: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Segments under water; they decide nothing unless there is nothing else."""


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
    skipped: tuple[str, ...] = ()
    """Segments under water, which GNPy has no line for."""
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
        skipped=asked.skipped,
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
    for name, content in files.contents.items():
        text = msgspec.json.format(msgspec.json.encode(content), indent=2)
        write_atomically(folder / name, text + b"\n")
    write_atomically(folder / "README.md", (_TWO_BANDS if files.runs else _ONE_BAND).encode())
    return (*files.contents, "README.md")


def gnpy_check(
    network: Network, sections: Sections, asked: Services, folder: Path, report: Report = silent
) -> GnpyCheck:
    """Ask GNPy's command about files of these services that stand in ``folder``."""
    own: Mapping[str, Answer] = {}
    comb: Mapping[tuple[str, int], Channels] = {}
    bands = len(network.line.band_limits_thz)
    if asked.services:
        report(STAGE, 0.0, 2.0)
        comb = _under_combs(folder, bands, report)
        report(STAGE, 1.0, 2.0)
        own = answers(folder, folder / SERVICES)
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
        comb_tool=PATH_REQUEST if bands == 1 else TRANSMISSION,
        tolerance_db=ROUNDING_DB,
        services=len(asked.services),
        feasible=sum(own[service.name].verdict == FEASIBLE for service in asked.services),
        worst_difference_db=max((row.difference_db for row in rows), key=abs, default=0.0),
        rows=rows,
        unknown=asked.unknown,
        skipped=asked.skipped,
    )


def _under_combs(folder: Path, bands: int, report: Report) -> Mapping[tuple[str, int], Channels]:
    """GNPy's GSNR by comb service and way: of each channel, or of the worst one alone."""
    if bands == 1:
        return {
            (name, way): (lowest_db,)
            for name, answer in answers(folder, folder / COMB_SERVICES).items()
            for way, lowest_db in enumerate(answer.lowest_db)
        }
    runs = msgspec.json.decode((folder / RUNS).read_bytes(), type=tuple[CombRun, ...])
    return channels_db(folder, runs, report)


def _row(
    network: Network,
    sections: Sections,
    alike: Sequence[Service],
    own: Mapping[str, Answer],
    comb: Mapping[tuple[str, int], Channels],
) -> GnpyRow:
    service = alike[0]
    ours_db, difference_db = _compared(network, sections, service, comb)
    told = [own[one.name] for one in alike]
    stopped = next((one.verdict for one in told if one.verdict != FEASIBLE), FEASIBLE)
    pdl_db = max(one.pdl_penalty_db for one in told)
    equal = abs(difference_db) <= ROUNDING_DB + _EXACT_DB
    if network.line.pdl_db > 0.0:
        equal &= abs(pdl_db - service.pdl_penalty_db) <= ROUNDING_DB + _EXACT_DB
    number = comb_index(service.mode, sections.combs)
    assert number is not None, "a service has a comb"
    penalty_db = service.penalty_db + service.pdl_penalty_db
    name = comb_request_id(network, service)
    return GnpyRow(
        services=tuple(one.name for one in alike),
        sites=route_sites(network, service.ride.route),
        mode=service.mode.name,
        comb=sections.combs[number].name,
        comb_gsnr_db=min(ours_db),
        gnpy_comb_gsnr_db=min(min(comb[name, way]) for way in (0, 1)),
        difference_db=difference_db,
        gsnr_db=service.gsnr_db,
        gnpy_gsnr_db=min(min(one.lowest_db) for one in told),
        pdl_penalty_db=service.pdl_penalty_db,
        gnpy_pdl_penalty_db=pdl_db if network.line.pdl_db > 0.0 else float("nan"),
        needs_db=(service.mode.osnr_db or 0.0) + penalty_db + network.margins.total_db,
        gnpy_verdict=stopped,
        verdict="yes" if equal and stopped == FEASIBLE else "no",
    )


def _compared(
    network: Network, sections: Sections, service: Service, comb: Mapping[tuple[str, int], Channels]
) -> tuple[tuple[float, float], float]:
    """Arterial's GSNR under the comb each way, and how far GNPy's is from it at most."""
    number = comb_index(service.mode, sections.combs)
    assert number is not None, "a service has a comb"
    tx_osnr_db = service.mode.tx_osnr_db
    there = service.ride.route
    back = tuple(section ^ 1 for section in reversed(there))
    ours = routes_gsnr_db(
        sections,
        number,
        [there, back],
        add_drop_osnr_db=network.line.add_drop_osnr_db,
        tx_osnr_db=network.line.tx_osnr_db if tx_osnr_db is None else tx_osnr_db,
    )
    lowest_db = (float(ours[0].min()), float(ours[1].min()))
    name = comb_request_id(network, service)
    apart: list[float] = []
    for way, channels in enumerate(ours.tolist()):
        theirs = comb[name, way]
        like = channels if len(theirs) == len(channels) else [lowest_db[way]]
        apart += [their - our for their, our in zip(theirs, like, strict=True)]
    # A way that GNPy did not find is as far from ours as can be.
    return lowest_db, max((float("inf") if one != one else one for one in apart), key=abs)  # noqa: PLR0124


_FILES = """\
# A plan's light, for GNPy

| file | what it holds |
| --- | --- |
| topology.json | ROADMs, transceivers and fibre spans of every lit pair that a service rides |
| equipment.json | GNPy's example library with this line system and these transceiver modes |
| services.json | every transparent segment: route, mode, frequency slot |
"""

_NOTES = """
* Run it in a folder of its own: it writes tables beside the answer.
* GNPy places the amplifiers and sets them when it reads the topology, as it did for Arterial.
* The required OSNR of a mode named `... +0.15 dB` holds the penalty of the ROADMs passed;
  `sys_margins` holds all margins of the network.
* Services that GNPy finds alike are answered together, their names joined by ` | `.
* A name that ends in `@2` stands in a second plane: GNPy tells lines between the same two ROADMs
  apart on the way there and not on the way back, so each plane has one.
"""

_ONE_BAND = f"""\
{_FILES}| comb_services.json | every route under the full comb that its noise was worked out with |

GNPy's own word on every service, both ways:

    {PATH_REQUEST} topology.json services.json -e equipment.json -o answer.json

The figures that must equal Arterial's, within the 0.01 dB that GNPy rounds to:

    {PATH_REQUEST} topology.json comb_services.json -e equipment.json -o comb_answer.json
{_NOTES}"""

_TWO_BANDS = f"""\
{_FILES}| sim_params.json | that Raman scattering between channels counts |
| comb/runs.json | every route each way under the full comb that its noise was worked out with |
| comb/route_... | its topology: that way alone, for the command finds its way by itself |
| comb/..._db.json | the comb in both bands, by the OSNR of the transmitter |

GNPy's own word on every service, both ways:

    {PATH_REQUEST} topology.json services.json -e equipment.json \\
        --sim-params sim_params.json -o answer.json

The figures that must equal Arterial's on every channel, within the 0.01 dB that GNPy rounds to, for
each run of `comb/runs.json`:

    {TRANSMISSION} comb/TOPOLOGY SOURCE DESTINATION -e equipment.json \\
        --sim-params sim_params.json --spectrum comb/SPECTRUM --show-channels
{_NOTES}"""
