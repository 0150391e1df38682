import logging
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.line import LineSystem
from arterial.optics.gnpy_door import designed_line, propagated, section_figures, terminated
from arterial.optics.gsnr import route_log_noise, routes_gsnr_db
from arterial.optics.line_request import line_request
from arterial.optics.mode_table import mode_table
from arterial.optics.reach import route_segments
from arterial.optics.sections import sections_from


@pytest.fixture(scope="module")
def conus_line(conus):
    logging.disable(logging.ERROR)
    yield designed_line(line_request(conus))
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("comb", [0, 1], ids=["narrow", "wide"])
def test_gsnr_of_a_route_is_gnpy_s_on_every_channel(
    comb, conus, conus_sections, conus_line, routes_of, seed
):
    line, kind = conus.line, conus_sections.combs[comb]
    table = mode_table(conus, conus_sections)
    alike = int(np.flatnonzero((table.comb == comb) & (table.baud_gbd == kind.baud_gbd))[0])
    for route in routes_of(conus, 50, seed):
        path = terminated(conus_line, [divmod(section, 2) for section in route])
        propagated(conus_line, path, kind)
        (ours,) = routes_gsnr_db(
            conus_sections,
            comb,
            [route],
            add_drop_osnr_db=line.add_drop_osnr_db,
            tx_osnr_db=line.tx_osnr_db,
        )
        assert np.abs(ours - path[-1].snr_01nm).max() < 1e-9
        whole = route_segments(conus, conus_sections, table, route)
        assert whole.gsnr_db[alike, 0, -1] == pytest.approx(path[-1].snr_01nm.min(), abs=1e-9)
        assert conus_sections.cd_ps_nm[list(route)].sum() == pytest.approx(
            path[-1].chromatic_dispersion.max(), rel=1e-9
        )
        assert math.hypot(*conus_sections.pmd_ps[list(route)]) == pytest.approx(
            path[-1].pmd.max(), rel=1e-9
        )


@pytest.mark.parametrize(
    ("where", "bands", "count"),
    [("worldwide", "C", 20), ("conus", "C+L", 4), ("worldwide", "C+L", 1)],
)
@pytest.mark.usefixtures("quiet_gnpy")
def test_gsnr_is_gnpy_s_worldwide_and_on_lines_of_two_bands(  # the benchmark takes 200 routes
    where, bands, count, request, routes_of, only
):
    whole = request.getfixturevalue(where)
    wide = tuple(mode for mode in whole.modes if mode.slot_ghz == 150.0)
    network, routes = only(
        msgspec.structs.replace(whole, line=LineSystem(bands=bands), modes=wide),
        [route for route in routes_of(whole, 80, 1) if len(route) <= 9][:count],
    )
    asked = line_request(network)
    line = designed_line(asked)
    (comb,) = asked.combs
    arrays = {f"{name}_0": values for name, values in section_figures(line, comb).items()}
    sections = sections_from(asked, arrays, fibres=len(network.fibres))
    for route in routes:
        path = terminated(line, [divmod(section, 2) for section in route])
        propagated(line, path, comb)
        (ours,) = routes_gsnr_db(sections, 0, [route], add_drop_osnr_db=38.0, tx_osnr_db=36.0)
        assert np.abs(ours - path[-1].snr_01nm).max() < 1e-9


def test_channels_of_gnpy_are_the_comb_s(conus_line):
    for comb in conus_line.request.combs:
        spectrum = propagated(conus_line, terminated(conus_line, [(0, 0)]), comb)
        np.testing.assert_allclose(spectrum.frequency / 1e12, comb.centres_thz, rtol=1e-12)


@given(data=st.data())
def test_noise_of_many_routes_is_that_of_each_alone(data, chain, drawn):
    sections = drawn(chain([100.0] * 5), data.draw(st.integers(0, 2**32 - 1)))
    routes = data.draw(
        st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=7), min_size=1, max_size=12)
    )
    together = route_log_noise(sections, 0, routes)
    for route, noise in zip(routes, together, strict=True):
        ratio = np.prod([1.0 + sections.noise[0][section] for section in route], axis=0) - 1.0
        np.testing.assert_allclose(np.expm1(noise), ratio, rtol=1e-9)


def test_no_routes_have_no_gsnr(chain, drawn):
    sections = drawn(chain([100.0]), 0)
    found = routes_gsnr_db(sections, 0, [], add_drop_osnr_db=38.0, tx_osnr_db=36.0)
    assert found.shape == (0, len(sections.combs[0].centres_thz))


def test_without_noise_on_the_way_the_ends_remain(chain, drawn):
    sections = drawn(chain([100.0]), 0, worst=1e-30)
    (found,) = routes_gsnr_db(sections, 0, [[0]], add_drop_osnr_db=38.0, tx_osnr_db=36.0)
    assert found == pytest.approx(-10 * math.log10(10**-3.8 + 10**-3.6))


def test_noise_over_a_dark_fibre_is_unknown(chain, drawn):
    sections = drawn(chain([100.0, None, 100.0]), 0)
    assert np.isnan(route_log_noise(sections, 0, [[0, 2]])).all()
    assert np.isfinite(route_log_noise(sections, 0, [[0], [4]])).all()
