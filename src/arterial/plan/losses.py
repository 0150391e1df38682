"""Words for two losses at once and for cuts that part a network, the same on every page."""

from collections.abc import Sequence

from arterial.plan.verdict import LossKind, Parting

__all__ = ["OUT", "parted_words"]

OUT: dict[LossKind, str] = {"fibre2": "two fibres", "maintenance": "work, then a failure"}


def parted_words(partings: Sequence[Parting]) -> str:
    """What cuts do to the network as such, in a line."""
    single = sum(len(row.fibres) == 1 for row in partings)
    count = f"{single} single and {len(partings) - single} double cuts"
    bare = sum(bool(row.markets) for row in partings)
    return f"{count} part the network of existing fibres; {bare} leave a market without an edge"
