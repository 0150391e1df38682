import msgspec

from arterial.model.policy import Policy, Rule
from arterial.prove.promised import promises_of


def test_only_classes_with_demands_are_promised_anything(ring):
    assert [p.words for p in promises_of(ring)] == [
        "inference without failure",
        "inference after fibre",
        "inference after srlg",
        "inference after router",
        "inference after site",
        "inference after edge",
        "sync without failure",
        "sync after fibre",
        "sync after srlg",
        "checkpoint without failure",
        "checkpoint after fibre",
        "checkpoint after srlg",
    ]


def test_the_strictest_of_several_rules_counts(ring):
    rules = (
        Rule(classes=("sync",), after=("fibre",), keep=0.2),
        Rule(classes=("sync", "inference"), after=("fibre",), keep=0.7),
        Rule(classes=("sync",), after=("fibre",), keep=0.5),
    )
    network = msgspec.structs.replace(ring.network, policy=Policy(rules=rules))
    plan = msgspec.structs.replace(ring, network=network)
    kept = {p.words: p.keep for p in promises_of(plan)}
    assert kept["sync after fibre"] == 0.7
    assert kept["sync without failure"] == 1.0
    assert "checkpoint after fibre" not in kept
