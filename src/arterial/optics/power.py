"""Power at both ends of a wave: can the transmitter fill the launch, does the receiver hear it.

ROADM outputs hold power spectral density, so a channel leaves at psd x baud rate. A transmitter
fills that when its least power, less the loss of the add path, is at least as much: a ROADM
attenuates and does not amplify what it adds, as GNPy's loss by path has it. A receiver gets its
density x baud rate, which must lie within its range. Neither depends on the route. A figure that is
missing leaves its check undone, by name, and blocks nothing else.
"""

from msgspec import Struct

from arterial.model.line import LineSystem
from arterial.model.pluggable import Mode
from arterial.units import db

__all__ = ["PowerCheck", "launch_dbm", "power_check"]

_EQUAL_DB = 1e-9

_Figure = tuple[str, float | None]


class PowerCheck(Struct, frozen=True, kw_only=True):
    """What became of the checks of power of one mode on one line."""

    fails: tuple[str, ...] = ()
    """Of ``tx power``, ``rx power`` and ``rx overload``."""
    unchecked: tuple[str, ...] = ()
    """Checks that a missing figure leaves undone, each with the figure's name."""


def launch_dbm(line: LineSystem, baud_gbd: float) -> float:
    """Power of a channel at ROADM outputs, dBm.

    >>> round(launch_dbm(LineSystem(), 118.2), 1)
    -14.3
    """
    return db(line.psd_mw_per_ghz * baud_gbd)


def power_check(mode: Mode, line: LineSystem) -> PowerCheck:
    """Both ends of a mode on a line."""
    launch = None if mode.baud_gbd is None else launch_dbm(line, mode.baud_gbd)
    heard = (
        None
        if mode.baud_gbd is None or line.drop_psd_mw_per_ghz is None
        else db(line.drop_psd_mw_per_ghz * mode.baud_gbd)
    )
    sent = (
        None if mode.tx_dbm is None or line.add_loss_db is None else mode.tx_dbm - line.add_loss_db
    )
    add = ("line.add_loss_db", line.add_loss_db)
    drop = ("line.drop_psd_mw_per_ghz", line.drop_psd_mw_per_ghz)
    baud = ("baud_gbd", mode.baud_gbd)
    checks = (
        ("tx power", launch, sent, add, (baud, ("tx_dbm", mode.tx_dbm))),
        ("rx power", mode.rx_dbm, heard, drop, (baud, ("rx_dbm", mode.rx_dbm))),
        ("rx overload", heard, mode.rx_max_dbm, drop, (baud, ("rx_max_dbm", mode.rx_max_dbm))),
    )
    return PowerCheck(
        fails=tuple(
            name
            for name, least, most, _, _ in checks
            if least is not None and most is not None and most < least - _EQUAL_DB
        ),
        unchecked=tuple(
            f"{name}: {', '.join(missing)} missing"
            for name, _, _, of_line, of_mode in checks
            if (missing := _missing(of_line, of_mode))
        ),
    )


def _missing(of_line: _Figure, of_mode: tuple[_Figure, ...]) -> list[str]:
    """Names of missing figures; where the line's is, nothing is checked of any mode."""
    name, value = of_line
    if value is None:
        return [name]
    return [name for name, value in of_mode if value is None]
