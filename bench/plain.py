"""Plain capacity problems: the bare core of the design, with no optics, no stages and no limits.

Every fibre is a link that takes whole waves of 400 Gb/s at a cost of 1 + km / 400 each; demands go
one way, from site to site; the cases are no failure and each fibre cut alone; everything may be
filled and all is kept. ``reference`` is the US AI backbone: 89 sites, 127 links, 113 demands.
"""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy import sparse

from arterial.design.capacity.problem import FIXED, Cases, Demands, Links, Problem
from arterial.solve.program import FloatArray, IntArray, Program, Rows
from arterial.units import fibre_delay_ms

__all__ = ["KM_A_UNIT", "WAVE_GBPS", "cut_alone", "plain", "reference"]

WAVE_GBPS = 400.0
KM_A_UNIT = 400.0
"""Kilometres of line that cost as much as a wave's two ends."""

ROOT = Path(__file__).parent.parent
RAW = ROOT / "networks" / "us-ai-backbone" / "raw"
DEMANDS = RAW / "demands.csv"


def plain(
    sites: int, ends: IntArray, length_km: FloatArray, *, pair: IntArray, gbps: FloatArray
) -> Problem:
    """Waves to buy on fibres so that no cut of one fibre stops a demand.

    Parameters
    ----------
    sites : int
        N.
    ends, length_km : int (L, 2), float (L,)
        Fibres; two may join the same sites.
    pair, gbps : int (K, 2), float (K,)
        Source, target and Gb/s of each demand.
    """
    count = len(ends)
    return cut_alone(
        Program(
            cost=1.0 + length_km / KM_A_UNIT,
            low=np.zeros(count),
            high=np.full(count, np.inf),
            integer=np.ones(count, dtype=np.bool_),
            rows=Rows.of([]),
        ),
        Links(
            sites=sites,
            ends=ends,
            base_gbps=np.zeros(count),
            supply=sparse.csr_array(sparse.diags_array(np.full(count, WAVE_GBPS))),
            latency_ms=np.array([fibre_delay_ms(float(km)) for km in length_km]),
        ),
        pair,
        gbps,
    )


def cut_alone(program: Program, links: Links, pair: IntArray, gbps: FloatArray) -> Problem:
    """All demands (K, 2) carried whole without failure, and with each link cut alone."""
    count, asked = len(links.ends), len(pair)
    return Problem(
        program=program,
        links=links,
        demands=Demands(
            source=pair[:, 0],
            target=pair[:, 1],
            limit_ms=np.full(asked, np.inf),
            scaled_by=np.full(asked, FIXED, dtype=np.int64),
        ),
        cases=Cases(
            names=("no failure", *(f"cut {link}" for link in range(count))),
            alive=np.vstack([np.ones(count, dtype=np.bool_), ~np.eye(count, dtype=np.bool_)]),
            usable=np.ones(count + 1),
            gbps=np.tile(gbps, (count + 1, 1)),
            stage=np.zeros(count + 1, dtype=np.int64),
        ),
    )


def reference() -> Problem:
    """The US AI backbone with its draft demands, summed over classes: (N, L, K) = (89, 127, 113).

    Sites, links and demands stand as in the files; demands by the row that names the pair first.
    """
    index = {row["node"]: site for site, row in enumerate(_rows(RAW / "nodes.csv"))}
    fibres = _rows(RAW / "fibres.csv")
    gbps: defaultdict[tuple[int, int], float] = defaultdict(float)
    for row in _rows(DEMANDS):
        gbps[index[row["src"]], index[row["dst"]]] += float(row["gbps"])
    return plain(
        len(index),
        np.array([(index[row["a"]], index[row["b"]]) for row in fibres], dtype=np.int64),
        np.array([float(row["length_km"]) for row in fibres]),
        pair=np.array(list(gbps), dtype=np.int64),
        gbps=np.array(list(gbps.values())),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
