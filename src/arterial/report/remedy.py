"""What a planner would buy or relax for a gate that does not hold; for an unknown one, what lacks.

Said from the gate's own value and limit and, where the same promise was asked of any routing, from
that gate's verdict: what another routing would keep needs no purchase.
"""

import math
from collections.abc import Sequence

from arterial.plan.verdict import Gate
from arterial.report.words import SHARES, amount, apart

__all__ = ["remedy"]

OWN_FAULTS = {"conflicts", "faults", "cost"}
"""Units of gates that no purchase mends: the plan contradicts itself."""


def remedy(gate: Gate, gates: Sequence[Gate]) -> str:
    """One sentence or three about a gate that is not proved.

    Parameters
    ----------
    gate
        Refuted or unknown.
    gates
        All gates of the proof.
    """
    what = f"{gate.name} ({gate.traffic_class})" if gate.traffic_class else gate.name
    if gate.verdict == "unknown":
        case = f" (worst: {gate.worst_case})" if gate.worst_case else ""
        return f"{what}: unknown, because {gate.note or 'a figure is missing'}{case}."
    value, limit = apart(gate.value, gate.limit, gate.unit)
    case = f" after {gate.worst_case}" if gate.worst_case else ""
    note = f", {gate.note}" if gate.note else ""
    if gate.unit in OWN_FAULTS:
        return f"{what}: {value} against {limit}{note}. Design the plan again."
    relax = f" Or relax: a limit of {value}." if math.isfinite(gate.value) else ""
    return f"{what}: {value} against {limit}{case}{note}. {_buy(gate, gates)}.{relax}"


def _buy(gate: Gate, gates: Sequence[Gate]) -> str:
    over = gate.value > gate.limit
    if gate.unit == "dB":
        return "Buy: regenerators, or modes that ask for less OSNR"
    if gate.unit == "ms":
        return "Buy: a shorter fibre route or a nearer edge site"
    if gate.unit in SHARES and not over:
        return _for_share(gate, gates)
    if gate.unit == "h" or gate.unit in SHARES:
        measured = math.isfinite(gate.value) and gate.limit > 0
        more = f"{amount(gate.value / gate.limit, 2)} times the" if measured else "more"
        return f"Buy: {more} capacity on what is full then"
    return f"Buy: room for {amount(abs(gate.value - gate.limit))} {gate.unit} more"


def _for_share(gate: Gate, gates: Sequence[Gate]) -> str:
    """Another routing where one exists; capacity where none does."""
    twin = _any_routing(gate, gates)
    if twin and twin.verdict == "proved":
        return "Buy: nothing; another routing over the same plan keeps it, the installed does not"
    left = (gate.limit - gate.value) * 100
    words = f"capacity or a diverse route for the {left:.2g} % that is left behind"
    return f"Buy: {words}" + ("; no routing over this plan keeps it" if twin else "")


def _any_routing(gate: Gate, gates: Sequence[Gate]) -> Gate | None:
    """The gate that asks the same of any routing, when it was decided."""
    if gate.policy == "best_lp":
        return gate
    promise = gate.name.partition(": ")[2]
    return next(
        (
            other
            for other in gates
            if promise
            and other.policy == "best_lp"
            and other.verdict != "unknown"
            and other.traffic_class == gate.traffic_class
            and other.name.partition(": ")[2] == promise
        ),
        None,
    )
