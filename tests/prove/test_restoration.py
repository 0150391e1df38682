"""What is wrong with restored light is refuted, each fault by its own words."""

import math

import msgspec
import pytest

from arterial.errors import DamagedError
from arterial.model.wave import Wave
from arterial.plan.rows import RestoredHop, RestoredWave, SpareRegenerators
from arterial.prove.bill import bill_gate
from arterial.prove.integrity import check_integrity
from arterial.prove.restoration import case_fibres, restoration_gates

replace = msgspec.structs.replace
CASE = "fibre F0"
ROUND = ("F4", "F3", "F2", "F1")
"""From S0 to S1 the other way, every fibre against its direction."""


def wave(name="w0.1", **fields):
    row = RestoredWave(
        case=CASE,
        lightpath=name,
        mode="m400",
        rate_gbps=400.0,
        slot_ghz=75.0,
        regenerators=(),
        gsnr_db=25.0,
        osnr_db=20.0,
        margin_db=5.0,
    )
    return replace(row, **fields)


def way(name="w0.1", slot=5, fibres=ROUND, **fields):
    return tuple(
        replace(
            RestoredHop(
                case=CASE,
                lightpath=name,
                hop=hop,
                fibre=fibre,
                forward=False,
                pair=1,
                centre_ghz=191_300.0 + 75.0 * slot,
            ),
            **fields,
        )
        for hop, fibre in enumerate(fibres)
    )


@pytest.fixture
def sound(ring):
    """Both waves of the first span come back round the ring."""
    return replace(
        ring,
        restored_waves=(wave(), wave("w0.2")),
        restored_hops=(*way(), *way("w0.2", slot=6)),
    )


def asked(plan, margin_db=lambda _mode, _hops: 5.0):
    check_integrity(plan)
    (gate,) = restoration_gates(plan, margin_db)
    return gate


def one(plan, row, hops):
    return replace(plan, restored_waves=(row,), restored_hops=hops)


def resited(plan, name, **fields):
    sites = tuple(replace(s, **fields) if s.name == name else s for s in plan.network.sites)
    return replace(plan, network=replace(plan.network, sites=sites))


def test_light_that_could_come_back_is_proved_with_the_least_share(sound):
    gate = asked(sound)
    # Four of the five spans have no row: nothing of them comes back.
    assert (gate.verdict, gate.value, gate.cases) == ("proved", 0.0, 1)
    assert gate.worst_case != CASE


def test_a_plan_that_restores_nothing_has_no_gate(ring):
    assert list(restoration_gates(ring, None)) == []


