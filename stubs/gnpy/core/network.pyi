from typing import Any

from gnpy.topology.request import PathRequest
from networkx import DiGraph

def add_missing_elements_in_network(network: DiGraph[Any], equipment: dict[str, Any]) -> None: ...
def add_missing_fiber_attributes(network: DiGraph[Any], equipment: dict[str, Any]) -> None: ...
def build_network(
    network: DiGraph[Any],
    equipment: dict[str, Any],
    reference_channel: PathRequest,
    set_connector_losses: bool = ...,
    verbose: bool = ...,
) -> None: ...
def design_network(
    reference_channel: PathRequest,
    network: DiGraph[Any],
    equipment: dict[str, Any],
    set_connector_losses: bool = ...,
    verbose: bool = ...,
) -> None: ...
