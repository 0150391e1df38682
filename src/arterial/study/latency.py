"""``latency``: how many people are answered in time, what more would cost, what agents wait.

A plan is taken as it runs: tunnels as installed, backups after a failure. A bare network is taken
on the planning round trips of placement: today with existing edges over existing fibres, and with
every candidate in service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

import numpy as np

from arterial.demand.offers import Offer
from arterial.jobs.files import write_atomically
from arterial.jobs.progress import Report, silent
from arterial.model.network import Network
from arterial.model.reader import NETWORK_FILE, load_network
from arterial.placement.coverage import felt_ms, share_within
from arterial.placement.edges import edge_sites
from arterial.placement.latency import end_ms, planning_rtt_ms
from arterial.plan.plan import Plan
from arterial.plan.store import read_plan
from arterial.report.latency_chart import latency_svg
from arterial.solve.program import BoolArray, FloatArray
from arterial.study.latency_answer import Frontier, LatencyTold, MarketFigures, OutOfReach
from arterial.study.latency_ask import Question, bounds_ms, check, offers_of
from arterial.study.latency_curves import picture_of
from arterial.study.latency_frontier import Survive, frontier_of, ground_of, out_of_reach
from arterial.study.latency_table import csv_of
from arterial.study.latency_views import FELT_MS, sessions_of, view_of
from arterial.study.latency_ways import Ways, existing_fibres, installed_ways, planned_ways

__all__ = ["Frontier", "LatencyTold", "OutOfReach", "Question", "Survive", "latency"]

PLAN_FILE = "plan.json"
NOTES = (
    "people whose own site is lost count in shares as before, and are told apart",
    "with all candidates: every edge and candidate in service, every fibre lit",
)
PLAN_NOTE = (
    "today: tunnels as installed, backups after a failure; whether they have room is what "
    "`arterial prove` says"
)
NETWORK_NOTES = (
    "today: the shortest way over existing fibres to the nearest existing edge, no link built yet",
    "a router's loss changes no such way: light passes, and the site's other router adds and drops",
)
UNPRICED = "no load with inference: transport costs nothing in the frontier"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the folder holds, as the question needs it."""

    network: Network
    plan: Plan | None
    load: str
    offers: tuple[Offer, ...]
    bounds_ms: tuple[float, ...]
    rtt_ms: FloatArray
    """(M, E) planning value over all fibres."""
    now: Ways
    all: Ways


def latency(
    folder: Path,
    question: Question,
    *,
    table: Path | None = None,
    picture: Path | None = None,
    report: Report = silent,
) -> LatencyTold:
    """How people are served by a network or a plan.

    Parameters
    ----------
    table
        Where to write every share as CSV.
    picture
        Where to write shares over round trip and cost over share, as SVG.

    Raises
    ------
    ModelError
        The description or the question is wrong, or holds no market or no edge.
    DamagedError
        The plan is cut or changed.
    SolverError
        HiGHS stopped without an answer.
    """
    asked = _asked(folder, question, report)
    frontiers = tuple(_frontiers(asked, question, report))
    told = _told(asked, question, frontiers)
    if table is not None:
        write_atomically(table, csv_of(told).encode())
    if picture is not None:
        chart = picture_of(told, asked.offers, (asked.now, asked.all))
        write_atomically(picture, latency_svg(chart).encode())
    return told


def _asked(folder: Path, question: Question, report: Report) -> _Asked:
    report("round trips", 0.0, 3.0)
    plan = read_plan(folder) if (folder / PLAN_FILE).exists() else None
    network = plan.network if plan else load_network(folder)
    file = str(folder / NETWORK_FILE)
    check(network, question, file)
    load, offers = offers_of(network, plan, question.load, file)
    opened = np.array(["edge" in site.roles for site in edge_sites(network)], dtype=np.bool_)
    if plan is not None:
        now = installed_ways(plan, offers)
    else:
        now = planned_ways(existing_fibres(network), offers, opened)
    report("round trips", 1.0, 3.0)
    everywhere = planned_ways(network, offers, np.ones(len(opened), dtype=np.bool_))
    return _Asked(
        network=network,
        plan=plan,
        load=load,
        offers=offers,
        bounds_ms=tuple(bounds_ms(question.bounds)),
        rtt_ms=planning_rtt_ms(network, offers),
        now=now,
        all=everywhere,
    )


