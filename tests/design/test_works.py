"""What is written down of a step is what was done."""

import msgspec
import pytest

from arterial.design.works import Works


def test_a_wave_lit_and_taken_down_leaves_slots_and_waves_as_they_were(ground_floor):
    base, ways, works = ground_floor.works("Fir", "Larch", in_place=True)
    before = works.seats.occupancy.masks()
    option = next(one for one in ways[0].options if one.mode == "OpenZR+ 400")
    wave = works.light(0, option)
    assert works.capacity_gbps("Fir--Larch") == base.capacity_gbps + 400.0
    works.take_down(0, wave, "gone again")
    assert works.seats.occupancy.masks() == before
    assert works.waves["Fir--Larch"] == list(base.bundles[0].waves)
    lit, gone = works.steps
    assert (lit.capacity_gbps, gone.capacity_gbps) == (base.capacity_gbps, base.capacity_gbps)
    assert (lit.after, lit.before, gone.after) == (gone.before, "", "")
    assert [row.bought for row in works.stock.rows() if row.item == "pluggable"] == [1, 1]


def test_a_mode_of_the_same_module_is_set_and_another_one_replaces(ground_floor):
    for mode, what in (("OpenZR+ 300", "set"), ("400 ULH QPSK", "replace")):
        base, ways, works = ground_floor.works("Alder", "Birch", in_place=True)
        wave = base.bundles[0].waves[0]
        option = msgspec.structs.replace(
            next(one for one in ways[0].options if one.mode == "OpenZR+ 300"), mode=mode
        )
        seat = works.seats.same(wave, option, works.ends(0, wave.row))
        works.replace(0, wave, option, seat)
        (step,) = works.steps
        assert (step.what, step.capacity_gbps) == (what, 0.0)
        assert step.holds is False
        assert works.waves["Alder--Birch"][0].row.mode == mode
        assert bool(works.stock.rows()) is (what == "replace")


def test_a_step_that_a_failure_would_break_says_which(ground_floor):
    """With the only other wave gone, backups find nothing."""
    base, _, works = ground_floor.works("Fir", "Larch", in_place=True)
    works.take_down(0, base.bundles[0].waves[0], "nothing is left")
    (step,) = works.steps
    assert not step.holds
    assert not step.holds_failed
    assert step.failed_case
    assert step.failed_load_gbps > step.failed_usable_gbps == 0.0


def test_new_links_and_waves_have_names_of_their_own(ground_floor):
    _, ways, works = ground_floor.works("Fir", "Gorse")
    assert len(set(works.link_of)) == len(ways)
    for place, way in enumerate(ways):
        if way.options:
            works.light(place, way.options[0])
    names = [wave.row.name for waves in works.waves.values() for wave in waves]
    assert len(set(names)) == len(names)


def test_the_stock_given_is_not_touched(ground_floor):
    base, ways, works = ground_floor.works("Fir", "Larch", in_place=True)
    again = Works(base, ways, works.stock, works._meanwhile)  # noqa: SLF001 - the same failures
    again.light(0, ways[0].options[0])
    assert again.stock.rows() != works.stock.rows() == ()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_link_bears_what_its_load_leaves(ground_floor, share):
    base, _, works = ground_floor.works("Fir", "Larch", in_place=True)
    spare = base.capacity_gbps - base.bundles[0].load_gbps / base.usable
    assert works.bears(0, share * spare)
    assert not works.bears(0, spare + 1.0)
