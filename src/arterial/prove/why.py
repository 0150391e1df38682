"""Why an element of a plan is there: what rides it in its worst cases, and what is lost without it.

Of a bundle one wave is done without, the one that is missed least; of anything else, all of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.names import did_you_mean
from arterial.plan.plan import Plan
from arterial.prove.backup import installed
from arterial.prove.binding import Part, binding, part_of
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.fewer import broken_without, waves_needed
from arterial.prove.lost import Without, losses, weakened, without_it
from arterial.prove.outage import Element, Outage, outage_named
from arterial.prove.promised import Promise, promises_of
from arterial.prove.register import Register, register
from arterial.prove.ridden import CaseLoad, Rider, links_of
from arterial.prove.sweep import Sweep, sweep
from arterial.prove.tables import Tables, compile_tables
from arterial.prove.two_cut_play import TwoCutPlay, played
from arterial.prove.two_cut_sweep import TwoCutSweep, two_cut_sweep
from arterial.prove.two_cuts import Pairs, pairs_of
from arterial.solve.program import BoolArray, IntArray

__all__ = ["Reason", "element_named", "reason"]

_KINDS = ("link", "wave", "fibre", "pair", "edge")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What the prover says of an element."""

    element: Element
    out: tuple[str, ...]
    """What was done without, as ``prove --without`` takes it."""
    links: tuple[str, ...]
    """IP links that ride it."""
    waves: tuple[str, ...]
    """On it."""
    cases: tuple[CaseLoad, ...]
    """Every single failure that puts a load on it and the double cuts that need it most, the
    binding case first; the state without failure among them."""
    riders: tuple[Rider, ...]
    """Without failure, in the binding case and in the second one."""
    lost: Without
    pairs: Pairs | None
    """All double cuts; None where no rule speaks of them."""


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A plan in every case that its policy speaks of."""

    swept: Sweep
    promises: tuple[Promise, ...]
    play: TwoCutPlay | None
    """Double cuts by arrays; None where no rule speaks of them."""


def element_named(plan: Plan, name: str) -> Element:
    """The one element that people call so.

    Raises
    ------
    ModelError
        Nothing is called so, several things are, nothing of the plan rides it, or it is none of an
        IP link, a wave, a fibre, a pair and an edge site.
    """
    edges = {edge for row in plan.replicas for edge in (row.edge, row.failover)}
    lost = sorted(outage_named(plan, [_asked(plan, name, edges)], "LINK"))
    element = lost[0] if len(lost) == 1 else ("shared risk", name, 0)
    kind, called, _ = element
    lit = {hop.fibre for hop in plan.lightpath_hops}
    used = {link.name for link in plan.ip_links}
    told = [*used, *(wave.name for wave in plan.lightpaths), *lit, *edges]
    if kind not in _KINDS:
        where = f"a site with replicas ({', '.join(sorted(edges))})" if edges else "a pair"
        raise _refused(f"'{name}' is a {kind}", f"Name an IP link, wave, fibre or {where}")
    if (kind == "fibre" and called not in lit | used) or (kind == "link" and called not in used):
        near = did_you_mean(called, [one for one in told if one != called])
        raise _refused(f"nothing of the plan rides '{name}'", near or "Name what it uses")
    return element


def _asked(plan: Plan, name: str, edges: set[str]) -> str:
    """An edge site may be asked for by its own name, and a link before a fibre of its name."""
    if name in edges:
        return f"edge {name}"
    return f"link {name}" if any(link.name == name for link in plan.ip_links) else name


def _refused(found: str, expected: str) -> ModelError:
    return ModelError([Problem(file="LINK", found=found, expected=expected)])


def reason(plan: Plan, name: str, *, report: Report = silent) -> Reason:
    """Why an element is there.

    Raises
    ------
    DamagedError
        The plan breaks its own promises.
    ModelError
        As ``element_named``.
    """
    tables = compile_tables(plan)
    element = element_named(plan, name)
    book, cases = register(plan), compile_cases(tables, failures_of(tables))
    pairs = pairs_of(tables, book, cases)
    whole = _Plan(
        swept=sweep(tables, book, cases, report),
        promises=promises_of(plan),
        play=None if pairs is None else played(pairs),
    )
    out, weaker = _out(whole, element, report)
    found = binding(tables, *_parts(whole, element, out))
    return Reason(
        element=element,
        out=tuple(_name(one) for one in out),
        links=tuple(tables.links[link] for link in sorted(_riding(tables, element))),
        waves=tuple(_waves(plan, element)),
        cases=found.cases,
        riders=found.riders,
        lost=without_it(
            whole.swept, weaker, whole.promises, _doubled(whole, weaker, report), report
        ),
        pairs=pairs,
    )


def _riding(tables: Tables, element: Element) -> dict[int, bool]:
    return {} if element[0] == "edge" else links_of(tables, element)


def _doubled(whole: _Plan, weaker: Sweep, report: Report) -> tuple[TwoCutSweep, TwoCutSweep] | None:
    """All double cuts verified, with the element and without it."""
    without = pairs_of(weaker.tables, weaker.book, weaker.cases)
    if whole.play is None or without is None:
        return None
    return two_cut_sweep(whole.play.pairs, report), two_cut_sweep(without, report)


def _name(element: Element) -> str:
    kind, name, number = element
    return f"{kind} {name}#{number}" if kind == "pair" else f"{kind} {name}"


def _waves(plan: Plan, element: Element) -> list[str]:
    kind, name, number = element
    if kind == "wave":
        return [name]
    if kind == "link":
        return [wave.name for wave in plan.lightpaths if wave.link == name]
    riding = {
        hop.lightpath
        for hop in plan.lightpath_hops
        if hop.fibre == name and number in (0, hop.pair)
    }
    return [wave.name for wave in plan.lightpaths if wave.name in riding]


def _out(whole: _Plan, element: Element, report: Report) -> tuple[tuple[Element, ...], Sweep]:
    """What is done without, and every case so: of a bundle the wave that is missed least."""
    swept = whole.swept
    tables, book = swept.tables, swept.book
    waves = _waves(tables.plan, element) if element[0] == "link" else []
    tries: dict[object, Element] = {}
    for name in reversed(waves):
        tries.setdefault(_likeness(book, name), ("wave", name, 0))
    best: tuple[float, Element, Sweep] | None = None
    for one in tries.values() or (element,):
        lost = frozenset({one})
        weaker = weakened(tables, book, swept.cases, lost, report)
        missed = sum(loss.lost_gbps for loss in losses(swept, weaker, whole.promises))
        if whole.play is not None and len(tries) > 1:
            missed += whole.play.missed_gbps(lost)
        if best is None or missed < best[0]:
            best = missed, one, weaker
    assert best is not None
    return (best[1],), best[2]


def _likeness(book: Register, name: str) -> object:
    """Waves of a bundle with the same needs and rate are missed alike."""
    needs = book.needs.get(name, frozenset[Element]()) - {("wave", name, 0)}
    return needs, next(w.rate_gbps for w in book.plan.lightpaths if w.name == name)


def _parts(whole: _Plan, element: Element, out: tuple[Element, ...]) -> tuple[Part, Part | None]:
    """The element in single failures, and in double cuts."""
    swept, play, tables = whole.swept, whole.play, whole.swept.tables
    waves = _order(tables, element, out)
    ready = installed(tables)

    def broken(lost: Outage) -> BoolArray:
        return broken_without(ready, swept.cases, whole.promises, lost)

    needed = _needed(broken, waves, len(swept.cases.failures))
    singles = part_of(tables, swept.cases, swept.routing, element, needed)
    if play is None:
        return singles, None
    needed = _needed(play.broken_without, waves, len(play.cases.failures))
    return singles, part_of(tables, play.cases, play.routing, element, needed)


def _needed(broken: Callable[[Outage], BoolArray], waves: Sequence[str], cases: int) -> IntArray:
    return waves_needed(broken, waves) if waves else np.zeros(cases, dtype=np.int64)


def _order(tables: Tables, element: Element, out: tuple[Element, ...]) -> list[str]:
    """Waves of the link that is asked for, in the order in which they are done without."""
    if element[0] not in ("link", "wave"):
        return []
    (link,) = links_of(tables, element)
    own = [wave.name for wave in tables.plan.lightpaths if wave.link == tables.links[link]]
    last = [name for kind, name, _ in out if kind == "wave"]
    return [*last, *(name for name in reversed(own) if name not in last)]
