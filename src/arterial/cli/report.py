"""``arterial report``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Json, Output, Picture, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading
from arterial.study import report as study

__all__ = ["report"]


def report(
    plan: Plan,
    /,
    *,
    output: Annotated[Output, Parameter(help="HTML file to write.")],
    beside: Annotated[
        tuple[Path, ...],
        Parameter(negative=(), help="Folder of another plan to compare with; repeatable."),
    ] = (),
    picture: Annotated[Picture, Parameter(help="SVG file to write the map to, on its own.")] = None,
    map_data: Annotated[
        Path | None,
        Parameter(help="GeoJSON file to write sites, fibres and IP links to, with their figures."),
    ] = None,
    json: Json = False,
) -> int:
    """Write a plan and its proof as one page that needs nothing else.

    Exits 0 when it is written, whatever it says.
    """
    with Progress() as progress:
        result = study.report_page(
            plan, output, beside=beside, picture=picture, map_data=map_data, report=progress
        )
    answer(result, _page, as_json=json)
    return 0


def _page(done: study.Reported) -> None:
    heading(f"{done.report} ({amount(done.kilobytes)} kB)", done.verdict)
