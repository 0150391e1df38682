"""The pluggables that come with the package: ``catalogue.yaml``, read as a user's file is read."""

from functools import cache
from importlib import resources
from typing import cast

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.convert import Converter
from arterial.model.marks import Entries
from arterial.model.pluggable import Mode
from arterial.model.record import built
from arterial.model.yaml_marks import read_yaml

__all__ = ["load_catalogue"]

_FILE = "catalogue.yaml"


class _Catalogue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pluggables: tuple[Mode, ...]


@cache
def load_catalogue() -> tuple[Mode, ...]:
    """Every mode of the package's catalogue, in the file's order.

    >>> sorted({mode.status for mode in load_catalogue()})
    ['ASSUMPTION', 'datasheet', 'press', 'standard']
    """
    text = resources.files(__package__ or "").joinpath(_FILE).read_text(encoding="utf-8")
    problems: list[Problem] = []
    node, repeated = read_yaml(text, _FILE)
    assert isinstance(node, Entries)
    record = Converter(_FILE, problems).record(node, _Catalogue)
    if problems or repeated:
        raise ModelError([*repeated, *problems])
    return cast("_Catalogue", built(record)).pluggables
