"""One scalar to one typed value, and the words for what a field takes.

A plain scalar is read as its field asks: ``0815`` is a name where a name is due and no number where
a number is due in quotes. Infinity, NaN and control characters are refused everywhere.
"""

import math
import re
import unicodedata

from msgspec import Struct, inspect

from arterial.model.marks import Text, shown
from arterial.names import did_you_mean

__all__ = ["Unfit", "inner", "number_of", "phrase", "value_of"]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBER_LENGTH = 40
_YES = {"yes", "true"}
_NO = {"no", "false"}
_CONTROL = {"Cc", "Cs"}
_UNBOUNDED = 1e18
"""A limit that only keeps infinity out; messages leave it unsaid."""


class Unfit(Struct, frozen=True):
    """Why a scalar does not fit its field."""

    found: str
    expected: str


def inner(info: inspect.Type) -> inspect.Type:
    """A field's type without its ``Meta`` and without None (an absent value is no value)."""
    if isinstance(info, inspect.Metadata):
        return inner(info.type)
    if isinstance(info, inspect.UnionType):
        rest = tuple(kind for kind in info.types if not isinstance(kind, inspect.NoneType))
        return inner(rest[0]) if len(rest) == 1 else inspect.UnionType(rest)
    return info


def number_of(text: str) -> float | None:
    """The number that a text is: digits, point and exponent, finite; None when it is none.

    >>> number_of("1.5e3"), number_of("1_000"), number_of("nan")
    (1500.0, None, None)
    """
    if len(text) > _NUMBER_LENGTH or not _NUMBER.fullmatch(text):
        return None
    value = float(text) + 0.0
    return value if math.isfinite(value) else None


def value_of(text: Text, info: inspect.Type) -> object:
    """The value of a scalar for a field of type ``info``, or ``Unfit``."""
    kind = inner(info)
    if isinstance(kind, inspect.FloatType | inspect.IntType):
        return _number(text, kind)
    if isinstance(kind, inspect.BoolType):
        word = text.value.casefold()
        return True if word in _YES else False if word in _NO else _unfit(text, kind)
    if isinstance(kind, inspect.LiteralType):
        return text.value if text.value in kind.values else _unfit(text, kind)
    if isinstance(kind, inspect.StrType):
        return _string(text, kind)
    return _unfit(text, kind)


def phrase(info: inspect.Type) -> str:
    """What a field of this type takes, in words."""
    kind = inner(info)
    if isinstance(kind, inspect.FloatType | inspect.IntType):
        whole = "a whole number" if isinstance(kind, inspect.IntType) else "a number"
        return f"{whole}{_limits(kind)}"
    if isinstance(kind, inspect.LiteralType):
        return f"one of {', '.join(str(value) for value in kind.values)}"
    if isinstance(kind, inspect.StrType) and kind.pattern:
        return f"a name of up to {kind.max_length} printable characters without comma or semicolon"
    words: dict[type[inspect.Type], str] = {
        inspect.BoolType: "yes or no",
        inspect.StrType: "text",
        inspect.VarTupleType: "a list",
        inspect.DictType: "a mapping (key: value)",
        inspect.StructType: "a mapping (key: value)",
        inspect.UnionType: "a mapping (key: value)",
    }
    return words.get(type(kind), "another value")


def _limits(kind: inspect.FloatType | inspect.IntType) -> str:
    low = kind.gt if kind.gt is not None else kind.ge
    high = kind.lt if kind.lt is not None else kind.le
    bounds: list[str] = []
    if low is not None:
        bounds.append(f"{'above' if kind.gt is not None else 'not below'} {low:,.15g}")
    if high is not None and high < _UNBOUNDED:
        bounds.append(f"{'below' if kind.lt is not None else 'not above'} {high:,.15g}")
    return f" {' and '.join(bounds)}" if bounds else ""


def _number(text: Text, kind: inspect.FloatType | inspect.IntType) -> object:
    if not text.plain:
        return Unfit(
            f"found the text '{shown(text.value)}' in quotes", f"Give {phrase(kind)}, unquoted"
        )
    value = number_of(text.value)
    if value is None or not _within(value, kind):
        return _unfit(text, kind)
    if isinstance(kind, inspect.FloatType):
        return value
    return int(value) if value.is_integer() else _unfit(text, kind)


def _within(value: float, kind: inspect.FloatType | inspect.IntType) -> bool:
    return (
        (kind.gt is None or value > kind.gt)
        and (kind.ge is None or value >= kind.ge)
        and (kind.lt is None or value < kind.lt)
        and (kind.le is None or value <= kind.le)
    )


def _string(text: Text, kind: inspect.StrType) -> object:
    value = text.value
    fits = (
        _readable(value, kind)
        and (kind.min_length is None or len(value) >= kind.min_length)
        and (kind.max_length is None or len(value) <= kind.max_length)
        and (kind.pattern is None or re.fullmatch(kind.pattern, value) is not None)
    )
    return value if fits else _unfit(text, kind)


def _readable(value: str, kind: inspect.StrType) -> bool:
    """A name holds nothing invisible; other text holds no control character but line and tab."""
    if kind.pattern is not None:
        return value.isprintable()
    return all(sign in "\n\t" or unicodedata.category(sign) not in _CONTROL for sign in value)


def _unfit(text: Text, kind: inspect.Type) -> Unfit:
    hint = ""
    if isinstance(kind, inspect.LiteralType):
        hint = did_you_mean(text.value, [str(value) for value in kind.values])
    return Unfit(f"found '{shown(text.value)}'", f"Give {phrase(kind)}. {hint}".rstrip())
