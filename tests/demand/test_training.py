"""Training's flows keep the books: what a ring moves, where checkpoints go, what a day brings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.campuses import distance_km
from arterial.demand.training import (
    checkpoint_flows,
    diloco_flows,
    ingest_flows,
    rollout_flows,
    sync_flows,
)
from arterial.errors import ModelError
from arterial.model.network import Network
from arterial.model.site import Campus, Site
from arterial.model.workload import Checkpoint, DiLoCo, Ingest, Rollout, SyncTraining

PLACES = st.lists(
    st.tuples(st.floats(-60.0, 60.0), st.floats(-179.0, 179.0), st.floats(1.0, 5000.0)),
    min_size=2,
    max_size=8,
    unique_by=lambda place: (round(place[0], 1), round(place[1], 1)),
)


def network(places):
    """One campus a place (lat, lon, MW planned)."""
    return Network(
        name="campuses",
        sites=tuple(
            Site(name=f"S{number}", lat=lat, lon=lon) for number, (lat, lon, _) in enumerate(places)
        ),
        campuses=tuple(
            Campus(name=f"C{number}", site=f"S{number}", mw=1.0, mw_planned=planned)
            for number, (_, _, planned) in enumerate(places)
        ),
    )


def one_ring(flows, sites):
    """Whether the flows lead through all sites and back in one turn."""
    following = {flow.source: flow.target for flow in flows}
    visited = [sites[0]]
    while (site := following[visited[-1]]) != visited[0]:
        visited.append(site)
    return sorted(visited) == sorted(sites) and len(flows) == len(sites)


@given(PLACES, st.floats(1e9, 1e14), st.floats(0.5, 4.0), st.floats(0.1, 100.0))
def test_an_all_reduce_moves_two_payloads_less_a_share_from_every_site(
    places, parameters, gradient_bytes, step_s
):
    sites = [f"S{number}" for number in range(len(places))]
    flows = sync_flows(
        SyncTraining(
            name="sync",
            traffic_class="sync",
            sites=tuple(sites),
            parameters=parameters,
            gradient_bytes=gradient_bytes,
            step_s=step_s,
        ),
    )
    assert one_ring(flows, sites)
    moved_bytes = sum(flow.gbps for flow in flows) * 1e9 / 8 * step_s
    assert moved_bytes == pytest.approx(2 * parameters * gradient_bytes * (len(places) - 1))


@given(PLACES, st.integers(1, 500))
def test_diloco_is_the_same_ring_once_in_h_steps(places, inner_steps):
    here = network(places)
    sites = [f"S{number}" for number in range(len(places))]
    figures = {"traffic_class": "sync", "parameters": 1e12, "step_s": 10.0}
    outer = diloco_flows(
        here,
        DiLoCo(
            name="outer",
            campuses_from_mw=0.0,
            outer_bytes=2.0,
            inner_steps=inner_steps,
            **figures,
        ),
    )
    inner = sync_flows(SyncTraining(name="inner", sites=tuple(sites), **figures))
    assert one_ring(outer, sites)
    assert outer[0].gbps * inner_steps == pytest.approx(inner[0].gbps)


def test_a_ring_of_one_exchanges_nothing():
    work = DiLoCo(
        name="outer", traffic_class="sync", campuses_from_mw=900.0, parameters=1e12, step_s=10.0
    )
    assert diloco_flows(network([(0.0, 0.0, 950.0), (9.0, 9.0, 100.0)]), work) == []


def checkpoint(apart_km):
    return Checkpoint(
        name="checkpoint",
        traffic_class="checkpoint",
        parameters=1e12,
        interval_s=1800.0,
        apart_km=apart_km,
    )


@given(PLACES)
def test_a_checkpoint_goes_to_the_nearest_campus_that_is_far_enough(places):
    here = network(places)
    pairs = [(one, other) for one in here.campuses for other in here.campuses if one != other]
    apart = {(one.site, other.site): distance_km(here, one, other) for one, other in pairs}
    apart_km = min(
        max(km for (one, _), km in apart.items() if one == c.site) for c in here.campuses
    )
    apart_km *= 0.999  # so that every campus has a refuge
    flows = checkpoint_flows(here, checkpoint(apart_km))
    assert [flow.source for flow in flows] == [campus.site for campus in here.campuses]
    for flow in flows:
        far = [km for (one, _), km in apart.items() if one == flow.source and km > apart_km]
        assert apart[flow.source, flow.target] == min(far)


@given(PLACES)
def test_checkpoints_are_in_proportion_to_planned_power(places):
    flows = checkpoint_flows(network(places), checkpoint(0.0))
    largest_gbps = 1e12 * 16 * 8 / 1800 / 1e9
    largest_mw = max(planned for _, _, planned in places)
    assert [flow.gbps for flow in flows] == pytest.approx(
        [largest_gbps * planned / largest_mw for _, _, planned in places]
    )
    assert {flow.transfer_h for flow in flows} == {0.5}


def test_a_campus_with_no_refuge_is_refused():
    near = network([(40.0, -80.0, 100.0), (40.1, -80.0, 100.0)])
    with pytest.raises(ModelError, match=r"apart_km: no campus lies beyond 500 km of 'C0'"):
        checkpoint_flows(near, checkpoint(500.0))


def test_a_campus_without_planned_power_has_no_checkpoint():
    flows = checkpoint_flows(network([(0.0, 0.0, 10.0), (9.0, 9.0, 0.0)]), checkpoint(500.0))
    assert [(flow.source, flow.target) for flow in flows] == [("S0", "S1")]


@given(PLACES, st.integers(1, 3), st.floats(0.1, 1e4))
def test_every_large_campus_takes_in_its_day_in_equal_parts(places, hubs, terabytes):
    here = network(places)
    work = Ingest(
        name="ingest",
        traffic_class="ingest",
        hubs=("S0", "S1", "E9")[:hubs],
        campuses_from_mw=500.0,
        terabytes_per_day=terabytes,
    )
    flows = ingest_flows(here, work)
    assert len({flow.gbps for flow in flows}) <= 1
    for campus in here.campuses:
        day_tb = sum(flow.gbps for flow in flows if flow.target == campus.site) * 86400 / 8e3
        assert day_tb == pytest.approx(terabytes if campus.mw_planned >= 500.0 else 0.0)


def test_a_rollout_reaches_every_replica_once_within_its_hours():
    work = Rollout(name="new", traffic_class="rollout", origin="S0", terabytes=2.0, hours=6.0)
    flows = rollout_flows(work, ["E1", "E2", "E1"])
    assert [(flow.source, flow.target) for flow in flows] == [("S0", "E1"), ("S0", "E2")]
    assert [flow.gbps * 6 * 3600 / 8e3 for flow in flows] == pytest.approx([2.0, 2.0])
