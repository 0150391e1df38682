"""Slots taken and freed, against sets of slots; a plan's lightpaths counted once."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.wave import Wave
from arterial.optics.occupancy import Occupancy, installed_groups, occupancy_of
from arterial.optics.spectrum_band import Band, span
from arterial.plan.plan import Plan
from arterial.plan.rows import Lightpath, LightpathHop, LitFibre

BAND = Band(start_ghz=191_300.0, slots=24, closed=span(10, 3))
FIBRES = 3


@st.composite
def happenings(draw):
    pairs = {fibre: draw(st.integers(0, 2)) for fibre in range(FIBRES)}
    wishes = [
        (
            tuple(draw(st.permutations(range(FIBRES)))[: draw(st.integers(1, FIBRES))]),
            draw(st.integers(1, 6)),
            draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 20)))
    ]
    return pairs, wishes


def naive_fit(free, pairs, fibres, width):
    """The first slot and pairs by sets."""
    for first in range(BAND.slots - width + 1):
        wanted = set(range(first, first + width))
        chosen = [
            next((p for p in range(1, pairs[f] + 1) if wanted <= free[f, p]), None) for f in fibres
        ]
        if None not in chosen:
            return first, tuple(chosen)
    return None


@given(case=happenings())
def test_bits_find_what_sets_find_while_waves_come_and_go(case):
    pairs, wishes = case
    occupancy = Occupancy(BAND, pairs)
    whole = {slot for slot in range(BAND.slots) if not 10 <= slot < 13}
    free = {(f, p): set(whole) for f, count in pairs.items() for p in range(1, count + 1)}
    standing = []
    for fibres, width, leave in wishes:
        expected = naive_fit(free, pairs, fibres, width)
        first = occupancy.first_fit(fibres, width)
        assert first == (None if expected is None else expected[0])
        if first is not None:
            chosen = occupancy.pairs_at(fibres, first, width)
            assert chosen == expected[1]
            hops = list(zip(fibres, chosen, strict=True))
            for fibre, pair in hops:
                occupancy.take(fibre, pair, first, width)
                free[fibre, pair] -= set(range(first, first + width))
            standing.append((hops, first, width))
        if leave and standing:
            gone, start, slots = standing.pop(0)
            for fibre, pair in gone:
                occupancy.release(fibre, pair, start, slots)
                free[fibre, pair] |= set(range(start, start + slots))
    for (fibre, pair), slots in free.items():
        assert occupancy.free(fibre, pair) == sum(1 << slot for slot in slots)


def test_a_copy_is_changed_apart_and_a_new_pair_is_empty():
    occupancy = Occupancy(BAND, {0: 1})
    other = occupancy.copy()
    other.take(0, 1, 0, 4)
    assert occupancy.free(0, 1) == BAND.open
    assert other.first_fit([0], 8) == 13
    assert other.light(0) == 2
    assert other.first_fit([0], 8) == 0
    assert other.light(2) == 1
    assert occupancy.first_fit([2], 1) is None
    assert occupancy.free(2, 1) == 0


def test_a_plan_takes_the_slots_of_its_hops():
    wave = Lightpath(
        name="w",
        link="a--b",
        mode="m",
        rate_gbps=400.0,
        slot_ghz=75.0,
        router_a=1,
        router_z=1,
        regenerators=(),
        gsnr_db=20.0,
        osnr_db=18.0,
        margin_db=2.0,
        watts=20.0,
    )
    hop = LightpathHop(
        lightpath="w", hop=0, fibre="F", forward=True, pair=2, centre_ghz=191_337.5 + 12.5
    )
    plan = Plan(
        network=Network(
            name="n",
            sites=(Site(name="a"), Site(name="b")),
            fibres=(Fibre(name="E", a="a", z="b", lit_pairs=1), Fibre(name="F", a="a", z="b")),
            line=LineSystem(),
        ),
        load="",
        seed=0,
        input_hash="",
        versions={},
        cost=0.0,
        bound=0.0,
        gap=0.0,
        bound_scope="network",
        status="fixed",
        lightpaths=(wave,),
        lightpath_hops=(hop,),
        lit_fibres=(LitFibre(fibre="F", pairs=3, new_pairs=3, fill=0.1),),
    )
    occupancy = occupancy_of(plan)
    assert occupancy.masks() == {0: (0,), 1: (0, span(1, 6), 0)}
    old = Wave(name="old", a="b", fibres=("F",), pairs=(2,), centre_ghz=191_700.0, slot_ghz=50.0)
    network = msgspec.structs.replace(
        plan.network,
        waves=(old,),
        sites=(Site(name="a", routers=2, add_drop="CD"), Site(name="b", routers=1)),
    )
    beside = occupancy_of(msgspec.structs.replace(plan, network=network))
    assert beside.masks()[1] == (0, span(1, 6) | span(30, 4), 0)
    assert installed_groups(network, beside.band) == {("a", 1): span(30, 4), ("a", 2): span(30, 4)}
    unlit = msgspec.structs.replace(plan, lit_fibres=())
    assert occupancy_of(unlit).masks() == {0: (0,), 1: (0, span(1, 6))}


@given(happenings())
def test_a_fork_changes_apart_and_answers_as_a_copy_does(drawn):
    pairs, wishes = drawn
    base = Occupancy(BAND, {fibre: count for fibre, count in pairs.items() if count})
    fork, copy = base.fork(0b100), base.copy()
    for fibres, width, before in wishes:
        if before:
            [base.room(fibre, width) for fibre in fibres]  # known to the fork as well
        open_ = tuple(fibre for fibre in fibres if fibre != 2)
        first = fork.first_fit(open_, width) if open_ else None
        assert first == (copy.first_fit(open_, width) if open_ else None)
        if first is not None:
            lit = fork.light_on(open_, first, width)
            assert lit == copy.pairs_at(open_, first, width)
            for fibre, pair in zip(open_, lit, strict=True):
                copy.take(fibre, pair, first, width)
        for fibre in fork.fibres():
            assert fork.room(fibre, width) == copy.room(fibre, width)
    assert fork.fibres() == {fibre for fibre in (0, 1) if pairs[fibre]}
    assert not any(any(used) for used in base.masks().values())
