"""A shape designed to as much of the policy as it can meet, and told against the whole of it.

What a shape cannot meet is dropped step by step: round-trip bounds first, then what must hold after
failures, double cuts among them, that leave a flow no way, then all that must hold after failures,
then what fits into the racks of a site. The plan that comes of it holds
the network as its owner described it, so its proof asks for all that was dropped.
"""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import Struct, structs

from arterial.design import engine
from arterial.design.shape import Shape
from arterial.design.shape_cuts import Cannot, cannot
from arterial.errors import InfeasibleError, SolverError, in_one_line
from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.model.policy import TrafficClass
from arterial.model.site import Site
from arterial.plan.plan import Plan

__all__ = ["Built", "design_shape"]


class Built(Struct, frozen=True, kw_only=True):
    """A plan of a shape, or why there is none."""

    plan: Plan | None
    designed_for: str
    """What of the policy it was designed for."""
    refused: tuple[str, ...]
    """What stood in the way of each step before."""
    cannot: Cannot | None = None
    """What its links cannot keep after two cuts, however many waves they get; None where no rule
    speaks of them."""


def design_shape(
    network: Network, ask: engine.Ask, shape: Shape, *, bare: bool, report: Report
) -> Built:
    """The plan of the first step that can be met.

    Parameters
    ----------
    bare
        A shape that cannot meet the policy is designed for the state without failure at once;
        else for all that its links can keep.
    """
    refused: list[str] = []
    for words, eased, held in _steps(network, shape, bare=bare):
        report(f"{shape.name}: {words}", 0, 1)
        try:
            plan = engine.design(eased, replace(ask, shape=held), report=report)
        except (InfeasibleError, SolverError) as error:
            refused.append(f"{words}: {in_one_line(error)}")
            continue
        note = f"{plan.bound_note}; links of the shape alone, designed for {words}"
        return Built(
            plan=structs.replace(plan, network=network, bound_note=note),
            designed_for=words,
            refused=tuple(refused),
            cannot=cannot(network, shape.links, plan.demands, plan.replicas),
        )
    return Built(plan=None, designed_for="", refused=tuple(refused))


def _steps(network: Network, shape: Shape, *, bare: bool) -> Iterator[tuple[str, Network, Shape]]:
    """Ever less that is asked: in words, the network that asks for it, and the shape."""
    any_delay = structs.replace(network, classes=tuple(_unbounded(network)))
    roomy = structs.replace(any_delay, sites=tuple(_roomy(network)))
    late, room = "any round trip", "sites of any size"
    yield "the whole policy", network, shape
    yield f"the whole policy, {late}", any_delay, shape
    if not bare:
        held = structs.replace(shape, eased=True)
        yield "what its links can keep", network, held
        yield f"what its links can keep, {late}", any_delay, held
        yield f"what its links can keep, {late}, {room}", roomy, held
    yield "the state without failure", _without_rules(network), shape
    yield f"the state without failure, {late}", _without_rules(any_delay), shape
    yield f"the state without failure, {late}, {room}", _without_rules(roomy), shape


def _unbounded(network: Network) -> Iterator[TrafficClass]:
    for one in network.classes:
        yield structs.replace(one, rtt_ms=None)


def _without_rules(network: Network) -> Network:
    return structs.replace(network, policy=structs.replace(network.policy, rules=()))


def _roomy(network: Network) -> Iterator[Site]:
    for site in network.sites:
        yield structs.replace(site, ports=None, slots=None, power_kw=None)
