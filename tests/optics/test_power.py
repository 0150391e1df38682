import math

import msgspec
import pytest

from arterial.model.line import LineSystem
from arterial.model.pluggable import Mode
from arterial.optics.power import launch_dbm, power_check
from arterial.optics.reach import segment_reach

MODE = Mode(
    name="m",
    module="x",
    rate_gbps=400,
    baud_gbd=60,
    tx_dbm=-10.0,
    rx_dbm=-12.0,
    rx_max_dbm=0.0,
    status="press",
    source="x",
)
LINE = LineSystem(add_loss_db=7.0, drop_psd_mw_per_ghz=0.002)


def test_launch_grows_with_the_symbol_rate_at_constant_density():
    double = launch_dbm(LINE, 120.0) - launch_dbm(LINE, 60.0)
    assert double == pytest.approx(10 * math.log10(2))
    assert launch_dbm(LINE, 32.0) == pytest.approx(-20.0)


def test_powers_within_their_limits_pass():
    assert power_check(MODE, LINE) == type(power_check(MODE, LINE))()


@pytest.mark.parametrize(
    ("line", "fails"),
    [
        ({"add_loss_db": 7.28}, ("tx power",)),  # -10 - 7.28 < -17.27 dBm at 60 GBd
        ({"add_loss_db": 7.26}, ()),
        ({"drop_psd_mw_per_ghz": 0.001}, ("rx power",)),  # 0.06 mW = -12.2 dBm
        ({"drop_psd_mw_per_ghz": 0.02}, ("rx overload",)),  # 1.2 mW = 0.8 dBm
    ],
)
def test_a_power_out_of_limits_fails_by_name(line, fails):
    assert power_check(MODE, msgspec.structs.replace(LINE, **line)).fails == fails


@pytest.mark.parametrize(
    ("figure", "check"),
    [("tx_dbm", "tx power"), ("rx_dbm", "rx power"), ("rx_max_dbm", "rx overload")],
)
def test_a_missing_figure_leaves_its_own_check_undone(figure, check):
    found = power_check(msgspec.structs.replace(MODE, **{figure: None}), LINE)
    assert found.fails == ()
    assert found.unchecked == (f"{check}: {figure} missing",)


def test_a_line_that_says_nothing_leaves_all_undone_by_its_own_names():
    assert power_check(MODE, LineSystem()).unchecked == (
        "tx power: line.add_loss_db missing",
        "rx power: line.drop_psd_mw_per_ghz missing",
        "rx overload: line.drop_psd_mw_per_ghz missing",
    )


def test_a_weak_transmitter_is_a_no_whatever_the_noise_and_a_missing_one_is_none(chain, drawn):
    network = chain([50.0], line=LineSystem(add_loss_db=11.5))
    found = {row.mode: row for row in segment_reach(network, drawn(network, 1, worst=1e-5), (0,))}
    assert found["OpenZR+ 200"].why == ("tx power",)
    assert found["bright 400"].verdict == "yes"
    silent = found["800G PCS ASSUMPTION"]
    assert silent.verdict == "yes"
    assert silent.unchecked[0] == "tx power: tx_dbm missing"
