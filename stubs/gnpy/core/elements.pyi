from typing import Any, NamedTuple

import numpy as np
from gnpy.core.info import SpectralInformation
from numpy.typing import NDArray

_Array = NDArray[np.float64]

class Location(NamedTuple):
    latitude: float = ...
    longitude: float = ...
    city: str | None = ...
    region: str | None = ...

class _Node:
    uid: str
    name: str
    params: Any
    operational: Any
    metadata: dict[str, Any]
    type_variety: str
    def __init__(
        self,
        uid: str,
        name: str | None = ...,
        params: Any = ...,
        metadata: dict[str, Any] | None = ...,
        operational: Any = ...,
        type_variety: str | None = ...,
    ) -> None: ...
    def __call__(
        self, spectral_info: SpectralInformation, **kwargs: Any
    ) -> SpectralInformation: ...

class Transceiver(_Node):
    osnr_ase_01nm: _Array
    osnr_ase: _Array
    osnr_nli: _Array
    snr: _Array
    snr_01nm: _Array
    baud_rate: _Array
    chromatic_dispersion: _Array
    pmd: _Array
    pdl: _Array
    latency: _Array
    penalties: dict[str, _Array]
    total_penalty: _Array
    propagated_labels: list[str]
    tx_power: _Array
    rx_power_dbm: _Array
    def update_snr(self, *args: float | _Array) -> None: ...

class Roadm(_Node):
    loss_pch_db: _Array
    ref_pch_in_dbm: dict[str, float]
    ref_pch_out_dbm: float
    restrictions: dict[str, list[str]]
    target_psd_out_mWperGHz: float | None
    target_pch_out_dbm: float | None
    target_out_mWperSlotWidth: float | None
    per_degree_pch_out_db: dict[str, float]
    per_degree_pch_psd: dict[str, float]
    def get_impairment(
        self, impairment: str, frequency_array: _Array, from_degree: str, degree: str
    ) -> _Array: ...

class Fused(_Node):
    loss: float

class Fiber(_Node):
    pch_out_db: float
    @property
    def loss(self) -> float: ...
    def alpha(self, frequency: _Array) -> _Array: ...

class RamanFiber(Fiber): ...

class Edfa(_Node):
    effective_gain: float
    delta_p: float | None
    out_voa: float
    in_voa: float
    tilt_target: float
    nf: _Array
    gprofile: _Array
    pin_db: float
    pout_db: float
    target_pch_out_dbm: float | None

class Multiband_amplifier(_Node):
    amplifiers: dict[str, Edfa]
