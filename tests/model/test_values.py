import math
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from arterial.model.marks import Text
from arterial.model.quantity import Count, Fraction, Latitude, NonNegative, Positive, Share
from arterial.model.values import Unfit, phrase, value_of
from arterial.names import Name

NUMBERS = [Count, Fraction, Latitude, NonNegative, Positive, Share]


def read(text, kind, *, plain=True):
    return value_of(Text(1, text, plain), msgspec.inspect.type_info(kind))


@pytest.mark.parametrize("kind", NUMBERS)
@given(st.floats(-200, 200) | st.integers(-200, 2_000_000) | st.sampled_from([0, 1, -90, 90]))
def test_a_number_is_taken_exactly_when_msgspec_takes_it(kind, value):
    whole = int(value) if kind is Count and value == int(value) else value
    try:
        expected = msgspec.convert(whole, kind, strict=True)
    except msgspec.ValidationError:
        assert isinstance(read(repr(value), kind), Unfit)
    else:
        assert read(repr(value), kind) == expected


@given(st.text(max_size=90))
def test_a_name_is_taken_only_when_msgspec_takes_it_and_nothing_in_it_is_hidden(text):
    try:
        msgspec.convert(text, Name)
        named = text.isprintable()
    except msgspec.ValidationError:
        named = False
    assert (read(text, Name) == text) is named


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e999", "1_000", "0x10", "1,5", "", "9" * 50]
)
def test_what_is_no_finite_decimal_number_is_no_number(text):
    assert isinstance(read(text, float), Unfit)


@pytest.mark.parametrize(("text", "value"), [("1e12", 1e12), ("+4", 4.0), (".5", 0.5), ("7.", 7.0)])
def test_numbers_may_be_written_as_people_write_them(text, value):
    assert read(text, float) == value


def test_minus_zero_is_zero():
    assert math.copysign(1.0, read("-0.0", float)) == 1.0


def test_a_whole_number_may_come_from_a_spreadsheet_but_not_be_broken():
    assert read("4.0", Count) == 4
    assert isinstance(read("4.0", Count), int)
    assert isinstance(read("4.5", Count), Unfit)


def test_a_number_in_quotes_is_text():
    unfit = read("12", Positive, plain=False)
    assert unfit == Unfit("found the text '12' in quotes", "Give a number above 0, unquoted")
    assert read("12", Name) == "12"


@pytest.mark.parametrize("word", ["no", "0815", "null", "1e3", "true"])
def test_a_plain_scalar_is_a_name_where_a_name_is_due(word):
    assert read(word, Name) == word


@pytest.mark.parametrize("text", ["a\x1b[2J", "a\x00", "\ud800"])
def test_control_characters_are_refused_in_any_text(text):
    for kind in (str, Name):
        unfit = read(text, kind)
        assert isinstance(unfit, Unfit)
        assert unfit.found.isprintable()


def test_a_word_near_a_known_one_is_offered():
    unfit = read("existin", Literal["existing", "leasable"])
    assert unfit.expected == "Give one of existing, leasable. Did you mean 'existing'?"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Positive, "a number above 0"),
        (NonNegative | None, "a number not below 0"),
        (Annotated[int, Meta(ge=1, le=10_000)], "a whole number not below 1 and not above 10,000"),
        (
            Annotated[int, Meta(ge=1, le=2**24 - 1)],
            "a whole number not below 1 and not above 16,777,215",
        ),
        (Annotated[float, Meta(ge=0, lt=1)], "a number not below 0 and below 1"),
        (bool, "yes or no"),
        (tuple[str, ...], "a list"),
        (dict[str, float], "a mapping (key: value)"),
        (str, "text"),
    ],
)
def test_what_a_field_takes_is_said_in_words(kind, words):
    assert phrase(msgspec.inspect.type_info(kind)) == words
