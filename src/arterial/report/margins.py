"""What the margin of light is kept for, part by part, and what is left when it is used up."""

from msgspec import Struct, structs

from arterial.model.line import Margins

__all__ = ["MarginPart", "margin_parts"]

AT_ONCE = ("model_db", "mixed_comb_db")
"""Needed from the first day; all other margins are for what the years bring."""
WORDS = {
    "model_db": "what the model gets wrong",
    "mixed_comb_db": "neighbours of another baud rate",
    "ageing_db": "ageing",
    "connectors_db": "connectors",
}


class MarginPart(Struct, frozen=True, kw_only=True):
    """One of the margins of a network, laid on top of those before it."""

    words: str
    from_db: float
    to_db: float
    later: bool
    """Kept for the years, and still in hand on the first day."""


def margin_parts(margins: Margins) -> tuple[MarginPart, ...]:
    """Every margin in dB that the model has, the lasting ones first, and not those of 0 dB.

    Examples
    --------
    >>> [(part.words, part.to_db) for part in margin_parts(Margins(model_db=0.0))]
    [('neighbours of another baud rate', 0.5), ('ageing', 1.0)]
    """
    said = {
        field.name: value
        for field in structs.fields(margins)
        if field.name.endswith("_db") and isinstance(value := getattr(margins, field.name), float)
    }
    parts: list[MarginPart] = []
    at = 0.0
    for name in sorted(said, key=lambda name: name not in AT_ONCE):
        if said[name]:
            words = WORDS.get(name, name.removesuffix("_db").replace("_", " "))
            above = at + said[name]
            parts.append(
                MarginPart(words=words, from_db=at, to_db=above, later=name not in AT_ONCE)
            )
            at = above
    return tuple(parts)
