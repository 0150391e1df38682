"""``arterial latency``."""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Described, Json, Load, Picture, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.study import latency as study

__all__ = ["latency"]

_DEFAULT = study.Question()
_MILLION = 1e6
_NAMED = 3
"""Markets and sites that a line names; JSON names all."""
_KINDS = {
    "none": "without failure",
    "fibre": "a fibre",
    "srlg": "a shared risk",
    "router": "a router",
    "site": "a site",
    "edge": "an edge",
}
_VIEWS = {"today": "today", "candidates": "all candidates"}


def latency(
    folder: Described,
    /,
    *,
    bounds: Annotated[str, Parameter(help="Round trips in ms, rising.")] = _DEFAULT.bounds,
    within_ms: Annotated[
        float, Parameter(help="Bound of the frontier: cost against people within it.")
    ] = _DEFAULT.within_ms,
    step: Annotated[
        float, Parameter(help="Share of people between two points of it.")
    ] = _DEFAULT.step,
    from_share: Annotated[
        float | None, Parameter(help="Share that it begins at; without it today's.")
    ] = None,
    survive: Annotated[
        study.Survive, Parameter(help="edge: draw it for the loss of any one edge, too.")
    ] = _DEFAULT.survive,
    keep_edges: Annotated[
        bool, Parameter(negative=(), help="Today's edges stay, whether they pay or not.")
    ] = False,
    calls: Annotated[int, Parameter(help="Of an agent's session, in a row.")] = _DEFAULT.calls,
    think_ms: Annotated[
        float, Parameter(help="Time that the model takes for each call.")
    ] = _DEFAULT.think_ms,
    load: Load = "",
    table: Annotated[Path | None, Parameter(help="CSV file for every share.")] = None,
    picture: Annotated[
        Picture, Parameter(help="SVG file: people over round trip, cost over people.")
    ] = None,
    json: Json = False,
) -> int:
    """How many people are answered within a round trip, after failures too, and what more costs.

    Exits 0 if everybody is answered today, 1 if somebody is not, 3 if a round trip is unknown.
    """
    question = study.Question(
        bounds=bounds,
        within_ms=within_ms,
        step=step,
        from_share=from_share,
        survive=survive,
        keep_edges=keep_edges,
        calls=calls,
        think_ms=think_ms,
        load=load,
    )
    with Progress() as report:
        result = study.latency(folder, question, table=table, picture=picture, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(told: study.LatencyTold) -> None:
    today, candidates = told.views
    people = f"{_people(told.people)} people in {told.markets_in_all} markets"
    of = "plan, load" if told.of == "plan" else "load"
    of = f"{of} {told.load}" if told.load else "no load with inference"
    edges = f"{today.edges} edges today, {candidates.edges} with all candidates"
    heading(f"{told.network}, {of}: {people}, {edges}", told.verdict)
    _shares(told)
    _worst(told)
    home = f"{percent(today.at_home_share)} today, {percent(candidates.at_home_share)} candidates"
    within = f"{percent(told.at_home_shares[0])} within {told.bounds_ms[0]:g} ms"
    least = f"access and a router alone take {amount(told.at_home_ms, 2)} ms or more"
    facts(
        [
            ("people with an edge at their own site", home),
            ("if every market had one", f"{within}: {least}"),
        ]
    )
    _sessions(told)
    for line in told.frontiers:
        _frontier(line)
    scope = (f"frontier: {line.scope}" for line in told.frontiers[:1])
    lines((*_unanswered(told), *map(_out_of_reach, told.out_of_reach), *scope, *told.notes))


def _unanswered(told: study.LatencyTold) -> Iterator[str]:
    gone = [row for row in told.markets if not isfinite(row.rtt_ms)]
    if gone:
        people = _people(sum(row.people for row in gone))
        yield f"{people} people have no answer today: {_some([row.market for row in gone])}"


def _people(count: float) -> str:
    return f"{amount(count / _MILLION, 1)} M"


def _shares(told: study.LatencyTold) -> None:
    bounds = [f"{bound:g} ms>" for bound in told.bounds_ms]
    rows: list[tuple[str, ...]] = []
    for view in told.views:
        spread = (view.rtt_ms_p50, view.rtt_ms_p95, view.rtt_ms_max)
        rows.append((f"{_VIEWS[view.name]}, {_KINDS['none']}", *_row(view.shares, spread), "-"))
        for after in view.after:
            spread = (after.rtt_ms_p50, after.rtt_ms_p95, after.rtt_ms_max)
            shares = tuple(row.share for row in after.within)
            lost = _people(after.home_lost_people) if after.home_lost_people else "-"
            rows.append((f"  worst loss of {_KINDS[after.kind]}", *_row(shares, spread), lost))
    table(("people within", *bounds, "p50 ms>", "p95>", "max>", "own site lost>"), rows)


def _row(shares: tuple[float, ...], spread: tuple[float, ...]) -> tuple[str, ...]:
    return (*map(percent, shares), *(amount(ms, 2) for ms in spread))


def _worst(told: study.LatencyTold) -> None:
    found = [
        (_KINDS[after.kind], row)
        for after in told.views[0].after
        for row in after.within
        if row.hurt_people
    ]
    rows = [
        (
            f"{row.bound_ms:g} ms",
            row.case,
            _people(row.hurt_people),
            _some(
                [
                    f"{one.market} {amount(one.rtt_ms, 1)} to {amount(one.after_ms, 1)}"
                    for one in row.hurt
                ]
            ),
            _some(row.home_lost) or "-",
        )
        for _, row in sorted(found, key=lambda pair: pair[1].bound_ms)
    ]
    if rows:
        table(("out of", "by the loss of", "people>", "who, ms", "own site lost"), rows)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _sessions(told: study.LatencyTold) -> None:
    columns = ("agents wait", "call ms p50>", "p95>", "max>", "session s p50>", "p95>", "max>")
    table(
        (*columns, "longer s>", "for"),
        [
            (
                _KINDS[row.kind] if row.kind == "none" else f"loss of {_KINDS[row.kind]}",
                *(amount(ms, 2) for ms in (row.call_ms_p50, row.call_ms_p95, row.call_ms_max)),
                *(amount(s, 2) for s in (row.session_s_p50, row.session_s_p95, row.session_s_max)),
                amount(row.longer_s, 2),
                row.longer_market or "-",
            )
            for row in told.sessions
        ],
    )
    lines(_said(told))


def _said(told: study.LatencyTold) -> Iterator[str]:
    """What a session waits, in words."""
    plain, *after = told.sessions
    many = f"an agent that calls {told.calls} times" if told.calls > 1 else "an agent's one call"
    waits = (("half the people", plain.network_s_p50), ("95 % of people", plain.network_s_p95))
    known = [f"{amount(s, 2)} s or less for {who}" for who, s in waits if isfinite(s)]
    if known:
        yield f"{many} waits for the network {', '.join(known)}"
    longest = max(after, key=lambda row: row.longer_s, default=None)
    if longest is not None and longest.longer_s > 0.0:
        worst = f"{amount(longest.longer_s, 2)} s longer after the worst loss"
        who = f"in {longest.longer_market} after {longest.case}"
        rest = f"{percent(longest.longer_share)} of people wait longer then"
        yield f"{many} waits up to {worst}, {who}; {rest}"
    gone = max(after, key=lambda row: row.unanswered_people, default=None)
    if gone is not None and gone.unanswered_people:
        lost = f"the worst loss of {_KINDS[gone.kind]}"
        yield f"{_people(gone.unanswered_people)} more people get no answer after {lost}"


def _frontier(line: study.Frontier) -> None:
    after = ", and after the loss of any one edge" if line.survive == "edge" else ""
    heading(f"least cost to have people within {line.within_ms:g} ms{after}")
    today = f"{percent(line.today_share)} for {amount(line.today_cost, 1)}"
    facts(
        [
            ("today's edges, over any fibre", today),
            ("most that is possible", percent(line.most_share)),
        ]
    )
    table(
        ("people>", "cost>", "bound>", "gap>", "each 1 %>", "edges>", "new>", "opens", "closes"),
        [
            (
                percent(point.share),
                amount(point.cost, 1),
                amount(point.bound, 1),
                percent(point.gap),
                amount(point.marginal, 2),
                str(len(point.edges)),
                str(point.builds),
                _some(point.opens) or "-",
                _some(point.closes) or "-",
            )
            for point in line.points
        ],
    )


def _out_of_reach(row: study.OutOfReach) -> str:
    which = "cannot be within it" if row.survive == "none" else "has one edge within it, no second"
    far = f"{row.nearest} is next, {amount(row.rtt_ms, 2)} ms and {amount(row.fibre_km)} km away"
    near = far if row.nearest else "nobody is reached over fibres of known length"
    reach = f"at most {amount(row.reach_km)} km of fibre would do"
    return f"{row.market} ({_people(row.people)}) {which}: {near}; {reach}"
