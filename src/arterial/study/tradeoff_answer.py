"""What `tradeoff` answers: points, what each policy costs, what each price does."""

from typing import Literal

from msgspec import Struct

from arterial.design.pareto import Standing
from arterial.design.priced import CostGroup

__all__ = ["Point", "PolicyPrice", "Sensitivity", "TradedOff", "Verdict"]

Verdict = Literal["yes", "no", "unknown"]


class Point(Struct, frozen=True, kw_only=True):
    """One cell of the grid and the cheapest plan known for it; NaN where there is none."""

    name: str
    """Also of the folder of its own design, below the answer's."""
    plan: str
    """Folder of the plan whose figures these are: its own, or another's that gives as much for
    less. One named ``costs-``... was designed under other prices and is told at those described."""
    asked_people: float
    """Least share of people within the round trip that placement was held to; 0 for none."""
    people: float
    """Share within it by the tunnels installed; NaN where the load has no people."""
    asked_pace: float
    """Rate of synchronous training over the rate at which no step waits; NaN without any."""
    pace: float
    """The same of the plan: no less."""
    training: float
    """Share of the steps that a network without limit would give; NaN without any."""
    cost: float
    bound: float
    """No plan on this plan's candidates and replicas costs less (scope ``restricted``)."""
    floor: float
    """No plan at all costs less (scope ``network``)."""
    gap: float
    standing: Standing | Literal["none"]
    """``none``: no plan."""
    edges: int
    waves: int
    new_pairs: int
    plan_hash: str
    refused: str
    """Why there is no plan."""


class PolicyPrice(Struct, frozen=True, kw_only=True):
    """What a policy costs: designs with it and without, all else the same."""

    policy: str
    with_cost: float
    without_cost: float
    cost: float
    """Difference of the plans found."""
    at_least: float
    """Of the true difference, on the candidates and replicas of the two designs."""
    at_most: float
    """NaN where nobody knows a plan with it, or without."""
    note: str
    plan: str
    """Folder of the design that differs; empty where it has no plan."""


class Sensitivity(Struct, frozen=True, kw_only=True):
    """One group of prices multiplied: the old plan paid anew, and a new design."""

    group: CostGroup
    factor: float
    kept_cost: float
    """The old plan at the new prices: the cheapest that is known at the old ones."""
    cost: float
    """The cheapest plan that is known at the new ones."""
    bound: float
    """Of the new design."""
    regret: float
    """What keeping the old plan wastes, as far as is known."""
    regret_at_most: float
    """What it can waste, on the new design's candidates and replicas."""
    edges_opened: tuple[str, ...]
    edges_closed: tuple[str, ...]
    links_changed: int
    """IP links that only one of the two plans has."""
    waves: int
    """Above the old plan's."""
    new_pairs: int
    refused: str
    plan: str


class TradedOff(Struct, frozen=True, kw_only=True):
    """The whole answer."""

    network: str
    load: str
    folder: str
    verdict: Verdict
    """Whether there is a frontier: no where no point has a plan, unknown where a search failed."""
    within_ms: float
    overlap: float
    most_people: float
    """Largest share of people that any placement has within the round trip."""
    training: tuple[str, ...]
    """Workloads whose rate is the third axis."""
    base: str
    """The point that prices of policies and sensitivities start from."""
    points: tuple[Point, ...]
    """By people, then pace."""
    prices: tuple[PolicyPrice, ...]
    sensitivities: tuple[Sensitivity, ...]
    spent: dict[CostGroup, float]
    """What the old plan, the cheapest known, spends on each group."""
    notes: tuple[str, ...]
