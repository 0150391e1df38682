"""What `latency` is asked, and what is wrong with that: all at once, before any work."""

from collections.abc import Iterator
from math import inf, isfinite, nan

from msgspec import Struct

from arterial.demand.offers import Offer, market_access_ms, market_offers
from arterial.errors import ModelError, Problem
from arterial.model.network import Network
from arterial.placement.edges import edge_sites
from arterial.plan.plan import Plan
from arterial.study.latency_frontier import Survive

__all__ = ["Question", "bounds_ms", "check", "offers_of"]

LEAST_STEP = 0.001
"""A finer frontier tells the same edges again and again."""


class Question(Struct, frozen=True, kw_only=True):
    """What is asked."""

    bounds: str = "1,5,10,20"
    """Round trips in ms, rising, comma-separated."""
    within_ms: float = 10.0
    """The bound of the frontier."""
    step: float = 0.05
    """Share of people between two points of the frontier."""
    from_share: float | None = None
    """Where the frontier begins; without it at what today's edges reach."""
    survive: Survive = "none"
    """``edge``: a second frontier, whose share holds after the loss of any one edge."""
    keep_edges: bool = False
    """Edges of today stay in service; else one that is not worth its cost is given up."""
    calls: int = 30
    """Of an agent's session, one after another."""
    think_ms: float = 0.0
    """Time that the model takes for each."""
    load: str = ""
    """Empty: the first with inference."""


def check(network: Network, question: Question, file: str) -> None:
    """Raise ModelError for all that is wrong in a network or a question."""
    problems = [*_wrong_network(network, file), *_wrong_question(question)]
    if problems:
        raise ModelError(problems)


def bounds_ms(words: str) -> list[float]:
    """Numbers of a list; NaN for what is none.

    >>> bounds_ms("1, 5,x")
    [1.0, 5.0, nan]
    """
    bounds: list[float] = []
    for word in words.split(","):
        try:
            bounds.append(float(word))
        except ValueError:
            bounds.append(nan)
    return bounds


def offers_of(
    network: Network, plan: Plan | None, load: str, file: str
) -> tuple[str, tuple[Offer, ...]]:
    """The load's name and every market's offer; without inference a market offers nothing."""
    if plan is not None:
        if load not in ("", plan.load):
            found, expected = f"--load {load}: the plan does not carry it", f"It has '{plan.load}'"
            raise ModelError([Problem(file="latency", found=found, expected=expected)])
        offers = market_offers(network, plan.load)
        if not offers:
            found = f"load '{plan.load}' holds no inference: the plan answers nobody"
            expected = "Ask the network's folder, or design a load with inference"
            raise ModelError([Problem(file=file, field="loads", found=found, expected=expected)])
        return plan.load, offers
    for name in [load] if load else [entry.name for entry in network.loads]:
        if offers := market_offers(network, name):
            return name, offers
    return "", tuple(
        Offer(
            market=market.name,
            site=market.site,
            people=market.people,
            down_gbps=0.0,
            up_gbps=0.0,
            access_ms=market_access_ms(network, market),
            limit_rtt_ms=inf,
            limit_class="",
        )
        for market in network.markets
    )


def _wrong_network(network: Network, file: str) -> Iterator[Problem]:
    if not network.markets:
        expected = "Describe people in markets.csv: latency is theirs"
        yield Problem(file=file, field="markets", found="there are none", expected=expected)
    if not edge_sites(network):
        expected = "Give some site the role `edge` or `candidate-edge`"
        yield Problem(file=file, field="sites", found="nobody can answer", expected=expected)


def _wrong_question(question: Question) -> Iterator[Problem]:
    bounds = bounds_ms(question.bounds)
    rising = all(one < other for one, other in zip([0.0, *bounds], bounds, strict=False))
    wrong = {
        f"--bounds {question.bounds}": (
            rising and all(map(isfinite, bounds)),
            "Give round trips in ms, above 0 and rising, as 1,5,10,20",
        ),
        f"--within-ms {question.within_ms:g}": (
            isfinite(question.within_ms) and question.within_ms > 0.0,
            "Give a round trip in ms above 0",
        ),
        f"--step {question.step:g}": (
            LEAST_STEP <= question.step <= 1.0,
            f"Give a share of people from {LEAST_STEP:g} to 1, as 0.05",
        ),
        f"--from-share {question.from_share}": (
            question.from_share is None or 0.0 <= question.from_share <= 1.0,
            "Give a share of people from 0 to 1, as 0.5",
        ),
        f"--calls {question.calls}": (question.calls >= 1, "Give one call or more"),
        f"--think-ms {question.think_ms:g}": (
            isfinite(question.think_ms) and question.think_ms >= 0.0,
            "Give milliseconds, 0 or more",
        ),
    }
    for found, (right, expected) in wrong.items():
        if not right:
            yield Problem(file="latency", found=found, expected=expected)
