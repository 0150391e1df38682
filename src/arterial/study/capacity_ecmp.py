"""``capacity --routing ecmp``: metrics and modules for routers that go by metric alone."""

import math

from arterial.design.capacity.ecmp import SCOPE, EcmpStep, ecmp_design
from arterial.design.capacity.step import Step
from arterial.design.capacity_task import CapacityTask
from arterial.jobs.deadline import Deadline
from arterial.jobs.progress import Report
from arterial.study.capacity_answer import EcmpFound, EcmpLink, gap_of

__all__ = ["metrics_for"]


def metrics_for(
    task: CapacityTask, core: Step, *, rounds: int, seed: int, report: Report, deadline: Deadline
) -> EcmpFound:
    """Search metrics from what any routing asks; errors as ``ecmp_design`` raises them."""
    last: EcmpStep | None = None
    for step in ecmp_design(task.problem, core, rounds=rounds, gap=0.0, seed=seed):
        last = step
        words = f"cost {step.cost + task.constant:.6g}, {step.tried} metrics tried"
        report(f"metrics for ECMP: {words}", step.round, rounds)
        if deadline.late:
            break
    assert last is not None
    known = len(last.columns) > 0
    cost = last.cost + task.constant if known else math.nan
    bound = core.bound + task.constant
    return EcmpFound(
        cost=cost,
        bound=min(bound, cost) if known else bound,
        gap=gap_of(cost, bound),
        bound_scope=SCOPE,
        rounds=last.round,
        metrics_tried=last.tried,
        links=_links(task, last) if known else (),
    )


def _links(task: CapacityTask, step: EcmpStep) -> tuple[EcmpLink, ...]:
    gbps, cost = task.link_gbps(step.columns), task.link_cost(step.columns)
    names = task.problem.cases.names
    rows: list[EcmpLink] = []
    of_link: list[int] = task.of_link.tolist()
    for number, link in enumerate(of_link):
        culprit, has = int(step.culprit[number]), float(gbps[link])
        rows.append(
            EcmpLink(
                link=task.links[link],
                metric=int(step.metrics[number]),
                gbps=round(has, 6),
                cost=round(float(cost[link]), 6),
                worst_filled=round(float(step.need_gbps[number]) / has, 9) if has else 0.0,
                worst_case=names[culprit] if culprit >= 0 else "",
            )
        )
    return tuple(rows)
