"""``arterial shapes``."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import (
    EXIT_CODES,
    Count,
    Json,
    Load,
    Many,
    Network,
    Output,
    Picture,
    Share,
    answer,
)
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.design.spokes import Weigh
from arterial.prove.criticality import Spread
from arterial.study import shapes as study

__all__ = ["shapes"]

_DEFAULT = study.Question()


def shapes(
    network: Network,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder: a plan and its proof for each shape.")],
    load: Load = "",
    hubs: Annotated[Many, Parameter(help="Hubs of hub and spoke.")] = _DEFAULT.hubs,
    weigh: Annotated[
        Weigh, Parameter(help="What hubs are near to: people, or all traffic.")
    ] = _DEFAULT.weigh,
    rings: Annotated[
        Count,
        Parameter(help="Regional rings; 1 is one ring, 0 one unless half a lap is too slow."),
    ] = _DEFAULT.rings,
    own: Annotated[
        Path | None, Parameter(help="The network you have: a plan's folder, or links as CSV (a,z).")
    ] = None,
    bare: Annotated[
        bool,
        Parameter(
            negative=(),
            help="Protect nothing in a shape that cannot meet the policy; else what it can keep.",
        ),
    ] = False,
    gap: Annotated[
        Share, Parameter(help="Stop each design at this gap between cost and bound.")
    ] = _DEFAULT.gap,
    rounds: Annotated[Count, Parameter(help="Rounds of search at most.")] = _DEFAULT.rounds,
    seed: Annotated[Count, Parameter(help="Seed of every random draw.")] = _DEFAULT.seed,
    table: Annotated[
        Path | None, Parameter(name="--table", help="CSV file: a row a shape.")
    ] = None,
    picture: Annotated[Picture, Parameter(help="SVG file: a map a shape, and bars.")] = None,
    json: Json = False,
) -> int:
    """Set hub and spoke, rings, a free design and your own network side by side, same demands.

    Exits 0 when the free design is proved, 1 when it is refuted or there is none, 3 when that is
    open; the verdicts of the other shapes stand in the table.
    """
    question = study.Question(
        load=load,
        hubs=hubs,
        weigh=weigh,
        rings=rings,
        own=own,
        bare=bare,
        gap=gap,
        rounds=rounds,
        seed=seed,
    )
    with Progress() as report:
        result = study.shapes(
            network, output, question, table=table, picture=picture, report=report
        )
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(done: study.Shaped) -> None:
    words = f"free design of {done.network}, load {done.load}; {len(done.shapes)} shapes"
    heading(f"{words} in {done.folder}", done.verdict)
    facts(_found(done))
    rows = done.shapes
    names = tuple(f"{row.shape}>" for row in rows)
    asked = any(row.fibres_lost.pairs for row in rows)
    figures = (*_FIGURES, *(_PAIRS if asked else ()))
    table(("", *names), ((name, *(tell(row) for row in rows)) for name, tell in figures))
    table(("keeps what the policy asks", *names), _kinds(rows))
    lines(
        f"{row.shape}: designed for {row.designed_for}"
        if row.designed_for
        else f"{row.shape}: no plan: {row.refused[-1]}"
        for row in rows
    )
    lines(f"{row.shape}: {words}" for row in rows if (words := _two_cuts(row)))
    lines(done.notes)


def _two_cuts(row: study.ShapeFigures) -> str:
    """Whether it holds to the rules on two cuts, and why it cannot; empty where none speaks."""
    held = row.two_cuts
    if held is None:
        return ""
    if held.verdict == "proved":
        return "holds to the rules on two cuts"
    lost = held.cannot
    if lost is None or not lost.lost:
        fell = f"{held.verdict} after {held.worst_case}"
        return f"does not hold to the rules on two cuts ({fell}), though its links could"
    late = f"{amount(lost.lost_late)} of them however late"
    which = " + ".join(lost.example)
    who = f"{', '.join(lost.names[:_NAMED])}{' ...' if len(lost.names) > _NAMED else ''}"
    return (
        f"cannot hold to the rules on two cuts: {amount(lost.lost)} of {amount(lost.pairs)} pairs "
        f"leave somebody no way in time over its links ({late}), {which} most: {who}"
    )


_NAMED = 5
"""Names told of those whom two cuts leave no way."""


def _found(done: study.Shaped) -> Iterator[tuple[str, str]]:
    if done.hubs is not None:
        near = f"near {done.hubs.weigh}, gap {percent(done.hubs.gap)}"
        yield "hubs", f"{', '.join(done.hubs.sites)} ({near})"
    if done.rings is not None:
        ring = done.rings
        tour = f"tours {amount(ring.tour_km)} km, gap {percent(ring.gap)}"
        laid = f"{amount(ring.km)} km of fibre as laid"
        yield "rings", f"{ring.rings}: {tour}; {laid}, {len(ring.shared)} risks shared"
        lap = f"{amount(ring.half_lap_ms, 1)} ms round trip"
        yield "half way round one ring", lap
    yield "seconds", amount(done.seconds, 1)


def _no_way(row: study.ShapeFigures) -> str:
    return f"{amount(row.double_cuts.no_way)} of {amount(row.double_cuts.cases)}"


def _people(count: float) -> str:
    return f"{amount(count / 1e6, 1)} m"


_FIGURES: tuple[tuple[str, Callable[[study.ShapeFigures], str]], ...] = (
    ("verdict on the whole policy", lambda row: row.verdict),
    ("gates not proved", lambda row: f"{row.gates_failed} of {row.gates}"),
    ("cost", lambda row: amount(row.cost, 1)),
    ("  gap to its bound", lambda row: percent(row.gap)),
    ("  pluggables, regenerators", lambda row: amount(row.cost_parts.light, 1)),
    ("  router ports, chassis", lambda row: amount(row.cost_parts.routers, 1)),
    ("  fibre, amplifiers, ROADMs", lambda row: amount(row.cost_parts.fibre, 1)),
    ("  edges", lambda row: amount(row.cost_parts.edges, 1)),
    ("  power", lambda row: amount(row.cost_parts.power, 1)),
    ("pluggables, kW", lambda row: amount(row.watts / 1000.0, 2)),
    ("IP links", lambda row: amount(row.ip_links)),
    ("waves", lambda row: amount(row.waves)),
    ("lit fibre, km", lambda row: amount(row.fibre_km)),
    ("round trip of people, ms", lambda row: amount(row.delays.rtt_ms, 1)),
    ("  worst market, ms", lambda row: amount(row.delays.rtt_ms_worst, 1)),
    ("  within 10 ms", lambda row: percent(row.delays.within_10_ms)),
    ("  within 20 ms", lambda row: percent(row.delays.within_20_ms)),
    ("  agent of 30 calls, ms", lambda row: amount(row.delays.session_ms)),
    ("IP links on the way", lambda row: amount(row.delays.router_hops, 2)),
    ("delay over great circle", lambda row: amount(row.delays.stretch, 2)),
    ("single failures survived", lambda row: percent(row.survived)),
    ("  whatever the round trip", lambda row: percent(row.survived_late)),
    ("people answered, any two cuts", lambda row: percent(row.double_cuts.answered_mean)),
    ("  after the worst two", lambda row: percent(row.double_cuts.answered_worst)),
    ("  two cuts that all outlive", lambda row: percent(row.double_cuts.answered_all)),
    ("  two cuts that leave no way", _no_way),
    ("critical sites", lambda row: f"{row.sites_lost.critical} of {row.sites_lost.elements}"),
    ("  traffic lost, worst site", lambda row: percent(row.sites_lost.top_gbps / row.offered_gbps)),
    ("  that site", lambda row: row.sites_lost.top or "-"),
    ("  its share of all such losses", lambda row: percent(row.sites_lost.top_share)),
    ("  Gini of such losses", lambda row: amount(row.sites_lost.gini, 2)),
    ("  people without answer, most", lambda row: _people(row.sites_lost.top_people)),
    ("critical fibres", lambda row: f"{row.fibres_lost.critical} of {row.fibres_lost.elements}"),
    ("  traffic lost, worst cut", lambda row: percent(row.fibres_lost.top_gbps / row.offered_gbps)),
    ("  Gini of such losses", lambda row: amount(row.fibres_lost.gini, 2)),
    ("  people without answer, most", lambda row: _people(row.fibres_lost.top_people)),
)


_PAIRS: tuple[tuple[str, Callable[[study.ShapeFigures], str]], ...] = (
    ("two cuts that lose traffic", lambda row: _losing(row.fibres_lost)),
    ("  traffic lost, worst two", lambda row: _pair(row, row.fibres_lost)),
    ("  and leave people without answer", lambda row: amount(row.fibres_lost.pairs_unanswered)),
    ("  people without answer, most", lambda row: _people(row.fibres_lost.pair_people)),
    ("a site and a cut that lose traffic", lambda row: _losing(row.sites_lost)),
    ("  traffic lost, worst of these", lambda row: _pair(row, row.sites_lost)),
    ("  and leave people without answer", lambda row: amount(row.sites_lost.pairs_unanswered)),
    ("  people without answer, most", lambda row: _people(row.sites_lost.pair_people)),
)
"""Where a rule of the policy speaks of two cuts."""


def _losing(spread: Spread) -> str:
    return f"{amount(spread.pairs_losing)} of {amount(spread.pairs)}"


def _pair(row: study.ShapeFigures, spread: Spread) -> str:
    return percent(spread.pair_gbps / row.offered_gbps)


def _kinds(rows: Sequence[study.ShapeFigures]) -> Iterator[tuple[str, ...]]:
    """A line a kind of failure and class: cases kept, and the least share of the class carried."""
    found = {(row.shape, kind.kind, kind.traffic_class): kind for row in rows for kind in row.kinds}
    for kind, name in dict.fromkeys((kind, name) for _, kind, name in found):
        told = (found.get((row.shape, kind, name)) for row in rows)
        cells = (f"{one.kept}/{one.cases}, {percent(one.carried)}" if one else "-" for one in told)
        yield f"{name} after {kind}", *cells
