import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.report.restored import CaseView
from arterial.report.restored_chart import restored_chart


def case(name, share, waves=4):
    return CaseView(case=name, waves=waves, waves_back=round(waves * share), gbps=400.0 * waves,
                    gbps_back=400.0 * waves * share, share=share, links=())  # fmt: skip


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9))
def test_bars_are_filled_as_far_as_light_returns(shares):
    svg = restored_chart([case(f"fibre {i}", share) for i, share in enumerate(shares)])
    whole = float(re.findall(r'class="track" width="([\d.]+)"', svg)[0])
    filled = [float(px) for px in re.findall(r'class="back(?: whole)?" width="([\d.]+)"', svg)]
    assert filled == pytest.approx([whole * share for share in shares], abs=0.06)


def test_a_cut_that_gets_all_back_is_told_apart():
    svg = restored_chart([case("fibre a", 0.5), case("fibre b", 1.0)])
    assert svg.count('class="back whole"') == 1


def test_a_case_s_name_stays_words_and_one_wave_is_one():
    svg = restored_chart([case("fibre <b>", 0.0, waves=1)])
    assert "<b>" not in svg
    assert "1 wave<" in svg
