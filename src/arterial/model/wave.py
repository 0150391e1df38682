"""Waves that stand already: light that a design keeps where it is."""

from typing import Annotated

from msgspec import Meta, Struct

from arterial.model.quantity import Positive
from arterial.names import Name

__all__ = ["PairNumber", "Wave"]

PairNumber = Annotated[int, Meta(ge=1, le=10_000)]


class Wave(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wave in service, from one pluggable to another (a row of waves.csv).

    Where a wave is regenerated its two parts are two rows: each has a frequency of its own.
    """

    name: Name
    """What plans and reports call the wave."""
    a: Name
    """The site where it starts."""
    fibres: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """The fibres that it rides, in order from ``a``."""
    pairs: Annotated[tuple[PairNumber, ...], Meta(min_length=1)]
    """Pair on each fibre, counted from 1; one number holds for all of them."""
    centre_ghz: Positive
    """Centre frequency."""
    slot_ghz: Positive
    """Spectrum that it takes."""
    mode: Name | None = None
    """The pluggable's mode; absent means that nobody can say whether it would reach today."""
    source: str = ""
    """Where the row's figures come from; empty means from you."""

    @property
    def hops(self) -> tuple[tuple[str, int], ...]:
        """(fibre, pair) from ``a`` on."""
        pairs = self.pairs * len(self.fibres) if len(self.pairs) == 1 else self.pairs
        return tuple(zip(self.fibres, pairs, strict=True))
