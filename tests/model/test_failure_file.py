import pytest

from arterial.errors import ModelError
from arterial.model.failure_file import read_failures, read_restored


def written(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_cases_are_read_with_what_falls_and_how_likely(tmp_path):
    table = written(tmp_path, "case,links,probability\nnone,,0.9\nboth,A-B;B-C,0.05\n")
    rows = [row for row, _ in read_failures(table)]
    assert [(row.case, row.links, row.probability) for row in rows] == [
        ("none", (), 0.9),
        ("both", ("A-B", "B-C"), 0.05),
    ]


def test_restored_links_are_read_with_their_share_and_delay(tmp_path):
    rows = [r for r, _ in read_restored(written(tmp_path, "link,share,latency_ms\nA-B,0.5,\n"))]
    assert [(row.link, row.share, row.latency_ms) for row in rows] == [("A-B", 0.5, None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty file"),
        ("case,links\n", "there is no case"),
        ("case\none\none\n", "'one' stands in line 2 already"),
        ("case,probability\none,1.5\n", "table.csv:2: probability"),
        ("case,probability\none,nan\n", "table.csv:2: probability"),
        ("case,linked\none,A\n", "no such column"),
    ],
)
def test_a_wrong_table_of_cases_is_told_with_its_line(tmp_path, text, words):
    with pytest.raises(ModelError, match=words):
        read_failures(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("link,share\nA-B,-0.1\n", "table.csv:2: share"),
        ("link,share\nA-B,1.1\n", "table.csv:2: share"),
        ("link,share,latency_ms\nA-B,1,0\n", "table.csv:2: latency_ms"),
        ("link,share\nA-B,1\nA-B,1\n", "stands in line 2 already"),
    ],
)
def test_a_wrong_table_of_restored_links_is_told_with_its_line(tmp_path, text, words):
    with pytest.raises(ModelError, match=words):
        read_restored(written(tmp_path, text))
