"""Waves and lit pairs whose loss refutes the plan, one at a time.

An element is out for good and every single failure comes on top, as ``prove --without`` has it,
and every double cut where a rule speaks of those; only the ``runs`` gates are asked. The sweep on
arrays finds a failing case, the verifier confirms it. An element that no sweep turns is ``unknown``
here: its witnesses were not verified, ``prove`` does that.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.verdict import Verdict
from arterial.prove.backup import Installed, Routing, installed, routed
from arterial.prove.cases import Cases, compile_cases, failures_of, without
from arterial.prove.in_time import share_in_time
from arterial.prove.outage import Element, Outage, outage_named
from arterial.prove.promised import Promise, promises_of
from arterial.prove.register import Register, register
from arterial.prove.sweep import carried_by_name, demands_of
from arterial.prove.tables import compile_tables
from arterial.prove.two_cut_play import TwoCutPlay, played
from arterial.prove.two_cuts import pairs_of
from arterial.prove.verifier import TOLERANCE, cut_off, verify_tunnels

__all__ = ["Critical", "critical", "elements"]


class Critical(Struct, frozen=True, kw_only=True):
    """What the loss of one element does."""

    element: str
    """As ``prove --without`` takes it."""
    kind: str
    """``wave`` or ``pair``."""
    verdict: Verdict
    """``refuted`` by a verified case, else ``unknown``."""
    gate: str = ""
    """The gate that turns."""
    worst_case: str = ""
    """Failure on top of the loss; empty when, and only when, the loss alone is enough."""


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """What all elements share."""

    plan: Plan
    ready: Installed
    cases: Cases
    book: Register
    promises: tuple[Promise, ...]
    play: TwoCutPlay | None
    """Double cuts by arrays; None where no rule speaks of them."""


def elements(plan: Plan) -> tuple[tuple[str, str], ...]:
    """(name, kind) of every wave and every lit pair in use, in the order they are tried."""
    pairs = sorted({(hop.fibre, hop.pair) for hop in plan.lightpath_hops})
    waves = ((wave.name, "wave") for wave in plan.lightpaths)
    return (*((f"{fibre}#{pair}", "pair") for fibre, pair in pairs), *waves)


def critical(
    plan: Plan,
    *,
    without_names: Collection[str] = (),
    done: Collection[str] = (),
    report: Report = silent,
) -> Iterator[Critical]:
    """Try the loss of every wave and lit pair.

    Parameters
    ----------
    without_names
        Elements that are out besides.
    done
        Elements that an earlier run has tried: they are left out.
    """
    tables = compile_tables(plan)
    out = outage_named(plan, without_names)
    book, cases = register(plan), compile_cases(tables, failures_of(tables), out)
    pairs = pairs_of(tables, book, cases)
    bench = _Bench(
        plan=plan,
        ready=installed(tables),
        cases=cases,
        book=book,
        play=None if pairs is None else played(pairs),
        # Those without failure first: what the loss alone breaks is told as that.
        promises=tuple(sorted(promises_of(plan), key=lambda promise: promise.kind is not None)),
    )
    # Waves of one bundle that ride the same pairs between the same routers are lost alike.
    alike: dict[tuple[Element | float | str, ...], Critical] = {}
    every = elements(plan)
    for number, (name, kind) in enumerate(every):
        report("losing waves and pairs", number, len(every))
        if name in done:
            continue
        key = _likeness(bench, name, kind)
        if key not in alike:
            alike[key] = _tried(bench, name, kind, frozenset({_element(name, kind)}))
        seen = alike[key]
        yield Critical(
            element=name,
            kind=kind,
            verdict=seen.verdict,
            gate=seen.gate,
            worst_case=seen.worst_case,
        )
    report("losing waves and pairs", len(every), len(every))


def _element(name: str, kind: str) -> Element:
    if kind == "wave":
        return "wave", name, 0
    fibre, _, pair = name.rpartition("#")
    return "pair", fibre, int(pair)


def _likeness(bench: _Bench, name: str, kind: str) -> tuple[Element | float | str, ...]:
    if kind != "wave":
        return (name,)
    wave = next(row for row in bench.plan.lightpaths if row.name == name)
    needs = bench.book.needs.get(name, frozenset[Element]()) - {("wave", name, 0)}
    return (*sorted(needs), wave.rate_gbps, wave.link)


def _tried(bench: _Bench, name: str, kind: str, lost: Outage) -> Critical:
    found = _single(bench, lost) or _double(bench, lost)
    if found is None:
        return Critical(element=name, kind=kind, verdict="unknown")
    promise, case = found
    return Critical(
        element=name,
        kind=kind,
        verdict="refuted",
        gate=f"runs: {promise.words}",
        worst_case=case,
    )


def _single(bench: _Bench, lost: Outage) -> tuple[Promise, str] | None:
    """A promise that breaks without a failure or after one, and the case."""
    tables = bench.ready.tables
    cases = without(tables, bench.cases, lost)
    routing = routed(bench.ready, cases)
    share = share_in_time(tables, routing)
    gone = cases.site_down @ tables.demands.own_end.T  # (F, K): reported apart, never a reason
    share[gone] = np.inf
    names = cases.names
    for promise in bench.promises:
        own = demands_of(tables, promise.traffic_class.name)
        own_cases = cases.of_kind(promise.kind or "")
        failing = share[own_cases][:, own] < promise.keep - TOLERANCE
        suspects: list[int] = own_cases[failing.any(axis=1)].tolist()
        for case in suspects:
            if _confirmed(bench, cases, routing, case, promise):
                return promise, names[case]
    return None


def _double(bench: _Bench, lost: Outage) -> tuple[Promise, str] | None:
    """A promise that breaks after two cuts, and the case."""
    if bench.play is None:
        return None
    pairs, broken = bench.play.pairs, bench.play.broken_without(lost)
    for promise in pairs.promises:
        own = demands_of(pairs.tables, promise.traffic_class.name)
        for state in np.flatnonzero((broken & own).any(axis=1)).tolist():
            names = [pairs.tables.demands.names[k] for k in np.flatnonzero(broken[state] & own)]
            case = pairs.owing(state, names)
            check = bench.play.checked(case, lost)
            if not check.violations and any(
                check.hoped[name] < promise.keep - TOLERANCE
                for name in names
                if pairs.trips[name] not in pairs.excused(case)
            ):
                return promise, pairs.name(case)
    return None


def _confirmed(bench: _Bench, cases: Cases, routing: Routing, case: int, promise: Promise) -> bool:
    tables, out = bench.ready.tables, cases.outages[case]
    carried = carried_by_name(tables, routing, case)
    check = verify_tunnels(bench.book, out, carried, failed=cases.failures[case] is not None)
    return not check.violations and any(
        check.hoped[demand.name] < promise.keep - TOLERANCE
        for demand in bench.plan.demands
        if demand.traffic_class == promise.traffic_class.name
        and not cut_off(bench.book, out, demand.name)
    )
