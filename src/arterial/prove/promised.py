"""What the policy table asks of each class in each kind of case."""

from dataclasses import dataclass

from arterial.model.policy import FailureKind, TrafficClass
from arterial.plan.plan import Plan

__all__ = ["Promise", "promises_of"]


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
    """
    asked = {demand.traffic_class for demand in plan.demands}
    found: list[Promise] = []
    for kind in plan.network.classes:
        if kind.name not in asked:
            continue
        keeps: dict[FailureKind, float] = {}
        for rule in plan.network.policy.rules:
            if kind.name in rule.classes:
                for failure in rule.after:
                    keeps[failure] = max(rule.keep, keeps.get(failure, 0.0))
        found.append(Promise(traffic_class=kind, kind=None, keep=1.0))
        found += [Promise(traffic_class=kind, kind=f, keep=k) for f, k in keeps.items()]
    return tuple(found)
