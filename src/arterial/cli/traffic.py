"""``arterial traffic gravity`` and ``arterial traffic series``."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Count, Json, Network, Output, answer
from arterial.cli.show import amount, facts, heading, lines
from arterial.study import traffic as study

__all__ = ["gravity", "series"]

_MOST_GBPS = 1e12
_MOST_NOISE = 3.0

Class = Annotated[
    str,
    Parameter(
        name="--class",
        help="Traffic class; without it the last one served that has no deadline.",
    ),
]


def _gbps(_: object, value: float) -> None:
    if not 0.0 < value <= _MOST_GBPS:
        raise ValueError(f"give a number above 0 and at most {_MOST_GBPS:g}")


def _noise(_: object, value: float) -> None:
    if not 0.0 <= value <= _MOST_NOISE:
        raise ValueError(f"give a number from 0 to {_MOST_NOISE:g}")


def _some(_: object, value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError("give a whole number, 1 or more")


def gravity(
    network: Network,
    /,
    *,
    total_gbps: Annotated[float, Parameter(validator=_gbps, help="Sum over all demands.")],
    output: Annotated[Output | None, Parameter(help="CSV file; else standard output.")] = None,
    mass: Annotated[
        str, Parameter(help="Mass of sites: degree, population, or a CSV file (site, mass).")
    ] = "degree",
    seed: Annotated[Count, Parameter(help="Seed of every random draw.")] = 0,
    noise: Annotated[
        float,
        Parameter(validator=_noise, help="Sigma of each demand's lognormal factor; 0 for none."),
    ] = 0.5,
    pairs: Annotated[
        int | None, Parameter(validator=_some, help="Keep so many of the largest demands.")
    ] = None,
    traffic_class: Class = "",
    json: Json = False,
) -> int:
    """Make demands by gravity: in proportion to the masses of both ends.

    Exits 0 when they are made, 2 when a file is wrong.
    """
    question = study.GravityQuestion(
        total_gbps=total_gbps,
        mass=mass,
        seed=seed,
        noise=noise,
        pairs=pairs,
        traffic_class=traffic_class,
    )
    answer(study.made_by_gravity(network, question, output), _page, as_json=json)
    return 0


def series(
    network: Network,
    matrices: Annotated[
        Path, Parameter(help="CSV file (time_h, source, target, gbps), or folder of a file a step.")
    ],
    /,
    *,
    output: Annotated[
        Output | None, Parameter(help="CSV file; else standard output. A folder for `each`.")
    ] = None,
    take: Annotated[study.Take, Parameter(help="What of the series becomes demands.")] = "peak",
    shift: Annotated[
        bool, Parameter(negative=(), help="Curves are in local time: move each by longitude.")
    ] = False,
    step_h: Annotated[
        float, Parameter(validator=_gbps, help="Hours from one file of a folder to the next.")
    ] = 1.0,
    traffic_class: Class = "",
    json: Json = False,
) -> int:
    """Take demands from a series of traffic matrices.

    Exits 0 when they are taken, 2 when a file is wrong.
    """
    question = study.SeriesQuestion(
        take=take, shift=shift, step_h=step_h, traffic_class=traffic_class
    )
    answer(study.taken(network, matrices, question, output), _page, as_json=json)
    return 0


def _page(made: study.Traffic) -> None:
    if not made.files:
        sys.stdout.write(made.table)
        return
    heading(f"{made.demands} demands of class {made.traffic_class}: {made.files[0]}")
    rows = [
        ("sum", f"{amount(made.total_gbps, 1)} Gb/s"),
        ("largest demand", f"{amount(made.largest_gbps, 3)} Gb/s"),
    ]
    if made.steps:
        rows.append(("steps", str(made.steps)))
    if len(made.files) > 1:
        rows.append(("files", f"{len(made.files)}, to {made.files[-1]}"))
    facts(rows)
    lines(
        (*made.notes, "a load of network.yaml names a table: `loads: - {name: ..., demands: ...}`")
    )
