"""Shares against a loop over people, one by one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.placement.coverage import felt_ms, percentiles_ms, share_within, worst_cases

BOUNDS_MS = np.array([1.0, 5.0, 10.0, 20.0])


@st.composite
def crowds(draw):
    """People of a few markets, their round trips before, after failures, and whose site is lost."""
    markets, failures = draw(st.integers(1, 5)), draw(st.integers(0, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people = random.integers(1, 9, markets).astype(float)
    before = random.choice([0.5, 1.0, 4.0, 9.0, 15.0, math.inf, math.nan], markets)
    after = np.maximum(before, random.choice([2.0, 9.0, 30.0, math.inf], (failures, markets)))
    return people, before, after, random.random((failures, markets)) < 0.2


def each(people, rtt_ms):
    """One round trip a person."""
    return [ms for count, ms in zip(people, rtt_ms, strict=True) for _ in range(int(count))]


@given(crowds())
def test_a_share_is_people_within_over_people(crowd):
    people, before, _, _ = crowd
    persons = each(people, before)
    expected = [sum(ms <= bound for ms in persons) / len(persons) for bound in BOUNDS_MS]
    assert share_within(people, before, BOUNDS_MS).tolist() == expected


@given(crowds())
def test_a_percentile_is_the_person_at_that_place_in_the_queue(crowd):
    people, before, _, _ = crowd
    persons = sorted(math.inf if math.isnan(ms) else ms for ms in each(people, before))
    shares = (0.5, 0.95, 1.0)
    places = [math.ceil(share * len(persons) - 1e-9) - 1 for share in shares]
    assert percentiles_ms(people, before, shares) == tuple(persons[place] for place in places)


@given(crowds())
def test_the_worst_failure_takes_most_people_out_whose_own_site_stands(crowd):
    people, before, after, lost = crowd
    felt = felt_ms(before, after, lost)
    worst = worst_cases(people, before, felt, BOUNDS_MS)
    for place, bound in enumerate(BOUNDS_MS):
        out = [
            sum(
                people[m]
                for m in range(len(people))
                if before[m] <= bound and not lost[f, m] and not after[f, m] <= bound
            )
            for f in range(len(after))
        ]
        most = max(out, default=0.0)
        assert (worst.case[place] < 0) == (most == 0.0)
        assert people[worst.hurt[place]].sum() == most
        whole = share_within(people, before, np.array([bound]))[0]
        assert worst.share[place] == pytest.approx(whole - most / people.sum())
        if most:
            assert worst.case[place] == out.index(most)
