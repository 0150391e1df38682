import msgspec
import pytest

from arterial.errors import ModelError
from arterial.fabric.failures import Failure
from arterial.prove.outage import outage_named, outage_of


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("F2", {("fibre", "F2", 0)}),
        ("F2#1", {("pair", "F2", 1)}),
        ("L2", {("link", "L2", 0)}),
        ("w2.1", {("wave", "w2.1", 0)}),
        ("S2", {("site", "S2", 0)}),
        ("S2/2", {("router", "S2", 2)}),
        ("duct 2", {("fibre", "F2", 0)}),
        ("edge S4", {("edge", "S4", 0)}),
        ("fibre F2", {("fibre", "F2", 0)}),
        ("srlg duct 2", {("fibre", "F2", 0)}),
    ],
)
def test_each_kind_of_element_can_be_named(ring, name, lost):
    assert outage_named(ring, [name]) == lost


def test_every_unknown_name_is_told_at_once(ring):
    with pytest.raises(ModelError) as told:
        outage_named(ring, ["F9", "F1", "S2/3", "F2#2"])
    assert [p.found for p in told.value.problems] == [
        "nothing in the plan is called 'F9'",
        "nothing in the plan is called 'S2/3'",
        "nothing in the plan is called 'F2#2'",
    ]


def test_a_name_of_two_things_must_say_which(ring):
    fibre = msgspec.structs.replace(ring.network.fibres[0], name="S0")
    network = msgspec.structs.replace(ring.network, fibres=(*ring.network.fibres, fibre))
    plan = msgspec.structs.replace(ring, network=network)
    with pytest.raises(ModelError, match="'fibre S0', 'site S0'"):
        outage_named(plan, ["S0"])
    assert outage_named(plan, ["fibre S0"]) == {("fibre", "S0", 0)}


def test_a_failure_loses_what_it_says():
    cut = Failure(name="srlg d", kind="srlg", fibres=("F1", "F2"))
    assert outage_of(cut) == {("fibre", "F1", 0), ("fibre", "F2", 0)}
    router = Failure(name="router S1/2", kind="router", site="S1", router=2)
    assert outage_of(router) == {("router", "S1", 2)}
    assert outage_of(Failure(name="edge S1", kind="edge", site="S1")) == {("edge", "S1", 0)}
