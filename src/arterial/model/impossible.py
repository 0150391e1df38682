"""Figures of a pluggable or a subsea system that physics or logic rules out, told by line.

A required OSNR below Shannon's limit, a receiver that overloads before it hears: such a row is a
slip of the pen (a GBd for a Gb/s, an OSNR in another bandwidth), and every result of it would be.
"""

import math
from collections.abc import Iterator

from arterial.errors import Problem
from arterial.model.record import Record
from arterial.units import REFERENCE_GHZ

__all__ = [
    "MOST_BITS",
    "above_shannon_db",
    "least_osnr_db",
    "mode_problems",
    "system_problems",
]

MOST_BITS = 8
"""Bits a symbol and polarisation of 256QAM, the densest constellation on any sheet."""

_TRUE_ROUND = 1e-9


def least_osnr_db(rate_gbps: float, baud_gbd: float) -> float:
    """OSNR in 0.1 nm below which no code decodes a rate, two polarisations.

    Shannon: rate <= 2 x baud x log2(1 + SNR), with SNR = OSNR x 12.5 GHz / baud. The figure rises
    with the rate and falls with the baud rate.

    >>> round(least_osnr_db(400.0, 63.1), 2)
    16.06
    """
    snr = 2.0 ** (rate_gbps / (2.0 * baud_gbd)) - 1.0
    return 10.0 * math.log10(snr * baud_gbd / REFERENCE_GHZ)


def above_shannon_db(rate_gbps: float, baud_gbd: float | None, osnr_db: float | None) -> float:
    """How far a required OSNR stands above Shannon's limit, dB; NaN where a figure is missing."""
    if baud_gbd is None or osnr_db is None:
        return math.nan
    return osnr_db - least_osnr_db(rate_gbps, baud_gbd)


def mode_problems(mode: Record) -> Iterator[Problem]:
    """Every impossible figure of one entry of ``pluggables``."""
    rate, baud, slot = (mode.number(name) for name in ("rate_gbps", "baud_gbd", "slot_ghz"))
    if baud is not None and slot is not None and baud > slot:
        found = f"{baud:g} GBd do not fit into {slot:g} GHz"
        yield mode.problem("slot_ghz", found, "A slot is at least as wide as the baud rate")
    if rate is not None and baud is not None:
        yield from _too_fast(mode, rate, baud)
    yield from _powers(mode)
    yield from _noise(mode)
    if mode.number("pdl_penalty_db") is not None and "pdl_db" not in mode.lines:
        expected = "Give pdl_db, the loss at which it was read"
        yield mode.problem("pdl_penalty_db", "a penalty at no PDL", expected)


def _too_fast(mode: Record, rate: float, baud: float) -> Iterator[Problem]:
    most = 2.0 * MOST_BITS * baud
    osnr = mode.number("osnr_db")
    if rate > most:
        found = f"{rate:g} Gb/s are more than {MOST_BITS} bit a symbol at {baud:g} GBd"
        expected = f"At most {most:g} Gb/s in two polarisations; check both figures"
        yield mode.problem("rate_gbps", found, expected)
    elif osnr is not None and osnr < (least := least_osnr_db(rate, baud)) - _TRUE_ROUND:
        found = f"{osnr:g} dB is below Shannon's limit of {least:.2f} dB"
        expected = f"No code carries {rate:g} Gb/s at {baud:g} GBd there; OSNR is in 0.1 nm"
        yield mode.problem("osnr_db", found, expected)


def _powers(mode: Record) -> Iterator[Problem]:
    least, most = mode.number("rx_dbm"), mode.number("rx_max_dbm")
    if least is not None and most is not None and most < least:
        found = f"the receiver overloads at {most:g} dBm and hears from {least:g} dBm"
        yield mode.problem("rx_max_dbm", found, "rx_max_dbm is at least rx_dbm")


def _noise(mode: Record) -> Iterator[Problem]:
    osnr, sent = mode.number("osnr_db"), mode.number("tx_osnr_db")
    if osnr is not None and sent is not None and sent <= osnr:
        found = f"the transmitter sends {sent:g} dB and the receiver needs {osnr:g} dB"
        yield mode.problem("tx_osnr_db", found, "tx_osnr_db is above osnr_db, or nothing decodes")


def system_problems(system: Record) -> Iterator[Problem]:
    """Every impossible figure of one entry of ``subsea``."""
    low, high = system.number("f_min_thz"), system.number("f_max_thz")
    if low is not None and high is not None and low >= high:
        found = f"the band ends at {high:g} THz and starts at {low:g}"
        yield system.problem("f_max_thz", found, "f_max_thz lies above f_min_thz")
