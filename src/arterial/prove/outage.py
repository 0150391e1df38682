"""What is out of service, as names: a failure case, or elements that somebody took out for good.

An outage is a set of elements. What it breaks is worked out twice, by the sweep on arrays and by
the verifier on rows; both start from these names and share nothing more.
"""

from collections.abc import Iterable, Iterator

from arterial.errors import ModelError, Problem
from arterial.fabric.failures import Failure, router_count
from arterial.names import did_you_mean
from arterial.plan.plan import Plan

__all__ = ["NOTHING", "Element", "Outage", "outage_named", "outage_of"]

Element = tuple[str, str, int]
"""(kind, name, number): ``fibre``, ``pair``, ``link``, ``wave``, ``site``, ``router`` or ``edge``;
the number is that of the pair or router, else 0. ``fibre`` is also a ready-made link's own."""

Outage = frozenset[Element]

NOTHING: Outage = frozenset()


def outage_of(failure: Failure) -> Outage:
    """The elements that a failure case takes out."""
    cut = frozenset(("fibre", name, 0) for name in failure.fibres)
    if not failure.site:
        return cut
    return cut | {(failure.kind, failure.site, failure.router)}


def outage_named(plan: Plan, names: Iterable[str], asked: str = "--without") -> Outage:
    """The elements that people call by these names.

    Parameters
    ----------
    names
        A fibre, link, lightpath, site, router (``site/1``), shared risk or fibre pair
        (``fibre#2``). A word before it tells which is meant where two share a name
        (``fibre a-z``); the replicas of an edge site are lost alone only so (``edge Denver``).
    asked
        Where people gave the names, for errors.

    Raises
    ------
    ModelError
        For every name that is not known, or is the name of several things.
    """
    known: dict[str, Outage] = {}
    meant: dict[str, set[str]] = {}
    # Cases call the loss of a ready-made link "fibre NAME": so may people.
    ready = {link.name for link in plan.network.links} - {f.name for f in plan.network.fibres}
    for kind, name, lost in _elements(plan):
        known[f"{kind} {name}"] = lost
        if name in ready:
            known.setdefault(f"fibre {name}", frozenset({("fibre", name, 0)}))
        if kind != "edge":
            meant.setdefault(name, set()).add(kind)
    out: Outage = NOTHING
    problems: list[Problem] = []
    for name in names:
        kinds = sorted(meant.get(name, ()))
        if name in known:
            out |= known[name]
        elif len(kinds) == 1:
            out |= known[f"{kinds[0]} {name}"]
        else:
            problems.append(_unclear(name, kinds, [*meant, *known], asked))
    if problems:
        raise ModelError(problems)
    return out


def _elements(plan: Plan) -> Iterator[tuple[str, str, Outage]]:
    """(kind, name, what is lost with it) of everything that can be taken out by name."""
    network = plan.network
    given = {link.name for link in network.links}
    yield from (("fibre", f.name, frozenset({("fibre", f.name, 0)})) for f in network.fibres)
    yield from (("link", k.name, frozenset({("link", k.name, 0)})) for k in plan.ip_links)
    # A ready-made link that the plan does not use can be lost too, without harm.
    used = {link.name for link in plan.ip_links}
    yield from (("link", k, frozenset({("link", k, 0)})) for k in sorted(given - used))
    yield from (("wave", w.name, frozenset({("wave", w.name, 0)})) for w in plan.lightpaths)
    pairs = sorted({(hop.fibre, hop.pair) for hop in plan.lightpath_hops})
    yield from (("pair", f"{f}#{n}", frozenset({("pair", f, n)})) for f, n in pairs)
    for site in network.sites:
        yield "site", site.name, frozenset({("site", site.name, 0)})
        for number in range(1, router_count(site) + 1):
            yield "router", f"{site.name}/{number}", frozenset({("router", site.name, number)})
    for edge in sorted({edge for row in plan.replicas for edge in (row.edge, row.failover)}):
        yield "edge", edge, frozenset({("edge", edge, 0)})
    risks: dict[str, set[Element]] = {risk.name: set() for risk in network.risks}
    for route in [*network.fibres, *network.links]:
        for risk in route.risks:
            risks.setdefault(risk, set()).add(("fibre", route.name, 0))
    yield from (("srlg", risk, frozenset(lost)) for risk, lost in risks.items())


def _unclear(name: str, kinds: list[str], known: list[str], asked: str) -> Problem:
    if kinds:
        found = f"'{name}' is the name of several things"
        expected = "Say which: " + ", ".join(f"'{kind} {name}'" for kind in kinds)
    else:
        found = f"nothing in the plan is called '{name}'"
        expected = did_you_mean(name, known) or "Name something in it"
    return Problem(file=asked, found=found, expected=expected)
