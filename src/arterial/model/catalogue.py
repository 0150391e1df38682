"""The pluggables that come with the package: ``catalogue.yaml``, read as a user's file is read.

A file that holds nothing but ``pluggables:`` is a catalogue too: a vendor's, say. Every row of
either passes the checks that a network's own rows pass.
"""

from functools import cache
from importlib import resources
from typing import cast

from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.convert import Converter
from arterial.model.impossible import mode_problems
from arterial.model.marks import Entries
from arterial.model.pluggable import Mode
from arterial.model.record import built
from arterial.model.references import repeated_names
from arterial.model.yaml_marks import read_yaml

__all__ = ["load_catalogue", "read_catalogue"]

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
    return read_catalogue(text, _FILE)


def read_catalogue(text: str, file: str) -> tuple[Mode, ...]:
    """The modes of a catalogue's text, in its order.

    Raises
    ------
    ModelError
        With every problem in it, by line.
    """
    node, repeated = read_yaml(text, file)
    problems: list[Problem] = [*repeated]
    if not isinstance(node, Entries):
        expected = "Start with 'pluggables:'"
        raise ModelError(
            [*problems, Problem(file=file, line=1, found="no mapping", expected=expected)]
        )
    record = Converter(file, problems).record(node, _Catalogue)
    modes = record.records("pluggables")
    problems += repeated_names("pluggable mode", modes)
    for mode in modes:
        problems += mode_problems(mode)
    if problems:
        raise ModelError(sorted(set(problems), key=_place))
    return cast("_Catalogue", built(record)).pluggables


def _place(problem: Problem) -> tuple[int, str, str]:
    return problem.line or 0, problem.field, problem.found
