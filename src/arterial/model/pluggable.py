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
    """What plans call the mode."""
    module: Name
    """The pluggable that can be set to this mode."""
    form_factor: str = ""
    """QSFP-DD, OSFP, CFP2."""
    rate_gbps: Positive
    """Client rate."""
    baud_gbd: Positive | None = None
    """Symbol rate."""
    slot_ghz: Positive | None = None
    """Spectrum that one wave takes."""
    osnr_db: Positive | None = None
    """Required OSNR in 0.1 nm at the decoding threshold, back to back."""
    tx_dbm: float | None = None
    """Least launch power that the source promises."""
    tx_osnr_db: Positive | None = None
    """OSNR of the transmitter, 0.1 nm; absent means ``line.tx_osnr_db``."""
    rx_dbm: float | None = None
    """Least power at the receiver at ``osnr_db``."""
    rx_max_dbm: float | None = None
    """Most power that the receiver takes: its overload."""
    cd_ps_nm: Positive | None = None
    """Chromatic dispersion tolerance."""
    pmd_ps: Positive | None = None
    """Polarisation mode dispersion tolerance, mean, at 0.5 dB penalty."""
    pdl_db: Positive | None = None
    """Polarisation dependent loss tolerance; needed only where ``line.pdl_db`` is above 0."""
    pdl_penalty_db: NonNegative | None = None
    """Penalty at ``pdl_db``; less loss costs in proportion."""
    filter_db: NonNegative | None = None
    """Penalty of each ROADM passed; absent means ``line.filter_db``."""
    watts: Positive | None = None
    """Of one pluggable in this mode."""
    cost: NonNegative | None = None
    """Of one pluggable, in the unit of ``costs``."""
    cost_source: str = ""
    """Where the cost comes from; the datasheet of ``source`` gives none."""
    fec_us: NonNegative | None = None
    """Delay of one encoder and decoder together; absent means ``latency.fec_us``."""
    status: Literal["standard", "datasheet", "press", "ASSUMPTION"]
    """How far the figures can be trusted; press means unverified."""
    source: str
    """Where each figure was read."""
