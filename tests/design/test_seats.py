"""Where waves sit: free slots, kept centres, frequencies once on an add/drop group."""

from itertools import pairwise

import msgspec

from arterial.design.seats import Seats
from arterial.design.standing import standing
from arterial.design.ways import Terms, ways_of

ENDS = (("Fir", 1), ("Larch", 1))


def seated(here, **changes):
    """(seats, way, wave) of Fir to Larch, Fir changed."""
    replace, plan = msgspec.structs.replace, here.plan
    sites = tuple(
        replace(site, **changes) if site.name == "Fir" else site for site in plan.network.sites
    )
    plan = replace(plan, network=replace(plan.network, sites=sites))
    base = standing(plan, "Fir", "Larch")
    way = ways_of(base, here.sections, Terms(in_place=True))[0]
    return Seats(base), way, base.bundles[0].waves[0]


def option(way, slot_ghz):
    return next(one for one in way.options if one.slot_ghz == slot_ghz)


def test_slots_of_their_own_never_overlap(ground_floor):
    seats, way, wave = seated(ground_floor)
    taken = [(wave.hops[0].pair, wave.hops[0].centre_ghz, wave.row.slot_ghz)]
    for slot_ghz in (75.0, 150.0, 75.0, 150.0, 150.0):
        seat = seats.fresh(way.arcs, option(way, slot_ghz), ENDS)
        seats.take(seat, way.arcs, ENDS)
        taken.append((seat.pairs[0], seat.centres_ghz[0], slot_ghz))
    for one, other in pairwise(sorted(taken)):
        apart = other[1] - one[1]
        assert one[0] != other[0] or apart >= (one[2] + other[2]) / 2 - 1e-6


def test_what_is_taken_and_released_leaves_no_trace(ground_floor):
    seats, way, wave = seated(ground_floor)
    before = seats.occupancy.masks()
    seats.release(wave, ENDS)
    assert seats.occupancy.masks() != before
    seat = seats.same(wave, option(way, wave.row.slot_ghz), ENDS)
    seats.take(seat, way.arcs, ENDS)
    assert seats.occupancy.masks() == before


def test_a_fixed_add_drop_widens_about_its_centre_or_not_at_all(ground_floor):
    seats, way, wave = seated(ground_floor, add_drop="fixed")
    assert seats.fixed(ENDS)
    assert seats.same(wave, option(way, 150.0), ENDS) is None  # it lies at the band's edge
    moved = tuple(
        msgspec.structs.replace(hop, centre_ghz=hop.centre_ghz + 1500.0) for hop in wave.hops
    )
    wave = type(wave)(wave.row, moved)
    seat = seats.same(wave, option(way, 150.0), ENDS)
    assert set(seat.centres_ghz) == {moved[0].centre_ghz}
    assert seat.slot_ghz >= 150.0


def test_a_group_that_contends_has_each_frequency_once_on_any_pair(ground_floor):
    seats, way, _ = seated(ground_floor, add_drop="CD")
    free, _, _ = seated(ground_floor)
    for here, lit in ((seats, False), (free, True)):
        centres = []
        while (seat := here.fresh(way.arcs, option(way, 150.0), ENDS)) is not None:
            here.take(seat, way.arcs, ENDS)
            centres.append(seat.centres_ghz[0])
        assert (len(set(centres)) < len(centres)) is lit
        if not lit:
            assert all(later - one >= 150.0 - 1e-6 for one, later in pairwise(sorted(centres)))


def test_another_router_is_another_group(ground_floor):
    seats, way, _ = seated(ground_floor, add_drop="CD")
    first = seats.fresh(way.arcs, option(way, 150.0), ENDS)
    seats.take(first, way.arcs, ENDS)
    second = seats.fresh(way.arcs, option(way, 150.0), (("Fir", 2), ("Larch", 2)))
    assert second.centres_ghz[0] > first.centres_ghz[0]  # the fibre's own slots are taken
    assert second.pairs == first.pairs
