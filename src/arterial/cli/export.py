"""``arterial export gnpy``."""

from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, Output, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, lines, table
from arterial.study import gnpy as study

__all__ = ["gnpy", "gnpy_page"]


def gnpy(
    plan: Plan,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder to write.")],
    verify: Annotated[
        bool, Parameter(negative=(), help="Run GNPy's own command on the files and compare.")
    ] = False,
    json: Json = False,
) -> int:
    """Write a plan's light as GNPy's topology, equipment and services.

    Exits 0 when it is written; with --verify 0 if GNPy finds every service feasible and equal, 1 if
    not, 3 if a figure is missing or GNPy's command failed.
    """
    with Progress() as report:
        result = study.export_gnpy(plan, output, verify=verify, report=report)
    answer(result, _page, as_json=json)
    return 0 if result.check is None else EXIT_CODES[result.check.verdict]


def _page(done: study.GnpyExport) -> None:
    below = dict.fromkeys(name.partition("/")[:2] for name in done.files)
    heading(f"{done.folder}: {', '.join(''.join(name) for name in below)}")
    words = f"{done.lightpaths} lightpaths are {done.services} services, each both ways"
    heading(f"  {words}; planes: {done.planes}")
    if done.check is None:
        lines(f"not exported: {one}" for one in (*done.unknown, *done.skipped))
    else:
        gnpy_page(done.check)


def gnpy_page(check: study.GnpyCheck) -> None:
    """What GNPy's own command says, the least margin first."""
    words = f"{check.tool} finds {check.feasible} of {check.services} services feasible"
    apart = f"furthest apart under the same comb: {check.worst_difference_db:+.4f} dB"
    if check.comb_tool != check.tool:
        apart = f"{apart}, all channels, by {check.comb_tool}"
    heading(f"{words}; {apart} (it rounds to 0.01)", check.verdict)
    columns = (
        "segment",
        "mode",
        "waves>",
        "comb dB>",
        "GNPy dB>",
        "apart>",
        "ours dB>",
        "GNPy dB>",
        "needs dB>",
        "GNPy says",
        "",
    )
    rows = sorted(
        check.rows, key=lambda row: (row.verdict != "no", row.gnpy_gsnr_db - row.needs_db)
    )
    table(columns, [_row(row) for row in rows])
    lines(
        [
            "comb: the same full comb for both, at its own baud rate; these must be equal",
            "ours: the mode's figure in plans, from that comb",
            "GNPy beside it: for a band full of the mode itself, at its own baud rate and slot",
            "needs: required OSNR, ROADMs passed and all margins, at the end of life",
            *(f"not compared: {one}" for one in check.unknown),
            *(f"skipped, GNPy has no such line: {one}" for one in check.skipped),
        ]
    )


def _row(row: study.GnpyRow) -> tuple[str, ...]:
    return (
        f"{row.sites[0]} - {row.sites[-1]}",
        row.mode,
        str(len(row.services)),
        amount(row.comb_gsnr_db, 3),
        amount(row.gnpy_comb_gsnr_db, 2),
        f"{row.difference_db:+.4f}",
        amount(row.gsnr_db, 2),
        amount(row.gnpy_gsnr_db, 2),
        amount(row.needs_db, 2),
        row.gnpy_verdict,
        row.verdict,
    )
