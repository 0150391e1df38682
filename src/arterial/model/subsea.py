"""Subsea systems: what light does between two landing stations, as their owner states it.

Nothing here can be worked out from a length: repeaters, their power and the fibre are the owner's.
So a system is described by what its line terminals see, and a wet span whose system nobody
described stays unknown. Light enters and leaves a system only through line terminals.
"""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.quantity import NonNegative, Positive, Terahertz
from arterial.names import Name

__all__ = ["SubseaSystem"]


class SubseaSystem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the line terminals of a subsea system see of its wet plant."""

    name: Name
    """What the rows of fibres.csv call the system."""
    gsnr_db: Annotated[float, Meta(gt=0.0, le=60.0)]
    """GSNR of the wet plant alone, start of life, 0.1 nm, full load, on its worst channel."""
    baud_gbd: Positive
    """Symbol rate of the channel that has ``gsnr_db``; others keep its power spectral density."""
    cd_ps_nm: NonNegative
    """Chromatic dispersion from terminal to terminal, its worst channel."""
    pmd_ps: NonNegative
    """Polarisation mode dispersion, mean."""
    f_min_thz: Terahertz | None = None
    """Lower end of the band; absent means ``line.f_min_thz``."""
    f_max_thz: Terahertz | None = None
    """Upper end of the band; absent means ``line.f_max_thz``."""
    modes: tuple[Name, ...] = ()
    """Modes that its line terminals take; absent means any mode whose figures fit."""
    repair_weeks: Positive | None = None
    """From a cut to light again: a ship must come."""
    source: str = ""
    """Where its figures come from; empty means from you."""
