import pytest

from arterial.jobs.files import write_atomically


def test_a_folder_in_the_file_s_place_is_named_and_nothing_is_left(tmp_path):
    place = tmp_path / "page.html"
    place.mkdir()
    with pytest.raises(IsADirectoryError) as raised:
        write_atomically(place, b"page")
    assert raised.value.filename == str(place)
    assert list(tmp_path.iterdir()) == [place]


def test_what_the_disk_refuses_is_told_by_the_name_that_was_given(tmp_path, monkeypatch):
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("arterial.jobs.files.os.fsync", refuse)
    with pytest.raises(OSError, match="No space") as raised:
        write_atomically(tmp_path / "page.html", b"page")
    assert raised.value.filename == str(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
