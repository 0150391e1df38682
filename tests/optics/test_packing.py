"""Packing against a search of all orders, and against the laws of the glass."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.optics.packing import first_fit, height, pack


@st.composite
def packings(draw, waves=6, places=4, widest=4):
    routes = [
        tuple(draw(st.permutations(range(places)))[: draw(st.integers(1, 3))])
        for _ in range(draw(st.integers(0, waves)))
    ]
    widths = [draw(st.integers(1, widest)) for _ in routes]
    return routes, widths, draw(st.integers(0, 255))


def exact(routes, widths, closed):
    """The least top by trying every slot of every wave, no higher than the best so far."""
    best = [sum(widths) + closed.bit_length() + max(widths, default=0) * len(routes) + 8]

    def place(wave, used, top):
        if wave == len(routes):
            best[0] = min(best[0], top)
            return
        for start in range(best[0] - widths[wave]):
            slots = {(p, start + s) for p in routes[wave] for s in range(widths[wave])}
            shut = any(closed >> start + s & 1 for s in range(widths[wave]))
            if not shut and not slots & used:
                place(wave + 1, used | slots, max(top, start + widths[wave]))

    place(0, set(), 0)
    return best[0]


@settings(max_examples=60, deadline=None)
@given(case=packings(waves=4))
def test_the_bound_is_no_more_than_the_exact_answer_and_the_top_no_less(case):
    routes, widths, closed = case
    least = exact(routes, widths, closed)
    found = pack(routes, widths, closed=closed, rounds=50)
    assert found.bound <= least <= found.top
    assert found.status == "rounds" or found.top == least


@settings(max_examples=60, deadline=None)
@given(case=packings(waves=5))
def test_some_order_makes_first_fit_exact(case):
    routes, widths, _ = case
    tops = (
        max((s + w for s, w in zip(first_fit(o, routes, widths), widths, strict=True)), default=0)
        for o in permutations(range(len(routes)))
    )
    assert min(tops) == exact(routes, widths, 0)


@given(case=packings(waves=30, places=6, widest=12))
def test_no_two_waves_share_a_slot_and_closed_slots_stay_dark(case):
    routes, widths, closed = case
    found = pack(routes, widths, closed=closed, rounds=20)
    used = {}
    for wave, (start, width) in enumerate(zip(found.first_slot, widths, strict=True)):
        for slot in range(start, start + width):
            assert not closed >> slot & 1
            for place in routes[wave]:
                assert used.setdefault((place, slot), wave) == wave
    assert found.top == max((slot + 1 for _, slot in used), default=0)
    assert found.top <= found.first_fit
    assert found == pack(routes, widths, closed=closed, rounds=20)


def test_a_search_brings_first_fit_down():
    routes = [(3, 2), (2,), (3,), (1, 0, 3), (0,)]
    found = pack(routes, [9, 12, 9, 9, 12])
    assert (found.first_fit, found.top, found.bound, found.status) == (30, 27, 27, "gap")
    assert found.rounds > 0


def test_waves_on_two_of_three_fibres_stand_apart_though_no_fibre_carries_them_all():
    found = pack([(0, 1), (1, 2), (0, 2)], [5, 6, 7])
    assert (found.top, found.bound) == (18, 18)


def test_height_passes_closed_slots():
    assert [height(load, 0b0110) for load in (0, 1, 2, 3)] == [0, 1, 4, 5]
