import msgspec
import numpy as np
import pytest

from arterial.design.bound import bound
from arterial.design.ground import ground_of
from arterial.design.kept import in_service, legacy_of, priced, with_pairs
from arterial.design.light import link_names
from arterial.design.opening import opened
from arterial.design.run import Run
from arterial.design.search import restored
from arterial.design.state import link_cost, total_cost
from arterial.plan.store import read_plan


@pytest.fixture(scope="module")
def before(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def again(before):
    """The same load on top of its own plan."""
    network = with_pairs(before.network, before)
    return opened(network, before.load, Run(), before=before)


def test_pairs_that_a_plan_lit_are_lit(before):
    lit = {row.fibre: row.pairs for row in before.lit_fibres}
    for fibre in with_pairs(before.network, before).fibres:
        assert fibre.lit_pairs == lit.get(fibre.name, fibre.lit_pairs)


def test_a_bundle_is_what_the_plan_says(before):
    legacy = legacy_of(ground_of(before.network), before)
    rows = {kept.name: kept for kept in legacy.bundles}
    for link in before.ip_links:
        kept = rows[link.name]
        assert len(kept.waves) == link.waves
        assert kept.option.rate_gbps * link.waves == link.capacity_gbps
        assert kept.option.cost > 0.0
        assert kept.option == priced(before.network, kept.option)


def test_waves_of_bundles_stand_where_they_did(before):
    legacy = legacy_of(ground_of(before.network), before)
    rows = in_service(before.network, legacy.bundles).waves
    hops = {(hop.fibre, hop.pair, hop.centre_ghz) for hop in before.lightpath_hops}
    assert {(name, pair, row.centre_ghz) for row in rows for name, pair in row.hops} == hops


def test_the_same_load_on_top_of_its_plan_costs_nothing(again):
    state = restored(again.instance, again.flows, again.first.placements)
    assert total_cost(again.instance, state.required_gbps()) == pytest.approx(0.0)
    for step in bound(again.instance, again.flows, rounds=1, known=state):
        assert step.bound <= 1e-6


def test_names_of_new_links_are_new(again):
    names = link_names(again.instance)
    assert len(set(names)) == len(names)
    stand = [kept.name for kept in again.instance.kept if kept is not None]
    assert set(stand) <= set(names)


def test_what_stands_beyond_need_still_takes_its_spectrum(again):
    instance = again.instance
    cost, _, waves = link_cost(instance, np.zeros((2, len(instance.routes))))
    assert (cost == 0.0).all()
    assert (waves == 0).all()
    assert total_cost(instance, np.zeros((2, len(instance.routes)))) == 0.0
    assert instance.stand_cost > 0.0


def test_one_more_wave_of_a_bundle_is_paid_at_the_price_of_the_day(before):
    network = with_pairs(before.network, before)
    cheap = msgspec.structs.replace(
        network,
        modes=tuple(
            mode if mode.cost is None else msgspec.structs.replace(mode, cost=mode.cost / 2)
            for mode in network.modes
        ),
    )
    full, half = (legacy_of(ground_of(each), before).bundles for each in (network, cheap))
    for one, other in zip(full, half, strict=True):
        assert other.option.cost < one.option.cost
