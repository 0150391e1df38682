import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.many import Asked, many_routes
from arterial.optics.mode_table import mode_table

ADD_DROP_OSNR_DB = 38.0


def asked_of(network, sections, rng):
    table = mode_table(network, sections)
    count = len(table.modes)
    return Asked(
        comb=table.comb,
        baud_gbd=table.baud_gbd,
        tx_osnr_db=table.tx_osnr_db,
        least_gsnr_db=table.osnr_db + rng.uniform(0.0, 3.0),
        pass_db=rng.uniform(0.0, 0.2, count),
        cd_ps_nm=table.cd_ps_nm,
        pmd_ps=table.pmd_ps,
    )


def alone(sections, asked, mode, route):
    """GSNR and verdict of one mode over one route, one channel at a time."""
    comb = asked.comb[mode]
    if comb < 0 or math.isnan(asked.baud_gbd[mode]):
        return math.nan, False
    ends = 10 ** (-ADD_DROP_OSNR_DB / 10) + 10 ** (-asked.tx_osnr_db[mode] / 10)
    gsnr = math.inf
    for channel in range(len(sections.combs[comb].centres_thz)):
        ratio = math.prod(1.0 + sections.noise[comb][section, channel] for section in route)
        if math.isnan(ratio):
            return math.nan, False
        noise = (ratio - 1.0) * 12.5 / asked.baud_gbd[mode] + ends
        gsnr = min(gsnr, -10.0 * math.log10(noise))
    left = gsnr - asked.pass_db[mode] * (len(route) - 1) - asked.least_gsnr_db[mode]
    cd = sum(sections.cd_ps_nm[section] for section in route)
    pmd = math.hypot(*(sections.pmd_ps[section] for section in route))
    return gsnr, left >= 0 and cd <= asked.cd_ps_nm[mode] and pmd <= asked.pmd_ps[mode]


@given(data=st.data())
def test_every_route_and_mode_is_what_a_plain_loop_says(data, chain, drawn):
    seed = data.draw(st.integers(0, 2**32 - 1))
    network = chain([100.0, None, 100.0, 100.0])
    sections = drawn(network, seed, worst=0.02)
    asked = asked_of(network, sections, np.random.default_rng(seed))
    routes = data.draw(
        st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=6), min_size=1, max_size=8)
    )
    many = many_routes(sections, asked, routes, add_drop_osnr_db=ADD_DROP_OSNR_DB)
    for number, route in enumerate(routes):
        for mode in range(len(asked.comb)):
            gsnr, feasible = alone(sections, asked, mode, route)
            assert many.gsnr_db[number, mode] == pytest.approx(gsnr, abs=1e-9, nan_ok=True)
            assert many.feasible[number, mode] == feasible


def test_a_route_does_not_depend_on_its_neighbours(conus, conus_sections, monkeypatch):
    rng = np.random.default_rng(5)
    routes = [rng.integers(0, 198, size=hops).tolist() for hops in rng.integers(1, 15, size=300)]
    asked = asked_of(conus, conus_sections, rng)
    together = many_routes(conus_sections, asked, routes, add_drop_osnr_db=ADD_DROP_OSNR_DB)
    monkeypatch.setattr("arterial.optics.many.AT_ONCE", 7)
    apart = many_routes(conus_sections, asked, routes, add_drop_osnr_db=ADD_DROP_OSNR_DB)
    np.testing.assert_array_equal(together.gsnr_db, apart.gsnr_db)
    np.testing.assert_array_equal(together.feasible, apart.feasible)


def test_no_routes_have_no_verdicts(chain, drawn):
    network = chain([100.0])
    sections = drawn(network, 0)
    asked = asked_of(network, sections, np.random.default_rng(0))
    many = many_routes(sections, asked, [], add_drop_osnr_db=ADD_DROP_OSNR_DB)
    assert many.gsnr_db.shape == many.feasible.shape == (0, len(network.modes))