FAULTS = {
    "a taken slot": (lambda p: one(p, wave(), way(slot=1)), "overlap on 'F4'"),
    "the cut fibre": (
        lambda p: one(p, wave(), way(fibres=("F0",), forward=True)),
        "rides 'F0', which is down",
    ),
    "two on one slot": (
        lambda p: replace(p, restored_hops=(*way(), *way("w0.2", slot=5))),
        "'w0.1' and 'w0.2' overlap",
    ),
    "a wave that stands": (lambda p: one(p, wave("w1.1"), way("w1.1")), "it was not cut"),
    "half the way": (lambda p: one(p, wave(), way(fibres=ROUND[:2])), "does not join"),
    "no way": (lambda p: one(p, wave(), ()), "does not join"),
    "a dark pair": (lambda p: one(p, wave(), way(pair=2)), "which is not lit"),
    "out of the band": (lambda p: one(p, wave(), way(slot=0)), "leaves the band"),
    "a narrow slot": (lambda p: one(p, wave(slot_ghz=50.0), way()), "its mode needs 75"),
    "too much": (lambda p: one(p, wave(rate_gbps=500.0), way()), "cannot carry"),
    "one spare too many": (
        lambda p: one(p, wave(regenerators=("S3",)), way()),
        "asks for 1 spare regenerators at S3, 1 more than stand",
    ),
    "no cut": (
        lambda p: one(
            p,
            wave(case="fibre elsewhere"),
            tuple(replace(h, case="fibre elsewhere") for h in way()),
        ),
        "is no cut of this network",
    ),
    "regenerated elsewhere": (
        lambda p: one(resited(p, "S0", spare_regenerators=1), wave(regenerators=("S0",)), way()),
        "not regenerated in order",
    ),
    "a new colour": (
        lambda p: one(
            p,
            wave(),
            tuple(replace(h, centre_ghz=h.centre_ghz + 75.0 * (h.hop == 2)) for h in way()),
        ),
        "changes its frequency",
    ),
    "add/drop that is fixed": (
        lambda p: one(resited(p, "S0", add_drop="fixed"), wave(), way()),
        "add/drop at S0 cannot send it over 'F4'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refuted_in_its_own_words(sound, fault):
    broken, words = FAULTS[fault]
    gate = asked(broken(sound))
    assert gate.verdict == "refuted"
    assert words in gate.note


def test_a_mode_of_another_module_is_refuted(sound):
    other = replace(sound.network.modes[0], name="m800", module="n")
    network = replace(sound.network, modes=(*sound.network.modes, other))
    gate = asked(one(replace(sound, network=network), wave(mode="m800"), way()))
    assert "not a mode of its module" in gate.note


def test_spares_that_stand_or_are_bought_may_be_used(sound):
    row, hops = wave(regenerators=("S3",)), way()
    standing = one(resited(sound, "S3", spare_regenerators=1), row, hops)
    bought = replace(
        one(sound, row, hops), spares=(SpareRegenerators(site="S3", module="m", regenerators=1),)
    )
    for plan in (standing, bought):
        assert asked(plan).verdict == "proved"


def test_a_regenerator_lets_the_frequency_change(sound):
    hops = tuple(replace(h, centre_ghz=h.centre_ghz + 75.0 * (h.hop > 1)) for h in way())
    plan = one(resited(sound, "S3", spare_regenerators=1), wave(regenerators=("S3",)), hops)
    assert asked(plan).verdict == "proved"


@pytest.mark.parametrize(
    ("margin_db", "verdict", "words"),
    [
        (lambda _mode, hops: 5.0 if len(hops) == 1 else 1.0, "refuted", "1 dB in hand"),
        (lambda _mode, _hops: 4.0, "refuted", "says 5 dB and has 4"),
        (lambda _mode, hops: math.nan if hops[0][1] else 5.0, "unknown", "a figure is missing"),
        (None, "unknown", "not worked out"),
    ],
)
def test_margins_are_worked_out_again_both_ways(sound, margin_db, verdict, words):
    gate = asked(sound, margin_db)
    assert gate.verdict == verdict
    assert words in gate.note
    assert math.isnan(gate.value) == (verdict == "unknown")


def test_a_wave_in_service_stands_even_where_a_cut_one_bears_its_name_in_words(sound):
    there = Wave(
        name="old", a="S3", fibres=("F3",), pairs=(1,), centre_ghz=191_675.0, slot_ghz=75.0
    )
    alias = "in service: old"
    waves = tuple(replace(w, name=alias) if w.name == "w0.2" else w for w in sound.lightpaths)
    hops = tuple(
        replace(h, lightpath=alias) if h.lightpath == "w0.2" else h for h in sound.lightpath_hops
    )
    network = replace(sound.network, waves=(there,))
    plan = replace(sound, network=network, lightpaths=waves, lightpath_hops=hops)
    gate = asked(one(plan, wave(), way()))
    assert gate.verdict == "refuted"
    assert "overlap on 'F3'" in gate.note


def second_pair(plan):
    """A plan with a second pair lit on the fibre between S4 and S0."""
    lit = tuple(replace(row, pairs=2) if row.fibre == "F4" else row for row in plan.lit_fibres)
    return replace(one(plan, wave(), way()), lit_fibres=lit)


def beside_a_wave_of_the_plan(plan):
    """Its frequency ends on the same router of S0, over the other pair."""
    hops = tuple(
        replace(h, pair=2, centre_ghz=way()[0].centre_ghz) if h.lightpath == "w4.1" else h
        for h in plan.lightpath_hops
    )
    return replace(second_pair(plan), lightpath_hops=hops)


def beside_a_wave_in_service(plan):
    """The same of a wave that is another's."""
    old = Wave(
        name="old",
        a="S4",
        fibres=("F4",),
        pairs=(2,),
        centre_ghz=way()[0].centre_ghz,
        slot_ghz=75.0,
    )
    return second_pair(replace(plan, network=replace(plan.network, waves=(old,))))


@pytest.mark.parametrize("beside", [beside_a_wave_of_the_plan, beside_a_wave_in_service])
@pytest.mark.parametrize("add_drop", ["CD", "CDC"])
def test_a_frequency_stands_once_on_an_add_drop_group_unless_it_is_contentionless(
    sound, beside, add_drop
):
    gate = asked(resited(beside(sound), "S0", add_drop=add_drop))
    assert gate.verdict == ("proved" if add_drop == "CDC" else "refuted")
    assert ("contend at S0/1" in gate.note) == (add_drop == "CD")


def test_a_segment_that_falls_short_refutes_beside_one_that_nobody_knows(sound):
    plan = one(resited(sound, "S3", spare_regenerators=1), wave(regenerators=("S3",)), way())
    gate = asked(plan, lambda _mode, hops: math.nan if hops[0][0] in {"F4", "F3"} else 1.0)
    assert (gate.verdict, "1 dB in hand" in gate.note) == ("refuted", True)


def test_spares_are_on_the_bill(ring):
    spare = SpareRegenerators(site="S3", module="m", regenerators=2)
    assert bill_gate(replace(ring, spares=(spare,))).verdict == "refuted"


@pytest.mark.parametrize(
    "broken",
    [
        lambda p: replace(p, restored_waves=(*p.restored_waves, p.restored_waves[0])),
        lambda p: replace(p, restored_hops=(*p.restored_hops, replace(way()[0], case="other"))),
        lambda p: replace(p, restored_hops=p.restored_hops[1:2] + p.restored_hops[3:]),
        lambda p: replace(p, restored_waves=(wave("nobody"),)),
        lambda p: replace(p, restored_waves=(wave(mode="nothing"),)),
        lambda p: replace(
            p, spares=(SpareRegenerators(site="nowhere", module="m", regenerators=1),)
        ),
        lambda p: replace(p, spares=(SpareRegenerators(site="S1", module="?", regenerators=1),)),
    ],
)
def test_rows_that_break_their_promises_are_damage(sound, broken):
    with pytest.raises(DamagedError, match=r"restored|spares"):
        check_integrity(broken(sound))


def test_a_case_is_what_its_name_says(ring):
    assert case_fibres(ring.network, "fibre F1 + fibre F3") == {"F1", "F3"}
    assert case_fibres(ring.network, "srlg duct 2") == {"F2"}
    for nothing in ("site S1", "fibre F1 + fibre F1", "fibre F1 + fibre F9", "srlg F1"):
        assert case_fibres(ring.network, nothing) == frozenset()
