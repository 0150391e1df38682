from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.section_cache import cache_file, sealed, store, stored, unpacked

ARRAYS = {"noise_0": np.arange(12.0).reshape(4, 3), "cd_0": np.array([1.0, 2.0, 3.0, 4.0])}
SHAPES = {name: array.shape for name, array in ARRAYS.items()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARTERIAL_CACHE", str(tmp_path_factory.mktemp("cache")))
        store("a", ARRAYS)
        return cache_file("a").read_bytes()


def same(arrays):
    return arrays.keys() == ARRAYS.keys() and all(
        np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS
    )


def test_what_is_stored_comes_back(kept):
    assert stored("nobody filed this", SHAPES) is None
    store("b", ARRAYS)
    assert same(stored("b", SHAPES))
    assert cache_file("b").read_bytes() == kept


@given(data=st.data())
def test_a_changed_byte_is_damage(data, kept):
    place = data.draw(st.integers(0, len(kept) - 1))
    changed = kept[place] ^ data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="does not hold what was written"):
        sealed(kept[:place] + bytes([changed]) + kept[place + 1 :])


@given(data=st.data())
def test_a_file_cut_short_is_damage(data, kept):
    with pytest.raises(ValueError, match="does not hold what was written"):
        sealed(kept[: data.draw(st.integers(0, len(kept) - 1))])


def test_what_is_no_archive_is_damage():
    with pytest.raises(ValueError, match="npz"):
        unpacked(b"")
    with pytest.raises(ValueError, match=r"npz|pickle"):
        unpacked(b"words")


def test_another_shape_is_damage():
    store("c", ARRAYS)
    with pytest.raises(ValueError, match="shape"):
        stored("c", {**SHAPES, "cd_0": (5,)})


def test_a_folder_in_the_place_of_the_file_is_damage():
    cache_file("d").mkdir(parents=True)
    with pytest.raises(ValueError, match="cannot be read"):
        stored("d", SHAPES)


def test_another_version_s_figures_are_told_and_not_used():
    store("e", ARRAYS, "2.9.1")
    assert same(stored("e", SHAPES, "2.9.1"))
    with pytest.raises(ValueError, match=rf"is from GNPy 2\.9\.1, and this is {version('gnpy')}"):
        stored("e", SHAPES)


def test_a_file_of_no_known_version_is_not_used(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("arterial.optics.section_cache.MADE_BY", "something_else")
        store("f", ARRAYS)
    with pytest.raises(ValueError, match="of no known version"):
        stored("f", SHAPES)
