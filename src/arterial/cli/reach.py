"""``arterial reach``."""

from typing import Annotated, Literal

from cyclopts import Parameter

from arterial.cli.export import gnpy_page
from arterial.cli.options import EXIT_CODES, Json, Network, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, heading, lines, percent, table
from arterial.study import gnpy
from arterial.study import reach as study

__all__ = ["reach"]

_DARK = "light of fibre"
"""What every mode of a route lacks is told once, and stands for the table."""
_WORDS = (
    "of the worst segment between regenerators: GSNR; required OSNR; what is left on the first and "
    "on the last day after ROADM penalties and margins; the fibre that adds most of its noise"
)


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
    kept = found.margins
    heading(
        f"{found.a} to {found.z}: GSNR margin asked for is {found.margin_needed_db:g} dB",
        found.verdict,
    )
    heading(
        f"  first day {found.start_needed_db:g} dB: model {kept.model_db:g}, mixed comb "
        f"{kept.mixed_comb_db:g}, connectors {kept.connectors_db:g}; to end of life ageing "
        f"{kept.ageing_db:g} more"
    )
    if not found.routes:
        heading("no fibre joins them")
    for number, route in enumerate(found.routes, 1):
        _route(number, route)
    if found.routes:
        lines((_WORDS,))
    lines(_undone(found))
    lines(found.assumptions if found.routes else ())


def _route(number: int, route: study.RouteReach) -> None:
    heading(f"route {number}: {' - '.join(route.sites)}")
    words = f"{amount(route.length_km)} km, one way {amount(route.floor_ms, 2)} ms at least"
    heading(f"  {words}, {amount(route.planning_ms, 2)} ms as planned")
    if route.shared_risks:
        heading(f"  shared with routes above: {', '.join(route.shared_risks)}")
    if route.subsea:
        weeks = amount(route.repair_weeks, 1)
        heading(f"  under the sea: {', '.join(route.subsea)}; a cut takes {weeks} weeks to mend")
    dark = sorted({why for row in route.modes for why in row.why if why.startswith(_DARK)})
    if dark:
        heading(f"  unknown for every mode: {', '.join(dark)}")
        return
    dearest = sorted({row.dearest for row in route.modes if row.dearest})
    if len(dearest) == 1:
        heading(f"  most noise of any fibre comes from {dearest[0]}: its share stands below")
    columns = (
        "mode",
        "Gb/s>",
        "reach",
        "regenerators",
        "GSNR dB>",
        "needs dB>",
        "first dB>",
        "last dB>",
        "noise>" if len(dearest) == 1 else "most noise",
        "why",
    )
    table(columns, [_mode(row, name=len(dearest) > 1) for row in route.modes])


def _mode(row: study.ModeReach, *, name: bool) -> tuple[str, ...]:
    share = percent(row.dearest_share)
    return (
        row.mode,
        amount(row.rate_gbps),
        row.verdict,
        " ".join(row.regenerator_sites) or "-",
        amount(row.gsnr_db, 1),
        amount(row.osnr_db, 1),
        amount(row.start_db, 1),
        amount(row.left_db, 1),
        f"{row.dearest} {share}" if name and row.dearest else share,
        ", ".join(row.why),
    )


def _undone(found: study.Reached) -> list[str]:
    """Checks that were not made, each with the modes that it concerns."""
    rows = {row.mode: row.unchecked for route in found.routes for row in route.modes}
    words = dict.fromkeys(word for unchecked in rows.values() for word in unchecked)
    told: list[str] = []
    for word in words:
        modes = [mode for mode, unchecked in rows.items() if word in unchecked]
        whom = "every mode" if len(modes) == len(rows) else ", ".join(modes)
        told.append(f"not checked: {word} ({whom})")
    return told
