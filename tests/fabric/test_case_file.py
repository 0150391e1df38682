import pytest

from arterial.errors import ModelError
from arterial.fabric.case_file import read_cases
from arterial.fabric.ip_elements import elements_of


def read(square, folder, text):
    path = folder / "cases.txt"
    path.write_text(text, encoding="utf-8")
    return read_cases(path, square, elements_of(square))


def test_a_line_is_a_case_of_names_with_or_without_their_kind(square, tmp_path):
    cases = read(square, tmp_path, "# remark\nAB, site C\n\nA/2,duct\nsrlg duct\n")
    assert [cases.name(case) for case in range(len(cases))] == [
        "fibre AB + site C",
        "srlg duct + router A/2",
        "srlg duct",
    ]


def test_names_that_are_not_known_are_told_all_at_once_with_lines(square, tmp_path):
    with pytest.raises(ModelError) as told:
        read(square, tmp_path, "AB,E\nduck\n")
    assert [problem.line for problem in told.value.problems] == [1, 2]
    assert "Did you mean 'duct'?" in str(told.value)


def test_a_name_of_several_things_must_be_made_clear(square, tmp_path):
    square = type(square)(**{**vars(square), "risks": (("A", (1,)),)})
    with pytest.raises(ModelError, match="Say which: 'srlg A', 'site A'"):
        read(square, tmp_path, "A\n")
    assert read(square, tmp_path, "site A\n").name(0) == "site A"


def test_a_case_that_stands_twice_is_told(square, tmp_path):
    with pytest.raises(ModelError, match=r"cases.txt:2: .*line 1 already"):
        read(square, tmp_path, "AB,BC\nBC, AB\n")


def test_commas_alone_name_nothing(square, tmp_path):
    with pytest.raises(ModelError, match="names nothing"):
        read(square, tmp_path, ",,\n")


def test_an_empty_file_is_a_set_without_cases(square, tmp_path):
    assert len(read(square, tmp_path, "# nothing\n")) == 0


def test_a_file_of_another_kind_is_told(square, tmp_path):
    path = tmp_path / "cases.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="UTF-16"):
        read_cases(path, square, elements_of(square))
