import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.prove.cases import compile_cases, failures_of, without
from arterial.prove.doubles import doubles_of
from arterial.prove.outage import outage_named
from arterial.prove.tables import compile_tables

ARRAYS = ("left_gbps", "wave_down", "site_down", "edge_down", "ready_share")


def compiled(plan, out=frozenset()):
    tables = compile_tables(plan)
    singles = compile_cases(tables, failures_of(tables), out)
    return tables, singles, doubles_of(tables, singles)


def test_the_ring_has_every_pair_of_fibres_and_work_with_every_other_failure(ring):
    _, _, doubles = compiled(ring)
    # 27 failures: 5 fibres and ducts, 10 routers, 5 sites, 2 edges. A fibre out for work leaves 25
    # (its duct is itself), so does a duct, a router 26, and a site all but itself, its two routers
    # and its replicas.
    assert (~doubles.maintenance).sum() == 10
    assert doubles.maintenance.sum() == 10 * 25 + 10 * 26 + 5 * 24 - 2
    names = [doubles.name(case) for case in range(len(doubles))]
    assert len(set(names)) == len(names)
    assert {"fibre F0 + fibre F1", "work on router S1/2, then site S1"} <= set(names)
    assert not {"work on fibre F0, then srlg duct 0", "work on site S1, then router S1/2"} & set(
        names
    )
    assert {doubles.kind(case) for case in range(len(doubles))} == {"fibre2", "maintenance"}


@settings(max_examples=25)
@given(data=st.data())
def test_two_losses_are_one_loss_while_the_other_is_out_of_service(ring, meshes, data):
    plan = data.draw(st.one_of(st.just(ring), meshes))
    tables, singles, doubles = compiled(plan)
    if not len(doubles):
        return
    picked = data.draw(st.lists(st.integers(0, len(doubles) - 1), min_size=1, max_size=6))
    both = doubles.cases(np.array(picked))
    for row, case in enumerate(picked):
        first, second = int(doubles.first[case]), int(doubles.second[case])
        weaker = without(tables, singles, singles.outages[first])
        assert both.outages[row] == weaker.outages[second]
        for name in ARRAYS:
            told, right = getattr(both, name)[row], getattr(weaker, name)[second]
            assert told.tolist() == pytest.approx(right.tolist()), name


@settings(max_examples=25)
@given(data=st.data())
def test_pairs_in_one_state_take_down_the_same(ring, meshes, data):
    _, _, doubles = compiled(data.draw(st.one_of(st.just(ring), meshes)))
    every = doubles.cases(np.arange(len(doubles)))
    states = doubles.cases(doubles.example)
    for name in ARRAYS:
        assert np.array_equal(getattr(every, name), getattr(states, name)[doubles.state])


def test_what_is_out_of_service_is_out_of_every_pair(ring):
    out = outage_named(ring, ["F2"])
    _, _, doubles = compiled(ring, out)
    every = doubles.cases(np.arange(len(doubles)))
    assert all(out <= outage for outage in every.outages)
    assert (every.left_gbps[:, 2] == 0.0).all()
