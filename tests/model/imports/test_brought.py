import pytest

from arterial.errors import ModelError
from arterial.model.imports.brought import brought_demands

HEAD = "traffic_class,source,target,gbps,transfer_h\n"


@pytest.fixture
def brought(tmp_path):
    def read(text):
        path = tmp_path / "mine.csv"
        path.write_text(text, encoding="utf-8")
        return brought_demands(path, ["Ash", "Birch"])

    return read


def test_demands_keep_their_class_and_those_to_oneself_are_left_out_and_told(brought):
    rows, notes = brought(HEAD + "a,Ash,Birch,1,\nb,Ash,Ash,2.5,\na,Birch,Ash,3,0.5\n")
    assert [(row.traffic_class, row.gbps, row.transfer_h) for row in rows] == [
        ("a", 1.0, None),
        ("a", 3.0, 0.5),
    ]
    assert notes == ("left out: 1 demands from a site to itself, 2.5 Gb/s",)


def test_every_problem_is_told_with_its_line(brought):
    with pytest.raises(ModelError) as told:
        brought(HEAD + "a,Ash,Birsch,1,\na,Ash,Birch,-1,\na b\tc,Elm,Ash,nan,\n")
    lines = [str(problem).partition("mine.csv:")[2] for problem in told.value.problems]
    assert any("2: target: no site is called 'Birsch'. Did you mean 'Birch'?" in x for x in lines)
    assert any("3: gbps: found '-1'" in x for x in lines)
    assert any("4: traffic_class: found" in x for x in lines)
    assert any("4: gbps: found 'nan'" in x for x in lines)
    assert any("4: source: no site is called 'Elm'" in x for x in lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("source,target,gbps\nAsh,Birch,1\n", "traffic_class: this column is missing"),
        (HEAD + '"a,Ash,Birch,1\n', "this is not CSV"),
        ("\n", "an empty file"),
    ],
)
def test_what_is_no_table_is_told(brought, text, words):
    with pytest.raises(ModelError, match=words):
        brought(text)
