"""What a design leans on keeps its price, all else is dearer, and true prices come back."""

import numpy as np
import pytest

from arterial.design.ahead import Ahead, leaning, levelled, light_key


@pytest.fixture(scope="module")
def instance(years):
    return years(0).instance


@pytest.fixture(scope="module")
def ahead(instance):
    fibre = instance.ground.network.fibres[0].name
    return Ahead(light=(light_key(instance, 1, 0),), pairs=(fibre,), surcharge=0.5)


def test_only_what_is_leant_on_keeps_its_price(instance, ahead):
    found = leaning(instance, ahead)
    ratio = found.wave_cost / instance.wave_cost
    for link, options in enumerate(instance.options):
        for option in range(len(options)):
            spared = light_key(instance, link, option) in ahead.light
            assert ratio[link, option] == pytest.approx(1.0 if spared else 1.5)
    assert (found.wave_cost[~instance.real] == instance.wave_cost[~instance.real]).all()
    pairs = found.ground.pair_cost / instance.ground.pair_cost
    assert pairs[0] == pytest.approx(1.0)
    assert pairs[1:] == pytest.approx(1.5)


def test_true_prices_come_back(instance, ahead):
    found = levelled(leaning(instance, ahead), ahead)
    np.testing.assert_allclose(found.wave_cost, instance.wave_cost)
    np.testing.assert_allclose(found.ground.pair_cost, instance.ground.pair_cost)


def test_a_key_names_fibres_and_a_mode(instance):
    names, mode = light_key(instance, 0, 0)
    known = {fibre.name for fibre in instance.ground.network.fibres}
    assert set(names) <= known
    assert list(names) == sorted(names)
    assert mode == instance.options[0][0].mode
