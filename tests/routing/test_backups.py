from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.backups import INSTALLED, backups
from arterial.routing.installed import installed_over
from arterial.routing.sweep import ecmp, joined, nothing_failed

SEEDS = st.integers(0, 2**32 - 1)
ROUTER_MS = 0.5


def naive(paths, ip, traffic, room, up):
    """One case from nothing: by class dropped, ended, overload, Gb/s x ms; by arc the load."""
    classes = len(traffic.classes)
    dropped, ended, overload, travel = (np.zeros(classes) for _ in range(4))
    running = {}
    for path, demand in enumerate(paths.demand.tolist()):
        arcs = paths.arc[paths.start[path] : paths.start[path + 1]]
        if demand not in running and (room[arcs] > 0.0).all():
            running[demand] = arcs
    wanted, left = np.zeros(len(room)), room.copy()
    for demand, c in enumerate(traffic.of_class.tolist()):
        gbps = traffic.gbps[demand]
        if not (up[traffic.source[demand]] and up[traffic.target[demand]]):
            ended[c] += gbps
        elif demand not in running:
            dropped[c] += gbps
        else:
            wanted[running[demand]] += gbps
            travel[c] += gbps * (ip.latency_ms[running[demand]] + ROUTER_MS).sum()
    for priority in np.unique(traffic.priority):
        ours = [k for k in running if traffic.priority[traffic.of_class[k]] == priority]
        asked, taken = np.zeros(len(room)), np.zeros(len(room))
        for demand in ours:
            asked[running[demand]] += traffic.gbps[demand]
        for demand in ours:
            share = min(1.0, *(left[arc] / asked[arc] for arc in running[demand]))
            taken[running[demand]] += share * traffic.gbps[demand]
            overload[traffic.of_class[demand]] += (1.0 - share) * traffic.gbps[demand]
        left = np.maximum(left - taken, 0.0)
    return dropped, ended, overload, travel, wanted


@given(SEEDS)
@settings(max_examples=80)
def test_a_case_comes_to_what_playing_it_from_nothing_does(drawn, left, seed):
    ip, traffic, cases = drawn(seed)
    chunk = cases.chunk(0, len(cases))
    found = backups(ip, traffic, ROUTER_MS)(chunk)
    paths = installed_over(ip, traffic, ROUTER_MS, INSTALLED).paths
    offered = np.bincount(traffic.of_class, weights=traffic.gbps, minlength=3)
    full = np.zeros((len(cases), len(ip.metric)))
    for case in range(len(cases)):
        room, up = left(ip, chunk, case)
        dropped, ended, overload, travel, wanted = naive(paths, ip, traffic, room, up)
        assert np.allclose(found.dropped[case], dropped, atol=1e-6)
        assert np.allclose(found.ended[case], ended, atol=1e-9)
        assert np.allclose(found.overload[case], overload, atol=1e-6)
        assert np.allclose(found.carried[case], offered - dropped - ended - overload, atol=1e-6)
        routed = offered - dropped - ended
        mean = np.divide(travel, routed, out=np.full(3, np.nan), where=routed > 0.0)
        assert np.allclose(found.latency_ms[case], mean, equal_nan=True)
        full[case] = np.divide(wanted, room, out=np.zeros_like(room), where=room > 0.0)
        assert found.utilisation[case] == pytest.approx(full[case].max())
    by_link = full.reshape(len(cases), -1, 2).max(axis=2)
    assert np.allclose(found.peak, by_link.max(axis=0))
    loaded = np.flatnonzero(found.peak > 0.0)
    assert np.allclose(by_link[found.peak_case[loaded], loaded], found.peak[loaded])
    assert found.cut_off.tolist() == ecmp(ip, traffic, 0.0)(chunk).cut_off.tolist()


@given(SEEDS, st.integers(1, 6))
@settings(max_examples=30)
def test_stretches_of_any_size_give_the_same_bytes(drawn, seed, size):
    ip, traffic, cases = drawn(seed)
    player = backups(ip, traffic, ROUTER_MS)
    whole = player(cases.chunk(0, len(cases)))
    cut = [
        player(cases.chunk(start, min(start + size, len(cases))))
        for start in range(0, len(cases), size)
    ]
    for one, other in zip(whole, joined(cut), strict=True):
        assert one.tobytes() == other.tobytes()


@given(SEEDS)
@settings(max_examples=20)
def test_unknown_delays_make_means_unknown_and_nothing_else(drawn, seed):
    ip, traffic, cases = drawn(seed)
    chunk = cases.chunk(0, len(cases))
    bare = replace(ip, latency_ms=np.full(len(ip.latency_ms), np.nan))
    known = replace(ip, latency_ms=np.zeros(len(ip.latency_ms)))
    found, told = (backups(one, traffic, ROUTER_MS)(chunk) for one in (bare, known))
    assert np.isnan(found.latency_ms).all()
    assert found.carried.tobytes() == told.carried.tobytes()


def test_nothing_offered_is_nothing_lost(drawn):
    ip, traffic, _ = drawn(1)
    rows = ("source", "target", "of_class", "gbps", "access_ms")
    none = replace(traffic, **{row: getattr(traffic, row)[:0] for row in rows})
    found = backups(ip, none, ROUTER_MS)(nothing_failed(len(ip.sites)))
    assert (found.utilisation.tolist(), found.arc.tolist()) == ([0.0], [-1])
    assert not found.carried.any()
