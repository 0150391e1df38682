import pytest

from arterial.errors import ModelError
from arterial.model.restored_file import read_restored


def written(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_restored_links_are_read_with_their_share_and_delay(tmp_path):
    rows = [r for r, _ in read_restored(written(tmp_path, "link,share,latency_ms\nA-B,0.5,\n"))]
    assert [(row.link, row.share, row.latency_ms) for row in rows] == [("A-B", 0.5, None)]


def test_a_row_may_be_of_one_case(tmp_path):
    text = "case,link,share\nfibre A-B,A-B,0.5\nfibre B-C,A-B,1\n,A-B,0\n"
    rows = [row for row, _ in read_restored(written(tmp_path, text))]
    assert [row.case for row in rows] == ["fibre A-B", "fibre B-C", ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an empty file"),
        ("link,share\n", "there is no link"),
        ("link,shared\nA-B,1\n", "no such column"),
        ("link,share\nA-B,-0.1\n", "table.csv:2: share"),
        ("link,share\nA-B,1.1\n", "table.csv:2: share"),
        ("link,share,latency_ms\nA-B,1,0\n", "table.csv:2: latency_ms"),
        ("link,share\nA-B,1\nA-B,1\n", "stands in line 2 already"),
        ("case,link,share\nx,A-B,1\nx,A-B,1\n", "'A-B' after 'x' stands in line 2 already"),
    ],
)
def test_a_wrong_table_of_restored_links_is_told_with_its_line(tmp_path, text, words):
    with pytest.raises(ModelError, match=words):
        read_restored(written(tmp_path, text))
