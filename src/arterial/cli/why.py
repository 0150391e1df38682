"""``arterial why``."""

import math
from collections.abc import Iterator
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Count, Json, Plan, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.prove.barrier import Barrier
from arterial.study import why as study

__all__ = ["why"]

_EXIT = {"needed": 0, "spare": 1, "unknown": 3}
_NORMAL = "no failure"


def why(
    plan: Plan,
    link: Annotated[
        str, Parameter(help="An IP link, wave, fibre, pair (fibre#1) or edge site, by name.")
    ],
    /,
    *,
    worst: Annotated[Count, Parameter(help="Cases, demands and losses to list.")] = 5,
    json: Json = False,
) -> int:
    """Name the failure and demand that make a wave necessary, and what is lost without it.

    Exits 0 if it is needed, 1 if no gate misses it, 3 if that stays unknown.
    """
    with Progress() as report:
        result = study.why(plan, link, report=report)
    answer(result, lambda told: _page(told, worst), as_json=json)
    return _EXIT[result.word]


def _page(told: study.Explained, worst: int) -> None:
    heading(f"{told.kind} {told.element}, load {told.load}: {_verdict(told)}")
    facts(_facts(told))
    waves = _bundled(told)
    columns = ("case", "load Gb/s>", "left>", "full>", *(("waves>", "needs>") if waves else ()))
    table(
        columns,
        [
            (
                row.case or _NORMAL,
                amount(row.load_gbps, 1),
                amount(row.left_gbps, 1),
                percent(row.utilisation),
                str(row.waves),
                str(row.waves_needed),
            )[: len(columns)]
            for row in _listed(told, worst)
        ],
    )
    _riders(told, worst)
    _lost(told, worst)
    if told.barrier is not None:
        _barrier(told.barrier, worst)
    if told.price:
        table(
            ("it costs", "where", "pieces>", "cost>"),
            [(p.item, p.where, amount(p.quantity, 1), amount(p.cost, 2)) for p in told.price],
        )
    lines(_notes(told, waves=waves))


def _verdict(told: study.Explained) -> str:
    if told.word == "spare":
        return "spare: every gate says the same without it"
    if told.word == "unknown":
        return "unknown: a gate is no longer proved without it, and none is refuted"
    ways = {
        "proved": "needed as installed; a re-routing would do without it",
        "refuted": "needed under any routing",
        "unknown": "needed as installed; whether a re-routing would do without it is unknown",
    }
    alone = told.two_cuts is not None and told.two_cuts.alone
    return f"{ways[told.reroute]}{', by two cuts alone' if alone else ''}"


def _facts(told: study.Explained) -> Iterator[tuple[str, str]]:
    if told.kind in ("fibre", "pair"):
        yield "IP links on it", ", ".join(told.links)
    if told.waves:
        yield "waves", f"{len(told.waves)}: {', '.join(told.waves)}"
    yield "done without", ", ".join(told.without)
    for words, row in zip(("binding case", "second"), told.cases, strict=False):
        yield words, _case_words(told, row)
    if told.two_cuts is not None:
        yield "any two cuts", _two_cuts_words(told.two_cuts)
    if told.losses:
        worst = told.losses[0]
        kept = f"keeps {percent(worst.kept)} of {percent(worst.promised)} promised"
        after = f" after {worst.case}" if worst.case else ""
        yield "first to miss it", f"{worst.demand} ({worst.traffic_class}), {kept}{after}"
    if told.price:
        yield "it costs", f"{amount(told.cost, 2)}, {percent(told.cost_share)} of the plan"


def _two_cuts_words(asked: study.TwoCuts) -> str:
    cases = f"{amount(asked.cases)} pairs of fibres in {amount(asked.states)} states"
    said = f"a promise breaks without it in {amount(asked.missed)} of them"
    return f"{cases}, for {', '.join(asked.classes)}; {said}"


def _bundled(told: study.Explained) -> bool:
    """Whether it is an IP link of waves, or one of them: cases then need so many."""
    return told.kind in ("link", "wave") and bool(told.waves)


