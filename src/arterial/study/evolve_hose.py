"""What ``evolve`` proves of the hose, phase by phase."""

from collections.abc import Iterator

from msgspec import Struct

from arterial.design.horizon import Horizon
from arterial.design.horizon_proof import hose_proofs
from arterial.design.horizon_ways import Way
from arterial.jobs.progress import Report

__all__ = ["HoseProof", "hose_rows"]


class HoseProof(Struct, frozen=True, kw_only=True):
    """Cases of a phase in which a way of building carries every matrix of the hose, or may not."""

    way: str
    phase: str
    year: int
    cases: int
    """In which the hose asks for something."""
    proved: int
    unknown: tuple[str, ...]
    """The others: no one way of splitting was found that fits every matrix."""
    too_large: int
    """Of these, how many had too many rows to be asked about."""
    fill: float
    """Of the fullest arc in all cases that are proved, whatever matrix comes."""


def hose_rows(horizon: Horizon, way: Way, report: Report) -> tuple[HoseProof, ...]:
    """Phase by phase; none where the way ends without a point."""
    return tuple(_rows(horizon, way, report)) if len(way.columns) else ()


def _rows(horizon: Horizon, way: Way, report: Report) -> Iterator[HoseProof]:
    for found in hose_proofs(horizon, way.columns, report):
        phase = horizon.outlook.stages[found.stage].phase
        yield HoseProof(
            way=way.name,
            phase=phase.name,
            year=phase.year,
            cases=len(found.cases),
            proved=sum(case.proved for case in found.cases),
            unknown=tuple(case.name for case in found.cases if not case.proved),
            too_large=sum(not case.asked for case in found.cases),
            fill=max((case.fill for case in found.cases if case.proved), default=0.0),
        )
