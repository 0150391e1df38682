from itertools import combinations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arterial.model.wave import Wave
from arterial.prove.contention import overlapping
from arterial.prove.light import spectrum_conflicts

replace = msgspec.structs.replace
DRAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
EDGES = st.tuples(st.integers(0, 20), st.integers(1, 6))


def retold(ring, slots, routers, add_drop, waves=()):
    """The ring with frequencies, routers and add/drop of its own."""
    names = [wave.name for wave in ring.lightpaths]
    slot, router = dict(zip(names, slots, strict=True)), dict(zip(names, routers, strict=True))
    sites = zip(ring.network.sites, add_drop, strict=True)
    network = replace(
        ring.network, sites=tuple(replace(s, add_drop=what) for s, what in sites), waves=waves
    )
    return replace(
        ring,
        network=network,
        lightpaths=tuple(
            replace(w, router_a=router[w.name][0], router_z=router[w.name][1])
            for w in ring.lightpaths
        ),
        lightpath_hops=tuple(
            replace(h, centre_ghz=191_400.0 + 25.0 * slot[h.lightpath]) for h in ring.lightpath_hops
        ),
    )


def told(plan):
    """(waves, group) of each contention."""
    found = [
        words.split(" contend at ") for words in spectrum_conflicts(plan) if "contend" in words
    ]
    return {
        (frozenset(name.strip("'") for name in pair.split(" and ")), group) for pair, group in found
    }


def by_hand(plan):
    """The same, wave by wave and end by end."""
    links = {link.name: link for link in plan.ip_links}
    centre = {hop.lightpath: hop.centre_ghz for hop in plan.lightpath_hops}
    poor = {site.name for site in plan.network.sites if site.add_drop in {"CD", "C", "fixed"}}
    ends = [
        (wave.name, centre[wave.name], wave.slot_ghz, f"{site}/{router}")
        for wave in plan.lightpaths
        for site, router in (
            (links[wave.link].a, wave.router_a),
            (links[wave.link].z, wave.router_z),
        )
        if site in poor
    ]
    return {
        (frozenset({one[0], other[0]}), one[3])
        for one, other in combinations(ends, 2)
        if one[3] == other[3] and abs(one[1] - other[1]) < (one[2] + other[2]) / 2 - 1e-6
    }


@given(
    st.lists(st.integers(0, 12), min_size=10, max_size=10),
    st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2)), min_size=10, max_size=10),
    st.lists(st.sampled_from([None, "CDC", "CD", "C", "fixed"]), min_size=5, max_size=5),
)
@DRAWS
def test_waves_contend_exactly_where_they_share_a_router_and_slots(ring, slots, routers, add_drop):
    plan = retold(ring, slots, routers, add_drop)
    found, expected = told(plan), by_hand(plan)
    assert found <= expected, "none is made up"
    assert {group for _, group in found} == {group for _, group in expected}, "none is missed"


@given(st.lists(EDGES, max_size=8))
def test_an_overlap_is_told_exactly_where_one_is(edges):
    slots = [(float(low), float(low + width), str(n)) for n, (low, width) in enumerate(edges)]
    expected = {
        frozenset({one[2], other[2]})
        for one, other in combinations(slots, 2)
        if one[0] < other[1] and other[0] < one[1]
    }
    found = {frozenset(pair) for pair in overlapping(slots)}
    assert found <= expected
    assert bool(found) == bool(expected)
    touched = {name for pair in expected for name in pair}
    assert {name for pair in found for name in pair} <= touched


@pytest.mark.parametrize(
    ("add_drop", "centre_ghz", "verdict"),
    [("CD", 191_390.0, True), ("CD", 195_000.0, False), ("CDC", 191_390.0, False)],
)
def test_a_wave_in_service_contends_on_every_router_of_its_site(
    ring, add_drop, centre_ghz, verdict
):
    old = Wave(name="old", a="S0", fibres=("F0",), pairs=(2,), centre_ghz=centre_ghz, slot_ghz=50.0)
    twin = replace(old, name="twin", pairs=(3,))
    slots = [3 * n for n in range(10)]
    plan = retold(ring, slots, [(1, 1)] * 10, [add_drop, "CDC", "CDC", "CDC", "CDC"], (old, twin))
    found = [words for words in spectrum_conflicts(plan) if "contend" in words]
    assert bool(found) == verdict
    assert all("in service: " in words and "'w0.1'" in words for words in found)


def test_the_same_light_holds_where_add_drop_is_contentionless(ring):
    slots, routers = [0, 3] * 5, [(1, 1), (2, 2)] * 5
    assert told(retold(ring, slots, routers, ["CDC"] * 5)) == set()
    assert len(told(retold(ring, slots, routers, ["CD"] * 5))) == 10
