"""Two things out at once: all double cuts, and planned work on one element with a failure on top.

Many elements are lost alike (fibres under the same waves, routers that end none), so pairs come as
cases for people and as states for engines: cases in one state differ in their names alone.
"""

from dataclasses import dataclass

import numpy as np

from arterial.plan.verdict import LossKind
from arterial.prove.cases import Cases, paired
from arterial.prove.outage import Element, Outage
from arterial.prove.tables import Tables
from arterial.solve.program import BoolArray, IntArray

__all__ = ["Doubles", "alike", "doubles_of"]

_PLANNED = ("fibre", "srlg", "router", "site")
"""What work is planned on: the elements of a sweep. Replicas at an edge can only fail."""

_AT_SITE = ("router", "edge")


@dataclass(frozen=True, kw_only=True)
class Doubles:
    """F pairs of single cases, in U states."""

    tables: Tables
    singles: Cases
    maintenance: BoolArray
    """bool (F,): work on ``first`` while ``second`` fails; else two fibres are cut."""
    first: IntArray
    """int (F,): rows of ``singles``."""
    second: IntArray
    """int (F,): the failure whose kind the policy names."""
    state: IntArray
    """int (F,): which of the states it is."""
    example: IntArray
    """int (U,): a case in each state."""

    def __len__(self) -> int:
        return len(self.first)

    def kind(self, case: int) -> LossKind:
        """What set a case belongs to."""
        return "maintenance" if self.maintenance[case] else "fibre2"

    def name(self, case: int) -> str:
        """What people call it."""
        one, other = (self.singles.names[int(rows[case])] for rows in (self.first, self.second))
        return f"work on {one}, then {other}" if self.maintenance[case] else f"{one} + {other}"

    def cases(self, numbers: IntArray) -> Cases:
        """These pairs as cases for engines and verifier."""
        return paired(self.tables, self.singles, self.first[numbers], self.second[numbers])


def doubles_of(tables: Tables, singles: Cases) -> Doubles:
    """Every pair of fibres in use; every element out for work with every other failure."""
    kinds = np.array([failure.kind if failure else "" for failure in singles.failures])
    cut = np.flatnonzero(kinds == "fibre")
    one, other = np.triu_indices(len(cut), 1)
    planned, failing = np.flatnonzero(np.isin(kinds, _PLANNED)), np.flatnonzero(kinds != "")
    work = np.repeat(planned, len(failing))
    failure = np.tile(failing, len(planned))
    # What is out already cannot fail.
    out = _at_work(singles)
    apart = np.array(
        [[not singles.outages[b] <= out[a] for b in failing.tolist()] for a in planned.tolist()],
        dtype=np.bool_,
    ).reshape(-1)
    first = np.concatenate([cut[one], work[apart]])
    second = np.concatenate([cut[other], failure[apart]])
    like = alike(tables, singles)
    low, high = np.minimum(like[first], like[second]), np.maximum(like[first], like[second])
    _, example, state = np.unique(low * len(like) + high, return_index=True, return_inverse=True)
    return Doubles(
        tables=tables,
        singles=singles,
        maintenance=np.arange(len(first)) >= len(one),
        first=first,
        second=second,
        state=state.astype(np.int64),
        example=example.astype(np.int64),
    )


def _at_work(singles: Cases) -> list[Outage]:
    """By case, what is out with it: routers and replicas are with their site."""
    held: dict[str, set[Element]] = {}
    for outage in singles.outages:
        for kind, name, number in outage:
            if kind in _AT_SITE:
                held.setdefault(name, set()).add((kind, name, number))
    return [
        outage.union(*(held.get(name, set()) for kind, name, _ in outage if kind == "site"))
        for outage in singles.outages
    ]


def alike(tables: Tables, singles: Cases) -> IntArray:
    """Int (F,): cases with the same number take down the same."""
    count = len(singles.outages)
    if tables.ready_made.any():
        # Two routers of a site take more of a ready-made link than one, so none are alike.
        return np.arange(count)
    down = np.concatenate([singles.wave_down, singles.site_down, singles.edge_down], axis=1)
    _, like = np.unique(np.packbits(down, axis=1), axis=0, return_inverse=True)
    return like.reshape(-1).astype(np.int64)
