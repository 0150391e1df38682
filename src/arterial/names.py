"""Names: what people and files call things, and the nearest name when one is mistyped.

Engines never see a name; ``arterial.fabric`` turns names into indices once.
"""

import difflib
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

__all__ = ["Name", "did_you_mean", "nearest"]

# A `$` would let a line break pass at the end; JSON Schema, which shares the pattern, has no `\Z`.
_PATTERN = r"^[^\s;,](?:[^;,\t\r\n]*[^\s;,])?(?![\s\S])"

Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=_PATTERN)]
"""1 to 80 characters, no comma, semicolon or tab, no space at either end."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like ``name``, or None when nothing is near.

    >>> nearest("Sant_Louis", ["St_Louis", "Boston"])
    'St_Louis'
    """
    pool = sorted(set(known))
    folded = {candidate.casefold(): candidate for candidate in reversed(pool)}
    match = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[match[0]] if match else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known name, or an empty string.

    >>> did_you_mean("Bostn", ["Boston"])
    "Did you mean 'Boston'?"
    """
    found = nearest(name, known)
    return f"Did you mean '{found}'?" if found else ""
