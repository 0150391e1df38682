import math

import msgspec
import pytest

from arterial.model.line import Reserved
from arterial.model.wave import Wave
from arterial.prove.light import light_gates, spectrum_conflicts


def margin_gate(plan, margin_db):
    return next(iter(light_gates(plan, margin_db)))


def test_a_margin_worked_out_again_decides_and_not_the_plan_s_own_figure(ring, altered):
    boast = altered(ring, "lightpaths", "w2.1", margin_db=99.0)
    gate = margin_gate(boast, lambda _mode, hops: 1.9 if hops[0][0] == "F2" else 5.0)
    assert (gate.verdict, gate.value, gate.limit) == ("refuted", 1.9, 2.0)
    assert "w2.1" in gate.note


def test_the_plan_s_own_figure_can_refute_but_not_prove(ring, altered):
    assert margin_gate(ring, None).verdict == "unknown"
    assert (
        margin_gate(altered(ring, "lightpaths", "w2.1", margin_db=1.0), None).verdict == "refuted"
    )


def test_a_margin_larger_than_it_is_refutes_though_it_would_reach(ring, altered):
    def margin_db(_mode, hops):
        return math.nan if hops[0][0] == "F3" else 5.0

    assert margin_gate(altered(ring, "lightpaths", "w2.1", margin_db=4.0), margin_db).verdict == (
        "unknown"
    ), "a smaller one harms nobody"
    gate = margin_gate(altered(ring, "lightpaths", "w2.1", margin_db=9.0), margin_db)
    assert (gate.verdict, gate.note) == ("refuted", "'w2.1' says 9 dB and has 5")


def test_a_margin_too_small_is_told_before_a_figure_that_is_missing(ring):
    gate = margin_gate(ring, lambda _mode, hops: {"F2": 1.9, "F3": math.nan}.get(hops[0][0], 5.0))
    assert (gate.verdict, gate.value, gate.note) == ("refuted", 1.9, "least margin: w2.1")


def test_a_missing_figure_is_unknown_and_named(ring):
    gate = margin_gate(ring, lambda _mode, hops: math.nan if hops[0][0] == "F3" else 5.0)
    assert gate.verdict == "unknown"
    assert math.isnan(gate.value)
    assert "w3.1" in gate.note


def two_spans(ring):
    """w0.1 led on over F1 to S2."""
    hop = next(h for h in ring.lightpath_hops if h.lightpath == "w0.1")
    more = msgspec.structs.replace(hop, hop=1, fibre="F1", centre_ghz=195_000.0)
    return msgspec.structs.replace(ring, lightpath_hops=(*ring.lightpath_hops, more))


def test_a_regenerator_parts_a_lightpath_into_segments(ring, altered):
    seen = set()

    def margin_db(_mode, hops):
        seen.add(hops)
        return 5.0

    plan = two_spans(ring)
    assert margin_gate(plan, margin_db).verdict == "proved"
    assert {(("F0", True), ("F1", True)), (("F1", False), ("F0", False))} <= seen
    seen.clear()
    plan = altered(plan, "lightpaths", "w0.1", regenerators=("S1",))
    assert margin_gate(plan, margin_db).verdict == "proved"
    assert (("F0", True), ("F1", True)) not in seen


def test_a_frequency_changes_at_regenerators_only(ring, altered):
    plan = two_spans(ring)
    assert list(spectrum_conflicts(plan)) == ["'w0.1' changes its frequency without a regenerator"]
    assert list(spectrum_conflicts(altered(plan, "lightpaths", "w0.1", regenerators=("S1",)))) == []


@pytest.mark.parametrize(
    ("table", "name", "fields", "told"),
    [
        ("lightpath_hops", "w1.1", {"centre_ghz": 191_320.0}, "leaves the band"),
        ("lightpath_hops", "w1.1", {"centre_ghz": 196_090.0}, "leaves the band"),
        ("lightpath_hops", "w1.1", {"pair": 2}, "pair 2 of 'F1', which is not lit"),
        ("lightpath_hops", "w1.1", {"centre_ghz": 191_450.0}, "overlap on 'F1' pair 1"),
        ("lightpath_hops", "w1.1", {"centre_ghz": 191_376.0}, "overlap on 'F1' pair 1"),
        ("lightpaths", "w1.1", {"slot_ghz": 50.0}, "its mode needs 75"),
        ("lit_fibres", "F1", {"pairs": 5}, "has 4 pairs and 5 are lit"),
    ],
)
def test_each_conflict_is_told(ring, altered, table, name, fields, told):
    assert list(spectrum_conflicts(ring)) == []
    found = list(spectrum_conflicts(altered(ring, table, name, **fields)))
    assert len(found) == 1
    assert told in found[0]


def test_the_same_slot_on_another_pair_or_fibre_is_no_conflict(ring, altered):
    plan = altered(ring, "lit_fibres", "F1", pairs=2)
    plan = altered(plan, "lightpath_hops", "w1.2", pair=2, centre_ghz=191_375.0)
    assert list(spectrum_conflicts(plan)) == []


def test_a_mode_without_a_slot_leaves_the_spectrum_unknown(ring):
    modes = tuple(msgspec.structs.replace(m, slot_ghz=None) for m in ring.network.modes)
    plan = msgspec.structs.replace(ring, network=msgspec.structs.replace(ring.network, modes=modes))
    spectrum = list(light_gates(plan, None))[1]
    assert (spectrum.name, spectrum.verdict) == ("spectrum", "unknown")


def test_a_wave_in_service_is_in_the_way_of_new_ones(ring):
    def told(centre_ghz, pair=1):
        old = Wave(
            name="old",
            a="S1",
            fibres=("F1",),
            pairs=(pair,),
            centre_ghz=centre_ghz,
            slot_ghz=50.0,
        )
        network = msgspec.structs.replace(ring.network, waves=(old,))
        return list(spectrum_conflicts(msgspec.structs.replace(ring, network=network)))

    new = next(hop for hop in ring.lightpath_hops if hop.fibre == "F1")
    assert [conflict.split(" overlap ")[1] for conflict in told(new.centre_ghz)] == [
        "on 'F1' pair 1"
    ]
    assert told(new.centre_ghz, pair=2) == []
    assert told(195_000.0) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"f_min_thz": 191.34}, "leaves the band"),
        ({"guard_ghz": 50.0}, "stands in the guard of 50 GHz"),
        ({"reserved": (Reserved(low_ghz=191_400.0, high_ghz=191_401.0),)}, "slice reserved"),
        ({"bands": "C+L", "l_max_thz": 191.34, "f_min_thz": 191.35}, "leaves the band"),
    ],
)
def test_a_wave_keeps_off_gaps_guards_and_reserved_slices(ring, line, told):
    own = msgspec.structs.replace(ring.network.line, **line)
    network = msgspec.structs.replace(ring.network, line=own)
    found = list(spectrum_conflicts(msgspec.structs.replace(ring, network=network)))
    assert found
    assert all(told in conflict for conflict in found)
