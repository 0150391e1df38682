"""Why an element of a plan is there: what rides it in its worst cases, and what is lost without it.

Of a bundle one wave is done without, the one that is missed least; of anything else, all of it.
"""

from dataclasses import dataclass

import numpy as np

from arterial.errors import ModelError, Problem
from arterial.jobs.progress import Report, silent
from arterial.names import did_you_mean
from arterial.plan.plan import Plan
from arterial.prove.backup import installed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.fewer import waves_needed
from arterial.prove.lost import Without, losses, weakened, without_it
from arterial.prove.outage import Element, outage_named
from arterial.prove.promised import Promise, promises_of
from arterial.prove.proof import routed_gates
from arterial.prove.register import Register, register
from arterial.prove.ridden import CaseLoad, Rider, case_loads, links_of, ridden, riders
from arterial.prove.sweep import Sweep, sweep
from arterial.prove.tables import compile_tables

__all__ = ["Reason", "element_named", "reason"]

_KINDS = ("link", "wave", "fibre", "pair", "edge")
_CASES_OF_RIDERS = 2
"""The binding case and the second one; without failure comes on top."""


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
    """Every case that puts a load on it, the binding one first; that without failure among them."""
    riders: tuple[Rider, ...]
    """Without failure, in the binding case and in the second one."""
    lost: Without


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
    swept = sweep(tables, book, cases, report)
    promises = promises_of(plan)
    out, weaker = _out(swept, element, promises, report)
    seen = ridden(tables, cases, swept.routing, element)
    needed = _needed(swept, element, out, promises)
    order = seen.order(needed)
    listed = list(dict.fromkeys((0, *order[:_CASES_OF_RIDERS])))
    return Reason(
        element=element,
        out=tuple(_name(one) for one in out),
        links=tuple(tables.links[int(link)] for link in seen.links),
        waves=tuple(_waves(plan, element)),
        cases=tuple(case_loads(tables, cases, seen, needed, _with_normal(order))),
        riders=tuple(
            rider for case in listed for rider in riders(tables, cases, swept.routing, seen, case)
        ),
        lost=without_it(swept, routed_gates(swept, report), weaker, promises, report),
    )


def _with_normal(order: list[int]) -> list[int]:
    return order if 0 in order else [*order, 0]


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


def _out(
    swept: Sweep, element: Element, promises: tuple[Promise, ...], report: Report
) -> tuple[tuple[Element, ...], Sweep]:
    """What is done without, and every case so: of a bundle the wave that is missed least."""
    tables, book = swept.tables, swept.book
    waves = _waves(tables.plan, element) if element[0] == "link" else []
    tries: dict[object, Element] = {}
    for name in reversed(waves):
        tries.setdefault(_likeness(book, name), ("wave", name, 0))
    best: tuple[float, Element, Sweep] | None = None
    for one in tries.values() or (element,):
        weaker = weakened(tables, book, swept.cases, frozenset({one}), report)
        missed = sum(loss.lost_gbps for loss in losses(swept, weaker, promises))
        if best is None or missed < best[0]:
            best = missed, one, weaker
    assert best is not None
    return (best[1],), best[2]


def _likeness(book: Register, name: str) -> object:
    """Waves of a bundle with the same needs and rate are missed alike."""
    needs = book.needs.get(name, frozenset[Element]()) - {("wave", name, 0)}
    return needs, next(w.rate_gbps for w in book.plan.lightpaths if w.name == name)


def _needed(
    swept: Sweep, element: Element, out: tuple[Element, ...], promises: tuple[Promise, ...]
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    tables = swept.tables
    if element[0] not in ("link", "wave"):
        return np.zeros(len(swept.cases.failures), dtype=np.int64)
    (link,) = links_of(tables, element)
    own = [wave.name for wave in tables.plan.lightpaths if wave.link == tables.links[link]]
    last = [name for kind, name, _ in out if kind == "wave"]
    order = [*last, *(name for name in reversed(own) if name not in last)]
    return waves_needed(installed(tables), swept.cases, promises, order)
