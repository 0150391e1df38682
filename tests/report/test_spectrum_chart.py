import re

import msgspec
import pytest

from arterial.model.line import LineSystem, Reserved
from arterial.report.spectrum import mode_colours, pair_spectra
from arterial.report.spectrum_chart import spectrum_chart

EVIL = "</svg><script>alert(1)</script>\"'"


def drawn(plan, *, by_wave=True):
    colours = {mode: colour for mode, colour, _ in mode_colours(plan)}
    rows = pair_spectra(plan)
    return rows, spectrum_chart(rows, plan.network.line, colours, by_wave=by_wave)


def boxes(svg):
    """(left, width) of every bar."""
    shapes = re.findall(r'<path class="w\d" d="([^"]*)"', svg)
    return [
        (float(x), float(wide))
        for d in shapes
        for x, wide in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v", d)
    ]


@pytest.mark.parametrize("by_wave", [True, False])
def test_every_wave_is_a_bar_where_it_lies_in_the_band(plan, by_wave):
    rows, svg = drawn(plan, by_wave=by_wave)
    bars = [bar for row in rows for bar in row.bars]
    found = boxes(svg)
    assert len(found) == len(bars) == len(plan.lightpath_hops)
    px = (1120.0 - 250.0 - 150.0) / 4800.0
    expected = [250.0 + (bar.centre_ghz - bar.slot_ghz / 2 - 191_300.0) * px for bar in bars]
    assert sorted(x for x, _ in found) == pytest.approx(sorted(expected), abs=0.5)
    assert [wide for _, wide in found] == pytest.approx([75.0 * px] * len(found), abs=0.95)


def test_a_long_list_takes_one_shape_a_mode_and_row(plan):
    rows, svg = drawn(plan, by_wave=False)
    assert len(re.findall(r'<path class="w\d"', svg)) == sum(bool(row.bars) for row in rows)


def test_what_nobody_may_use_is_striped(builders):
    assert 'class="closed"' not in drawn(builders["plan"]())[1]
    line = LineSystem(reserved=(Reserved(low_ghz=193_000.0, high_ghz=193_200.0),))
    assert 'class="closed"' in drawn(builders["plan"](builders["network"](line=line)))[1]


def test_a_name_of_the_user_s_stays_a_word(plan):
    paths = [msgspec.structs.replace(path, mode=EVIL) for path in plan.lightpaths]
    for by_wave in (True, False):
        _, svg = drawn(msgspec.structs.replace(plan, lightpaths=tuple(paths)), by_wave=by_wave)
        assert "<script" not in svg
        assert "&lt;script&gt;" in svg
