"""The verdict on a plan: gates with value and limit, worst cases, what two losses at once do."""

from typing import Literal

from msgspec import Struct

__all__ = [
    "Beyond",
    "BeyondCase",
    "CutOff",
    "Excepted",
    "Gate",
    "LossKind",
    "NoWay",
    "Parting",
    "Policy",
    "Proof",
    "Verdict",
    "WorstClass",
    "WorstLink",
]

Verdict = Literal["proved", "refuted", "unknown"]
Policy = Literal["backup", "ecmp", "best_lp", "table"]
"""Who routes: tunnels as installed, shortest paths of an IGP, any routing at all, or nothing routed
(a table is checked)."""
LossKind = Literal["fibre2", "maintenance"]
"""Two losses at once: two fibres in use, or planned work on one element and a failure on top."""


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


class Beyond(Struct, frozen=True, kw_only=True):
    """What a class keeps when two things are out, where the policy asks about one: facts, no gate.

    Over the cases whose failure (of two fibres: a fibre's) the policy names for the class.
    """

    kind: LossKind
    traffic_class: str
    policy: Policy
    """``backup``: local repair, moments after; ``ecmp``: where an IGP sends it next."""
    cases: int
    keeps_all: int
    """Cases in which every demand of the class keeps all."""
    keeps_share: int
    """Cases in which every one keeps what the policy promises after the failure alone."""
    carried: float
    """Share of the worst-hit demand in the worst case."""
    carried_mean: float
    """Mean over the cases of the share of the class's traffic that is carried."""
    worst_case: str
    demand: str
    dropped_gbps: float
    """Of the whole class, in the worst case."""
    no_way: int
    """Cases that leave a demand of the class no way at all, whoever routes."""
    verified: int
    """Cases whose figures the verifier confirmed: the worst, and a sample. Others refute nothing
    and prove nothing."""
    refused: int
    """Cases whose witness or figure the verifier refused."""


class BeyondCase(Struct, frozen=True, kw_only=True):
    """One of the worst cases of a row of ``Beyond``, worst first."""

    kind: LossKind
    traffic_class: str
    policy: Policy
    case: str
    carried: float
    """Share of the worst-hit demand."""
    demand: str
    dropped_gbps: float
    verified: bool


class NoWay(Struct, frozen=True, kw_only=True):
    """Two losses that leave demands no way over the plan's IP links."""

    kind: LossKind
    case: str
    demands: int
    gbps: float
    markets: tuple[str, ...]
    """Those that cannot reach any edge that holds replicas."""


class Parting(Struct, frozen=True, kw_only=True):
    """Fibres whose cut parts the network's graph: one, or two of which neither does it alone."""

    fibres: tuple[str, ...]
    sites: tuple[str, ...]
    """The smaller side."""
    markets: tuple[str, ...]
    """Those on a side without any edge site."""


class Excepted(Struct, frozen=True, kw_only=True):
    """Two fibres in use after whose cut no network serves somebody in time: nothing is owed."""

    fibres: tuple[str, ...]
    names: tuple[str, ...]
    """Markets that reach no edge in use, and demands of other classes whose ends are parted."""
    demands: int
    gbps: float
    """What these ask without failure."""


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
    partings: tuple[Parting, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    """Empty unless it was asked for, as are the two below."""
    beyond_worst: tuple[BeyondCase, ...] = ()
    no_way: tuple[NoWay, ...] = ()
    excepted: tuple[Excepted, ...] = ()
    """Of the double cuts that a rule speaks of, those that leave somebody no way in time."""
    seconds: float = 0.0
