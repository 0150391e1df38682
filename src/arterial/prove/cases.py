"""Failure cases as arrays beside the tables: capacity left, sites and edges down.

Row 0 is the state without failure. The cases follow from what the plan uses: fibres under its
waves, ready-made links, sites where links end, edges that hold replicas.
ASSUMPTION: a ready-made link ends evenly on all routers of its sites, since no table says where.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from arterial.fabric.failures import Failure, single_failures
from arterial.prove.outage import NOTHING, Outage, outage_of
from arterial.prove.tables import Tables
from arterial.prove.units import ready_share
from arterial.solve.program import BoolArray, FloatArray, IntArray

__all__ = ["Cases", "compile_cases", "failures_of", "paired", "without"]


@dataclass(frozen=True, kw_only=True)
class Cases:
    """F states of the network, the first without failure."""

    failures: tuple[Failure | None, ...]
    outages: tuple[Outage, ...]
    """What is out in each, elements that are out for good included."""
    wave_down: BoolArray
    """bool (F, V)."""
    ready_share: FloatArray
    """float (F, L): share of a ready-made link that is left."""
    left_gbps: FloatArray
    """float (F, L): capacity left of each link, each direction."""
    site_down: BoolArray
    """bool (F, N)."""
    edge_down: BoolArray
    """bool (F, N): replicas there are lost, with or without their site."""

    @property
    def names(self) -> tuple[str, ...]:
        """What people call the cases; empty for no failure."""
        return tuple(failure.name if failure else "" for failure in self.failures)

    def of_kind(self, kind: str) -> IntArray:
        """Int (...,): the cases of a failure kind; an empty kind is the state without failure."""
        kinds = [failure.kind if failure else "" for failure in self.failures]
        return np.array([n for n, found in enumerate(kinds) if found == kind], dtype=np.int64)

    def only(self, case: int) -> "Cases":
        """One of them alone."""
        return self.rows(np.array([case]))

    def rows(self, numbers: IntArray) -> "Cases":
        """Some of them, in the order given."""
        chosen: list[int] = numbers.tolist()
        return Cases(
            failures=tuple(self.failures[case] for case in chosen),
            outages=tuple(self.outages[case] for case in chosen),
            wave_down=self.wave_down[numbers],
            ready_share=self.ready_share[numbers],
            left_gbps=self.left_gbps[numbers],
            site_down=self.site_down[numbers],
            edge_down=self.edge_down[numbers],
        )


def failures_of(tables: Tables) -> tuple[Failure, ...]:
    """Every single failure of what the plan uses, in a fixed order."""
    plan = tables.plan
    ready = (link.name for link in plan.ip_links if link.waves == 0)
    return single_failures(
        plan.network,
        fibres={*(hop.fibre for hop in plan.lightpath_hops), *ready},
        router_sites={end for link in plan.ip_links for end in (link.a, link.z)},
        edges={edge for row in plan.replicas for edge in (row.edge, row.failover)},
    )


def compile_cases(tables: Tables, failures: Iterable[Failure], out: Outage = NOTHING) -> Cases:
    """The state without failure and then each failure; ``out`` is out of service in all of them."""
    states = (None, *failures)
    plain = tuple(outage_of(state) if state else NOTHING for state in states)
    size = (len(states), len(tables.sites))
    cases = Cases(
        failures=states,
        outages=plain,
        wave_down=np.zeros((len(states), len(tables.waves.names)), dtype=np.bool_),
        ready_share=ready_share(tables.plan, plain),
        left_gbps=np.zeros((len(states), len(tables.links))),
        site_down=np.zeros(size, dtype=np.bool_),
        edge_down=np.zeros(size, dtype=np.bool_),
    )
    for row, lost in enumerate(plain):
        _take_down(tables, cases, row, lost)
    cases.left_gbps[:] = _left_gbps(tables, cases, np.arange(len(tables.links)))
    return without(tables, cases, out) if out else cases


def without(tables: Tables, cases: Cases, out: Outage) -> Cases:
    """The same cases with more elements out of service in each."""
    lost = compile_cases(tables, ())
    _take_down(tables, lost, 0, out)
    weaker = replace(
        cases,
        outages=tuple(outage | out for outage in cases.outages),
        wave_down=cases.wave_down | lost.wave_down,
        ready_share=ready_share(tables.plan, [outage | out for outage in cases.outages]),
        left_gbps=cases.left_gbps.copy(),
        site_down=cases.site_down | lost.site_down,
        edge_down=cases.edge_down | lost.edge_down,
    )
    # Only these columns change: most elements touch a few links of hundreds.
    touched = np.zeros(len(tables.links), dtype=np.bool_)
    touched[tables.waves.link[lost.wave_down[0]]] = True
    touched |= (weaker.ready_share != cases.ready_share).any(axis=0)
    links = np.flatnonzero(touched)
    weaker.left_gbps[:, links] = _left_gbps(tables, weaker, links)
    return weaker


def paired(tables: Tables, cases: Cases, first: IntArray, second: IntArray) -> Cases:
    """Both losses of each pair of cases at once; the second one is the failure that is told.

    Parameters
    ----------
    first, second : int (F,)
        Rows of ``cases``.
    """
    one: list[int] = first.tolist()
    other: list[int] = second.tolist()
    pairs = list(zip(one, other, strict=True))
    outages = tuple(cases.outages[a] | cases.outages[b] for a, b in pairs)
    both = Cases(
        failures=tuple(cases.failures[b] for _, b in pairs),
        outages=outages,
        wave_down=cases.wave_down[first] | cases.wave_down[second],
        ready_share=ready_share(tables.plan, outages),
        left_gbps=np.empty((len(pairs), len(tables.links))),
        site_down=cases.site_down[first] | cases.site_down[second],
        edge_down=cases.edge_down[first] | cases.edge_down[second],
    )
    both.left_gbps[:] = _left_gbps(tables, both, np.arange(len(tables.links)))
    return both


def _take_down(tables: Tables, cases: Cases, row: int, lost: Outage) -> None:
    """Write what an outage takes down into one row (only while the arrays are being built)."""
    site = {name: number for number, name in enumerate(tables.sites)}
    for element in sorted(lost):
        kind, name, _ = element
        if element in tables.waves.needing:
            cases.wave_down[row, tables.waves.needing[element]] = True
        if kind == "site":
            cases.site_down[row, site[name]] = True
        if kind in ("site", "edge"):
            cases.edge_down[row, site[name]] = True


def _left_gbps(tables: Tables, cases: Cases, links: IntArray) -> FloatArray:
    """Float (F, len(links)): what the standing waves of each link carry, at most what it claims.

    Nothing where fewer stand than the policy's ``min_links``.
    """
    waves, least = tables.waves, tables.plan.network.policy.min_links
    left = tables.link_gbps[links] * cases.ready_share[:, links]
    for column, link in enumerate(links.tolist()):
        if not tables.ready_made[link]:
            own = np.flatnonzero((waves.link == link) & (waves.rate_gbps > 0.0))
            up = ~cases.wave_down[:, own]
            standing = np.where(up.sum(axis=1) >= least, up @ waves.rate_gbps[own], 0.0)
            np.minimum(left[:, column], standing, out=left[:, column])
    return left
