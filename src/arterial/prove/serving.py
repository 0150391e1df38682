"""Whether enough replicas stand at every edge, in every case after which something is kept.

Which edge answers follows from the tunnels as installed: a market whose way is cut, or whose edge
is lost, is answered where its backup ends. How many replicas that keeps busy is worked out from the
network; of the plan only the rows of ``serving`` are taken, and their own sums are checked.
"""

from collections.abc import Iterator

import numpy as np
from msgspec import UNSET, structs

from arterial.demand.serving import Busy, answers_name, busy_replicas, models_of
from arterial.errors import ModelError
from arterial.plan.plan import Plan
from arterial.plan.rows import Serving
from arterial.plan.verdict import Gate, Verdict
from arterial.prove.sweep import Sweep
from arterial.prove.table_gate import fault_gate, table_gate
from arterial.solve.program import FloatArray

__all__ = ["serving_gates"]

_PART = 2e-5
"""Of a replica, for each that is needed: what sums of many markets may be off."""
_TOLERANCE = 1e-6
NAME = "replicas at edges"


def serving_gates(swept: Sweep) -> Iterator[Gate]:
    """Rows against the network, and the worst case against the rows.

    No gate where no workload says what a replica takes and no row says that any stand. A load that
    cannot be worked out is told by the gates on demands.
    """
    plan = swept.tables.plan
    try:
        busy = busy_replicas(plan.network, plan.load)
    except ModelError:
        return
    if not busy and plan.serving is UNSET:
        return
    yield fault_gate(plan, "serving", list(_faults(plan)))
    if busy:
        yield _count_gate(swept, busy)


def _faults(plan: Plan) -> Iterator[str]:
    """Rows that nobody asks for, that stand where none may, or that add up to something else."""
    needs = {need.model: need for need in models_of(plan.network, plan.load)}
    roles = {site.name: set(site.roles) for site in plan.network.sites}
    for row in plan.serving or ():
        name = f"{row.model} at {row.edge}"
        need = needs.get(row.model)
        if not roles[row.edge] & {"edge", "candidate-edge"}:
            yield f"{name}: it is no edge site"
        if need is None:
            yield f"{name}: no workload of the load asks for this model"
        elif row.gpus != row.replicas * need.gpus:
            yield f"{name}: {row.replicas} replicas have {row.replicas * need.gpus} accelerators"
        elif not _alike(row, need.kw):
            yield f"{name}: power of {row.replicas} replicas is not {row.kw:g} kW"


def _alike(row: Serving, kw: float | None) -> bool:
    if kw is None or np.isnan(row.kw):
        return kw is None and bool(np.isnan(row.kw))
    return abs(row.kw - row.replicas * kw) <= _TOLERANCE * max(1.0, row.kw)


def _count_gate(swept: Sweep, busy: tuple[Busy, ...]) -> Gate:
    """The edge and model that lack most in some case, or are nearest to it."""
    plan, models = swept.tables.plan, sorted({row.model for row in busy})
    keep = _keep(swept, {row.traffic_class for row in busy})
    needed = _needed(swept, busy, models, keep)
    counted = np.flatnonzero(np.any([share > 0.0 for share in keep.values()], axis=0))
    stands = np.zeros(needed.shape[1:])
    for row in plan.serving or ():
        if row.model in models:
            stands[swept.tables.sites.index(row.edge), models.index(row.model)] += row.replicas
    lacking = needed - stands - _PART * np.maximum(needed, 1.0)
    lacking[needed == 0.0] = -np.inf
    case, site, model = np.unravel_index(int(lacking.argmax()), lacking.shape)
    verdict: Verdict = "unknown" if swept.refused.keys() & {*counted.tolist()} else "proved"
    refuted = bool(lacking[case, site, model] > 0.0)
    return _told(
        swept,
        (float(needed[case, site, model]), float(stands[site, model])),
        "refuted" if refuted else verdict,
        f"{models[int(model)]} at {swept.tables.sites[int(site)]}",
        (int(case), len(counted)),
    )


def _told(
    swept: Sweep, figures: tuple[float, float], verdict: Verdict, note: str, cases: tuple[int, int]
) -> Gate:
    """A gate with its worst case, of so many."""
    worst, count = cases
    gate = table_gate(swept.tables.plan, NAME, "replicas", figures, verdict, note, cases=count)
    return structs.replace(gate, policy="backup", worst_case=swept.cases.names[worst])


def _keep(swept: Sweep, classes: set[str]) -> dict[str, FloatArray]:
    """By class, (F,) share of what is asked that the policy keeps; all of it without failure."""
    found: dict[str, FloatArray] = {}
    for name in sorted(classes):
        rules = [rule for rule in swept.tables.plan.network.policy.rules if name in rule.classes]
        found[name] = np.array(
            [
                1.0
                if case is None
                else max((rule.keep for rule in rules if case.kind in rule.after), default=0.0)
                for case in swept.cases.failures
            ]
        )
    return found


def _needed(
    swept: Sweep, busy: tuple[Busy, ...], models: list[str], keep: dict[str, FloatArray]
) -> FloatArray:
    """Float (F, N, K): replicas that each case keeps busy at each site."""
    tables = swept.tables
    number = {name: k for k, name in enumerate(tables.demands.names)}
    needed = np.zeros((len(swept.cases.failures), len(tables.sites), len(models)))
    for row in busy:
        demand = number.get(answers_name(row.workload, row.market))
        if demand is None or tables.demands.gbps[demand] <= 0.0:
            continue  # the gate on demands misses it
        asked = row.replicas * keep[row.traffic_class] / float(tables.demands.gbps[demand])
        for tunnel in np.flatnonzero(tables.tunnels.demand == demand).tolist():
            edge = int(tables.tunnels.edge[tunnel])
            if edge >= 0:
                wanted = swept.routing.wanted_gbps[:, tunnel]
                needed[:, edge, models.index(row.model)] += asked * wanted
    return needed
