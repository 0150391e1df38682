"""Each policy taken away or tightened in turn: the networks whose designs tell what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from arterial.demand.loads import load_named, scaled_workloads
from arterial.demand.offers import market_offers
from arterial.model.network import Network
from arterial.model.policy import Rule
from arterial.model.workload import SyncTraining

__all__ = ["Variant", "variants"]

LAST_MS = 1.0
"""What the last millisecond of a class's round trip is, where nobody says."""

EXCEPTED = "a market that two cuts leave no edge in use in time, on any fibre, is owed nothing then"


@dataclass(frozen=True)
class Variant:
    """A network that differs by one policy from the one that was described."""

    name: str
    """The policy that is priced, as people say it."""
    network: Network
    stricter: bool
    """Whether the policy is added to what was described, or taken from it."""
    note: str = ""
    rtt_ms: float | None = None
    """The round trip that everybody of its class is then within: any plan may be held to it."""


def variants(network: Network, load: str, rtt_ms: Sequence[float] = ()) -> Iterator[Variant]:
    """Every policy in turn.

    Parameters
    ----------
    rtt_ms
        Round trips to ask of people's class in place of its own; one millisecond less by default.
    """
    yield from _round_trips(network, load, rtt_ms)
    yield from _second_failure(network, load)
    yield from _pairs(network, load)
    yield from _failovers(network)
    yield from _rules(network, load)


def _round_trips(network: Network, load: str, rtt_ms: Sequence[float]) -> Iterator[Variant]:
    offers = market_offers(network, load)
    named = {offer.limit_class for offer in offers}
    for entry in network.classes:
        if entry.name in named and entry.rtt_ms is not None:
            for asked in rtt_ms or (entry.rtt_ms - LAST_MS,):
                if asked <= 0.0 or asked == entry.rtt_ms:
                    continue
                classes = tuple(
                    structs.replace(one, rtt_ms=asked) if one is entry else one
                    for one in network.classes
                )
                yield Variant(
                    f"{entry.name} within {min(asked, entry.rtt_ms):g} ms, "
                    f"not {max(asked, entry.rtt_ms):g}",
                    structs.replace(network, classes=classes),
                    stricter=asked < entry.rtt_ms,
                    rtt_ms=asked,
                )


def _second_failure(network: Network, load: str) -> Iterator[Variant]:
    """What classes of people keep after one cut they keep after any two, or no longer do.

    A class that nothing is promised after one cut has no backup to stand a second one behind.
    """
    named = {offer.limit_class for offer in market_offers(network, load)}
    rules = network.policy.rules
    held = [rule for rule in rules if "fibre2" in rule.after and not named.isdisjoint(rule.classes)]
    cut = [rule for rule in rules if "fibre" in rule.after and not named.isdisjoint(rule.classes)]
    if held or not cut:
        yield from _second_failure_off(network, held)
        return
    more = [
        Rule(
            classes=tuple(name for name in rule.classes if name in named),
            after=("fibre2",),
            keep=rule.keep,
        )
        for rule in cut
    ]
    yield Variant(_outlives(more), _ruled(network, [*rules, *more]), stricter=True, note=EXCEPTED)


def _second_failure_off(network: Network, held: Sequence[Rule]) -> Iterator[Variant]:
    """Where rules keep something after two cuts already, it is what it costs that they do."""
    left = [
        structs.replace(rule, after=tuple(kind for kind in rule.after if kind != "fibre2"))
        if rule in held
        else rule
        for rule in network.policy.rules
    ]
    if held:
        yield Variant(
            _outlives(held),
            _ruled(network, [rule for rule in left if rule.after]),
            stricter=False,
            note=EXCEPTED,
        )


def _outlives(rules: Sequence[Rule]) -> str:
    names = dict.fromkeys(name for rule in rules for name in rule.classes)
    return f"{', '.join(names)} outlives any two fibre cuts"


def _pairs(network: Network, load: str) -> Iterator[Variant]:
    """Each synchronous pair of campuses gone, then all where there are several."""
    pairs = [
        work.name for work, _ in scaled_workloads(network, load) if isinstance(work, SyncTraining)
    ]
    for name in pairs:
        yield Variant(f"synchronous pair {name}", _without(network, load, [name]), stricter=False)
    if len(pairs) > 1:
        yield Variant("all synchronous pairs", _without(network, load, pairs), stricter=False)


def _without(network: Network, load: str, names: Sequence[str]) -> Network:
    old = load_named(network, load)
    kept = tuple(name for name in old.workloads if name not in names)
    new = structs.replace(old, workloads=kept)
    loads = tuple(new if one is old else one for one in network.loads)
    return structs.replace(network, loads=loads)


def _failovers(network: Network) -> Iterator[Variant]:
    """No class need outlive the loss of an edge."""
    rules = network.policy.rules
    if not any("edge" in rule.after for rule in rules):
        return
    left = (
        structs.replace(rule, after=tuple(kind for kind in rule.after if kind != "edge"))
        for rule in rules
    )
    yield Variant(
        "fail-over when an edge is lost",
        _ruled(network, [rule for rule in left if rule.after]),
        stricter=False,
        note="a second edge for each market is placed all the same; what is saved is its load",
    )


def _rules(network: Network, load: str) -> Iterator[Variant]:
    """Each rule dropped that any traffic of the load heeds."""
    used = {work.traffic_class for work, _ in scaled_workloads(network, load)}
    used |= {row.traffic_class for row in network.demands.get(load, ())}
    rules = network.policy.rules
    for rule in rules:
        if not used.isdisjoint(rule.classes):
            left = [other for other in rules if other is not rule]
            yield Variant(f"rule: {_told(rule)}", _ruled(network, left), stricter=False)


def _ruled(network: Network, rules: Sequence[Rule]) -> Network:
    return structs.replace(network, policy=structs.replace(network.policy, rules=tuple(rules)))


def _told(rule: Rule) -> str:
    return f"{', '.join(rule.classes)} keep {rule.keep:.0%} after {', '.join(rule.after)}".replace(
        "%", " %"
    )
