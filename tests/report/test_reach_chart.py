import re

import pytest

from arterial.report.reach import ModeReach, ReachRow
from arterial.report.reach_chart import reach_chart


def row(name, reach_km, limit="gsnr", used_km=(), rate_gbps=400.0):
    reach = ModeReach(mode=name, rate_gbps=rate_gbps, slot_ghz=75.0, reach_km=reach_km, limit=limit)
    return ReachRow(reach=reach, efficiency=5.3, waves=len(used_km), used_km=used_km)


def test_bars_are_as_long_as_reaches():
    svg = reach_chart([row("a", 400.0), row("b", 1000.0), row("c", 250.0)])
    wide = [float(px) for px in re.findall(r'class="span"[^>]* width="([\d.]+)"', svg)]
    assert wide == pytest.approx([0.4 * wide[1], wide[1], 0.25 * wide[1]], abs=0.1)


def test_what_ends_a_reach_is_told():
    svg = reach_chart([row("a", 400.0, "cd"), row("b", 5120.0, "beyond"), row("c", 0.0, "none")])
    assert "400 km (CD)" in svg
    assert "over 5,120 km" in svg
    assert "no span" in svg


def test_each_rate_is_named_once_and_a_mode_s_name_stays_a_word():
    svg = reach_chart([row("<b>", 400.0, used_km=(70.0, 900.0)), row("c", 100.0)])
    assert svg.count(">400 Gb/s<") == 1
    assert "<b>" not in svg
    assert "segments of 70 to 900 km" in svg
