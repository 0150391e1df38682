"""The full comb of a mode's class over every route: what must be equal to Arterial's figure.

On one band it is a service of ``gnpy-path-request``, which fills one stretch of spectrum at one
spacing; all routes are asked in one run. Two bands are two stretches, which only
``gnpy-transmission-example`` takes, from a spectrum file: it propagates one way from one end to the
other a run and finds its way by itself, so each run has a topology of that way alone.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct

from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.optics.combs import Comb, comb_index, combs
from arterial.optics.gnpy_names import Names, hops, stretch
from arterial.optics.gnpy_planes import Layout, Ride
from arterial.optics.gnpy_service import Service, mode_words, request, transceiver, tx_osnr_db
from arterial.optics.line_topology import LAUNCH_DBM, ROLL_OFF

__all__ = ["COMB_FOLDER", "CombRun", "comb_request_id", "comb_requests", "comb_runs", "comb_types"]

Words = dict[str, Any]

COMB_FOLDER = "comb"
"""Where the runs of a line of two bands stand, below the exported folder."""


class CombRun(Struct, frozen=True, kw_only=True):
    """One run of ``gnpy-transmission-example``: a route one way under a comb of two bands."""

    name: str
    """``comb_request_id`` of the services that it stands for."""
    way: int
    """0 there, 1 back."""
    source: str
    destination: str
    topology: str
    """File name in ``COMB_FOLDER``."""
    spectrum: str
    """The same."""
    baud_gbd: float
    channels: int


def comb_request_id(network: Network, service: Service) -> str:
    """The comb service that stands for a service: those over one route and comb share it."""
    comb = _comb_of(combs(network.modes, network.line), service)
    route = " ".join(str(section) for section in service.ride.route)
    return f"{comb.name} {tx_osnr_db(network.line, service.mode):g} dB over {route}"


def comb_types(network: Network, services: Sequence[Service]) -> list[Words]:
    """A transceiver for each comb; its modes differ in the transmitter's OSNR and require none."""
    classes = combs(network.modes, network.line)
    types: dict[str, Words] = {}
    for service in services:
        comb, mode = _comb_of(classes, service), service.mode
        name = _comb_type(comb)
        words = types.setdefault(name, transceiver(name, comb.centres_thz, comb.slot_ghz))
        named = _comb_format(network, mode)
        entry = mode_words(named, mode, comb.slot_ghz, comb.baud_gbd, network.line)
        entry["OSNR"], entry["bit_rate"] = 0.0, 1e9
        if entry not in words["mode"]:
            words["mode"].append(entry)
    return [types[name] for name in sorted(types)]


def comb_requests(
    network: Network, names: Names, layout: Layout, services: Sequence[Service]
) -> list[Words]:
    """One for each route and comb; they ask for no spectrum, so that none stops another."""
    classes = combs(network.modes, network.line)
    requests: dict[str, Words] = {}
    for service, plane in zip(services, layout.plane, strict=True):
        comb, name = _comb_of(classes, service), comb_request_id(network, service)
        if name not in requests:
            constraints: Words = {
                "trx_type": _comb_type(comb),
                "trx_mode": _comb_format(network, service.mode),
                "spacing": comb.slot_ghz * 1e9,
                "path_bandwidth": 0,
            }
            requests[name] = request(name, hops(names, layout, plane, service.ride), constraints)
    return list(requests.values())


def comb_runs(
    network: Network,
    names: Names,
    layout: Layout,
    services: Sequence[Service],
    topology: Words,
) -> tuple[tuple[CombRun, ...], dict[str, Words]]:
    """Both ways of each route and comb, and the files that they need, by name."""
    classes = combs(network.modes, network.line)
    runs: dict[tuple[str, int], CombRun] = {}
    files: dict[str, Words] = {}
    for service, plane in zip(services, layout.plane, strict=True):
        comb, name = _comb_of(classes, service), comb_request_id(network, service)
        if (name, 0) in runs:
            continue
        spectrum = f"{comb.name}_{tx_osnr_db(network.line, service.mode):g}_db.json"
        files[spectrum] = _spectrum(comb, tx_osnr_db(network.line, service.mode))
        for way, ride in enumerate((service.ride, _back(service.ride))):
            on = hops(names, layout, plane, ride)
            drawn = f"route_{len(runs) // 2 + 1}_{('there', 'back')[way]}.json"
            files[drawn] = stretch(topology, on)
            runs[name, way] = CombRun(
                name=name,
                way=way,
                source=on[0],
                destination=on[-1],
                topology=drawn,
                spectrum=spectrum,
                baud_gbd=comb.baud_gbd,
                channels=len(comb.centres_thz),
            )
    return tuple(runs.values()), files


def _back(ride: Ride) -> Ride:
    return Ride(
        route=tuple(section ^ 1 for section in reversed(ride.route)), pairs=ride.pairs[::-1]
    )


def _spectrum(comb: Comb, tx_db: float) -> Words:
    """One stretch of channels for each band."""
    slot_hz = comb.slot_ghz * 1e9
    bands = groupby(zip(comb.band, comb.centres_thz, strict=True), key=lambda one: one[0])
    ends_thz = [[centre for _, centre in band] for _, band in bands]
    return {
        "spectrum": [
            {
                "f_min": float(round(centres[0] * 1e12)),
                # GNPy counts channels from the first centre on while they are not above the end.
                "f_max": float(round(centres[-1] * 1e12 + slot_hz / 4.0)),
                "baud_rate": comb.baud_gbd * 1e9,
                "slot_width": slot_hz,
                "roll_off": ROLL_OFF,
                "tx_osnr": tx_db,
                "tx_power_dbm": LAUNCH_DBM,
                "delta_pdb": 0.0,
                "label": f"band {number + 1}",
            }
            for number, centres in enumerate(ends_thz)
        ]
    }


def _comb_of(classes: Sequence[Comb], service: Service) -> Comb:
    index = comb_index(service.mode, classes)
    assert index is not None, "a mode that reaches has a comb"
    return classes[index]


def _comb_type(comb: Comb) -> str:
    return f"comb {comb.name}: {comb.baud_gbd:g} GBd in {comb.slot_ghz:g} GHz"


def _comb_format(network: Network, mode: Mode) -> str:
    return f"transmitter {tx_osnr_db(network.line, mode):g} dB"
