"""GNPy's own files of a network's light: topology, equipment and services, as dictionaries.

Topology and equipment are those that the sections were worked out with (``line_topology``), with
readable names and one line for each lit pair. Services come twice. ``services`` has each mode as it
is: its own baud rate, at its own slot over all bands, with what it requires; that is GNPy's own
judgement. The comb (``gnpy_comb``) has each route once under the full comb of the mode's class: the
load that Arterial's figure is for, and so the figure that must be equal.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from arterial.errors import SolverError
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.optics.gnpy_comb import (
    COMB_FOLDER,
    CombRun,
    comb_requests,
    comb_runs,
    comb_types,
)
from arterial.optics.gnpy_names import Names, hops
from arterial.optics.gnpy_planes import Layout, laid_out
from arterial.optics.gnpy_service import Service, mode_slot_ghz, mode_words, request, transceiver
from arterial.optics.line_topology import equipment_library, topology

__all__ = [
    "COMB_SERVICES",
    "EQUIPMENT",
    "RUNS",
    "SERVICES",
    "SIM_PARAMS",
    "TOPOLOGY",
    "GnpyFiles",
    "gnpy_files",
]

Words = dict[str, Any]

TOPOLOGY, EQUIPMENT, SERVICES = "topology.json", "equipment.json", "services.json"
COMB_SERVICES = "comb_services.json"
"""Every route under its comb, on a line of one band."""
SIM_PARAMS = "sim_params.json"
"""What a line of two bands needs beside: Raman scattering between channels."""
RUNS = f"{COMB_FOLDER}/runs.json"
"""Every route under its comb, on a line of two bands, run by run."""

ANCHOR_GHZ = 193_100.0
N_GHZ = 6.25
"""Step of a frequency slot's centre in GNPy's N, from 193.1 THz."""
M_GHZ = 12.5
"""Unit of a frequency slot's width in GNPy's M."""


class GnpyFiles(Struct, frozen=True, kw_only=True):
    """Contents of the files; ``planes`` ROADMs stand for a busy site."""

    contents: Mapping[str, Any]
    """By file name, ``/`` between folder and file."""
    planes: int
    runs: tuple[CombRun, ...] = ()
    """On a line of two bands."""


def gnpy_files(network: Network, services: Sequence[Service]) -> GnpyFiles:
    """Files for these services, none of which rides a subsea fibre.

    Raises
    ------
    SolverError
        GNPy's example library is not where its package stands.
    """
    layout = laid_out(network, [service.ride for service in services])
    names = Names(network, layout)
    drawn = names.renamed(topology(layout.request))
    own = [
        _own_request(names, layout, plane, service)
        for plane, service in zip(layout.plane, services, strict=True)
    ]
    contents: dict[str, Any] = {
        TOPOLOGY: drawn,
        EQUIPMENT: _library(network, layout, services),
        SERVICES: {"path-request": own},
    }
    if layout.request.l_band is None:
        contents[COMB_SERVICES] = {"path-request": comb_requests(network, names, layout, services)}
        return GnpyFiles(contents=contents, planes=layout.planes)
    contents[SIM_PARAMS] = {"raman_params": {"flag": True}}
    runs, needed = comb_runs(network, names, layout, services, drawn)
    contents[RUNS] = msgspec.to_builtins(runs)
    contents |= {f"{COMB_FOLDER}/{name}": words for name, words in needed.items()}
    return GnpyFiles(contents=contents, planes=layout.planes, runs=runs)


def _library(network: Network, layout: Layout, services: Sequence[Service]) -> Words:
    library = equipment_library(
        layout.request, _example("eqpt_config.json"), _example("eqpt_config_multiband.json")
    )
    combs = comb_types(network, services) if layout.request.l_band is None else []
    return {
        **library,
        "SI": [{**entry, "sys_margins": network.margins.total_db} for entry in library["SI"]],
        "Roadm": [{**entry, "pdl": network.line.pdl_db} for entry in library["Roadm"]],
        "Transceiver": [*_own_types(network, services), *combs],
    }


def _example(name: str) -> dict[str, list[Words]]:
    """An example library of GNPy's; reading it imports nothing."""
    found = find_spec("gnpy")
    if found is None or found.origin is None:
        raise SolverError("GNPy", "its package is not installed")
    path = Path(found.origin).parent / "example-data" / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SolverError("GNPy", f"its example library {path.name} cannot be read") from error


def _own_types(network: Network, services: Sequence[Service]) -> list[Words]:
    """A transceiver for each module and slot, for GNPy fills the band from where it may start."""
    types: dict[str, Words] = {}
    for service in services:
        mode = service.mode
        slot_ghz, centres = mode_slot_ghz(mode), _centres_thz(network.line, mode)
        words = types.setdefault(_own_type(mode), transceiver(_own_type(mode), centres, slot_ghz))
        entry = mode_words(_own_format(service), mode, slot_ghz, mode.baud_gbd or 0.0, network.line)
        entry["OSNR"] = round((mode.osnr_db or 0.0) + service.penalty_db, 6)
        entry["penalties"] = _penalties(network.line, mode)
        if entry not in words["mode"]:
            words["mode"].append(entry)
    return [types[name] for name in sorted(types)]


def _penalties(line: LineSystem, mode: Mode) -> list[Words]:
    """What dispersion and polarisation cost up to the mode's limits; nothing passes beyond them.

    Between none and its limit GNPy lets polarisation dependent loss cost in proportion, as Arterial
    does. Dispersion costs nothing within its limits.
    """
    costs = [
        ("chromatic_dispersion", mode.cd_ps_nm, 0.0),
        ("pmd", mode.pmd_ps, 0.0),
        ("pdl", mode.pdl_db if line.pdl_db > 0.0 else None, mode.pdl_penalty_db or 0.0),
    ]
    return [
        {name: limit, "penalty_value": penalty}
        for name, limit, penalty in costs
        if limit is not None
    ]


def _own_request(names: Names, layout: Layout, plane: int, service: Service) -> Words:
    slot_ghz = max(service.slot_ghz, mode_slot_ghz(service.mode))
    frequency: Words = {"N": None, "M": None}
    if service.centre_ghz is not None:
        frequency = {
            "N": round((service.centre_ghz - ANCHOR_GHZ) / N_GHZ),
            "M": -int(-slot_ghz // M_GHZ),
        }
    return request(
        service.name,
        hops(names, layout, plane, service.ride),
        {
            "trx_type": _own_type(service.mode),
            "trx_mode": _own_format(service),
            "spacing": mode_slot_ghz(service.mode) * 1e9,
            "path_bandwidth": service.mode.rate_gbps * 1e9,
            "effective-freq-slot": [frequency],
        },
    )


def _centres_thz(line: LineSystem, mode: Mode) -> tuple[float, ...]:
    """From the lowest band to the highest; what no amplifier carries, GNPy leaves out."""
    slot_thz = mode_slot_ghz(mode) / 1000.0
    low_thz, high_thz = line.band_limits_thz[0][0], line.band_limits_thz[-1][1]
    channels = int((high_thz - low_thz) / slot_thz + 1e-9)
    return tuple(low_thz + (channel + 0.5) * slot_thz for channel in range(channels))


def _own_type(mode: Mode) -> str:
    return f"{mode.module} in {mode_slot_ghz(mode):g} GHz"


def _own_format(service: Service) -> str:
    penalty = f" +{service.penalty_db:.2f} dB" if service.penalty_db > 0 else ""
    return f"{service.mode.name}{penalty}"
