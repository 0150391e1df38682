"""A service for GNPy, and the words that every question about it is put in."""

from collections.abc import Sequence
from math import nan
from typing import Any

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.model.pluggable import Mode
from arterial.optics.gnpy_planes import Ride
from arterial.optics.line_topology import ROLL_OFF

__all__ = [
    "Service",
    "mode_slot_ghz",
    "mode_words",
    "request",
    "transceiver",
    "tx_osnr_db",
]

Words = dict[str, Any]


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
    """What Arterial adds to the required OSNR, for the filters of the ROADMs passed."""
    pdl_penalty_db: float = 0.0
    """And for their polarisation dependent loss, where the line gives it: GNPy adds it itself."""


def transceiver(name: str, centres_thz: Sequence[float], slot_ghz: float) -> Words:
    """A transceiver without modes, that may stand from the first of these centres to the last."""
    # GNPy counts channels from the first centre on while they are not above the upper end.
    low_hz, high_hz = centres_thz[0] * 1e12, centres_thz[-1] * 1e12 + slot_ghz * 1e9 / 4.0
    return {"type_variety": name, "frequency": {"min": low_hz, "max": high_hz}, "mode": []}


def mode_words(name: str, mode: Mode, slot_ghz: float, baud_gbd: float, line: LineSystem) -> Words:
    """A mode that requires nothing yet."""
    return {
        "format": name,
        "baud_rate": baud_gbd * 1e9,
        "bit_rate": mode.rate_gbps * 1e9,
        "roll_off": ROLL_OFF,
        "tx_osnr": tx_osnr_db(line, mode),
        "min_spacing": slot_ghz * 1e9,
        "cost": 1,
    }


def request(name: str, hops: Sequence[str], constraints: Words) -> Words:
    """A request over ``hops``, transceivers included, both ways."""
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


def mode_slot_ghz(mode: Mode) -> float:
    """Slot of a mode that reaches."""
    assert mode.slot_ghz is not None, "a mode that reaches has a slot"
    return mode.slot_ghz


def tx_osnr_db(line: LineSystem, mode: Mode) -> float:
    """Of the mode's transmitter; the line system's where the mode gives none."""
    return line.tx_osnr_db if mode.tx_osnr_db is None else mode.tx_osnr_db
