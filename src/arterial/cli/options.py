"""Options that verbs share, their limits, and the exit code of an answer."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from cyclopts import Parameter

__all__ = [
    "EXIT_CODES",
    "Count",
    "Demands",
    "Described",
    "Failures",
    "FibreGbps",
    "Json",
    "Limit",
    "Load",
    "Many",
    "Network",
    "Output",
    "Picture",
    "Plan",
    "Rates",
    "Ray",
    "Share",
    "answer",
]

T = TypeVar("T")

EXIT_CODES = {"yes": 0, "proved": 0, "no": 1, "refuted": 1, "unknown": 3}


def _share(_: object, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError("give a number from 0 to 1, as 0.05")


def _positive(_: object, value: float | None) -> None:
    if value is not None and (math.isnan(value) or value <= 0.0):
        raise ValueError("give a number above 0")


def _count(_: object, value: int | None) -> None:
    if value is not None and not 0 <= value < 2**63:
        raise ValueError("give a whole number, 0 or more")


def _many(_: object, value: int) -> None:
    if not 1 <= value < 2**63:
        raise ValueError("give a whole number, 1 or more")


def _picture(_: object, value: Path | None) -> None:
    if value is not None and value.suffix != ".svg":
        raise ValueError("a picture is SVG: give a name that ends in .svg")


Json = Annotated[
    bool, Parameter(name="--json", negative=(), help="Answer as JSON on standard output.")
]
Network = Annotated[Path, Parameter(help="Folder with network.yaml and its tables.")]
Plan = Annotated[Path, Parameter(help="Folder that `design` wrote.")]
Described = Annotated[Path, Parameter(help="A network folder, or one that `design` wrote.")]
Failures = Annotated[
    str,
    Parameter(
        help="fibre, srlg, router, site, fibre2, maintenance, several of them with commas, or a "
        "file with a case a line."
    ),
]
Rates = Annotated[
    str,
    Parameter(help="Table of failure rates and repair times, or 'published' for fibres by km."),
]
Ray = Annotated[
    str, Parameter(help="Address of a Ray cluster for the cases; the answer is the same.")
]
Load = Annotated[str, Parameter(help="Load to carry; without it the first one.")]
Demands = Annotated[Path | None, Parameter(help="A table of demands (CSV) in place of a load.")]
Output = Annotated[Path, Parameter(name=["--output", "-o"])]
Share = Annotated[float, Parameter(validator=_share)]
Limit = Annotated[float, Parameter(validator=_positive)]
FibreGbps = Annotated[
    Limit, Parameter(help="Of a link over each fibre, where the network has no links.")
]
Count = Annotated[int, Parameter(validator=_count)]
Many = Annotated[int, Parameter(validator=_many)]
Picture = Annotated[Path | None, Parameter(validator=_picture)]
"""Refused before any work where its name says that it is no SVG."""


def answer(result: T, page: Callable[[T], None], *, as_json: bool) -> None:
    """The result on standard output, as JSON (NaN is null there) or as a page for people."""
    if as_json:
        text = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
        sys.stdout.write(f"{text}\n")
    else:
        page(result)
