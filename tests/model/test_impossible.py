import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.catalogue import read_catalogue
from arterial.model.impossible import MOST_BITS, above_shannon_db, least_osnr_db

ROW = "pluggables:\n  - {{name: X, module: x, status: press, source: x, {figures}}}\n"


@given(rate=st.floats(50, 2000), baud=st.floats(20, 300))
def test_the_limit_is_shannon_s_own_rate_at_its_own_snr(rate, baud):
    if rate > 2 * MOST_BITS * baud:
        return
    snr = 10 ** (least_osnr_db(rate, baud) / 10) * 12.5 / baud
    assert 2 * baud * math.log2(1 + snr) == pytest.approx(rate)


@given(rate=st.floats(100, 1600), baud=st.floats(100, 300))
def test_more_rate_needs_more_and_more_symbols_need_less(rate, baud):
    assert least_osnr_db(rate * 1.01, baud) > least_osnr_db(rate, baud)
    assert least_osnr_db(rate, baud * 1.01) < least_osnr_db(rate, baud)


def test_what_is_not_known_stands_nowhere_above_the_limit():
    assert math.isnan(above_shannon_db(400, None, 20.0))
    assert math.isnan(above_shannon_db(400, 60, None))


@pytest.mark.parametrize(
    ("figures", "field", "said"),
    [
        ("rate_gbps: 400, baud_gbd: 63.1, osnr_db: 16.0", "osnr_db", "limit of 16.06 dB"),
        ("rate_gbps: 1000, baud_gbd: 60", "rate_gbps", "more than 8 bit a symbol at 60 GBd"),
        ("rate_gbps: 400, baud_gbd: 90, slot_ghz: 75", "slot_ghz", "do not fit into 75 GHz"),
        ("rate_gbps: 400, rx_dbm: -12, rx_max_dbm: -13", "rx_max_dbm", "overloads at -13 dBm"),
        ("rate_gbps: 400, osnr_db: 26, tx_osnr_db: 26", "tx_osnr_db", "sends 26 dB"),
        ("rate_gbps: 400, pdl_penalty_db: 1", "pdl_penalty_db", "a penalty at no PDL"),
    ],
)
def test_an_impossible_figure_is_told_by_line_and_field(figures, field, said):
    with pytest.raises(ModelError) as told:
        read_catalogue(ROW.format(figures=figures), "v.yaml")
    (problem,) = told.value.problems
    assert (problem.line, problem.field) == (2, f"pluggables[X].{field}")
    assert said in problem.found


def test_what_lies_on_a_limit_is_believed():
    least = least_osnr_db(400, 63.1)
    figures = f"rate_gbps: 400, baud_gbd: 63.1, osnr_db: {least!r}, rx_dbm: -9, rx_max_dbm: -9"
    assert len(read_catalogue(ROW.format(figures=figures), "v.yaml")) == 1
