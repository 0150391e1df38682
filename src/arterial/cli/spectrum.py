"""``arterial spectrum``."""

from math import nan
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import EXIT_CODES, Json, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, percent, table
from arterial.optics.repacking import Repacked
from arterial.study import spectrum as study

__all__ = ["spectrum"]


def spectrum(
    folder: Annotated[Path, Parameter(help="A plan, or a network folder with waves in service.")],
    /,
    *,
    fibre: Annotated[str, Parameter(help="Show this fibre alone.")] = "",
    repack: Annotated[
        bool, Parameter(negative=(), help="Ask how much lower the waves of a plan could stand.")
    ] = False,
    json: Json = False,
) -> int:
    """How full and how broken up each pair is, and what one more would cost where it is tight.

    Of a network folder: waves in service, with the margin that today's physics gives them. Exits 0,
    1 if it calls one of them infeasible, 3 if a missing figure leaves that open.
    """
    with Progress() as report:
        result = study.spectrum(folder, fibre=fibre, repack=repack, report=report)
    answer(result, _page, as_json=json)
    return EXIT_CODES[result.verdict]


def _page(found: study.SpectrumFound) -> None:
    widths = [f"{amount(width, 1)} GHz>" for width in found.widths_ghz]
    if not found.pairs:
        heading("no pair is lit")
        return
    used, there = (sum(row.used_slots for row in found.pairs), _open(found))
    share = percent(used / there if there else nan)
    heading(f"lit pairs: {len(found.pairs)}, {share} of their spectrum in use")
    columns = ("fibre", "pair>", "fill>", "free slots>", "runs>", "largest>", "fragmented>")
    table(
        (*columns, *widths),
        [
            (
                row.fibre,
                str(row.pair),
                percent(row.fill),
                amount(row.free_slots),
                amount(row.free_runs),
                amount(row.largest_run),
                percent(row.fragmentation),
                *(amount(count) for count in row.more_waves),
            )
            for row in found.pairs
        ],
    )
    lines(
        (
            (
                "slots of 12.5 GHz; runs: of free slots side by side, and the largest; fragmented: "
                "the share of what is free outside it"
            ),
            "GHz: how many more waves of that width find room",
        )
    )
    if found.further:
        _further(found.further, widths)
    if found.installed:
        _installed(found.installed)
    if found.repack is not None:
        _repack(found.repack)


def _open(found: study.SpectrumFound) -> int:
    return sum(row.open_slots for row in found.pairs)


def _further(rows: tuple[study.FurtherPair, ...], widths: list[str]) -> None:
    heading("least room: more waves that find some there now, and one more pair")
    table(
        ("fibre", "lit>", "pairs>", *widths, "admits>", "cost>", "cost a wave>"),
        [
            (
                row.fibre,
                str(row.lit_pairs),
                str(row.pairs),
                *(amount(count) for count in row.room),
                amount(row.admits[-1]),
                amount(row.cost, 1),
                amount(row.cost_per_wave, 2),
            )
            for row in rows
        ],
    )
    wide = widths[-1].rstrip(">")
    words = "cost over the years of `costs`, in its unit, pluggables apart"
    lines((f"admits: waves of {wide} that one more pair takes; {words}",))


def _installed(rows: tuple[study.InstalledWave, ...]) -> None:
    heading("waves in service, kept as they are")
    table(
        ("wave", "mode", "margin dB>", "left dB>", "flag"),
        [
            (row.wave, row.mode or "-", amount(row.margin_db, 1), amount(row.left_db, 1), row.flag)
            for row in rows
        ],
    )


def _repack(found: Repacked) -> None:
    heading("packed anew, on the same routes and pairs")
    facts(
        [
            ("highest slot in use", f"{found.now}, of {found.segments} transparent segments"),
            ("packed", str(found.packed)),
            ("bound", f"{found.bound}, gap {percent(found.gap)} (scope: {found.scope})"),
        ]
    )
