"""Does what was bought carry every matrix of each phase's hose: case by case, proved or unknown.

A case is proved by one way of splitting that fits every matrix (``hose_proof``), markets beside it
as they are. Where there is none nothing is refuted: routing that may change with the matrix might
still carry them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.design.horizon import Horizon
from arterial.design.horizon_cases import Asked
from arterial.design.horizon_hose import cases_asked, markets_of, stage_arcs_gbps
from arterial.design.hose import Hose, hose_of, share_of
from arterial.design.hose_proof import FITS, HoseCase, fill_of
from arterial.jobs.progress import Report, silent
from arterial.paths.graph import Graph
from arterial.solve.program import FloatArray

__all__ = ["CaseProof", "StageProof", "hose_proofs"]


@dataclass(frozen=True)
class CaseProof:
    """What is known of a case."""

    name: str
    fill: float
    """Of the fullest arc, whatever matrix comes; inf where nobody knows."""
    asked: bool
    """False where the program is too large to ask."""

    @property
    def proved(self) -> bool:
        """Whether every matrix is carried."""
        return self.fill <= FITS


@dataclass(frozen=True)
class StageProof:
    """All cases of a phase that ask something of its hose."""

    stage: int
    cases: tuple[CaseProof, ...]


def hose_proofs(
    horizon: Horizon, columns: FloatArray, report: Report = silent
) -> tuple[StageProof, ...]:
    """Phase by phase.

    Parameters
    ----------
    columns : float (X,)
        What is bought.
    """
    found: list[StageProof] = []
    count = len(horizon.outlook.stages)
    for stage in range(count):
        report("proof for the hose", stage, count)
        found.append(StageProof(stage, tuple(_proofs(horizon, columns, stage))))
    return tuple(found)


def _proofs(horizon: Horizon, columns: FloatArray, stage: int) -> Iterator[CaseProof]:
    instance = horizon.outlook.instance
    hose = hose_of(instance, horizon.outlook.stages[stage].flows[0])
    markets = markets_of(horizon.outlook, stage)
    raw = stage_arcs_gbps(horizon.problem, columns, stage)
    known: dict[tuple[bytes, ...], float | None] = {}
    for case, capacity, _ in cases_asked(horizon, stage, markets, raw):
        asked = _case(horizon, hose, markets, case, capacity)
        key = _key(asked)
        if key not in known:
            known[key] = fill_of(asked)
        fill = known[key]
        name = "no failure" if case == 0 else instance.failures[case - 1].name
        yield CaseProof(name, np.inf if fill is None else fill, fill is not None)


def _case(
    horizon: Horizon, hose: Hose, markets: Asked, case: int, capacity: FloatArray
) -> HoseCase:
    links = horizon.problem.links
    kinds, sites = hose.out_gbps.shape
    beyond = links.sites - sites
    fixed: dict[tuple[int, int, float], float] = {}
    for (a, z, limit, _), gbps in markets.gbps[case].items():
        fixed[a, z, limit] = fixed.get((a, z, limit), 0.0) + gbps
    share = np.zeros((kinds, links.sites, links.sites))
    share[:, :sites, :sites] = share_of(horizon.outlook.instance, hose, case)
    return HoseCase(
        graph=Graph.of(links.sites, links.ends[:, 0].tolist(), links.ends[:, 1].tolist()),
        latency_ms=np.repeat(links.latency_ms, 2),
        capacity_gbps=capacity,
        out_gbps=np.pad(hose.out_gbps, ((0, 0), (0, beyond))),
        into_gbps=np.pad(hose.into_gbps, ((0, 0), (0, beyond))),
        share=share,
        limit_ms=np.array(hose.limit_ms),
        fixed=fixed,
    )


def _key(case: HoseCase) -> tuple[bytes, ...]:
    """Cases that leave and ask the same are one."""
    fixed = np.array([(*pair, gbps) for pair, gbps in sorted(case.fixed.items())])
    return case.capacity_gbps.tobytes(), case.share.tobytes(), fixed.tobytes()
