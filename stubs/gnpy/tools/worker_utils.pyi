from typing import Any

from gnpy.topology.request import PathRequest
from networkx import DiGraph

def designed_network(
    equipment: dict[str, Any],
    network: DiGraph[Any],
    source: str | None = ...,
    destination: str | None = ...,
    nodes_list: list[str] | None = ...,
    loose_list: list[str] | None = ...,
) -> tuple[DiGraph[Any], PathRequest, PathRequest]: ...
