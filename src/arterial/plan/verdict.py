"""The verdict on a plan: gates with value and limit, and the worst case of each link and class."""

from typing import Literal

from msgspec import Struct

__all__ = ["CutOff", "Gate", "Policy", "Proof", "Verdict", "WorstClass", "WorstLink"]

Verdict = Literal["proved", "refuted", "unknown"]
Policy = Literal["backup", "best_lp", "table"]
"""Who routes: tunnels as installed, any routing at all, or nothing routed (a table is checked)."""


class Gate(Struct, frozen=True, kw_only=True):
    """One thing that must hold, over every case of its failure set."""

    name: str
    traffic_class: str
    load: str
    policy: Policy
    value: float
    """The worst over all cases; NaN when unknown."""
    limit: float
    unit: str
    verdict: Verdict
    worst_case: str
    """The failure that gives ``value``; empty when nothing failed."""
    cases: int
    note: str = ""
    """Why unknown, or what would make it hold."""


class WorstLink(Struct, frozen=True, kw_only=True):
    """How full a link gets under the installed routing, and the failure that fills it most."""

    link: str
    load_gbps: float
    """In the case that fills it most; a higher load may ride more capacity in another."""
    utilisation: float
    """Share of the capacity left in that case."""
    worst_case: str
    """Empty when it is fullest without failure."""
    normal_utilisation: float


class WorstClass(Struct, frozen=True, kw_only=True):
    """The least a demand's class keeps, and where."""

    traffic_class: str
    kind: str
    """Failure kind."""
    carried: float
    """Share of the worst-hit demand of the class."""
    worst_case: str
    demand: str
    rtt_ms: float
    """Largest round trip in use over all cases of the kind."""
    rtt_case: str
    dropped_gbps: float
    """Of the whole class, in the worst case."""


class CutOff(Struct, frozen=True, kw_only=True):
    """Demands that end at a lost site: reported apart from those that pass it."""

    case: str
    demands: int
    gbps: float


class Proof(Struct, frozen=True, kw_only=True):
    """What a plan survives. ``refuted`` beats ``unknown`` beats ``proved`` over its gates."""

    verdict: Verdict
    cases: int
    plan_hash: str
    without: tuple[str, ...] = ()
    gates: tuple[Gate, ...]
    worst_links: tuple[WorstLink, ...] = ()
    worst_classes: tuple[WorstClass, ...] = ()
    cut_off: tuple[CutOff, ...] = ()
    seconds: float = 0.0
