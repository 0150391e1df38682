"""The answer of ``restore``: cases, links, times, spares, and who refuses restored links."""

from collections.abc import Sequence
from math import isnan, nan
from typing import Literal

from msgspec import Struct

from arterial.model.network import Network
from arterial.optics.restore import ASSUMPTIONS
from arterial.optics.restore_figures import CaseFigures
from arterial.optics.restored_links import RestoredLink
from arterial.plan.rows import SpareRegenerators
from arterial.report.refused import Refused

__all__ = [
    "LinkFigures",
    "Restored",
    "Times",
    "links_of",
    "times_of",
    "verdict_of",
]


class Times(Struct, frozen=True, kw_only=True):
    """From the cut on, in seconds; each step begins when the one before it ends."""

    confirm_s: float
    switch_s: float
    settle_s: float
    light_s: float
    """The three together: light is good again."""
    wait_s: float
    """Wait-to-restore."""
    return_s: float
    """Traffic may return to a restored link."""
    noise_loading: bool
    notes: tuple[str, ...]


class LinkFigures(Struct, frozen=True, kw_only=True):
    """A link over all cases that cut it."""

    link: str
    cases: int
    share: float
    """Of its rate that stands or is back, in the worst of them."""
    worst_case: str
    mean_share: float
    latency_ms: float
    """One way while restored, the slowest of all cases; NaN where it never is."""


class Restored(Struct, frozen=True, kw_only=True):
    """What comes back."""

    plan: str
    verdict: Literal["yes", "no", "unknown"]
    """Whether every cut wave comes back, at least in part, in every single case."""
    failures: str
    cases: int
    share: float
    """Of the cut rate, in the worst case."""
    mean_share: float
    """Over all cases together."""
    bound_share: float
    """The most that could, likewise."""
    gap: float
    bound_scope: Literal["network"]
    worst: tuple[CaseFigures, ...]
    links: tuple[LinkFigures, ...]
    times: Times
    spares: tuple[SpareRegenerators, ...]
    """Bought; those of the network's sites come beside them."""
    installed: int
    """Spare regenerators that the network's sites have."""
    spares_cost: float
    spares_bound: float
    """No choice over the same routes costs less; NaN unless spares were chosen here."""
    spares_gap: float
    refused: tuple[Refused, ...]
    cost: float
    """Of the plan, spares included."""
    plan_gap: float
    output: str
    table: str
    seconds: float


def verdict_of(cases: Sequence[CaseFigures]) -> Literal["yes", "no", "unknown"]:
    """``no`` as soon as one wave stays away for a reason that is known."""
    reasons = {why for case in cases for why in case.missing}
    if reasons - {"unknown"}:
        return "no"
    return "unknown" if reasons or not cases else "yes"


def times_of(network: Network) -> Times:
    """The network's time model, with what is assumed in it."""
    model = network.restoration
    settle_s = model.settle_loaded_s if model.noise_loading else model.settle_unloaded_s
    told = "ASSUMPTION" if not {"confirm_s", "switch_s"} <= set(model.sources) else ""
    notes = (f"{told}: times to confirm and to switch are not measured here",) if told else ()
    return Times(
        confirm_s=model.confirm_s,
        switch_s=model.switch_s,
        settle_s=settle_s,
        light_s=model.light_s,
        wait_s=model.wait_to_restore_s,
        return_s=model.return_s,
        noise_loading=model.noise_loading,
        notes=(*notes, *ASSUMPTIONS),
    )


def links_of(rows: Sequence[RestoredLink]) -> tuple[LinkFigures, ...]:
    """Every link that some case cuts, the worst first."""
    by_link: dict[str, list[RestoredLink]] = {}
    for row in rows:
        by_link.setdefault(row.link, []).append(row)
    found: list[LinkFigures] = []
    for link, own in by_link.items():
        worst = min(own, key=lambda row: (row.share, row.case))
        late = [row.latency_ms for row in own if row.share > 0.0 and not isnan(row.latency_ms)]
        found.append(
            LinkFigures(
                link=link,
                cases=len(own),
                share=worst.share,
                worst_case=worst.case,
                mean_share=sum(row.share for row in own) / len(own),
                latency_ms=max(late, default=nan),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.share, row.mean_share, row.link)))
