import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from arterial.report.svg import element, path, text

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), max_codepoint=0xD7FF))


@given(WORDS, WORDS)
def test_what_is_written_is_what_a_reader_finds(words, value):
    found = ET.fromstring(element("g", text("title", words), data_name=value))  # noqa: S314
    assert found.get("data-name") == value
    assert (found[0].text or "") == words


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=50))
def test_relative_steps_do_not_drift(points):
    x, y = (float(part) for part in path(points).removeprefix("M").split("l")[0].split(" "))
    for step in path(points).split("l")[1:]:
        east, south = (float(part) for part in step.split(" "))
        x, y = x + east, y + south
    # Six figures are written of each step: a step of 10,000 px is told to a tenth.
    assert abs(x - points[-1][0]) <= 0.06 + 0.01 * len(points)
    assert abs(y - points[-1][1]) <= 0.06 + 0.01 * len(points)
