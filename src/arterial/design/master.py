"""The master program of the bound: waves, fibre pairs and chassis, with no routing in it.

Columns are the waves of each link and option (``l * O + o``), then the pairs lit beyond those there
are (by fibre), then the chassis (by site), then what is paid once with the first pair (by fibre
that is charged so). Its rows are what any design obeys whatever its paths: spectrum fits into
pairs, ports into chassis, and no cut of one fibre may isolate a site.
"""

from collections.abc import Iterator

import numpy as np

from arterial.design.cuts import Asks, Row
from arterial.design.instance import Instance, wave_columns
from arterial.design.kernels import ANY
from arterial.solve.program import BoolArray, FloatArray, Program, Rows

__all__ = ["master_of", "standing_units"]

ENTRIES = 2
"""Fibres into a site that one cut must not cut off."""


def master_of(instance: Instance, asks: Asks) -> Program:
    """The integer program; a ready-made link is one wave for nothing, or units while they last.

    What stands from an earlier plan is in its cost, ``instance.stand_cost``, and never leaves. What
    is paid by traffic is left out: the bound is lower for it, and holds.
    """
    links, options = instance.rate_gbps.shape
    fibres, sites = instance.link_fibre.shape[1], instance.graph.sites
    ground, costs = instance.ground, instance.ground.network.costs
    real = instance.real.reshape(-1)
    free = standing_units(instance).reshape(-1)
    sold = np.where(instance.most_waves < ANY, instance.most_waves - instance.free_waves, np.inf)
    most = np.where(free, 1.0, np.repeat(sold, options))
    closed = ~np.isfinite(ground.pair_cost)
    prices: FloatArray = np.where(real & ~free, instance.wave_cost.reshape(-1), 0.0)
    pairs: FloatArray = np.where(closed, np.zeros(fibres), ground.pair_cost)
    setup: FloatArray = ground.setup_cost[instance.charged]
    count = int(links * options + fibres + sites + len(setup))
    most_waves = np.where(real, most, 0.0)
    most_pairs = np.where(closed, 0.0, np.inf)
    return Program(
        cost=np.concatenate(
            (prices, pairs, np.full(sites, costs.chassis, dtype=np.float64), setup)
        ),
        low=np.concatenate(
            (
                _waves_floor(instance),
                np.zeros(fibres),
                _chassis_floor(instance, asks),
                np.zeros(len(setup)),
            )
        ),
        high=np.concatenate((most_waves, most_pairs, np.full(sites, np.inf), np.ones(len(setup)))),
        integer=np.ones(count, dtype=np.bool_),
        rows=Rows.of(
            [
                *_spectrum_rows(instance),
                *_chassis_rows(instance),
                *_entry_rows(instance, asks),
                *_setup_rows(instance),
            ]
        ),
    )


def _waves_floor(instance: Instance) -> FloatArray:
    """(L * O,) waves that stand are not taken out; each such link has one option."""
    floor = np.zeros(instance.rate_gbps.shape)
    floor[:, :1] = instance.stand_waves[:, None]
    return floor.reshape(-1)


def standing_units(instance: Instance) -> BoolArray:
    """(L, O) True for the first option of a ready-made link that stands: it is that unit.

    Waves of an earlier plan are none: each has its price, and a floor.
    """
    free = np.zeros(instance.rate_gbps.shape, dtype=np.bool_)
    free[:, :1] = (instance.free_waves > instance.stand_waves)[:, None]
    return free


def _spectrum_rows(instance: Instance) -> Iterator[Row]:
    """Slots of the waves on a fibre fit into its pairs, beside what stands there.

    slot @ waves - band * new <= band * lit - taken
    """
    links, options = instance.rate_gbps.shape
    for m in range(instance.link_fibre.shape[1]):
        riders = np.flatnonzero(instance.link_fibre[:, m])
        if not len(riders):
            continue
        columns = wave_columns(instance, riders)
        slots = instance.slot_ghz[riders].reshape(-1)
        lit, band_ghz = float(instance.ground.lit[m]), float(instance.room.band_ghz[m])
        yield (
            [*columns.tolist(), links * options + m],
            [*slots.tolist(), -band_ghz],
            -np.inf,
            lit * band_ghz - float(instance.room.taken_ghz[m]),
        )


def _chassis_rows(instance: Instance) -> Iterator[Row]:
    """Ports of a site fit into its chassis; those of links that stand are there already."""
    links, options = instance.rate_gbps.shape
    steps = instance.ground.network.costs.chassis_ports
    free = standing_units(instance).reshape(-1)
    first = links * options + instance.link_fibre.shape[1]
    for n in range(instance.graph.sites):
        riders = [link for link, route in enumerate(instance.routes) if n in (route.a, route.z)]
        columns: list[int] = []
        if riders:
            own = wave_columns(instance, np.array(riders, dtype=np.int64))
            columns = own[~free[own]].tolist()
        if columns:
            yield [*columns, first + n], [1.0] * len(columns) + [-float(steps)], -np.inf, 0.0


def _setup_rows(instance: Instance) -> Iterator[Row]:
    """Pairs of a charged fibre are lit once it is paid, and it is paid where a pair is lit.

    setup <= pairs <= most * setup
    """
    links, options = instance.rate_gbps.shape
    for m in np.flatnonzero(instance.charged).tolist():
        both = [links * options + m, int(instance.lighting[m])]
        yield both, [1.0, -float(instance.ground.pairs[m])], -np.inf, 0.0
        yield both, [1.0, -1.0], 0.0, np.inf


def _entry_rows(instance: Instance, asks: Asks) -> Iterator[Row]:
    """A site that must be reached after any cut needs two fibres lit: new pairs >= 2 - lit ones."""
    index = instance.ground.site_index
    cuts = [1 + n for n, failure in enumerate(instance.failures) if failure.kind == "fibre"]
    for site in _lit_sites(instance, asks, standing=False):
        if not (asks.asked_gbps(frozenset({site}))[cuts] > 0.0).all():
            continue
        border = [
            m
            for m, fibre in enumerate(instance.ground.network.fibres)
            if site in (index[fibre.a], index[fibre.z])
        ]
        lit = sum(1 for m in border if instance.ground.lit[m])
        dark = [int(instance.lighting[m]) for m in border if not instance.ground.lit[m]]
        if lit < ENTRIES and dark:
            yield dark, [1.0] * len(dark), float(ENTRIES - lit), np.inf


def _chassis_floor(instance: Instance, asks: Asks) -> FloatArray:
    """(N,) a site that must exchange traffic over ports bought needs a chassis in each router."""
    floor = instance.stand_chassis.astype(np.float64)
    for site in _lit_sites(instance, asks, standing=True):
        if asks.asked_gbps(frozenset({site})).any():
            floor[site] = max(floor[site], 1, instance.ground.routers[site])
    return floor


def _lit_sites(instance: Instance, asks: Asks, *, standing: bool) -> list[int]:
    """Sites where traffic may end and that no ready-made link reaches, or none that stands."""
    given = {
        site
        for route, free in zip(instance.routes, instance.free_waves, strict=True)
        if route.given and (free or not standing)
        for site in (route.a, route.z)
    }
    ends = np.flatnonzero((asks.source | asks.target).any(axis=0))
    return [site for site in ends.tolist() if site not in given]
