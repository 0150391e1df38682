import msgspec
import numpy as np
import pytest

from arterial.errors import SolverError
from arterial.model.line import LineSystem
from arterial.optics.dark import BELOW, NO_COMB, NO_LENGTH, WET, beyond_amplifier, named
from arterial.optics.line_request import line_request
from arterial.optics.sections import load_sections

STD_MEDIUM_GAIN = "amplifier 'std_medium_gain' gains 28.5 dB at most"


def test_every_unknown_fibre_says_why(chain):
    network = chain([100.0, None, 60.0, 130.0], line=LineSystem(span_km=130.0))
    wet = msgspec.structs.replace(network.fibres[2], subsea=True)
    lossy = msgspec.structs.replace(network.fibres[3], loss_db_per_km=0.25)
    network = msgspec.structs.replace(network, fibres=(*network.fibres[:2], wet, lossy))
    sections = load_sections(network)
    assert sections.known.tolist() == [True, False, False, False]
    assert sections.why == (
        "",
        NO_LENGTH,
        WET,
        f"its one span of 130.0 km loses 33.5 dB, and {STD_MEDIUM_GAIN}",
    )


def test_a_span_at_the_largest_gain_is_bridged_and_one_beyond_is_not(chain):
    request = line_request(chain([110.0, 300.0, 330.0], line=LineSystem(span_km=110.0)))
    loss_db = 110.0 * 0.2 + 1.0
    assert beyond_amplifier(request, np.array([loss_db])) == {}
    assert set(beyond_amplifier(request, np.array([loss_db - 1e-9]))) == {0, 2}
    told = beyond_amplifier(request, np.array([loss_db - 1e-9]))[2]
    assert told.startswith("each of its 3 spans of 110.0 km loses 23.0 dB")
    assert beyond_amplifier(request, None) == {}


def test_the_band_with_the_least_gain_decides(chain):
    line = LineSystem(bands="C+L", l_amplifier="std_low_gain_L", span_km=100.0)
    sections = load_sections(chain([100.0, 40.0], line=line))
    assert sections.known.tolist() == [False, True]
    assert sections.why[0].endswith("amplifier 'std_low_gain_L' gains 18.5 dB at most")


def test_light_below_its_target_is_told_as_such(chain):
    # The preamplifier gives 0 dBm a reference channel, and the ROADM asks for 5 dBm of it.
    sections = load_sections(chain([80.0], line=LineSystem(psd_mw_per_ghz=0.1)))
    assert sections.why == (BELOW,)


def test_without_a_comb_nothing_is_known(chain):
    sections = load_sections(chain([80.0], modes=()))
    assert sections.why == (NO_COMB,)


def test_spans_are_told_by_their_fibre(chain):
    network = chain([None, 200.0])
    request = line_request(network)
    assert named("Edfa_booster_roadm 1_to_span 0 1 2: no gain", request, network) == (
        "Edfa_booster_roadm 1_to_span 3 of fibre 'f1' from '2' to '1': no gain"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LineSystem(bands="C+L", l_amplifier="none such"), "no amplifier 'none such'"),
        (
            LineSystem(bands="C+L", l_min_thz=186.3),
            "'std_medium_gain_L' carries 186.5 to 190.1 THz, not 186.3 to 190.05",
        ),
        (LineSystem(f_max_thz=196.15), "'std_medium_gain' carries 191.275 to 196.125 THz"),
        (LineSystem(bands="C+L", amplifier="std_low_gain_L"), "'std_low_gain_L' carries"),
    ],
)
def test_an_amplifier_that_lacks_a_band_is_refused_and_never_replaced(chain, line, words):
    with pytest.raises(SolverError, match=words):
        load_sections(chain([80.0], line=line))
