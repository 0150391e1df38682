import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.gravity import gravity

masses = st.lists(st.floats(0.0, 1e12) | st.just(0.0), max_size=8).map(np.array)
totals = st.floats(1e-6, 1e9)
seeds = st.integers(0, 2**32)


def dense(matrix, size):
    rates = np.zeros((size, size))
    rates[matrix.source, matrix.target] = matrix.gbps
    return rates


@given(masses, totals, st.floats(0.0, 2.0), seeds, st.none() | st.integers(1, 20))
def test_demands_add_up_to_the_total_and_join_sites_with_mass(mass, total, sigma, seed, pairs):
    matrix = gravity(mass.astype(float), total, sigma=sigma, seed=seed, pairs=pairs)
    heavy = int((mass / max(mass.max(initial=0.0), 1e-300) > 0.0).sum())
    assert len(matrix.gbps) <= (heavy * (heavy - 1) if pairs is None else pairs)
    assert (matrix.source != matrix.target).all()
    assert (mass[matrix.source] > 0.0).all()
    assert (mass[matrix.target] > 0.0).all()
    assert (matrix.gbps >= 0.0).all()
    if len(matrix.gbps):
        assert matrix.gbps.sum() == pytest.approx(total, rel=1e-12)
    else:
        assert heavy < 2


@given(st.lists(st.floats(0.01, 100.0), min_size=2, max_size=7), totals)
def test_without_noise_a_demand_is_the_product_of_its_ends_masses(mass, total):
    rates = dense(gravity(np.array(mass), total), len(mass))
    product = np.outer(mass, mass)
    np.fill_diagonal(product, 0.0)
    np.testing.assert_allclose(rates, product * total / product.sum(), rtol=1e-12)


@given(st.lists(st.floats(0.01, 100.0), min_size=3, max_size=7), seeds, st.integers(1, 40))
def test_the_largest_pairs_are_kept_in_proportion(mass, seed, pairs):
    whole = gravity(np.array(mass), 1.0, sigma=0.7, seed=seed)
    kept = gravity(np.array(mass), 1.0, sigma=0.7, seed=seed, pairs=pairs)
    largest = np.sort(whole.gbps)[::-1][:pairs]
    np.testing.assert_allclose(np.sort(kept.gbps)[::-1], largest / largest.sum(), rtol=1e-9)


def test_a_seed_says_everything_and_scatters_as_told():
    mass = np.ones(300)
    one, same, other = (gravity(mass, 1.0, sigma=0.5, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(one.gbps, same.gbps)
    assert not np.array_equal(one.gbps, other.gbps)
    assert np.log(one.gbps).std() == pytest.approx(0.5, rel=0.02)  # 89,700 draws


def test_equal_demands_are_cut_off_in_the_order_of_their_sites():
    matrix = gravity(np.ones(3), 2.0, pairs=2)
    assert list(zip(matrix.source, matrix.target, strict=True)) == [(0, 1), (0, 2)]


@pytest.mark.parametrize("mass", [[1e300, 1e300, 1e-300], [23227.0, 6.46e-305]])
def test_masses_of_any_size_leave_no_infinity(mass):
    matrix = gravity(np.array(mass), 1.0)
    assert np.isfinite(matrix.gbps).all()
    assert matrix.gbps.sum() == pytest.approx(1.0)
