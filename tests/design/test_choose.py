from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.design.choose import Chooser
from arterial.design.state import State
from arterial.model.policy import DEFAULT_CLASSES

SEEDS = st.integers(0, 2**32 - 1)


def offered(here, flow, closed=()):
    """Placements a chooser offers for a flow on an empty network."""
    shut = np.isin(np.arange(len(here.instance.routes)), closed)
    return list(islice(here.chooser.placements(State(here.instance), flow, shut), 20))


def links_of(placement):
    ways = (*placement.paths, placement.backup or ())
    return {arc >> 1 for path in ways for arc in path}


@given(SEEDS)
@settings(max_examples=25)
def test_whatever_is_offered_is_a_placement_that_the_policy_allows(tiny, placements_of, seed):
    here = tiny(seed)
    for flow in here.flows:
        allowed = placements_of(here, flow)
        for placement in offered(here, flow):
            assert placement in allowed


@given(SEEDS)
@settings(max_examples=25)
def test_some_placement_is_offered_wherever_one_exists(tiny, placements_of, seed):
    here = tiny(seed)
    for flow in here.flows:
        if placements_of(here, flow):
            assert offered(here, flow)


@given(SEEDS)
@settings(max_examples=15)
def test_closed_links_are_not_ridden(tiny, seed):
    here = tiny(seed)
    closed = [n for n in range(len(here.instance.routes)) if (seed >> n) & 1]
    for flow in here.flows:
        for placement in offered(here, flow, closed):
            assert not links_of(placement) & set(closed)


@given(SEEDS, st.floats(3.0, 8.0))
@settings(max_examples=15)
def test_a_bound_is_kept_by_primary_and_backup(tiny, seed, rtt_ms):
    tight = {"inference": rtt_ms}
    classes = tuple(
        type(c)(name=c.name, priority=c.priority, rtt_ms=tight.get(c.name)) for c in DEFAULT_CLASSES
    )
    here = tiny(seed, classes=classes)
    instance = here.instance
    flow = next(flow for flow in here.flows if flow.market)
    for placement in offered(here, flow):
        for path in (*placement.paths, placement.backup or ()):
            links = [arc >> 1 for arc in path]
            one_way = instance.latency_ms[links].sum() + instance.hop_ms * (len(links) + 1)
            assert 2 * (one_way + 0.5) <= rtt_ms + 1e-9


def test_a_flow_rides_where_there_is_room_already(tiny):
    here = tiny(4)
    flow = here.flows[-1]
    empty = State(here.instance)
    none = np.zeros(len(here.instance.routes), dtype=np.bool_)
    first = next(Chooser(here.instance).placements(empty, flow, none))
    booked = State(here.instance)
    booked.place(flow, first)
    twice = next(Chooser(here.instance).placements(booked, flow, none))
    assert links_of(twice) == links_of(first)


@pytest.mark.parametrize("seed", [4, 7])
def test_the_same_question_has_the_same_answers(tiny, seed):
    here = tiny(seed)
    assert [offered(here, flow) for flow in here.flows] == [
        offered(here, flow) for flow in here.flows
    ]
