from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float64]
_Each = float | Iterable[float] | _Array

class SpectralInformation:
    frequency: _Array
    baud_rate: _Array
    slot_width: _Array
    pch: _Array
    signal: _Array
    ase: _Array
    nli: _Array
    chromatic_dispersion: _Array
    pmd: _Array
    pdl: _Array
    latency: _Array
    delta_pdb_per_channel: _Array
    tx_osnr: _Array
    tx_power: _Array
    label: NDArray[np.str_]
    number_of_channels: int

@dataclass
class Carrier:
    delta_pdb: float
    baud_rate: float
    slot_width: float
    roll_off: float
    tx_osnr: float
    tx_power: float
    required_osnr_db_01nm: float | None
    penalties: Mapping[str, Any] | None
    rx_channel_power_min_dbm: float | None
    rx_channel_power_max_dbm: float | None
    detailed_rx: Mapping[str, Any] | None
    label: str

@dataclass
class ReferenceCarrier:
    baud_rate: float
    slot_width: float

def create_input_spectral_information(
    f_min: float,
    f_max: float,
    roll_off: float,
    baud_rate: float,
    spacing: float,
    tx_osnr: float,
    tx_power: float,
    required_osnr_db_01nm: float | None = ...,
    penalties: Mapping[str, Any] | None = ...,
    rx_channel_power_min_dbm: float | None = ...,
    rx_channel_power_max_dbm: float | None = ...,
    detailed_rx: Mapping[str, Any] | None = ...,
    delta_pdb: float = ...,
) -> SpectralInformation: ...
def create_arbitrary_spectral_information(
    frequency: _Each,
    pch: _Each,
    baud_rate: _Each,
    tx_osnr: _Each,
    required_osnr_db_01nm: _Each | None = ...,
    penalties: Iterable[Any] | None = ...,
    rx_channel_power_min_dbm: _Each | None = ...,
    rx_channel_power_max_dbm: _Each | None = ...,
    detailed_rx: Mapping[str, Any] | None = ...,
    tx_power: _Each | None = ...,
    delta_pdb_per_channel: _Each = ...,
    slot_width: _Each | None = ...,
    roll_off: _Each = ...,
    chromatic_dispersion: _Each = ...,
    pmd: _Each = ...,
    pdl: _Each = ...,
    latency: _Each = ...,
    label: str | Iterable[str] | None = ...,
) -> SpectralInformation: ...
def carriers_to_spectral_information(
    initial_spectrum: Mapping[float, Carrier], power: float
) -> SpectralInformation: ...
