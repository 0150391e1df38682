"""How long it takes until what was ordered can be used, by kind of equipment."""

from typing import Annotated

from msgspec import Struct

from arterial.model.line import assumed
from arterial.model.quantity import NonNegative

__all__ = ["LeadTimes"]


class LeadTimes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Months from order to use; a fibre's own stands in its row."""

    pluggable: Annotated[NonNegative, assumed("coherent pluggables, 16 weeks")] = 4.0
    """Coherent pluggables."""
    router: Annotated[NonNegative, assumed("routers and their line cards, 24 weeks")] = 6.0
    """Chassis, line cards and ports."""
    line_system: Annotated[NonNegative, assumed("ROADM degrees and amplifiers, 30 weeks")] = 7.0
    """ROADM degrees, line terminals, amplifiers, shelves of regenerators."""
    fibre: Annotated[NonNegative, assumed("a pair leased and handed over")] = 3.0
    """A fibre pair whose row gives none."""
    site: Annotated[NonNegative, assumed("an edge site built and powered")] = 12.0
    """Building an edge site."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""
