import math

import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.model.catalogue import load_catalogue
from arterial.model.line import LineSystem, Margins
from arterial.optics.nominal import MOST_SPANS, nominal_reach_km
from arterial.optics.reach import segment_reach
from arterial.optics.sections import load_sections

MODES = load_catalogue()


@pytest.fixture(scope="module")
def reach_km(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARTERIAL_CACHE", str(tmp_path_factory.getbasetemp() / "optics-cache"))
        return dict(zip((m.name for m in MODES), _reach(Margins()), strict=True))


def _reach(margins):
    return nominal_reach_km(MODES, LineSystem(), margins, silent)


@pytest.mark.parametrize("name", ["OpenZR+ 300", "400 ULH PCS-98", "800G PCS ASSUMPTION"])
def test_one_section_of_that_length_reaches_and_one_of_a_span_more_does_not(name, reach_km, chain):
    far = float(reach_km[name])
    assert far % 80 == 0
    network = chain([far, far + 80])
    sections = load_sections(network)
    got, missed = (
        {row.mode: row.verdict for row in segment_reach(network, sections, (section,))}[name]
        for section in (0, 2)
    )
    assert (got, missed) == ("yes", "no")


def test_an_800g_mode_gets_over_450_km(reach_km):
    assert reach_km["800G PCS ASSUMPTION"] >= 450


def test_what_lacks_a_figure_has_no_reach_and_all_others_have_one(reach_km):
    unknown = {name for name, km in reach_km.items() if math.isnan(km)}
    assert unknown == {mode.name for mode in MODES if mode.status == "press"}
    assert all(0 < km <= 80 * MOST_SPANS for km in reach_km.values() if not math.isnan(km))


def test_more_margin_never_gets_further(reach_km):
    strict = _reach(Margins(ageing_db=2.0))
    usual = np.array(list(reach_km.values()))
    known = ~np.isnan(usual)
    assert (strict[known] <= usual[known]).all()
    assert (strict[known] < usual[known]).any()
