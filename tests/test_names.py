import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.names import Name, did_you_mean, nearest

WORDS = st.text("abcdefgh_", min_size=4, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_a_name_is_nearest_to_itself(known, data):
    name = data.draw(st.sampled_from(known))
    assert nearest(name, known) == name


@given(st.lists(WORDS, min_size=1, max_size=8), st.data())
def test_case_is_no_distance(known, data):
    name = data.draw(st.sampled_from(known))
    assert nearest(name.upper(), known) == name


@given(st.permutations("abcdefgh_"), st.integers(4, 9), st.data())
def test_one_letter_too_few_is_still_near(letters, length, data):
    name = "".join(letters[:length])
    at = data.draw(st.integers(0, length - 1))
    assert nearest(name[:at] + name[at + 1 :], [name, "zzzzzzzzzzzz"]) == name


@given(st.lists(WORDS, unique=True, max_size=8), WORDS)
def test_the_order_of_the_known_names_does_not_matter(known, name):
    assert nearest(name, known) == nearest(name, reversed(known))


def test_nothing_near_is_not_guessed():
    assert nearest("Boston", ["Zürich", "Kyoto"]) is None
    assert did_you_mean("Boston", ["Zürich", "Kyoto"]) == ""
    assert did_you_mean("Boston", []) == ""


@pytest.mark.parametrize(
    "text", ["A", "St Louis", "El_Paso", "São Paulo", "x" * 80, "fibre a/b #2"]
)
def test_people_s_names_are_names(text):
    assert msgspec.convert(text, Name) == text


@pytest.mark.parametrize("text", ["", " A", "A ", "A,B", "A;B", "A\tB", "A\nB", "A\n", "x" * 81])
def test_what_would_break_a_table_is_no_name(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Name)
