"""GNPy's own files of a network's light: topology, equipment and services, as dictionaries.

Topology and equipment are those that the sections were worked out with (``line_topology``), with
readable names and one line for each lit pair. Services come twice. ``services`` has each mode as it
is: its own baud rate, at its own slot over the whole band, with what it requires; that is GNPy's
own judgement. ``comb_services`` has each route once under the full comb of the mode's class: the
load that Arterial's figure is for, and so the figure that must be equal.
"""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from math import nan
from pathlib import Path
from typing import Any

from msgspec import Struct

from arterial.errors import SolverError
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.optics.combs import Comb, comb_index, combs
from arterial.optics.gnpy_planes import Layout, PlaneLine, Ride, laid_out
from arterial.optics.line_topology import (
    ROLL_OFF,
    equipment_library,
    span_uid,
    topology,
    transceiver_uid,
)

__all__ = ["FILES", "GnpyFiles", "Service", "comb_request_id", "gnpy_files"]

Words = dict[str, Any]

FILES = ("topology", "equipment", "services", "comb_services")

ANCHOR_GHZ = 193_100.0
N_GHZ = 6.25
"""Step of a frequency slot's centre in GNPy's N, from 193.1 THz."""
M_GHZ = 12.5
"""Unit of a frequency slot's width in GNPy's M."""


class Service(Struct, frozen=True, kw_only=True):
    """One transparent segment, lit both ways."""

    name: str
    mode: Mode
    """With baud rate, slot, required OSNR and limits known."""
    ride: Ride
    centre_ghz: float | None = None
    """None where no frequency is taken."""
    slot_ghz: float = 0.0
    """What the plan gives it; 0: the mode's own."""
    gsnr_db: float = nan
    """Arterial's figure, to be compared: nothing of it goes into the files."""
    penalty_db: float = 0.0
    """What Arterial adds to the required OSNR, for the ROADMs passed."""


class GnpyFiles(Struct, frozen=True, kw_only=True):
    """Contents of the files, by name; ``planes`` ROADMs stand for a busy site."""

    topology: Words
    equipment: Words
    services: Words
    comb_services: Words
    planes: int


def gnpy_files(network: Network, services: Sequence[Service]) -> GnpyFiles:
    """Files for these services.

    Raises
    ------
    SolverError
        GNPy's example library is not where its package stands, or the line has two bands.
    """
    if len(network.line.band_limits_thz) > 1:
        raise SolverError("GNPy", "its path request fills one band, and this line has two")
    layout = laid_out(network, [service.ride for service in services])
    names = _Names(network, layout)
    classes = combs(network.modes, network.line)
    library = equipment_library(
        layout.request, _example("eqpt_config.json"), _example("eqpt_config_multiband.json")
    )
    library["SI"] = [{**entry, "sys_margins": network.margins.total_db} for entry in library["SI"]]
    library["Transceiver"] = [
        *_own_types(network, services),
        *_comb_types(network, classes, services),
    ]
    return GnpyFiles(
        topology=names.renamed(topology(layout.request)),
        equipment=library,
        services={
            "path-request": [
                _own_request(names, layout, number, service)
                for number, service in enumerate(services)
            ]
        },
        comb_services={
            "path-request": list(_comb_requests(network, names, layout, classes, services).values())
        },
        planes=layout.planes,
    )


def comb_request_id(network: Network, service: Service) -> str:
    """The comb service that stands for a service: those over one route and comb share it."""
    comb = _comb_of(combs(network.modes, network.line), service)
    route = " ".join(str(section) for section in service.ride.route)
    return f"{comb.name} {_tx_osnr_db(network, service.mode):g} dB over {route}"


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


