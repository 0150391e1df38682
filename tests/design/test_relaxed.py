"""Every policy is priced once, and each variant differs by it alone."""

from msgspec import structs

from arterial.design.relaxed import variants

LOAD = "base"


def test_each_rule_is_dropped_once_and_alone(drill):
    rules = drill.policy.rules
    dropped = [one for one in variants(drill, LOAD) if one.name.startswith("rule: ")]
    left = [set(rules) - set(one.network.policy.rules) for one in dropped]
    assert [list(gone) for gone in left] == [[rule] for rule in rules]


def test_a_variant_differs_in_policy_class_or_load_only(drill):
    same = {"policy": drill.policy, "classes": drill.classes, "loads": drill.loads}
    for one in variants(drill, LOAD):
        assert structs.replace(one.network, **same) == drill


def test_round_trips_are_those_asked_for_and_stricter_below_the_classs_own(drill):
    told = [one for one in variants(drill, LOAD, (15.0, 20.0, 25.0)) if one.rtt_ms is not None]
    assert [(one.rtt_ms, one.stricter) for one in told] == [(15.0, True), (25.0, False)]
    assert [one.rtt_ms for one in variants(drill, LOAD) if one.rtt_ms is not None] == [19.0]


def test_demands_that_a_user_brings_have_neither_people_nor_pairs(drill):
    names = [one.name for one in variants(drill, "given")]
    assert names
    assert not any("pair" in name or "two fibre cuts" in name for name in names)
