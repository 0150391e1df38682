"""Make before break, held to an exhaustive search over orders."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.meanwhile import Meanwhile
from arterial.design.order import NoOrderError, worked
from arterial.design.standing import standing
from arterial.design.stock import Stock
from arterial.design.upgrade import Ask, upgrade
from arterial.design.ways import Action, Terms, ways_of
from arterial.design.works import Works

FASTER = ("OpenZR+ 200", "OpenZR+ 300", "OpenZR+ 400")


@pytest.fixture(scope="session")
def three(ground_floor):
    """Three waves of 100 Gb/s from Alder to Birch: (base, ways, stock, meanwhile)."""
    ask = Ask(a="Alder", z="Birch", target_gbps=300.0, mode="OpenZR+ 100")
    plan = upgrade(ground_floor.plan, ground_floor.sections, ask).plan
    base = standing(plan, "Alder", "Birch")
    ways = ways_of(base, ground_floor.sections, Terms())[:1]
    assert [wave.row.rate_gbps for wave in base.bundles[0].waves] == [100.0] * 3
    return base, ways, Stock(plan), Meanwhile(plan)


def loaded(three, load_gbps):
    base, ways, stock, meanwhile = three
    bundle = replace(base.bundles[0], load_gbps=load_gbps)
    base = replace(base, bundles=(bundle,))
    return Works(base, (replace(ways[0], bundle=bundle),), stock, meanwhile)


def in_place(items, load_gbps, usable):
    """Whether some order does all work with no wave lit for its sake."""
    for order in permutations(items):
        gbps, holds = 300.0, True
        for old, new in order:
            holds &= (gbps - old) * usable >= load_gbps - 1e-9
            gbps += new - old
        if holds:
            return True
    return False


@given(
    st.lists(st.sampled_from(FASTER), min_size=1, max_size=3),
    st.lists(st.sampled_from(FASTER), max_size=2),
    st.floats(0.0, 216.0),
)
@settings(max_examples=60, deadline=None)
def test_no_step_falls_below_the_load_and_no_wave_is_lit_for_nothing(
    three, exchanged, added, load_gbps
):
    works = loaded(three, load_gbps)
    options = {option.mode: option for option in works.ways[0].options}
    wanted = [
        (Action(0, options[mode], old, 3), count)
        for old, modes in ((("OpenZR+ 100", ()), exchanged), (None, added))
        for mode, count in Counter(modes).items()
    ]
    worked(works, [action for action, _ in wanted], [count for _, count in wanted])
    assert all(step.holds for step in works.steps)
    rates = sorted(wave.row.rate_gbps for wave in works.waves["Alder--Birch"])
    left = [100.0] * (3 - len(exchanged))
    assert rates == sorted(left + [options[mode].rate_gbps for mode in (*exchanged, *added)])
    items = [(100.0, options[mode].rate_gbps) for mode in exchanged]
    items += [(0.0, options[mode].rate_gbps) for mode in added]
    lent = sum(step.what == "take down" for step in works.steps)
    assert (lent == 0) == in_place(items, load_gbps, works.base.usable)


def test_more_exchanges_than_room_has_no_order(three):
    works = loaded(three, 100.0)
    option = next(one for one in works.ways[0].options if one.slot_ghz == 150.0)
    count = works.seats.occupancy.band.open_slots  # more waves than slots, on every pair
    with pytest.raises(NoOrderError, match="no pair is left to light") as stop:
        worked(works, [Action(0, option, None, 10**6)], [count * 100])
    assert stop.value.action == 0