class _Names:
    """Names that people read, for those that ``line_topology`` numbers."""

    def __init__(self, network: Network, layout: Layout) -> None:
        self._network = network
        self._several = layout.planes > 1
        sites = len(network.sites)
        self._words: dict[str, str] = {}
        self._places: dict[str, Words] = {}
        for number, (route, line) in enumerate(
            zip(layout.request.routes, layout.lines, strict=True)
        ):
            for place in (route.a, route.z):
                self._site(place, *divmod(place, sites))
            self._spans(number, line)

    def renamed(self, drawn: Words) -> Words:
        """A topology under these names, ROADMs and transceivers at their places."""
        elements = [
            {**element, "uid": self[element["uid"]], **self._places.get(element["uid"], {})}
            for element in drawn["elements"]
        ]
        connections = [
            {end: self[uid] for end, uid in connection.items()}
            for connection in drawn["connections"]
        ]
        return {
            "network_name": self._network.name,
            "elements": elements,
            "connections": connections,
        }

    def __getitem__(self, uid: str) -> str:
        if uid in self._words:
            return self._words[uid]
        return self._words.setdefault(uid, self._span(uid))

    def _site(self, place: int, plane: int, number: int) -> None:
        site = self._network.sites[number]
        where: Words = {"city": site.name, "region": ""}
        if site.lat is not None and site.lon is not None:
            where |= {"latitude": site.lat, "longitude": site.lon}
        for uid in (transceiver_uid(place), f"roadm {place}"):
            self._words[uid] = self._in_plane(f"{uid.split()[0]} {site.name}", plane)
            self._places[uid] = {"metadata": {"location": where}}

    def _spans(self, number: int, line: PlaneLine) -> None:
        fibre = self._network.fibres[line.fibre]
        for way, ends in enumerate((f"{fibre.a} to {fibre.z}", f"{fibre.z} to {fibre.a}")):
            words = f"fibre {fibre.name} pair {line.pair} {ends}"
            self._words[span_uid(number, way, 0).rsplit(" ", 1)[0]] = self._in_plane(
                words, line.plane
            )

    def _span(self, uid: str) -> str:
        stem, span = uid.rsplit(" ", 1)
        return f"{self._words[stem]} span {int(span) + 1}"

    def _in_plane(self, words: str, plane: int) -> str:
        return f"{words} @{plane + 1}" if self._several else words


def _own_types(network: Network, services: Sequence[Service]) -> list[Words]:
    """A transceiver for each module and slot, for GNPy fills the band from where it may start."""
    types: dict[str, Words] = {}
    for service in services:
        slot_ghz, centres = _slot_ghz(service.mode), _centres_thz(network.line, service.mode)
        words = types.setdefault(
            _own_type(service.mode), _transceiver(_own_type(service.mode), centres, slot_ghz)
        )
        entry = _mode(
            _own_format(service), service.mode, slot_ghz, service.mode.baud_gbd or 0.0, network.line
        )
        entry["OSNR"] = round((service.mode.osnr_db or 0.0) + service.penalty_db, 6)
        entry["penalties"] = _penalties(service.mode)
        if entry not in words["mode"]:
            words["mode"].append(entry)
    return [types[name] for name in sorted(types)]


def _comb_types(
    network: Network, classes: Sequence[Comb], services: Sequence[Service]
) -> list[Words]:
    """A transceiver for each comb; its modes differ in the transmitter's OSNR and require none."""
    types: dict[str, Words] = {}
    for service in services:
        comb, mode = _comb_of(classes, service), service.mode
        name = _comb_type(comb)
        words = types.setdefault(name, _transceiver(name, comb.centres_thz, comb.slot_ghz))
        entry = _mode(_comb_format(network, mode), mode, comb.slot_ghz, comb.baud_gbd, network.line)
        entry["OSNR"], entry["bit_rate"] = 0.0, 1e9
        if entry not in words["mode"]:
            words["mode"].append(entry)
    return [types[name] for name in sorted(types)]


def _transceiver(name: str, centres_thz: Sequence[float], slot_ghz: float) -> Words:
    # GNPy counts channels from the first centre on while they are not above the upper end.
    low_hz, high_hz = centres_thz[0] * 1e12, centres_thz[-1] * 1e12 + slot_ghz * 1e9 / 4.0
    return {"type_variety": name, "frequency": {"min": low_hz, "max": high_hz}, "mode": []}


def _mode(name: str, mode: Mode, slot_ghz: float, baud_gbd: float, line: LineSystem) -> Words:
    return {
        "format": name,
        "baud_rate": baud_gbd * 1e9,
        "bit_rate": mode.rate_gbps * 1e9,
        "roll_off": ROLL_OFF,
        "tx_osnr": line.tx_osnr_db if mode.tx_osnr_db is None else mode.tx_osnr_db,
        "min_spacing": slot_ghz * 1e9,
        "cost": 1,
    }


def _penalties(mode: Mode) -> list[Words]:
    """No penalty up to the mode's tolerance; GNPy has none beyond it that would pass."""
    limits = {"chromatic_dispersion": mode.cd_ps_nm, "pmd": mode.pmd_ps}
    return [
        {name: limit, "penalty_value": 0.0} for name, limit in limits.items() if limit is not None
    ]


