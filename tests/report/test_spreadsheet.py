import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from arterial.report.spreadsheet import cell

FORMULA = "=+-@\t\r\n"


@given(st.text() | st.lists(st.text(), max_size=3))
def test_no_text_is_a_formula_and_every_text_can_be_read_back(words):
    text = io.StringIO()
    csv.writer(text).writerow([cell(words)])
    assert not cell(words).startswith(tuple(FORMULA))
    told = words if isinstance(words, str) else "; ".join(words)
    assert cell(words).removeprefix("'" if told[:1] and told[:1] in FORMULA else "") == told


@given(st.floats(-1e300, 1e300) | st.integers(-(10**9), 10**9))
def test_numbers_stay_numbers(value):
    assert abs(float(cell(value)) - value) <= 1e-14 * abs(value)


def test_what_nobody_knows_is_empty():
    assert [cell(None), cell(float("nan")), cell(()), cell("")] == ["", "", "", ""]
