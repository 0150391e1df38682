import os

import pytest

from arterial.errors import ModelError
from arterial.model.files import read_text


def refusal(folder, name, limit=100):
    with pytest.raises(ModelError) as caught:
        read_text(folder, name, limit)
    (problem,) = caught.value.problems
    return problem


def test_text_comes_without_byte_order_mark_and_composed(tmp_path):
    (tmp_path / "a.csv").write_bytes("\ufeffZu\u0308rich".encode())
    assert read_text(tmp_path, "a.csv", 100) == "Z\u00fcrich"


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_lines_end_alike_whoever_saved_the_file(tmp_path, ending):
    (tmp_path / "a.csv").write_bytes(f'name,note{ending}A,"two{ending}lines"'.encode())
    assert read_text(tmp_path, "a.csv", 100) == 'name,note\nA,"two\nlines"'


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "x/../../a.csv", "/etc/hostname", "", "C:a.csv", "x\\a.csv", "a\x00.csv", "a\n"],
)
def test_a_name_outside_the_folder_is_refused(tmp_path, name):
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "in").mkdir()
    assert refusal(tmp_path / "in", name).found == "no name of a file in this folder"


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path):
    (tmp_path / "a.csv").write_text("secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "out.csv").symlink_to(tmp_path / "a.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "b.csv").write_text("own")
    (folder / "c.csv").symlink_to(folder / "b.csv")
    assert refusal(folder, "out.csv").found == "a link that leads out of the folder"
    assert "link" in refusal(folder, "loop.csv").found
    assert read_text(folder, "c.csv", 100) == "own"


def test_a_linked_folder_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.csv").write_text("secret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "sub").symlink_to(tmp_path / "other")
    assert refusal(tmp_path / "in", "sub/a.csv").found == "a link that leads out of the folder"


def test_a_folder_and_a_pipe_are_no_files(tmp_path):
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path, "sub").found == "this is no regular file"
    assert refusal(tmp_path, "pipe").found == "this is no regular file"


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 2**20)
    assert len(read_text(tmp_path, "a.csv", 2**20)) == 2**20
    assert refusal(tmp_path, "a.csv", 2**20 - 1).found.startswith("larger than")


def test_a_missing_file_names_those_beside_it(tmp_path):
    (tmp_path / "sites.csv").write_text("x")
    assert refusal(tmp_path, "site.csv").expected == "Beside it: sites.csv"


@pytest.mark.parametrize(
    ("content", "line", "found"),
    [
        ("name\nZürich\n".encode("latin-1"), 2, "byte 0xfc is not UTF-8"),
        ("name\n".encode("utf-16"), 1, "UTF-16"),
        (b"a\nb\n\xff\xfe", 3, "byte 0xff is not UTF-8"),
    ],
)
def test_another_encoding_is_told_with_its_line_and_what_to_do(tmp_path, content, line, found):
    (tmp_path / "a.csv").write_bytes(content)
    problem = refusal(tmp_path, "a.csv")
    assert problem.line == line
    assert found in problem.found
    assert problem.expected == "Save it as UTF-8"
