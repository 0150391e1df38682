"""Which cases need an element most: single failures and, where a rule speaks of them, double cuts.

A single failure stands before a double cut that needs as many waves: it is the nearer reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arterial.prove.backup import Routing
from arterial.prove.cases import Cases
from arterial.prove.outage import Element
from arterial.prove.ridden import CaseLoad, Ridden, Rider, case_loads, ridden, riders
from arterial.prove.tables import Tables
from arterial.solve.program import IntArray

__all__ = ["DOUBLE_CUTS", "Binding", "Part", "binding", "part_of"]

DOUBLE_CUTS = 24
"""Double cuts told of an element, those that need it most; they are thousands."""

_CASES_OF_RIDERS = 2
"""The binding case and the second one; without failure comes on top."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """An element in some cases: single failures, or double cuts."""

    cases: Cases
    routing: Routing
    seen: Ridden
    needed: IntArray
    """int (F,): waves that each case needs; zeros where the element is no link."""


@dataclass(frozen=True, kw_only=True)
class Binding:
    """Cases that put a load on an element, the binding one first, and who rides it in some."""

    cases: tuple[CaseLoad, ...]
    riders: tuple[Rider, ...]


def part_of(
    tables: Tables, cases: Cases, routing: Routing, element: Element, needed: IntArray
) -> Part:
    """An element in cases of one kind."""
    seen = ridden(tables, cases, routing, element)
    return Part(cases=cases, routing=routing, seen=seen, needed=needed)


def binding(tables: Tables, singles: Part, doubles: Part | None) -> Binding:
    """Single failures, the state without one among them, and the double cuts that need most."""
    parts = [singles] if doubles is None else [singles, doubles]
    order = sorted(_busy(parts), key=lambda at: _weight(parts, at))
    first = order[:_CASES_OF_RIDERS]
    if (0, 0) not in order:
        order.append((0, 0))
    return Binding(
        cases=tuple(case for at in order for case in _load(tables, parts, at)),
        riders=tuple(
            rider
            for part, case in dict.fromkeys(((0, 0), *first))
            for rider in riders(
                tables, parts[part].cases, parts[part].routing, parts[part].seen, case
            )
        ),
    )


def _busy(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """(part, case) of those with a load: all single ones, of double cuts those that need most."""
    for number, part in enumerate(parts):
        order = part.seen.order(part.needed)
        yield from ((number, case) for case in (order[:DOUBLE_CUTS] if number else order))


def _weight(parts: Sequence[Part], at: tuple[int, int]) -> tuple[int, int, float]:
    number, case = at
    part = parts[number]
    return -int(part.needed[case]), number, -float(part.seen.full[case])


def _load(tables: Tables, parts: Sequence[Part], at: tuple[int, int]) -> Iterator[CaseLoad]:
    part = parts[at[0]]
    yield from case_loads(tables, part.cases, part.seen, part.needed, [at[1]])
