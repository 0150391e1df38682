"""Traffic classes and the one policy table that design and proof both read."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from arterial.model.line import assumed
from arterial.model.quantity import Fraction, Positive, Share
from arterial.names import Name

__all__ = [
    "DEFAULT_CLASSES",
    "DEFAULT_POLICY",
    "DEFAULT_RULES",
    "FAILURE_KINDS",
    "FailureKind",
    "Policy",
    "Rule",
    "TrafficClass",
]

FailureKind = Literal["fibre", "srlg", "router", "site", "edge", "fibre2"]
"""``fibre``: all pairs of one route. ``site``: a junction, whole. ``edge``: one site's replicas.
``fibre2``: all pairs of any two routes at once, of which a rule asks what two cuts leave possible:
a market that no edge in use can be reached from in time is owed nothing, and is listed."""
FAILURE_KINDS: tuple[FailureKind, ...] = get_args(FailureKind)


class TrafficClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of traffic; lower ``priority`` numbers are served first."""

    name: Name
    """What rules, workloads and demands call the class."""
    priority: Annotated[int, Meta(ge=0, le=7)]
    """0 is served first."""
    rtt_ms: Positive | None = None
    """Largest round trip, planning value, access included; absent means any."""
    deadline_h: Positive | None = None
    """A transfer that this class carries must end within this time, after a failure too."""
    source: str = ""
    """Who says so."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After any one failure of these kinds, this share of the class must still be carried."""

    classes: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """Traffic classes, by name."""
    after: Annotated[tuple[FailureKind, ...], Meta(min_length=1)]
    """Kinds of failure, one at a time; ``fibre2`` is two fibres."""
    keep: Fraction
    """Share of each demand that must still be carried: 1 is all."""
    source: str = ""
    """Who says so."""


DEFAULT_CLASSES = (
    TrafficClass(name="inference", priority=0, rtt_ms=20.0, source="default policy"),
    TrafficClass(name="sync", priority=1, source="default policy"),
    TrafficClass(name="checkpoint", priority=2, deadline_h=2.5, source="default policy"),
    TrafficClass(name="ingest", priority=2, deadline_h=120.0, source="default policy"),
    TrafficClass(name="rollout", priority=2, deadline_h=36.0, source="default policy"),
)

DEFAULT_RULES = (
    Rule(
        classes=("inference",),
        after=("fibre", "srlg", "router", "site", "edge"),
        keep=1.0,
        source="default policy",
    ),
    Rule(classes=("sync",), after=("fibre", "srlg"), keep=0.5, source="default policy"),
    Rule(
        classes=("checkpoint", "ingest", "rollout"),
        after=("fibre", "srlg"),
        keep=0.25,
        source="default policy",
    ),
)


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold, and the head-room kept while it does. Without failure all is carried."""

    rules: tuple[Rule, ...] = DEFAULT_RULES
    """What must hold after failures; rules here replace the default ones."""
    ceiling_normal: Annotated[Share, assumed("links filled to 80 % without failure")] = 0.8
    """Share of a link's capacity that may be filled while nothing has failed."""
    ceiling_failed: Annotated[Share, assumed("links filled to 95 % after a failure")] = 0.95
    """Share of a link's capacity that may be filled after a failure."""
    hash_inefficiency: Annotated[
        float, Meta(ge=0.0, lt=1.0), assumed("ECMP hashes unevenly over a bundle's members")
    ] = 0.1
    """Share of capacity lost to uneven hashing, before the ceilings apply."""
    min_links: Annotated[int, Meta(ge=1)] = 1
    """Waves of a link that must be up for the link to be up: a bundle of fewer carries nothing.
    IEEE 802.1AX calls it the minimum of links; 1 is no such rule."""
    sources: dict[str, str] = {}
    """Source of each figure set here, by its name."""

    def usable(self, *, failed: bool) -> float:
        """Share of a link's capacity that traffic may take."""
        ceiling = self.ceiling_failed if failed else self.ceiling_normal
        return ceiling * (1.0 - self.hash_inefficiency)

    def kept(self, traffic_class: str, kind: FailureKind) -> float:
        """Share of a demand that is kept after a failure of ``kind``; 0 without a rule."""
        return max(
            (
                rule.keep
                for rule in self.rules
                if traffic_class in rule.classes and kind in rule.after
            ),
            default=0.0,
        )


DEFAULT_POLICY = Policy()
