"""Cuts that light is restored after: each fibre in use, each shared risk of one, or any two fibres.

A shared risk takes every fibre that names it down, lit or not: nothing comes back over it.
"""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Literal

from msgspec import Struct

from arterial.fabric.failures import single_failures
from arterial.model.network import Network
from arterial.plan.plan import Plan

__all__ = ["SINGLES", "Cut", "CutKind", "cut_named", "cuts_of"]

CutKind = Literal["fibre", "srlg", "fibre2"]

SINGLES: tuple[CutKind, ...] = ("fibre", "srlg")


class Cut(Struct, frozen=True, kw_only=True):
    """A case: fibres that are down at once."""

    name: str
    fibres: frozenset[int]


def cuts_of(plan: Plan, kinds: Collection[CutKind] = SINGLES) -> tuple[Cut, ...]:
    """Every case of these kinds, in a fixed order: fibres, shared risks, double cuts.

    Double cuts are of fibres that carry waves, ``fibre A + fibre B``.
    """
    return tuple(_cuts(plan, kinds))


def _cuts(plan: Plan, kinds: Collection[CutKind]) -> Iterator[Cut]:
    network = plan.network
    number = {row.name: place for place, row in enumerate(network.fibres)}
    used = {hop.fibre for hop in plan.lightpath_hops}
    for failure in single_failures(network, fibres=used, router_sites=(), edges=()):
        if failure.kind == "fibre" and "fibre" in kinds:
            yield Cut(name=failure.name, fibres=frozenset(number[f] for f in failure.fibres))
        elif failure.kind == "srlg" and "srlg" in kinds:
            yield Cut(name=failure.name, fibres=_at_risk(network, failure.name))
    if "fibre2" in kinds:
        ridden = [row.name for row in network.fibres if row.name in used]
        for one, other in combinations(ridden, 2):
            yield Cut(
                name=f"fibre {one} + fibre {other}", fibres=frozenset((number[one], number[other]))
            )


def _at_risk(network: Network, name: str) -> frozenset[int]:
    risk = name.removeprefix("srlg ")
    return frozenset(m for m, fibre in enumerate(network.fibres) if risk in fibre.risks)


def cut_named(network: Network, name: str) -> Cut:
    """The case that people call by this name; KeyError when the network has none such.

    A name with `` + `` in it may be one fibre's: that is tried first.
    """
    number = {f"fibre {row.name}": place for place, row in enumerate(network.fibres)}
    if name in number:
        return Cut(name=name, fibres=frozenset((number[name],)))
    if name.startswith("srlg "):
        at_risk = _at_risk(network, name)
        if at_risk:
            return Cut(name=name, fibres=at_risk)
    parts = name.split(" + ")
    for split in range(1, len(parts)):
        one, other = " + ".join(parts[:split]), " + ".join(parts[split:])
        if one != other and one in number and other in number:
            return Cut(name=name, fibres=frozenset((number[one], number[other])))
    raise KeyError(name)
