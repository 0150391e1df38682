"""Throughput against a clock that plays every step, and laws of the paced load."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.flows import flows
from arterial.demand.throughput import (
    full_rate_gbps,
    paced,
    step_share,
    synchronous,
    throughput,
    volume_gb,
)
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.model.workload import Load, SyncTraining

PAIR = SyncTraining(
    name="pair", traffic_class="sync", sites=("A", "B"), parameters=1e12, step_s=10.0
)


def network(scale):
    load = Load(name="all", workloads=("pair",), scale=scale)
    sites = (Site(name="A"), Site(name="B"))
    return Network(name="two", sites=sites, workloads=(PAIR,), loads=(load,))


def played(period_s, volume, rate_gbps, overlap_s, steps=50):
    """Steps in the time that so many would take alone, each begun when compute and exchange end."""
    clock_s = 0.0
    for _ in range(steps):
        begins_s = clock_s + period_s - overlap_s  # gradients are there for the last part of a step
        ends_s = begins_s + volume * 8.0 / rate_gbps
        clock_s = max(clock_s + period_s, ends_s)
    return steps * period_s / clock_s


@given(
    period_s=st.floats(0.1, 100.0),
    volume=st.floats(1.0, 1e5),
    rate_gbps=st.floats(1.0, 1e5),
    share=st.floats(0.0, 1.0),
)
def test_throughput_is_what_a_clock_that_plays_each_step_tells(period_s, volume, rate_gbps, share):
    overlap_s = share * period_s
    assert throughput(period_s, volume, rate_gbps, overlap_s) == pytest.approx(
        played(period_s, volume, rate_gbps, overlap_s)
    )


@given(volume=st.floats(1.0, 1e5), share=st.floats(0.01, 1.0), less=st.floats(0.01, 0.999))
def test_the_full_rate_is_the_least_that_waits_for_nothing(volume, share, less):
    full = full_rate_gbps(volume, share * 7.0)
    assert throughput(7.0, volume, full, share * 7.0) == pytest.approx(1.0)
    assert throughput(7.0, volume, less * full, share * 7.0) < 1.0
    assert throughput(7.0, volume, less * full, share * 7.0) == pytest.approx(
        step_share(less, share)
    )


def test_no_rate_trains_nothing_and_nothing_to_send_costs_nothing():
    assert throughput(1.0, 5.0, 0.0, 1.0) == 0.0
    assert throughput(1.0, 0.0, 0.0, 1.0) == 1.0


@pytest.mark.parametrize("pace", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("overlap", [0.5, 1.0])
def test_a_paced_load_asks_for_its_share_of_the_full_rate(pace, overlap):
    there = paced(network({"pair": 2.0}), "all", pace, overlap=overlap)
    asked = [row.gbps for row in flows(there, "all", ())]
    full = 2.0 * full_rate_gbps(volume_gb(there, PAIR), overlap * PAIR.step_s)
    assert asked == ([pytest.approx(pace * full)] * 2 if pace else [])


def test_the_load_as_it_stands_is_the_full_rate_of_a_whole_step():
    there = network({})
    assert paced(there, "all", 1.0) is there
    assert [row.gbps for row in flows(there, "all", ())] == [1600.0, 1600.0]
    assert synchronous(there, "all") == (PAIR,)
