import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from arterial.model.fibre import Fibre, Risk
from arterial.model.record import built
from arterial.model.site import Market, Site
from arterial.model.tables import PROBLEMS, read_table

names = st.text(
    st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=10
).filter(lambda name: name.isprintable())
rows = st.builds(
    Market,
    name=names,
    site=names,
    people=st.floats(0.001, 1e9),
    access_ms=st.none() | st.floats(0, 1e3),
    source=st.text(" ,;:\"'\n", max_size=5).map(lambda text: f"x{text}y"),
)


def read(text, kind):
    problems = []
    return read_table(text, "t.csv", kind, problems), [str(problem) for problem in problems]


@given(st.lists(rows, max_size=5))
def test_rows_come_back_as_they_were_written(markets):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, Market.__struct_fields__)
    writer.writeheader()
    writer.writerows(msgspec.structs.asdict(market) for market in markets)
    records, problems = read(stream.getvalue(), Market)
    assert problems == []
    assert built(records) == tuple(markets)


def test_a_list_is_separated_by_semicolons_and_an_empty_cell_is_absent():
    (site,), problems = read("name,roles,lat,routers\nA, junction ; edge;,,3\n", Site)
    assert problems == []
    assert built(site) == Site(name="A", roles=("junction", "edge"), routers=3)


@pytest.mark.parametrize(
    ("word", "value"), [("yes", True), ("No", False), ("TRUE", True), ("false", False)]
)
def test_yes_and_no_are_words(word, value):
    (fibre,), problems = read(f"name,a,z,subsea\nF,A,B,{word}\n", Fibre)
    assert problems == []
    assert built(fibre).subsea is value


def test_rows_know_their_lines_across_blank_lines_and_quoted_breaks():
    text = 'name,source\n\nA,"two\nlines"\n,\nB,x\n'
    records, problems = read(text, Site)
    assert problems == []
    assert [(record.text("name"), record.line) for record in records] == [("A", 3), ("B", 6)]


def test_what_is_wrong_with_a_header_is_told_once_and_cells_are_still_judged():
    text = "nmae,note,note,colour\nA,\x00,1,red\nB,x,2,blue\n"
    records, problems = read(text, Risk)
    assert records is None
    assert problems == snapshot(
        [
            "t.csv:1: nmae: no such column. Did you mean 'name'?",
            "t.csv:1: note: this column stands twice. Keep one of the two",
            "t.csv:1: colour: no such column. Known here: name, note, source",
            "t.csv:1: name: this column is missing. Add it: every row needs it",
            "t.csv:2: note: found '\\x00'. Give text",
        ]
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["t.csv:1: an empty file. Start with a header: name"]),
        ("name,lat\nA\n", ["t.csv:2: 1 cells under 2 columns."]),
        ("name,lat\nA,1,x\n", ["t.csv:2: 3 cells under 2 columns."]),
        ("name;lat\nA;1\n", ["t.csv:1: name;lat: no such column. Separate columns by commas"]),
        ('name\nA\n"B\n', ["t.csv:3: this is not CSV: unexpected end of data"]),
    ],
)
def test_rows_that_do_not_fit_are_told(text, problems):
    _, told = read(text, Site)
    for expected in problems:
        assert any(problem.startswith(expected) for problem in told), told


def test_empty_cells_beyond_the_header_do_no_harm():
    records, problems = read("name,lat\nA,1,,\n", Site)
    assert (len(records), problems) == (1, [])


def test_a_table_in_which_all_is_wrong_is_not_read_to_its_end():
    text = "name,lat\n" + "A,north\n" * (3 * PROBLEMS)
    records, problems = read(text, Site)
    assert records is None
    assert len(problems) == PROBLEMS + 2
    assert "more is wrong below" in problems[-1]
