import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.jobs.progress import silent
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.igp import NOWHERE, rerouted
from arterial.prove.keeping import MOMENTS, Kept, engines_of, kept
from arterial.prove.register import register
from arterial.prove.sweep import demands_of, sweep
from arterial.prove.tables import compile_tables


def reduced(tables, cases):
    engines = engines_of(tables)
    into = Kept.empty(len(cases.failures), len(engines.classes))
    kept(engines, cases, into, slice(0, len(cases.failures)))
    return engines, into


@settings(max_examples=40)
@given(data=st.data())
def test_what_a_class_keeps_as_installed_is_what_the_verified_sweep_says(ring, meshes, data):
    plan = data.draw(st.one_of(st.just(ring), meshes))
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    engines, into = reduced(tables, cases)
    swept = sweep(tables, register(plan), cases, silent)
    now = MOMENTS.index("backup")
    for column, name in enumerate(engines.classes):
        own = demands_of(tables, name)
        for case in range(len(cases.failures)):
            counted = np.flatnonzero(own & ~swept.cut_off[case])
            share = swept.share[case, counted]
            assert into.counted[case, column] == (len(counted) > 0)
            assert into.least[now, case, column] == pytest.approx(share.min(initial=np.inf))
            if len(counted):
                gbps = tables.demands.gbps[counted]
                assert into.demand[now, case, column] in counted
                lost = (gbps * (1.0 - share)).sum()
                assert into.dropped_gbps[now, case, column] == pytest.approx(lost, abs=1e-9)
                mean = (gbps * share).sum() / gbps.sum()
                assert into.mean[now, case, column] == pytest.approx(mean)


@settings(max_examples=25)
@given(data=st.data())
def test_a_demand_without_a_way_keeps_nothing_however_it_is_routed(meshes, data):
    tables = compile_tables(data.draw(meshes))
    cases = compile_cases(tables, failures_of(tables))
    engines, into = reduced(tables, cases)
    option = rerouted(engines.igp, cases).option
    ends_lost = (cases.site_down.astype(int) @ tables.demands.own_end.T.astype(int)) > 0
    lost = (option == NOWHERE) & ~ends_lost
    assert into.no_way_gbps.tolist() == pytest.approx((lost @ tables.demands.gbps).tolist())
    for column, name in enumerate(engines.classes):
        own = lost[:, demands_of(tables, name)].any(axis=1)
        assert into.no_way[:, column].tolist() == own.tolist()
        assert (into.least[:, own, column] == 0.0).all()
