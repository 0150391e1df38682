import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports import found
from arterial.model.imports.found import content_of, text_of, tidy_name, unique, whole_of
from arterial.names import Name


@given(text=st.text(max_size=200))
def test_any_text_becomes_a_name(text):
    name = tidy_name(text, "node 1")
    assert msgspec.convert(name, Name) == name
    assert tidy_name(name, "other") == name


@given(names=st.lists(st.sampled_from(["a", "b", "a 2", "a 3", "b 2"]), max_size=12))
def test_unique_names_are_unique_and_the_first_of_each_stays(names):
    result = unique(names)
    assert len(set(result)) == len(names)
    assert all(new.startswith(old) for new, old in zip(result, names, strict=True))
    assert [result[names.index(name)] for name in dict.fromkeys(names)] == list(
        dict.fromkeys(names)
    )


def test_a_file_that_is_missing_empty_or_a_folder_is_told(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    for name, words in [("none", "no such file"), ("empty", "is empty"), (".", "a folder")]:
        with pytest.raises(ModelError, match=words):
            content_of(tmp_path / name)


def test_a_file_over_the_limit_is_not_read_further(tmp_path, monkeypatch):
    monkeypatch.setattr(found, "FILE_BYTES", 10)
    (tmp_path / "big").write_bytes(b"x" * 11)
    with pytest.raises(ModelError, match="larger"):
        content_of(tmp_path / "big")


def test_text_is_utf_8_in_one_form_of_letters_with_line_feeds(tmp_path):
    path = tmp_path / "text"
    path.write_bytes("\ufeffZu\u0308rich\r\nOslo\rPisa".encode())
    assert text_of(path) == "Z\u00fcrich\nOslo\nPisa"
    path.write_bytes(b"Oslo\nZ\xfcrich\n")
    with pytest.raises(ModelError, match="byte 0xfc is not UTF-8") as told:
        text_of(path)
    assert told.value.problems[0].line == 2


def test_whole_numbers_are_digits_and_not_too_many():
    assert [whole_of(text) for text in ["0", "007", "", "-1", "1.0", "\u0663", "9" * 5000]] == [
        0,
        7,
        None,
        None,
        None,
        None,
        None,
    ]
