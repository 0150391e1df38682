"""Double cuts in a design: every pair of fibres in use is outlived; cases are booked."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from msgspec import structs

from arterial.design.bound import bound
from arterial.design.doubles import biting, exits, with_doubles
from arterial.design.draw import drawn
from arterial.design.search import restored
from arterial.paths.graph import arc_link
from arterial.prove.proof import prove


@pytest.fixture
def start(doubled):
    return doubled[0]


@pytest.fixture
def done(doubled):
    return doubled[1:]


def test_every_two_routes_at_a_site_that_must_be_left_are_cases_from_the_start(start):
    network = start.instance.ground.network
    away = {
        row.site
        for row in start.sited.replicas
        if row.site not in {e for r in start.sited.replicas for e in (r.edge, r.failover)}
    }
    cut = {f.fibres[0] for f in start.instance.failures if f.kind == "fibre"}
    expected = {
        frozenset(pair)
        for site in away
        for pair in combinations([f.name for f in network.fibres if site in (f.a, f.z)], 2)
        if set(pair) <= cut
    }
    found = exits(start.instance, start.demands, start.sited.replicas)
    assert {frozenset(pair) for pair in found} == expected
    told = {frozenset(f.fibres) for f in start.instance.failures if f.kind == "fibre2"}
    assert told == expected


def test_a_double_cut_takes_what_either_cut_takes(start):
    names = [f.fibres[0] for f in start.instance.failures if f.kind == "fibre"]
    pairs = list(combinations(names, 2))[::7]
    instance = with_doubles(start.instance, pairs)
    single = {f.fibres: row for f, row in zip(instance.failures, instance.dead, strict=True)}
    for pair, failure, row in zip(
        pairs, instance.failures[-len(pairs) :], instance.dead[-len(pairs) :], strict=True
    ):
        assert failure.fibres == pair
        assert (row == (single[pair[:1]] | single[pair[1:]])).all()
    assert (instance.dead_of == instance.dead.T).all()


def test_in_every_case_the_first_way_that_stands_is_booked(done):
    asked, found = done
    instance = asked.instance
    state = restored(instance, asked.flows, found.placements)
    failed = np.zeros_like(state.failed)
    for case in np.flatnonzero(instance.double).tolist():
        for flow in asked.flows:
            place = found.placements[flow.name]
            ways = [*place.paths[:1], place.backup, *(way.path for way in place.further)]
            halves = place.paths if len(place.paths) > 1 else ()
            stands = [
                path
                for path in (halves or [way for way in ways if way is not None])
                if not instance.dead[case, [arc_link(arc) for arc in path]].any()
            ]
            for path in stands if halves else stands[:1]:
                share = flow.weight[case] / max(len(halves), 1)
                for arc in path:
                    failed[arc, case] += flow.up_gbps * share
                    failed[arc ^ 1, case] += flow.down_gbps * share
            assert stands or not flow.must[case]
    assert np.allclose(state.failed[:, instance.double], failed[:, instance.double])


def test_what_is_drawn_outlives_every_double_cut_and_no_bound_is_above_it(start, done):
    asked, found = done
    assert biting(asked, found) == ()
    plan = drawn(replace(start, chooser=asked.chooser, flows=asked.flows), found)
    plan = structs.replace(plan, load="base")
    gates = {gate.name: gate for gate in prove(plan).gates}
    for word in ("runs", "feasible"):
        gate = gates[f"{word}: inference after fibre2"]
        assert (gate.verdict, gate.value) == ("proved", 1.0)
        assert gate.cases > 0
    *_, last = bound(asked.instance, asked.flows, rounds=1)
    assert last.bound <= found.bill * (1 + 1e-9)