def _case_words(told: study.Explained, row: study.CaseLoad) -> str:
    words = f"{row.case or _NORMAL}: {amount(row.load_gbps, 1)} Gb/s"
    if math.isfinite(row.utilisation):
        words += f", {percent(row.utilisation)} full"
    if _bundled(told):
        words += f", needs {row.waves_needed} of {row.waves} waves that stand"
    return words


def _listed(told: study.Explained, worst: int) -> list[study.CaseLoad]:
    """The first cases, and the state without failure wherever it stands."""
    return [row for place, row in enumerate(told.cases) if place < worst or not row.case]


def _riders(told: study.Explained, worst: int) -> None:
    for case in dict.fromkeys(row.case for row in told.riders):
        own = [row for row in told.riders if row.case == case]
        total = sum(row.gbps for row in own)
        when = f"after {case}" if case else "without failure"
        heading(f"{when}: {amount(total, 1)} Gb/s of {len(own)} demands")
        table(
            ("demand", "class", "between", "Gb/s>", "of it as backup>", "wanted>"),
            [
                (
                    row.demand,
                    row.traffic_class,
                    row.market or f"{row.source} > {row.target}",
                    amount(row.gbps, 1),
                    amount(row.backup_gbps, 1),
                    amount(row.wanted_gbps, 1),
                )
                for row in own[:worst]
            ],
        )


def _lost(told: study.Explained, worst: int) -> None:
    if told.gates:
        heading(f"without {', '.join(told.without)}: {len(told.gates)} gates say something else")
        table(
            ("gate", "routing", "verdict", "before>", "value>", "limit>", "unit", "worst case"),
            [
                (
                    row.gate,
                    row.policy,
                    row.verdict,
                    amount(row.value_before, 3),
                    amount(row.value, 3),
                    amount(row.limit, 3),
                    row.unit,
                    row.worst_case or _NORMAL,
                )
                for row in told.gates[:worst]
            ],
        )
        if len(told.gates) > worst:
            lines([f"{len(told.gates) - worst} more gates: a larger --worst, or --json"])
    if told.losses:
        gbps = sum(row.lost_gbps for row in told.losses)
        heading(
            f"{len(told.losses)} demands miss a promise: {amount(gbps, 1)} Gb/s, worst case each"
        )
        table(
            ("demand", "class", "before>", "keeps>", "promised>", "loses Gb/s>", "case"),
            [
                (
                    row.demand,
                    row.traffic_class,
                    percent(row.before),
                    percent(row.kept),
                    percent(row.promised),
                    amount(row.lost_gbps, 1),
                    row.case or _NORMAL,
                )
                for row in told.losses[:worst]
            ],
        )


def _barrier(found: Barrier, worst: int) -> None:
    case = found.case or _NORMAL
    if found.kind == "no way":
        heading(f"no routing does, {case}: {amount(found.must_gbps, 1)} Gb/s find no way in time")
    elif found.kind == "cut":
        sides = f"{'into' if found.into else 'out of'} {', '.join(found.sites)}"
        sums = f"{amount(found.must_gbps, 1)} Gb/s must, {amount(found.usable_gbps, 1)} may cross"
        heading(f"no routing does, {case}: {sums} {sides}")
        lines([f"down between them: {', '.join(found.down)}"] if found.down else [])
    else:
        sums = f"{amount(found.must_gbps, 1)} to pay, {amount(found.usable_gbps, 1)} to be had"
        heading(f"no routing does, {case}: at these prices {sums}")
    if found.links:
        table(
            ("link", "from", "to", "usable Gb/s>", "price>"),
            [
                (row.link, row.source, row.target, amount(row.usable_gbps, 1), amount(row.price, 2))
                for row in found.links
            ],
        )
    more = len(found.demands) - worst
    rest = f" and {more} more" if more > 0 else ""
    lines([f"must: {', '.join(found.demands[:worst])}{rest}"])


def _notes(told: study.Explained, *, waves: bool) -> Iterator[str]:
    if waves:
        yield "needs: waves with which the case keeps what it keeps with all, tunnels as installed"
    if told.two_cuts is None:
        yield "single failures alone are asked: no rule of the policy names fibre2"
    if told.word == "spare" and told.losses:
        yield "gates that demands miss without it are refuted with it too, so none of them turns"
    if told.word == "spare":
        yield "spare is said of the policy's gates: room for growth or repair is not asked there"
