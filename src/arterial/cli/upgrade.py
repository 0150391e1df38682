"""``arterial upgrade``."""

from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, Limit, Output, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.cli.upgrade_all import page_of_all, steps_and_pieces
from arterial.design.upgrade_all import AskAll
from arterial.design.ways import Terms
from arterial.study import upgrade as study
from arterial.study.upgrade_all import upgrade_all
from arterial.study.upgrade_ask import asked

__all__ = ["upgrade"]


def upgrade(
    plan: Plan,
    /,
    *,
    between: Annotated[
        tuple[str, str] | None,
        Parameter(negative=(), help="Two sites that IP links of the plan join."),
    ] = None,
    target_gbps: Annotated[
        Limit | None, Parameter(help="Capacity between the two, all links together.")
    ] = None,
    every: Annotated[
        bool, Parameter(name="--all", negative=(), help="Every pair of sites that IP links join.")
    ] = False,
    target_factor: Annotated[
        Limit | None, Parameter(help="With --all: times what stands between the two.")
    ] = None,
    output: Annotated[Output | None, Parameter(help="Folder for the upgraded plan.")] = None,
    mode: Annotated[str, Parameter(help="Light this mode alone; without it, the best.")] = "",
    in_place: Annotated[
        bool, Parameter(negative=(), help="Only exchange waves that stand; add none.")
    ] = False,
    regenerators: Annotated[
        bool, Parameter(negative=(), help="Light may be regenerated where it is not yet.")
    ] = False,
    json: Json = False,
) -> int:
    """Raise the capacity between two sites, or between all, in steps that drop no traffic.

    Exits 0 if the target is reached or stands already, 1 if it cannot be: each route then says by
    how many dB each mode misses, where, and what would free it. 3 if missing figures leave it open.
    """
    terms = Terms(mode=mode, in_place=in_place, regenerators=regenerators)
    ask = asked(
        between=between, target_gbps=target_gbps, every=every, factor=target_factor, terms=terms
    )
    if isinstance(ask, AskAll):
        with Progress() as report:
            whole = upgrade_all(plan, ask, output=output, report=report)
        answer(whole, page_of_all, as_json=json)
        return EXIT_CODES[whole.verdict]
    with Progress() as report:
        result = study.upgrade(plan, ask, output=output, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Upgraded) -> None:
    heading(
        f"{done.a} to {done.z}: {amount(done.gbps_before)} Gb/s stand,"
        f" {amount(done.target_gbps)} are asked",
        done.verdict,
    )
    if done.verdict == "yes" and done.steps:
        _done(done)
    for number, route in enumerate(done.routes, 1):
        _route(number, route)
        if done.verdict != "yes":
            _refusal(route, done.mode)
    lines(done.notes)


def _done(done: study.Upgraded) -> None:
    facts(
        [
            ("capacity after", f"{amount(done.gbps_after)} Gb/s"),
            ("to pay", f"{amount(done.cost, 2)}, pieces and power; freed ones bring nothing in"),
            ("bound", f"{amount(done.bound, 2)}, {done.bound_scope}; gap {percent(done.gap)}"),
            ("W per Gb/s", _change(done.watts_per_gbps_before, done.watts_per_gbps_after, 3)),
            ("written to", done.output or "-"),
        ]
    )
    steps_and_pieces(done.steps, done.exchanged)
    table(
        ("section", "Gb/s>", "pairs>", "fill of the fullest>"), [_section(s) for s in done.sections]
    )


def _section(row: study.SectionFigures) -> tuple[str, ...]:
    pairs = _change(row.pairs_before, row.pairs_after, 0)
    fill = f"{percent(row.fill_before)} to {percent(row.fill_after)}"
    return (row.fibre, _change(row.gbps_before, row.gbps_after, 0), pairs, fill)


def _change(before: float, after: float, digits: int) -> str:
    if before == after:
        return amount(before, digits)
    return f"{amount(before, digits)} to {amount(after, digits)}"


def _route(number: int, route: study.RouteFigures) -> None:
    name = f"link {route.link}" if route.link else "no link yet"
    heading(f"route {number}, {name}: {' - '.join(route.sites)}")
    words = f"{amount(route.length_km)} km, {_change(route.gbps_before, route.gbps_after, 0)} Gb/s"
    heading(f"  {words}")


def _refusal(route: study.RouteFigures, mode: str) -> None:
    """What the modes asked for miss; without one, those no slower than the fastest that reaches."""
    reached = [row.rate_gbps for row in route.modes if row.verdict == "yes" and row.priced]
    least_gbps = max(reached, default=0.0)
    rows = [
        row for row in route.modes if row.mode == mode or (not mode and row.rate_gbps >= least_gbps)
    ]
    columns = ("mode", "Gb/s>", "reach", "margin dB>", "short dB>", "dearest section", "share>")
    table((*columns, "why"), [_mode(row) for row in rows])
    lines(route.frees)


def _mode(row: study.ModeFigures) -> tuple[str, ...]:
    return (
        row.mode,
        amount(row.rate_gbps),
        row.verdict,
        amount(row.margin_db, 1),
        amount(row.short_db, 1),
        row.dearest_fibre or "-",
        percent(row.dearest_share),
        ", ".join(row.why) or ("" if row.priced else "no price"),
    )
