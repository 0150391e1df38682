"""Traffic classes and the one policy table that design and proof both read."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from arterial.model.line import assumed
from arterial.model.quantity import Fraction, Positive, Share
from arterial.names import Name

__all__ = ["DEFAULT_CLASSES", "DEFAULT_POLICY", "FailureKind", "Policy", "Rule", "TrafficClass"]

FailureKind = Literal["fibre", "srlg", "router", "site", "edge"]
"""``fibre``: every pair of one route. ``site``: a junction, whole. ``edge``: replicas of one site."""


class TrafficClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of traffic; lower ``priority`` numbers are served first."""

    name: Name
    priority: Annotated[int, Meta(ge=0, le=7)]
    rtt_ms: Positive | None = None
    """Largest round trip, planning value, access included; absent means any."""
    deadline_h: Positive | None = None
    """A transfer that this class carries must end within this time, after a failure too."""
    source: str = ""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After any single failure of these kinds, this share of the class must still be carried."""

    classes: tuple[Name, ...]
    after: tuple[FailureKind, ...]
    keep: Fraction
    source: str = ""


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold, and the head-room kept while it does. Without failure all is carried."""

    rules: tuple[Rule, ...]
    ceiling_normal: Annotated[Share, assumed("links filled to 80 % without failure")] = 0.8
    ceiling_failed: Annotated[Share, assumed("links filled to 95 % after a failure")] = 0.95
    hash_inefficiency: Annotated[
        float, Meta(ge=0.0, lt=1.0), assumed("ECMP hashes unevenly over a bundle's members")
    ] = 0.1
    sources: dict[str, str] = {}

    def usable(self, *, failed: bool) -> float:
        """Share of a link's capacity that traffic may take."""
        ceiling = self.ceiling_failed if failed else self.ceiling_normal
        return ceiling * (1.0 - self.hash_inefficiency)


DEFAULT_CLASSES = (
    TrafficClass(name="inference", priority=0, rtt_ms=20.0, source="default policy"),
    TrafficClass(name="sync", priority=1, source="default policy"),
    TrafficClass(name="checkpoint", priority=2, deadline_h=2.5, source="default policy"),
    TrafficClass(name="ingest", priority=2, deadline_h=120.0, source="default policy"),
    TrafficClass(name="rollout", priority=2, deadline_h=36.0, source="default policy"),
)

DEFAULT_POLICY = Policy(
    rules=(
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
)
