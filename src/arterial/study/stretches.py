"""A case set played stretch by stretch: in threads or on a cluster, kept in a ledger, resumed.

Stretches are cut by the number of cases alone, so that results are the same bytes for any number
of threads, and a stretch that stands in the ledger is not played again.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from arterial.fabric.ip_cases import CaseSet
from arterial.jobs.cluster import on_cluster
from arterial.jobs.ledger import Ledger
from arterial.jobs.progress import Report
from arterial.jobs.threads import in_threads
from arterial.routing.sweep import Outcome, Player, joined

__all__ = ["STRETCH", "Stretches", "played"]

STRETCH = 256
"""Cases in a stretch: 8,001 double cuts of 91 sites cost the same from 32 to 1,024."""


@dataclass(frozen=True)
class Stretches:
    """Cases cut into stretches by number; called with one, plays it."""

    player: Player
    cases: CaseSet
    size: int

    def __len__(self) -> int:
        return (len(self.cases) + self.size - 1) // self.size

    def __call__(self, number: int) -> Outcome:
        """Play a stretch."""
        start = number * self.size
        return self.player(self.cases.chunk(start, min(start + self.size, len(self.cases))))


def played(
    stretches: Stretches, *, threads: int, ray: str, ledger: Ledger | None, report: Report
) -> Outcome:
    """Play all stretches, those that stand in the ledger apart.

    Parameters
    ----------
    ray
        Address of a cluster; empty plays in ``threads`` of this process.
    """
    kept = ledger.done() if ledger else {}
    done = {number: _read(kept[str(number)]) for number in _numbers(stretches, kept, missing=False)}
    missing = _numbers(stretches, kept, missing=True)
    coming = (
        on_cluster(stretches, missing, address=ray)
        if ray
        else in_threads(stretches, missing, at_once=threads)
    )
    total = len(stretches.cases)
    report("playing failures", min(len(done) * stretches.size, total), total)
    for number, outcome in coming:
        done[number] = outcome
        if ledger:
            ledger.record(str(number), _written(outcome))
        report("playing failures", min(len(done) * stretches.size, total), total)
    return joined([done[number] for number in range(len(stretches))])


def _numbers(stretches: Stretches, kept: dict[str, bytes], *, missing: bool) -> Iterator[int]:
    return (number for number in range(len(stretches)) if (str(number) in kept) is not missing)


def _written(outcome: Outcome) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **outcome._asdict())
    return stream.getvalue()


def _read(content: bytes) -> Outcome:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Outcome._make(arrays[name] for name in Outcome._fields)
