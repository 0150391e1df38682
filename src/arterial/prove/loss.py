"""A demand that misses a promise when an element is out."""

from msgspec import Struct

__all__ = ["Loss"]


class Loss(Struct, frozen=True, kw_only=True):
    """A demand that misses a promise without the element, in the case that hurts it most."""

    demand: str
    traffic_class: str
    source: str
    target: str
    market: str
    case: str
    before: float
    """Share kept in the case with the element."""
    kept: float
    promised: float
    lost_gbps: float
    """What it carried with the element and does not carry without."""
