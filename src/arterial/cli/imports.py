"""``arterial import gnpy`` and ``arterial import graphml``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Json, Output, answer
from arterial.cli.show import facts, heading, lines
from arterial.study import imports as study

__all__ = ["gnpy", "graphml"]

_HIGHEST = 5.0

File = Annotated[Path, Parameter(help="File to read.")]
Folder = Annotated[Output, Parameter(help="Folder for the network; empty or new.")]


def _factor(_: object, value: float) -> None:
    if not 1.0 <= value <= _HIGHEST:
        raise ValueError(f"give a number from 1 to {_HIGHEST:g}")


def gnpy(file: File, /, *, output: Folder, json: Json = False) -> int:
    """Turn a GNPy topology (JSON) into a network folder.

    Ocean spans are flagged by a stated rule. Exits 0 when it is written, 2 when the file is wrong.
    """
    answer(study.import_gnpy(file, output), _page, as_json=json)
    return 0


def graphml(
    file: File,
    /,
    *,
    output: Folder,
    factor: Annotated[
        float, Parameter(validator=_factor, help="Fibre length over great circle.")
    ] = study.DEFAULT_FACTOR,
    json: Json = False,
) -> int:
    """Turn GraphML, as the Topology Zoo writes it, into a network folder.

    Exits 0 when it is written, 2 when the file is wrong.
    """
    answer(study.import_graphml(file, output, factor=factor), _page, as_json=json)
    return 0


def _page(done: study.Imported) -> None:
    heading(f"{done.name}: written to {done.network}")
    facts(
        [
            ("sites", f"{done.sites} ({done.unplaced} without coordinates)"),
            ("fibres", f"{done.fibres} ({done.without_length} without a length)"),
            ("subsea", f"{done.subsea} fibres"),
        ]
    )
    lines(done.notes)
