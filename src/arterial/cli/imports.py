"""``arterial import``: one command a format."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Json, Output, answer
from arterial.cli.show import amount, facts, heading, lines
from arterial.study import imports as study

__all__ = ["gnpy", "graphml", "repetita", "sndlib", "topohub"]

_HIGHEST = 5.0

File = Annotated[Path, Parameter(help="File to read.")]
Folder = Annotated[Output, Parameter(help="Folder for the network; empty or new.")]


def _factor(_: object, value: float) -> None:
    if not 1.0 <= value <= _HIGHEST:
        raise ValueError(f"give a number from 1 to {_HIGHEST:g}")


def _gbps(_: object, value: str | float | None) -> None:
    """A rule in words and an absent value are somebody else's to judge."""
    if isinstance(value, float) and not 0.0 < value <= study.MOST_GBPS:
        raise ValueError(f"give Gb/s above 0 and at most {study.MOST_GBPS:g}")


def gnpy(file: File, /, *, output: Folder, json: Json = False) -> int:
    """Turn a GNPy topology (JSON) into a network folder.

    Ocean spans are flagged by a stated rule. Exits 0 when it is written, 2 when the file is wrong.
    """
    answer(study.import_gnpy(file, output), _page, as_json=json)
    return 0


def graphml(
    file: File,
    /,
    *,
    output: Folder,
    factor: Annotated[
        float, Parameter(validator=_factor, help="Fibre length over great circle.")
    ] = study.DEFAULT_FACTOR,
    as_links: Annotated[
        float | None,
        Parameter(
            validator=_gbps,
            help="Make IP links of the edges, with these Gb/s where the file gives no speed.",
        ),
    ] = None,
    demands: Annotated[
        Path | None, Parameter(help="CSV table of demands between the sites, to come along.")
    ] = None,
    json: Json = False,
) -> int:
    """Turn GraphML, as the Topology Zoo writes it, into a network folder.

    Exits 0 when it is written, 2 when a file is wrong.
    """
    result = study.import_graphml(file, output, factor=factor, links_gbps=as_links, demands=demands)
    answer(result, _page, as_json=json)
    return 0


def repetita(
    file: File,
    /,
    *,
    output: Folder,
    demands: Annotated[Path | None, Parameter(help="The file of demands beside it.")] = None,
    json: Json = False,
) -> int:
    """Turn a REPETITA graph and its demands into a network folder.

    Exits 0 when it is written, 2 when a file is wrong.
    """
    answer(study.import_repetita(file, output, demands=demands), _page, as_json=json)
    return 0


def sndlib(
    file: File,
    /,
    *,
    output: Folder,
    model: Annotated[
        Path | None, Parameter(help="Model file: what links, demands and failures mean.")
    ] = None,
    capacity: Annotated[
        study.Capacity | float,
        Parameter(validator=_gbps, help="Rule for the capacity of links, or Gb/s for all."),
    ] = "auto",
    unit_gbps: Annotated[
        float | None,
        Parameter(validator=_gbps, help="Gb/s of the file's 1; 1 where the file names no unit."),
    ] = None,
    json: Json = False,
) -> int:
    """Turn an SNDlib network (native text or XML) into a network folder.

    Exits 0 when it is written, 2 when a file is wrong.
    """
    result = study.import_sndlib(file, output, model=model, capacity=capacity, unit_gbps=unit_gbps)
    answer(result, _page, as_json=json)
    return 0


def topohub(
    file: File,
    /,
    *,
    output: Folder,
    capacity_gbps: Annotated[
        float, Parameter(validator=_gbps, help="Of every link: the file knows none.")
    ] = study.DEFAULT_GBPS,
    unit_gbps: Annotated[
        float, Parameter(validator=_gbps, help="Gb/s of the file's 1 in demands.")
    ] = 1.0,
    json: Json = False,
) -> int:
    """Turn a TopoHub graph (JSON) into a network folder.

    Exits 0 when it is written, 2 when the file is wrong.
    """
    result = study.import_topohub(file, output, capacity_gbps=capacity_gbps, unit_gbps=unit_gbps)
    answer(result, _page, as_json=json)
    return 0


def _page(done: study.Imported) -> None:
    heading(f"{done.name}: written to {done.network}")
    rows = [("sites", f"{done.sites} ({done.unplaced} without coordinates)")]
    if done.fibres:
        rows.append(("fibres", f"{done.fibres} ({done.without_length} without a length)"))
        rows.append(("subsea", f"{done.subsea} fibres"))
    if done.links:
        rows.append(("links", str(done.links)))
    if done.demands:
        rows.append(("demands", f"{done.demands}, {amount(done.demand_gbps, 1)} Gb/s"))
    facts(rows)
    lines(done.notes)
