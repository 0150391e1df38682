import json
import resource
import subprocess
import sys

import msgspec
import numpy as np
import pytest

from arterial.errors import SolverError
from arterial.model.line import LineSystem
from arterial.optics.line_request import content_hash, line_request
from arterial.optics.section_cache import cache_file, store, stored
from arterial.optics.sections import load_sections, sections_from

IMPORTS = """
import json, pkgutil, importlib, sys
import arterial.optics.modes
light = sorted(sys.modules)
for module in pkgutil.iter_modules(arterial.optics.__path__, "arterial.optics."):
    if not module.name.startswith("arterial.optics.gnpy_"):
        importlib.import_module(module.name)
print(json.dumps([light, sorted(sys.modules)]))
"""


@pytest.fixture
def listened():
    heard = []
    return heard, lambda stage, done, total: heard.append((stage, done, total))


@pytest.fixture
def fresh_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ARTERIAL_CACHE", str(tmp_path))


def equal(one, other):
    return all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(
            (*one.noise, *one.log_noise, one.cd_ps_nm, one.pmd_ps, one.known),
            (*other.noise, *other.log_noise, other.cd_ps_nm, other.pmd_ps, other.known),
            strict=True,
        )
    )


@pytest.mark.usefixtures("fresh_cache")
def test_a_damaged_cache_is_told_and_worked_out_again(chain, listened):
    heard, report = listened
    network = chain([120.0])
    first = load_sections(network, report)
    assert [stage for stage, _, _ in heard] == ["light of fibre sections"] * 2

    heard.clear()
    assert equal(load_sections(network, report), first)
    assert heard == []

    file = cache_file(content_hash(line_request(network)))
    whole = file.read_bytes()
    file.write_bytes(whole[:300] + bytes([whole[300] ^ 1]) + whole[301:])
    assert equal(load_sections(network, report), first)
    assert heard[0][0].startswith(f"warning: {file} ")
    assert file.read_bytes() == whole


@pytest.mark.usefixtures("fresh_cache")
def test_figures_of_another_gnpy_are_told_and_worked_out_again(chain, listened):
    heard, report = listened
    network = chain([110.0])
    first = load_sections(network, report)
    key = content_hash(line_request(network))
    shapes = {
        f"{figure}_{number}": shape
        for number, comb in enumerate(first.combs)
        for figure, shape in (("noise", (2, len(comb.centres_thz))), ("cd", (2,)), ("pmd", (2,)))
    }
    arrays = stored(key, {**shapes, "gain_db": (1,)})
    store(key, {name: 2.0 * values for name, values in arrays.items()}, "2.9.1")

    heard.clear()
    assert equal(load_sections(network, report), first)
    assert heard[0][0].startswith(f"warning: {cache_file(key)} is from GNPy 2.9.1, and this is ")
    heard.clear()
    assert equal(load_sections(network, report), first)
    assert heard == []


@pytest.mark.usefixtures("fresh_cache")
def test_a_line_of_two_bands_has_figures_for_both(chain):
    network = chain([90.0, None], line=LineSystem(bands="C+L"))
    sections = load_sections(network)
    assert sections.bands == ("L", "C")
    assert sections.why[0] == ""
    for number, comb in enumerate(sections.combs):
        worst = sections.worst_log_noise(number)
        assert worst.shape == (4, 2)
        assert np.isnan(worst[2:]).all()
        in_l = np.array(comb.centres_thz) < 190.05
        assert (np.array(comb.band) == ~in_l).all()
        log_noise = sections.log_noise[number][0]
        assert worst[0].tolist() == [log_noise[in_l].max(), log_noise[~in_l].max()]


@pytest.mark.usefixtures("fresh_cache")
def test_a_full_disk_loses_no_result(chain, listened):
    heard, report = listened
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        sections = load_sections(chain([130.0]), report)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sections.known.all()
    assert "could not be kept" in heard[-1][0]
    assert list(cache_file("x").parent.glob("*")) == []


@pytest.mark.usefixtures("fresh_cache")
def test_wet_and_unmeasured_fibres_are_unknown_and_the_others_are_not(chain):
    network = chain([90.0, None, 90.0])
    wet = msgspec.structs.replace(network.fibres[0], name="wet", subsea=True)
    sections = load_sections(msgspec.structs.replace(network, fibres=(*network.fibres, wet)))
    assert sections.known.tolist() == [True, False, True, False]
    for noise in sections.noise:
        assert (
            np.isfinite(noise).all(axis=1).tolist()
            == [True] * 2 + [False] * 2 + [True] * 2 + [False] * 2
        )
    assert np.isnan(sections.cd_ps_nm[[2, 3, 6, 7]]).all()


def test_noise_without_end_is_unknown(chain):
    # So little light that nothing is left of it: noise over signal is infinite.
    request = line_request(chain([90.0, 90.0]))
    arrays = {
        f"{figure}_{number}": np.ones(shape)
        for number, comb in enumerate(request.combs)
        for figure, shape in (("noise", (4, len(comb.centres_thz))), ("cd", 4), ("pmd", 4))
    }
    arrays["noise_0"][0, 3] = np.inf
    sections = sections_from(request, arrays, fibres=2)
    assert sections.known.tolist() == [False, True]
    assert not np.isinf(sections.log_noise[0]).any()


def test_nothing_to_light_needs_no_gnpy(chain, listened):
    heard, report = listened
    assert load_sections(chain([None]), report).known.tolist() == [False]
    assert load_sections(chain([100.0], modes=()), report).known.tolist() == [False]
    assert load_sections(chain([]), report).known.tolist() == []
    assert heard == []


def test_arrays_are_read_only(conus_sections):
    for array in (
        *conus_sections.noise,
        *conus_sections.log_noise,
        conus_sections.cd_ps_nm,
        conus_sections.pmd_ps,
        conus_sections.known,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_what_gnpy_refuses_is_a_solver_error_with_its_reason(chain):
    with pytest.raises(SolverError, match="no amplifier 'warp core'") as failed:
        load_sections(chain([100.0], line=LineSystem(amplifier="warp core")))
    assert failed.value.engine == "GNPy"


def test_dispersion_and_pmd_are_those_of_g652_fibre(conus, conus_sections):
    length_km = np.repeat([fibre.length_km for fibre in conus.fibres], 2)
    # 16.7 ps/nm/km at 1550 nm and 0.04 ps/sqrt(km): GNPy's SSMF.
    np.testing.assert_allclose(conus_sections.cd_ps_nm, 16.7 * length_km, rtol=0.03)
    np.testing.assert_allclose(conus_sections.pmd_ps, 0.04 * np.sqrt(length_km), rtol=0.01)


def test_light_loads_no_gnpy_outside_its_door():
    run = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True
    )
    light, every = (set(loaded) for loaded in json.loads(run.stdout))
    assert "arterial.optics.modes" in light
    assert light & {"gnpy", "networkx", "scipy", "highspy", "arterial.optics.gnpy_door"} == set()
    assert every & {"gnpy", "networkx", "arterial.optics.gnpy_door"} == set()
