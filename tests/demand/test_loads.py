"""A load is found by name, and scales its workloads by what it says and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.demand.loads import load_named, scaled_workloads
from arterial.errors import ModelError
from arterial.model.network import Network
from arterial.model.site import Campus, Site
from arterial.model.workload import Load, Rollout

POSITIVE = st.floats(0.01, 100.0)


def network(*loads, mw=(100.0, 300.0), planned=(400.0, 400.0)):
    return Network(
        name="two",
        sites=(Site(name="A"), Site(name="B")),
        campuses=tuple(
            Campus(name=f"campus {site}", site=site, mw=now, mw_planned=then)
            for site, now, then in zip("AB", mw, planned, strict=True)
        ),
        workloads=tuple(
            Rollout(name=name, traffic_class="rollout", origin="A", terabytes=1.0, hours=1.0)
            for name in ("one", "two", "three")
        ),
        loads=loads,
    )


def factors(network, load_name):
    return [(workload.name, factor) for workload, factor in scaled_workloads(network, load_name)]


@given(scale=POSITIVE)
def test_a_workload_is_scaled_by_its_own_factor_alone(scale):
    load = Load(name="day", workloads=("three", "one"), scale={"one": scale})
    assert factors(network(load), "day") == [("three", 1.0), ("one", scale)]


@given(scale=POSITIVE)
def test_growth_is_planned_power_over_power_now_summed_over_campuses(scale):
    load = Load(
        name="later", workloads=("one", "two"), scale={"two": scale}, scale_by_power=("two",)
    )
    assert factors(network(load), "later") == [("one", 1.0), ("two", scale * (800.0 / 400.0))]


def test_a_workload_named_twice_counts_once():
    load = Load(name="day", workloads=("one", "two", "one"))
    assert factors(network(load), "day") == [("one", 1.0), ("two", 1.0)]


def test_an_unknown_load_is_answered_with_the_nearest():
    loads = Load(name="draft"), Load(name="stress")
    with pytest.raises(ModelError, match=r"no load is called 'drat'. Did you mean 'draft'\?"):
        load_named(network(*loads), "drat")
    with pytest.raises(ModelError, match=r"Known: draft, stress"):
        load_named(network(*loads), "xyz")
    with pytest.raises(ModelError, match=r"Known: none"):
        load_named(network(), "draft")


@pytest.mark.parametrize(
    "load",
    [
        Load(name="day", workloads=("thre",)),
        Load(name="day", workloads=("one",), scale={"thre": 2.0}),
        Load(name="day", workloads=("one",), scale_by_power=("thre",)),
    ],
    ids=["workloads", "scale", "scale_by_power"],
)
def test_an_unknown_workload_is_answered_with_the_nearest(load):
    with pytest.raises(ModelError, match=r"'day'.* no workload is called 'thre'.*'three'"):
        scaled_workloads(network(load), "day")


@pytest.mark.parametrize("power", [{"mw": (0.0, 0.0)}, {"planned": (0.0, 0.0)}])
def test_growth_from_or_to_no_power_is_refused(power):
    load = Load(name="later", workloads=("one",), scale_by_power=("one",))
    with pytest.raises(ModelError, match=r"scale_by_power: the campuses have .*0 MW"):
        scaled_workloads(network(load, **power), "later")
