"""Coherent pluggables: one operating mode a row, and the source of every row.

A figure that was not found stays absent: it blocks only the check that needs it, by name.
"""

from typing import Literal

from msgspec import Struct

from arterial.model.quantity import NonNegative, Positive
from arterial.names import Name

__all__ = ["Mode"]


class Mode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line mode of a coherent pluggable."""

    name: Name
    module: Name
    """The pluggable that can be set to this mode."""
    form_factor: str = ""
    rate_gbps: Positive
    baud_gbd: Positive | None = None
    slot_ghz: Positive | None = None
    osnr_db: Positive | None = None
    """Required OSNR in 0.1 nm at the decoding threshold, back to back."""
    tx_dbm: float | None = None
    tx_osnr_db: Positive | None = None
    rx_dbm: float | None = None
    cd_ps_nm: Positive | None = None
    """Chromatic dispersion tolerance."""
    pmd_ps: Positive | None = None
    watts: Positive | None = None
    cost: NonNegative | None = None
    """Of one pluggable, in the unit of ``costs``."""
    fec_us: NonNegative | None = None
    """Delay of one encoder and decoder together; absent means ``latency.fec_us``."""
    status: Literal["standard", "datasheet", "press", "ASSUMPTION"]
    source: str
