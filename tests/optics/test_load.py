import random

import msgspec
import numpy as np
import pytest

from arterial.model.line import LineSystem, Margins
from arterial.optics.combs import Channel
from arterial.optics.gnpy_door import designed_line, propagated, section_figures, terminated
from arterial.optics.gsnr import gsnr_db, route_log_noise
from arterial.optics.line_request import line_request
from arterial.optics.load import MIXED_COMB_DB, load_words
from arterial.optics.sections import sections_from

pytestmark = pytest.mark.usefixtures("quiet_gnpy")

ENDS = {"add_drop_osnr_db": 38.0, "tx_osnr_db": 36.0}
KINDS = {False: [(75.0, 60.1), (87.5, 63.1)], True: [(150.0, 118.2), (150.0, 131.3)]}


def mixed(line, share, seed):
    """Channels of both classes side by side at random, over every band."""
    draw = random.Random(seed)  # noqa: S311 - a load, not a secret
    channels = []
    for low_thz, high_thz in line.band_limits_thz:
        at_thz = low_thz
        while True:
            slot, baud = draw.choice(KINDS[draw.random() < share])
            if at_thz + slot / 1000.0 > high_thz + 1e-9:
                break
            channels.append(
                Channel(centre_thz=at_thz + slot / 2000.0, slot_ghz=slot, baud_gbd=baud)
            )
            at_thz += slot / 1000.0
    return channels


@pytest.fixture(scope="module", params=["C", "C+L"])
def lit(request, conus, routes_of, only):
    """A few routes of CONUS: their line as GNPy designs it, and its sections."""
    count = 6 if request.param == "C" else 2
    whole = msgspec.structs.replace(conus, line=LineSystem(bands=request.param))
    short = [route for route in routes_of(whole, 40, 7) if len(route) <= 4]
    network, routes = only(whole, short[:count])
    asked = line_request(network)
    line = designed_line(asked)
    arrays = {
        f"{name}_{number}": values
        for number, comb in enumerate(asked.combs)
        for name, values in section_figures(line, comb).items()
    }
    return network, line, sections_from(asked, arrays, fibres=len(network.fibres)), routes


def gnpy_db(line, route, light):
    path = terminated(line, [divmod(section, 2) for section in route])
    propagated(line, path, light)
    return path[-1].snr_01nm


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_neighbours_of_another_class_cost_no_more_than_the_bound(lit, share):
    network, line, sections, routes = lit
    short_db = []
    for route in routes:
        worst = [route_log_noise(sections, comb, [route]).max() for comb in (0, 1)]
        light = mixed(network.line, share, seed=3)
        noise = np.array([worst[channel.slot_ghz > 100.0] for channel in light])
        baud = np.array([channel.baud_gbd for channel in light])
        short_db.append((gsnr_db(noise, baud, **ENDS) - gnpy_db(line, route, light)).max())
    assert max(short_db) <= MIXED_COMB_DB[sections.bands]


def test_margins_cover_the_bound_of_one_band_and_the_words_of_two_name_theirs():
    assert Margins().mixed_comb_db >= MIXED_COMB_DB["C",]
    assert f"up to {MIXED_COMB_DB['L', 'C']:g} dB" in load_words(("L", "C"))


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_less_light_is_better_light_on_one_band_and_not_on_two(lit, share):
    _, line, sections, routes = lit
    worse_db = []
    for number, comb in enumerate(sections.combs):
        count = len(comb.centres_thz)
        rng = np.random.default_rng(1)
        held = np.sort(rng.choice(count, int(share * count), replace=False))
        light = [comb.channels[channel] for channel in held]
        for route in routes:
            (noise,) = route_log_noise(sections, number, [route])
            full_db = gsnr_db(noise[held], comb.baud_gbd, **ENDS)
            worse_db.append((full_db - gnpy_db(line, route, light)).max())
    if sections.bands == ("C",):
        assert max(worse_db) < 0.0
    else:
        assert max(worse_db) > 0.0
        assert "less light than that is worse light" in sections.load_words


def test_load_and_raman_scattering_are_stated():
    assert "Raman scattering between channels not counted" in load_words(("C",))
    assert "Raman scattering between channels counted" in load_words(("L", "C"))
