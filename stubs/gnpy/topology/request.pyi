from collections.abc import Mapping, Sequence
from typing import Any

from gnpy.core.info import Carrier, SpectralInformation
from networkx import DiGraph

class PathRequest:
    request_id: str
    source: str
    destination: str
    baud_rate: float
    spacing: float
    power: float
    f_min: float
    f_max: float
    nb_channel: int
    nodes_list: list[str]
    loose_list: list[str]
    tx_osnr: float
    tx_power: float
    initial_spectrum: Mapping[float, Carrier] | None
    def __init__(self, **params: Any) -> None: ...

def compute_constrained_path(network: DiGraph[Any], req: PathRequest) -> list[Any]: ...
def propagate(
    path: Sequence[Any], req: PathRequest, equipment: dict[str, Any]
) -> SpectralInformation: ...
