"""The answer of ``latency``: views, worst failures, sessions of agents, the frontier."""

from typing import Literal

from msgspec import Struct

from arterial.model.policy import FailureKind

__all__ = [
    "After",
    "Frontier",
    "FrontierPoint",
    "Hurt",
    "LatencyTold",
    "MarketFigures",
    "OutOfReach",
    "SessionFigures",
    "View",
    "WithinBound",
]


class Hurt(Struct, frozen=True, kw_only=True):
    """A market that a failure takes out of a bound, its own site standing."""

    market: str
    people: float
    rtt_ms: float
    """Without failure."""
    after_ms: float
    """Infinite (null in JSON) where nobody answers."""


class WithinBound(Struct, frozen=True, kw_only=True):
    """A bound after the failure of a kind that takes most people out of it."""

    bound_ms: float
    case: str
    """Empty where no failure takes anybody out."""
    share: float
    """Of all people; those whose own site is lost count as before."""
    hurt_people: float
    hurt: tuple[Hurt, ...]
    """Most people first."""
    home_lost: tuple[str, ...]
    """Markets whose own site is lost in that case."""
    home_lost_people: float


class After(Struct, frozen=True, kw_only=True):
    """All single failures of one kind."""

    kind: FailureKind
    cases: int
    within: tuple[WithinBound, ...]
    """One a bound, each with its own worst case."""
    rtt_ms_p50: float
    """Each percentile in its own worst case."""
    rtt_ms_p95: float
    rtt_ms_max: float
    home_lost_people: float
    """People of the site whose loss takes most with it."""


class View(Struct, frozen=True, kw_only=True):
    """Everybody's round trip, with some edges in service."""

    name: Literal["today", "candidates"]
    """``today``: the plan, or existing edges over existing fibres; ``candidates``: all of both."""
    edges: int
    shares: tuple[float, ...]
    """Of people, one a bound, without failure."""
    rtt_ms_p50: float
    rtt_ms_p95: float
    rtt_ms_max: float
    at_home_share: float
    """People with an edge at their own site."""
    unanswered_people: float
    after: tuple[After, ...]


class SessionFigures(Struct, frozen=True, kw_only=True):
    """What the network adds to a call and to a session, by share of people."""

    kind: FailureKind | Literal["none"]
    case: str
    """The failure that makes some market wait longest beyond what it does without."""
    call_ms_p50: float
    call_ms_p95: float
    call_ms_max: float
    network_s_p50: float
    """Of a session: calls times round trip."""
    network_s_p95: float
    network_s_max: float
    session_s_p50: float
    """With the time that the model takes."""
    session_s_p95: float
    session_s_max: float
    longer_s: float
    """What a session waits longer there, for the market that is hit hardest."""
    longer_market: str
    longer_share: float
    """People who wait longer at all in that case."""
    unanswered_people: float
    """At most, over all cases of the kind, own site standing."""


class FrontierPoint(Struct, frozen=True, kw_only=True):
    """Edges at least cost for a share of people, and what they cost."""

    asked_share: float
    share: float
    """The most that this cost buys."""
    cost: float
    edge_cost: float
    bound: float
    gap: float
    marginal: float
    """Cost of each further per cent of people since the point before; null at the first."""
    edges: tuple[str, ...]
    opens: tuple[str, ...]
    """Beyond the point before; at the first beyond today."""
    closes: tuple[str, ...]
    builds: int
    """Candidates among the edges."""


class Frontier(Struct, frozen=True, kw_only=True):
    """Least cost against share of people within one bound."""

    survive: Literal["none", "edge"]
    """``edge``: the share holds after the loss of any one edge too."""
    within_ms: float
    today_share: float
    """Of today's edges, by the same round trips."""
    today_cost: float
    """Null where today's edges leave a market unserved."""
    most_share: float
    points: tuple[FrontierPoint, ...]
    scope: str


class OutOfReach(Struct, frozen=True, kw_only=True):
    """A market that no edge or candidate brings within the bound, and why."""

    market: str
    people: float
    survive: Literal["none", "edge"]
    """``edge``: it is within, but not after the loss of the one edge that is near."""
    nearest: str
    """Of all edges and candidates (the second nearest for ``edge``); empty where none is reached"""
    rtt_ms: float
    fibre_km: float
    """Length of the way there."""
    reach_km: float
    """Longest way that the bound allows; 0 where access and routers use it up."""


class MarketFigures(Struct, frozen=True, kw_only=True):
    """One market."""

    market: str
    site: str
    people: float
    access_ms: float
    """One way."""
    rtt_ms: float
    """Today."""
    worst_ms: float
    """After the failure that is worst for it, own site standing."""
    worst_case: str
    candidates_ms: float
    """With all candidates."""
    nearest: str
    """Of all edges and candidates."""


class LatencyTold(Struct, frozen=True, kw_only=True):
    """How many people are answered in time, what it costs to answer more, and what agents wait."""

    network: str
    of: Literal["plan", "network"]
    load: str
    verdict: Literal["yes", "no", "unknown"]
    """Whether everybody is answered today, in some known time."""
    people: float
    markets_in_all: int
    bounds_ms: tuple[float, ...]
    at_home_shares: tuple[float, ...]
    """People within each bound if every market had an edge at its own site: access and a router."""
    at_home_ms: float
    """Least round trip that this gives anybody."""
    views: tuple[View, ...]
    calls: int
    think_ms: float
    sessions: tuple[SessionFigures, ...]
    frontiers: tuple[Frontier, ...]
    out_of_reach: tuple[OutOfReach, ...]
    markets: tuple[MarketFigures, ...]
    notes: tuple[str, ...]
