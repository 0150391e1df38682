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


def test_the_second_failure_keeps_what_one_cut_leaves_and_taken_away_again_changes_nothing(drill):
    (asked,) = second_failures(drill)
    assert asked.stricter
    (more,) = set(asked.network.policy.rules) - set(drill.policy.rules)
    assert more.after == ("fibre2",)
    cut = [rule for rule in drill.policy.rules if "fibre" in rule.after]
    assert all(any(name in r.classes and r.keep == more.keep for r in cut) for name in more.classes)
    (back,) = second_failures(asked.network)
    assert not back.stricter
    assert back.network == drill


def test_a_class_that_nothing_is_promised_after_one_cut_has_no_second_failure_to_price(drill):
    left = tuple(rule for rule in drill.policy.rules if "inference" not in rule.classes)
    policy = structs.replace(drill.policy, rules=left)
    assert second_failures(structs.replace(drill, policy=policy)) == []


def second_failures(network):
    return [one for one in variants(network, LOAD) if "two fibre cuts" in one.name]
