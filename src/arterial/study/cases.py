"""The failures that a verb is asked about, and how likely they are: kinds or a file, and rates."""

from pathlib import Path

from arterial.errors import ModelError, Problem
from arterial.fabric.case_file import read_cases
from arterial.fabric.ip_cases import CASE_KINDS, CaseSet, cases_of_kinds
from arterial.fabric.ip_elements import elements_of
from arterial.fabric.odds import Rates, published_rates, rates_of
from arterial.names import did_you_mean
from arterial.study.scene import Scene

__all__ = ["PUBLISHED", "asked_cases", "asked_rates", "misused"]

PUBLISHED = "published"
"""In place of a table of rates: fibres by their length, from what was published."""


def asked_cases(seen: Scene, asked: str) -> CaseSet:
    """The cases of some kinds, comma-separated, or of a file.

    Raises
    ------
    ModelError
        It is neither a kind nor a file, or the file is wrong.
    """
    elements = elements_of(seen.ip)
    kinds = tuple(kind.strip() for kind in asked.split(",") if kind.strip())
    if kinds and set(kinds) <= set(CASE_KINDS):
        return cases_of_kinds(seen.ip, elements, kinds)
    path = Path(asked)
    if asked and path.is_file():
        return read_cases(path, seen.ip, elements)
    wrong = next((kind for kind in kinds if kind not in CASE_KINDS), asked)
    expected = did_you_mean(wrong, CASE_KINDS) or f"Known: {', '.join(CASE_KINDS)}, or a file"
    raise misused("--failures", f"'{wrong}' is neither a kind nor a file", expected)


def asked_rates(seen: Scene, cases: CaseSet, asked: str) -> Rates:
    """Rates of the elements, from a table or as published.

    Raises
    ------
    ModelError
        The table is wrong.
    """
    if asked == PUBLISHED:
        return published_rates(seen.network, cases.elements)
    return rates_of(Path(asked), cases.elements, seen.network)


def misused(option: str, found: str, expected: str) -> ModelError:
    """An option that cannot be meant."""
    return ModelError([Problem(file=option, found=found, expected=expected)])
