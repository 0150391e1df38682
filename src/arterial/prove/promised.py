"""What the policy table asks of each class in each kind of case."""

from collections.abc import Iterator
from dataclasses import dataclass

from arterial.model.policy import FailureKind, TrafficClass
from arterial.plan.plan import Plan

__all__ = ["Promise", "after_two_cuts", "promises_of"]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A share of every demand of a class, kept in every case of a kind."""

    traffic_class: TrafficClass
    kind: FailureKind | None
    """None for the state without failure."""
    keep: float

    @property
    def words(self) -> str:
        """What people call it."""
        when = "without failure" if self.kind is None else f"after {self.kind}"
        return f"{self.traffic_class.name} {when}"


def promises_of(plan: Plan) -> tuple[Promise, ...]:
    """Everything promised to classes that the plan has demands of, in the order of the classes.

    Without failure all is carried. Of several rules for one class and kind the strictest counts.
    What is kept after two cuts stands apart, for those cases do.
    """
    return tuple(promise for promise in _all(plan) if promise.kind != "fibre2")


def after_two_cuts(plan: Plan) -> tuple[Promise, ...]:
    """What is promised after any two fibres are cut, in the order of the classes."""
    return tuple(promise for promise in _all(plan) if promise.kind == "fibre2")


def _all(plan: Plan) -> Iterator[Promise]:
    asked = {demand.traffic_class for demand in plan.demands}
    for kind in plan.network.classes:
        if kind.name not in asked:
            continue
        keeps: dict[FailureKind, float] = {}
        for rule in plan.network.policy.rules:
            if kind.name in rule.classes:
                for failure in rule.after:
                    keeps[failure] = max(rule.keep, keeps.get(failure, 0.0))
        yield Promise(traffic_class=kind, kind=None, keep=1.0)
        yield from (Promise(traffic_class=kind, kind=f, keep=k) for f, k in keeps.items())
