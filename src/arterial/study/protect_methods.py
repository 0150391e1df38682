"""The three ways in which `protect` can protect traffic, each with its promise and local repair."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct

from arterial.routing.backups import INSTALLED
from arterial.routing.cvar import Availability, least_tail
from arterial.routing.ffc import Guarantee, guaranteed
from arterial.routing.installed import Installed
from arterial.routing.outcome import Outcome
from arterial.routing.patterns import exposed, patterns_of
from arterial.routing.protect import backup_outcome
from arterial.routing.rescale import rescaled_outcome
from arterial.routing.scenarios import likely, uncovered
from arterial.routing.tail_program import Loss
from arterial.solve.program import BoolArray, FloatArray
from arterial.study.cases import PUBLISHED, asked_rates
from arterial.study.guarded import Guarded, states
from arterial.study.scene import FIBRE_GBPS, Scene

__all__ = ["INSTALLED", "Method", "Promise", "Question", "promised"]

Method = Literal["backup", "ffc", "cvar"]

THREADS = 2


class Question(Struct, frozen=True, kw_only=True):
    """What to protect, how, and against what."""

    method: Method = "backup"
    failures: str = "fibre"
    """Kinds, comma-separated, or the name of a file of cases."""
    rates: str = PUBLISHED
    """A table, or ``published`` (``cvar``)."""
    k: int | None = None
    """Elements down at once; without it 1, and for ``cvar`` as many as cover ``beta``."""
    beta: float = 0.999
    """Availability asked for (``cvar``)."""
    loss: Loss = "total"
    load: str = ""
    demands: Path | None = None
    capacity_gbps: float = FIBRE_GBPS
    tunnels: int = 4
    """Candidates a demand; ``backup`` installs the first two."""
    restored: str = ""
    """A share, or the name of a table; empty takes a plan's own tables, else half."""
    time_limit_s: float = float("inf")
    """For each program that promises something."""
    worst: int = 10
    """Cases that are listed."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a method installed."""

    method: Method
    local: Outcome
    """Over the cases of what is guarded against."""
    rate_gbps: FloatArray
    """(P,) on each tunnel; of a backup, what it takes over."""
    admitted_gbps: FloatArray
    """(K,) of ``backup`` what is carried where nothing failed, evenly over a class."""
    guarantee: Guarantee
    """``backup``: what could be carried if nothing failed, classes not told apart, for its bound.
    ``cvar``: over the likely states."""
    exposed: BoolArray
    """(K,) demands whose tunnels can all fall at once in what is guarded against."""
    tail: Availability | None = None
    covered: bool = True
    """The states described can cover the availability asked for."""
    k: int = 1
    notes: tuple[str, ...] = ()
    """What was assumed."""


def promised(found: Scene, ways: Installed, cases: Guarded, question: Question) -> Promise:
    """Protect by the method asked for."""
    method = {"backup": _backup, "ffc": _ffc, "cvar": _cvar}[question.method]
    return method(found, ways, cases, question)


def _backup(found: Scene, ways: Installed, cases: Guarded, question: Question) -> Promise:
    ip, traffic = found.ip, found.traffic
    two, sites = ways.first(INSTALLED), len(ip.sites)
    k = 1 if question.k is None else question.k
    none = np.zeros((1, len(ip.links)), dtype=np.bool_)
    normal = backup_outcome(two, traffic, ip.capacity_gbps, none, ends=ip.ends, sites=sites)
    asked = np.where(normal.offered_gbps > 0.0, normal.offered_gbps, 1.0)
    share = (normal.carried_gbps[0] / asked)[traffic.of_class]
    backed = ways.rank < INSTALLED
    return Promise(
        method="backup",
        local=backup_outcome(
            two,
            traffic,
            ip.capacity_gbps,
            cases.links,
            ends=ip.ends,
            sites=sites,
            threads=THREADS,
        ),
        rate_gbps=np.where(backed, traffic.gbps[ways.paths.demand], 0.0),
        admitted_gbps=traffic.gbps * share,
        guarantee=guaranteed(
            ways.paths,
            traffic.gbps,
            np.zeros(len(traffic), dtype=np.int64),
            ip.capacity_gbps,
            cases.links[:0],
            k=0,
            time_limit_s=question.time_limit_s,
        ),
        exposed=exposed(two, patterns_of(two, cases.links, len(traffic), k), len(traffic)),
        k=k,
    )


def _ffc(found: Scene, ways: Installed, cases: Guarded, question: Question) -> Promise:
    k = 1 if question.k is None else question.k
    kept = _guarantee(found, ways, cases.links, k, question)
    return Promise(
        method="ffc",
        local=_rescaled(found, ways, kept.rate_gbps, kept.admitted_gbps, cases),
        rate_gbps=kept.rate_gbps,
        admitted_gbps=kept.admitted_gbps,
        guarantee=kept,
        exposed=kept.exposed,
        k=k,
    )


def _cvar(found: Scene, ways: Installed, cases: Guarded, question: Question) -> Promise:
    rates, traffic = asked_rates(found, cases.cases, question.rates or PUBLISHED), found.traffic
    known = states(cases, rates, question.k, question.beta)
    tail = least_tail(
        ways.paths,
        traffic.gbps,
        traffic.priority[traffic.of_class],
        found.ip.capacity_gbps,
        known.down,
        known.probability,
        beta=question.beta,
        loss=question.loss,
        time_limit_s=question.time_limit_s,
    )
    chosen = likely(known.probability, question.beta)
    guarded = known.down if chosen is None else known.down[chosen]
    kept = _guarantee(found, ways, guarded, 1, question)
    return Promise(
        method="cvar",
        local=_rescaled(found, ways, tail.rate_gbps, traffic.gbps, cases),
        rate_gbps=tail.rate_gbps,
        admitted_gbps=kept.admitted_gbps,
        guarantee=kept,
        exposed=kept.exposed,
        tail=tail,
        covered=uncovered(known.probability) <= 1.0 - question.beta,
        k=known.k,
        notes=rates.notes,
    )


def _guarantee(
    found: Scene, ways: Installed, links: BoolArray, k: int, question: Question
) -> Guarantee:
    traffic = found.traffic
    return guaranteed(
        ways.paths,
        traffic.gbps,
        traffic.priority[traffic.of_class],
        found.ip.capacity_gbps,
        links,
        k=k,
        time_limit_s=question.time_limit_s,
    )


def _rescaled(
    found: Scene, ways: Installed, rate: FloatArray, admitted: FloatArray, cases: Guarded
) -> Outcome:
    ip = found.ip
    return rescaled_outcome(
        ways.paths,
        rate,
        admitted,
        found.traffic,
        ip.capacity_gbps,
        cases.links,
        ends=ip.ends,
        sites=len(ip.sites),
    )
