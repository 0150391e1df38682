import pytest

from arterial.errors import ModelError
from arterial.model import series
from arterial.model.series import MatrixRow, read_masses, read_series

SITES = ("Ash", "Birch")
HEAD = "time_h,source,target,gbps\n"


def written(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def told(path, read=read_series):
    with pytest.raises(ModelError) as caught:
        read(path, SITES)
    return [str(problem) for problem in caught.value.problems]


def test_a_table_and_a_folder_of_tables_are_series(tmp_path):
    path = written(tmp_path / "s.csv", HEAD + "-1.5,Ash,Birch,2\n0,Birch,Ash,0\n")
    assert read_series(path, SITES) == (
        (
            MatrixRow(time_h=-1.5, source="Ash", target="Birch", gbps=2.0),
            MatrixRow(time_h=0.0, source="Birch", target="Ash", gbps=0.0),
        ),
    )
    written(tmp_path / "day" / "b.csv", "source,target,gbps\nAsh,Birch,2\n")
    written(tmp_path / "day" / "a.csv", "source,target,gbps\nAsh,Birch,1\nAsh,Ash,5\n")
    tables = read_series(tmp_path / "day", SITES)
    assert [[row.gbps for row in table] for table in tables] == [[1.0, 5.0], [2.0]]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("0,Ash,Birsch,1", "s.csv:3: target: no site is called 'Birsch'. Did you mean 'Birch'?"),
        ("0,Ash,Birch,-1", "s.csv:3: gbps: found '-1'"),
        ("0,Ash,Birch,nan", "s.csv:3: gbps: found 'nan'"),
        ("inf,Ash,Birch,1", "s.csv:3: time_h: found 'inf'"),
        ("1e9,Ash,Birch,1", "s.csv:3: time_h: found '1e9'"),
        ("0,,Birch,1", "s.csv:3: source: missing"),
        ("0,Ash,Birch", "s.csv:3: 3 cells under 4 columns"),
        ('0,"Ash,Birch,1', "s.csv:3: this is not CSV"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path, row, words):
    path = written(tmp_path / "s.csv", f"{HEAD}0,Ash,Birch,1\n{row}\n")
    (problem,) = told(path)
    assert problem.startswith(words)


def test_a_place_without_matrices_is_told(tmp_path):
    assert "no CSV files are in this folder" in told(tmp_path)[0]
    assert "no such file" in told(tmp_path / "s.csv")[0]


def test_rows_beyond_what_memory_bears_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(series, "MOST_ROWS", 3)
    for name in ("a", "b"):
        written(tmp_path / f"{name}.csv", "source,target,gbps\nAsh,Birch,1\nBirch,Ash,1\n")
    assert "more than 3 rows. Give fewer steps" in told(tmp_path)[0]


def test_masses_are_read_and_what_is_wrong_in_them_told(tmp_path):
    path = written(tmp_path / "m.csv", "site,mass\nAsh,3.5\nBirch,0\n")
    assert read_masses(path, SITES) == {"Ash": 3.5, "Birch": 0.0}
    bad = written(tmp_path / "n.csv", "site,mass\nAsh,1\nAsh,2\nElm,1\nBirch,-1\n")
    problems = "\n".join(told(bad, read_masses))
    for words in ("n.csv:3: site: site 'Ash' stands twice", "'Elm'", "n.csv:5: mass: found '-1'"):
        assert words in problems
