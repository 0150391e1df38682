"""``arterial catalogue``."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Json, answer
from arterial.cli.progress import Progress
from arterial.cli.show import amount, facts, heading, lines, table
from arterial.optics.nominal import MOST_SPANS
from arterial.study import catalogue as study

__all__ = ["catalogue"]


def catalogue(
    network: Annotated[
        Path | None, Parameter(help="Network folder, whose own modes and line count too.")
    ] = None,
    /,
    *,
    file: Annotated[
        Path | None, Parameter(help="A YAML file of `pluggables:` alone, to check and list.")
    ] = None,
    mode: Annotated[str, Parameter(help="Explain this mode, field by field.")] = "",
    reach: Annotated[
        bool, Parameter(negative=(), help="Work out nominal reach on the line by GNPy.")
    ] = False,
    json: Json = False,
) -> int:
    """List the pluggable modes: figures, trust, what is missing and what that blocks.

    Exits 0; 2 if a file is wrong or no mode has that name.
    """
    with Progress() as report:
        result = study.catalogue(network, file=file, mode=mode, reach=reach, report=report)
    answer(result, _mode if mode else _page, as_json=json)
    return 0


def _page(found: study.Catalogued) -> None:
    heading(f"{len(found.rows)} modes of {len({row.mode.module for row in found.rows})} modules")
    reach = any(not math.isnan(row.reach_km) for row in found.rows)
    columns = ["mode", "Gb/s>", "GBd>", "GHz>", "OSNR dB>", "bit/s/Hz>", "W/Gb/s>", "Shannon>"]
    columns += [*(["reach km>"] if reach else []), "status", "from"]
    table(columns, [_row(row, reach=reach) for row in found.rows])
    heading("Shannon: dB of required OSNR above the least at which any code carries the rate")
    if reach:
        heading(_reach_words(found))
    heading("missing, and what that blocks")
    lines(_missing(found))


def _row(row: study.CatalogueRow, *, reach: bool) -> list[str]:
    mode = row.mode
    cells = [
        mode.name,
        amount(mode.rate_gbps),
        _known(mode.baud_gbd),
        _known(mode.slot_ghz),
        _known(mode.osnr_db),
        amount(row.bit_per_s_hz, 2),
        amount(row.watts_per_gbps, 3),
        amount(row.above_shannon_db, 1),
    ]
    if reach:
        cells.append(amount(row.reach_km))
    return [*cells, mode.status, row.origin]


def _known(value: float | None) -> str:
    return amount(math.nan if value is None else value, 1)


def _reach_words(found: study.Catalogued) -> str:
    most = amount(MOST_SPANS * found.span_km)
    return (
        f"reach: whole spans of {found.span_km:g} km SSMF between two ROADMs, "
        f"{found.margin_db:g} dB in hand, counted up to {most} km"
    )


def _missing(found: study.Catalogued) -> Iterator[str]:
    """One line a check and set of figures, with the modes that lack them."""
    lack: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in found.rows:
        for gap in row.gaps:
            lack.setdefault((gap.blocks, gap.missing), []).append(row.mode.name)
    for (blocks, figures), modes in sorted(lack.items()):
        yield f"{blocks}: {', '.join(figures)} of {', '.join(modes)}"


def _mode(found: study.Catalogued) -> None:
    (row,) = found.rows
    mode = row.mode
    heading(f"{mode.name}: {mode.status}, from the {row.origin}")
    table(("figure", "value>", "what it says"), [(f.name, f.value, f.says) for f in found.figures])
    rows = [
        ("spectral efficiency", f"{amount(row.bit_per_s_hz, 2)} bit/s/Hz"),
        ("power", f"{amount(row.watts_per_gbps, 3)} W per Gb/s"),
        ("above Shannon's limit", f"{amount(row.above_shannon_db, 1)} dB"),
        ("source", mode.source),
        ("source of its cost", mode.cost_source or "-"),
    ]
    facts(rows)
    if not math.isnan(row.reach_km):
        heading(f"{amount(row.reach_km)} km; {_reach_words(found)}")
