"""``arterial reach``."""

from typing import Annotated, Literal

from cyclopts import Parameter

from arterial.cli.export import gnpy_page
from arterial.cli.options import EXIT_CODES, Json, Network, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, table
from arterial.study import gnpy
from arterial.study import reach as study

__all__ = ["reach"]

_DARK = "light of fibre"
"""What every mode of a route lacks is told once, and stands for the table."""


def reach(
    network: Network,
    a: Annotated[str, Parameter(help="Site at one end.")],
    z: Annotated[str, Parameter(help="Site at the other end.")],
    /,
    *,
    mode: Annotated[str, Parameter(help="Ask for this mode alone.")] = "",
    verify: Annotated[
        Literal["gnpy"] | None, Parameter(help="Ask this tool's own command about every 'yes'.")
    ] = None,
    json: Json = False,
) -> int:
    """Which modes get from one site to another, over up to three diverse routes.

    Exits 0 if one does, 1 if none does, 3 if a missing figure leaves it open; with --verify 1 if
    the tool says otherwise of a mode that does.
    """
    with Progress() as report:
        result = study.reach(network, a, z, mode=mode, report=report)
        asked = verify is not None and result.verdict == "yes"
        check = gnpy.verify_reach(network, result, report=report) if asked else None
    if verify is None:
        answer(result, _page, as_json=json)
    else:
        answer(gnpy.ReachVerified(reached=result, check=check), _verified, as_json=json)
    return EXIT_CODES[result.verdict if check is None else check.verdict]


def _verified(found: gnpy.ReachVerified) -> None:
    _page(found.reached)
    if found.check is not None:
        gnpy_page(found.check)


def _page(found: study.Reached) -> None:
    heading(
        f"{found.a} to {found.z}: GSNR margin asked for is {found.margin_needed_db:g} dB",
        found.verdict,
    )
    if not found.routes:
        heading("no fibre joins them")
    for number, route in enumerate(found.routes, 1):
        _route(number, route)


def _route(number: int, route: study.RouteReach) -> None:
    heading(f"route {number}: {' - '.join(route.sites)}")
    words = f"{amount(route.length_km)} km, one way {amount(route.floor_ms, 2)} ms at least"
    heading(f"  {words}, {amount(route.planning_ms, 2)} ms as planned")
    if route.shared_risks:
        heading(f"  shared with routes above: {', '.join(route.shared_risks)}")
    dark = sorted({why for row in route.modes for why in row.why if why.startswith(_DARK)})
    if dark:
        heading(f"  unknown for every mode: {', '.join(dark)}")
        return
    columns = ("mode", "Gb/s>", "reach", "regenerators", "GSNR dB>", "needs dB>", "left dB>", "why")
    table(columns, [_mode(row) for row in route.modes])


def _mode(row: study.ModeReach) -> tuple[str, ...]:
    return (
        row.mode,
        amount(row.rate_gbps),
        row.verdict,
        " ".join(row.regenerator_sites) or "-",
        amount(row.gsnr_db, 1),
        amount(row.osnr_db, 1),
        amount(row.left_db, 1),
        ", ".join(row.why),
    )
