"""The verdict on a plan: every case routed and verified, every gate asked.

Knows nothing of how the plan was made. ``without`` takes elements out of service for good, below
every case, as if they had never been built.
"""

from collections.abc import Sequence

from arterial.jobs.progress import Report, silent
from arterial.plan.plan import Plan
from arterial.plan.verdict import Gate, Proof
from arterial.prove.beyond import Found, beyond, summaries, worst_cases
from arterial.prove.bill import bill_gate
from arterial.prove.cases import Cases, compile_cases, failures_of
from arterial.prove.doubles import doubles_of
from arterial.prove.equipment import table_gates
from arterial.prove.feasible import feasible
from arterial.prove.gates import (
    deadline_gates,
    feasible_gates,
    overall,
    round_trip_gates,
    runs_gates,
    utilisation_gates,
)
from arterial.prove.keeping import engines_of
from arterial.prove.light import SegmentMargin, light_gates
from arterial.prove.load import load_gates
from arterial.prove.no_way import no_ways
from arterial.prove.outage import outage_named
from arterial.prove.parting import partings
from arterial.prove.promised import promises_of
from arterial.prove.register import Register, register
from arterial.prove.restoration import restoration_gates
from arterial.prove.serving import serving_gates
from arterial.prove.sweep import Sweep, sweep
from arterial.prove.tables import Tables, compile_tables
from arterial.prove.two_cut_gates import two_cuts
from arterial.prove.worst import cut_offs, worst_classes, worst_links

__all__ = ["prove", "routed_gates"]


def prove(
    plan: Plan,
    *,
    without: Sequence[str] = (),
    plan_hash: str = "",
    margin_db: SegmentMargin | None = None,
    two_losses: bool = False,
    report: Report = silent,
) -> Proof:
    """Prove or refute a plan.

    Parameters
    ----------
    without
        Names of elements that are out of service in every case, the one without failure included.
    plan_hash
        What the proof is of; kept in it.
    margin_db
        Works lightpath margins out again; without it they are ``unknown``.
    two_losses
        Tell also what two losses at once do; the verdict does not hang on it.

    Returns
    -------
    Proof
        ``seconds`` is left at 0: whoever holds a clock fills it in.

    Raises
    ------
    DamagedError
        When the plan's tables break their promises.
    ModelError
        When ``without`` names what the plan does not hold.
    """
    tables = compile_tables(plan)
    out = outage_named(plan, without)
    failures = failures_of(tables)
    book, cases = register(plan), compile_cases(tables, failures, out)
    swept = sweep(tables, book, cases, report)
    doubled = two_cuts(tables, book, cases, report)
    gates = (
        *routed_gates(swept, report),
        *doubled.gates,
        *light_gates(plan, margin_db),
        *restoration_gates(plan, margin_db),
        *table_gates(plan, tables.faults),
        *load_gates(plan),
        *serving_gates(swept),
        bill_gate(plan),
    )
    found = _two_losses(tables, cases, book, report) if two_losses else None
    return Proof(
        # A plan that carries nothing proves nothing, whatever its tables say.
        verdict=overall([gate.verdict for gate in gates] if plan.demands else []),
        cases=len(failures),
        plan_hash=plan_hash,
        without=tuple(without),
        gates=gates,
        worst_links=tuple(worst_links(swept)),
        worst_classes=tuple(worst_classes(swept)),
        cut_off=tuple(cut_offs(swept)),
        partings=tuple(partings(plan.network)),
        beyond=tuple(summaries(found)) if found else (),
        beyond_worst=tuple(worst_cases(found)) if found else (),
        no_way=tuple(no_ways(found)) if found else (),
        excepted=doubled.excepted,
    )


def _two_losses(tables: Tables, cases: Cases, book: Register, report: Report) -> Found:
    pairs = doubles_of(tables, cases)
    return beyond(engines_of(tables), pairs, book, promises_of(tables.plan), report)


def routed_gates(swept: Sweep, report: Report) -> tuple[Gate, ...]:
    """Every gate over what runs, and over what any routing could run."""
    promises = promises_of(swept.tables.plan)
    outcomes = feasible(swept, promises, report)
    return (
        *runs_gates(swept, promises),
        *feasible_gates(swept, promises, outcomes),
        *round_trip_gates(swept, promises),
        *deadline_gates(swept, promises),
        *utilisation_gates(swept),
    )
