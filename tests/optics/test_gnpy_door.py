import logging
import subprocess
import sys

import msgspec
import numpy as np
import pytest

from arterial.model.line import LineSystem
from arterial.optics.gnpy_door import designed_line, propagated, section_figures, terminated
from arterial.optics.line_request import line_request


@pytest.fixture(autouse=True)
def _quiet_gnpy():
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def gains(line):
    chains = line.sections.values()
    return [e.effective_gain for chain in chains for e in chain if hasattr(e, "effective_gain")]


def test_a_saturated_amplifier_keeps_its_gain_after_propagation(chain):
    # 21 dBm is what the high gain amplifier gives; a full wide comb asks for 21.2 dBm and more.
    line = designed_line(
        line_request(
            chain([130.0, 130.0], line=LineSystem(amplifier="std_high_gain", span_km=130.0))
        )
    )
    designed = gains(line)
    path = terminated(line, [(0, 0), (1, 0)])
    lowered = []
    for comb in line.request.combs:
        first = propagated(line, path, comb)
        second = propagated(line, path, comb)
        np.testing.assert_array_equal(first.ase, second.ase)
        lowered += [e.pout_db for e in path if hasattr(e, "pout_db")]
    assert gains(line) == designed
    assert max(lowered) == pytest.approx(21.0, abs=0.3), "the case must saturate to mean anything"


def test_sections_built_alike_carry_light_alike(chain):
    line = designed_line(line_request(chain([200.0, 150.0, 200.0])))
    comb = line.request.combs[0]
    figures = section_figures(line, comb)
    for row, way in enumerate(sorted(line.sections)):
        spectrum = propagated(line, terminated(line, [way]), comb)
        alone = (spectrum.ase + spectrum.nli) / spectrum.signal
        np.testing.assert_allclose(figures["noise"][row], alone, rtol=1e-12)
    np.testing.assert_array_equal(figures["noise"][0], figures["noise"][5])
    assert (figures["noise"][0] != figures["noise"][2]).all()


def test_longer_and_lossier_fibre_is_noisier(chain):
    network = chain([80.0, 160.0, 240.0, 240.0])
    lossy = msgspec.structs.replace(network.fibres[3], loss_db_per_km=0.25)
    network = msgspec.structs.replace(network, fibres=(*network.fibres[:3], lossy))
    line = designed_line(line_request(network))
    for comb in line.request.combs:
        noise = section_figures(line, comb)["noise"][::2]
        assert (np.diff(noise, axis=0) > 0).all()


def test_light_that_reaches_a_roadm_below_its_target_is_unknown(chain):
    # 41 dB in one span, and an amplifier of 18.5 dB at most to make up for it.
    line = designed_line(
        line_request(chain([200.0, 50.0], line=LineSystem(amplifier="std_low_gain", span_km=200.0)))
    )
    noise = section_figures(line, line.request.combs[0])["noise"]
    assert np.isnan(noise[:2]).all()
    assert np.isfinite(noise[2:]).all()


def test_an_unknown_amplifier_is_refused_by_name(chain):
    with pytest.raises(ValueError, match=r"no amplifier 'warp core', only .*std_medium_gain"):
        designed_line(line_request(chain([100.0], line=LineSystem(amplifier="warp core"))))


def test_a_request_that_makes_no_sense_ends_with_one_line_and_no_traceback():
    run = subprocess.run(
        [sys.executable, "-m", "arterial.optics.gnpy_door"],
        input=b"{}",
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr.decode().count("\n") == 1
    assert run.stderr.startswith(b"ValidationError: ")