def _own_request(names: _Names, layout: Layout, number: int, service: Service) -> Words:
    slot_ghz = max(service.slot_ghz, _slot_ghz(service.mode))
    frequency: Words = {"N": None, "M": None}
    if service.centre_ghz is not None:
        frequency = {
            "N": round((service.centre_ghz - ANCHOR_GHZ) / N_GHZ),
            "M": -int(-slot_ghz // M_GHZ),
        }
    return _request(
        service.name,
        _hops(names, layout, number, service),
        {
            "trx_type": _own_type(service.mode),
            "trx_mode": _own_format(service),
            "spacing": _slot_ghz(service.mode) * 1e9,
            "path_bandwidth": service.mode.rate_gbps * 1e9,
            "effective-freq-slot": [frequency],
        },
    )


def _comb_requests(
    network: Network,
    names: _Names,
    layout: Layout,
    classes: Sequence[Comb],
    services: Sequence[Service],
) -> dict[str, Words]:
    """One for each route and comb; they ask for no spectrum, so that none stops another."""
    requests: dict[str, Words] = {}
    for number, service in enumerate(services):
        comb, name = _comb_of(classes, service), comb_request_id(network, service)
        if name not in requests:
            constraints: Words = {
                "trx_type": _comb_type(comb),
                "trx_mode": _comb_format(network, service.mode),
                "spacing": comb.slot_ghz * 1e9,
                "path_bandwidth": 0,
            }
            requests[name] = _request(name, _hops(names, layout, number, service), constraints)
    return requests


def _request(name: str, hops: Sequence[str], constraints: Words) -> Words:
    source, *through, target = hops
    return {
        "request-id": name,
        "source": source,
        "destination": target,
        "src-tp-id": source,
        "dst-tp-id": target,
        "bidirectional": True,
        "path-constraints": {
            "te-bandwidth": {
                "technology": "flexi-grid",
                "max-nb-of-channel": None,
                "output-power": None,
                **constraints,
            }
        },
        "explicit-route-objects": {
            "route-object-include-exclude": [
                {
                    "explicit-route-usage": "route-include-ero",
                    "index": index,
                    "num-unnum-hop": {
                        "node-id": uid,
                        "link-tp-id": "link-tp-id is not used",
                        "hop-type": "STRICT",
                    },
                }
                for index, uid in enumerate(through)
            ]
        },
    }


def _hops(names: _Names, layout: Layout, number: int, service: Service) -> list[str]:
    """Transceiver, then a ROADM and the first span of each line, then ROADM and transceiver."""
    plane = layout.plane[number]
    lines = {line: index for index, line in enumerate(layout.lines)}
    hops: list[str] = []
    place = -1
    for section, pair in zip(service.ride.route, service.ride.pairs, strict=True):
        fibre, way = divmod(section, 2)
        index = lines[PlaneLine(plane=plane, fibre=fibre, pair=pair)]
        route = layout.request.routes[index]
        source, place = (route.a, route.z) if way == 0 else (route.z, route.a)
        hops += [] if hops else [names[transceiver_uid(source)]]
        hops += [names[f"roadm {source}"], names[span_uid(index, way, 0)]]
    return [*hops, names[f"roadm {place}"], names[transceiver_uid(place)]]


def _slot_ghz(mode: Mode) -> float:
    assert mode.slot_ghz is not None, "a mode that reaches has a slot"
    return mode.slot_ghz


def _centres_thz(line: LineSystem, mode: Mode) -> tuple[float, ...]:
    slot_thz = _slot_ghz(mode) / 1000.0
    channels = int((line.f_max_thz - line.f_min_thz) / slot_thz + 1e-9)
    return tuple(line.f_min_thz + (channel + 0.5) * slot_thz for channel in range(channels))


def _comb_of(classes: Sequence[Comb], service: Service) -> Comb:
    index = comb_index(service.mode, classes)
    assert index is not None, "a mode that reaches has a comb"
    return classes[index]


def _own_type(mode: Mode) -> str:
    return f"{mode.module} in {_slot_ghz(mode):g} GHz"


def _own_format(service: Service) -> str:
    penalty = f" +{service.penalty_db:.2f} dB" if service.penalty_db > 0 else ""
    return f"{service.mode.name}{penalty}"


def _comb_type(comb: Comb) -> str:
    return f"comb {comb.name}: {comb.baud_gbd:g} GBd in {comb.slot_ghz:g} GHz"


def _comb_format(network: Network, mode: Mode) -> str:
    return f"transmitter {_tx_osnr_db(network, mode):g} dB"


def _tx_osnr_db(network: Network, mode: Mode) -> float:
    return network.line.tx_osnr_db if mode.tx_osnr_db is None else mode.tx_osnr_db