def _today(asked: _Asked) -> BoolArray:
    """(E,) edges in service today."""
    return np.array([site.name in asked.now.edges for site in edge_sites(asked.network)])


def _frontiers(asked: _Asked, question: Question, report: Report) -> Iterator[Frontier]:
    today = _today(asked)
    kept = today if question.keep_edges else np.zeros_like(today)
    wanted: tuple[Survive, ...] = ("none",) if question.survive == "none" else ("none", "edge")
    for number, survive in enumerate(wanted):
        report("frontier", float(number), float(len(wanted)))
        ground = ground_of(
            asked.network,
            asked.offers,
            asked.rtt_ms,
            question.within_ms,
            survive=survive,
            kept=kept,
        )
        yield frontier_of(
            asked.network,
            ground,
            today,
            question.within_ms,
            question.step,
            question.from_share,
        )


def _told(asked: _Asked, question: Question, frontiers: tuple[Frontier, ...]) -> LatencyTold:
    network, offers = asked.network, asked.offers
    people = np.array([offer.people for offer in offers])
    home_ms = np.array([2.0 * (offer.access_ms + end_ms(network, away=False)) for offer in offers])
    return LatencyTold(
        network=network.name,
        of="plan" if asked.plan else "network",
        load=asked.load,
        verdict=_verdict(asked),
        people=float(people.sum()),
        markets_in_all=len(offers),
        bounds_ms=asked.bounds_ms,
        at_home_shares=tuple(share_within(people, home_ms, np.array(asked.bounds_ms)).tolist()),
        at_home_ms=float(home_ms.min()),
        views=(
            view_of("today", asked.now, offers, asked.bounds_ms),
            view_of("candidates", asked.all, offers, asked.bounds_ms),
        ),
        calls=question.calls,
        think_ms=question.think_ms,
        sessions=sessions_of(asked.now, offers, question.calls, question.think_ms),
        frontiers=frontiers,
        out_of_reach=out_of_reach(
            network, offers, asked.rtt_ms, question.within_ms, question.survive
        ),
        markets=tuple(_markets(asked)),
        notes=tuple(_notes(asked)),
    )


def _verdict(asked: _Asked) -> Literal["yes", "no", "unknown"]:
    late = asked.now.before_ms
    if np.isnan(late).any():
        return "unknown"
    if np.isfinite(late).all():
        return "yes"
    routes = (*asked.network.fibres, *asked.network.links)
    dark = asked.plan is None and any(route.length_km is None for route in routes)
    return "unknown" if dark else "no"


def _markets(asked: _Asked) -> Iterator[MarketFigures]:
    now, names = asked.now, [site.name for site in edge_sites(asked.network)]
    felt = felt_ms(now.before_ms, now.after_ms, now.home_lost)
    for row, offer in enumerate(asked.offers):
        worst = _worst(felt[:, row], float(now.before_ms[row]))
        nearest = int(asked.rtt_ms[row].argmin())
        candidates_ms = float(asked.rtt_ms[row, nearest])
        yield MarketFigures(
            market=offer.market,
            site=offer.site,
            people=offer.people,
            access_ms=offer.access_ms,
            rtt_ms=float(now.before_ms[row]),
            worst_ms=float(felt[worst, row]) if worst >= 0 else float(now.before_ms[row]),
            worst_case=now.failures[worst].name if worst >= 0 else "",
            candidates_ms=candidates_ms,
            nearest=names[nearest] if isfinite(candidates_ms) else "",
        )


def _worst(after_ms: FloatArray, before_ms: float) -> int:
    """The failure after which a market waits longest; -1 where none makes it wait longer."""
    late = np.where(np.isnan(after_ms), np.inf, after_ms)
    worst = int(late.argmax()) if len(late) else -1
    return worst if worst >= 0 and late[worst] > before_ms + FELT_MS else -1


def _notes(asked: _Asked) -> Iterator[str]:
    yield from (PLAN_NOTE,) if asked.plan else NETWORK_NOTES
    yield from NOTES
    network = asked.network
    if any(market.access_ms is None for market in network.markets):
        access = f"{network.latency.access_ms:g} ms one way where a market gives none"
        source = network.latency.sources.get("access_ms")
        yield f"{'ASSUMPTION' if source is None else source}: access {access}"
    if not asked.load:
        yield UNPRICED
