import msgspec
import pytest

from arterial.prove.equipment import table_gates


def gates(plan):
    return {gate.name: gate for gate in table_gates(plan, ())}


def limited(ring, **limits):
    sites = tuple(msgspec.structs.replace(s, **limits) for s in ring.network.sites)
    return msgspec.structs.replace(ring, network=msgspec.structs.replace(ring.network, sites=sites))


@pytest.mark.parametrize(
    ("name", "field", "used", "below"),
    [
        ("router ports", "ports", 4, 3),
        ("chassis slots", "slots", 2, 1),
        ("power", "power_kw", 0.08, 0.079),
    ],
)
def test_a_site_s_limit_holds_to_the_last_unit(ring, name, field, used, below):
    # Each site ends 4 waves on 2 routers, 20 W each.
    assert gates(limited(ring, **{field: used}))[name].verdict == "proved"
    gate = gates(limited(ring, **{field: below}))[name]
    assert (gate.verdict, gate.value, gate.limit) == ("refuted", pytest.approx(used), below)


def test_a_chassis_that_is_billed_takes_its_slot_though_it_ends_no_wave(ring):
    one = tuple(msgspec.structs.replace(w, router_a=1, router_z=1) for w in ring.lightpaths)
    tight = msgspec.structs.replace(limited(ring, slots=1), lightpaths=one)
    assert gates(tight)["chassis slots"].verdict == "refuted"
    bill = (
        msgspec.structs.replace(i, quantity=1.0, cost=2.0) if i.item == "chassis" else i
        for i in ring.bill
    )
    fits = msgspec.structs.replace(tight, bill=tuple(bill))
    assert gates(fits)["chassis slots"].verdict == "proved"


def test_a_site_that_sets_no_limit_asks_nothing(ring):
    assert set(gates(limited(ring, ports=None, slots=None, power_kw=None))) == {"tables"}


def test_a_regenerator_draws_power_for_two_pluggables_and_takes_no_port(ring, altered):
    plan = altered(ring, "lightpaths", "w0.1", regenerators=("S3",))
    assert gates(plan)["power"].value == pytest.approx(0.12)
    assert gates(plan)["router ports"].value == 4.0


def test_a_pluggable_without_watts_leaves_power_unknown(ring):
    modes = tuple(msgspec.structs.replace(m, watts=None) for m in ring.network.modes)
    plan = msgspec.structs.replace(ring, network=msgspec.structs.replace(ring.network, modes=modes))
    assert gates(plan)["power"].verdict == "unknown"


def test_a_site_beyond_its_limit_is_told_beside_one_that_is_unknown(ring, altered):
    dark = msgspec.structs.replace(ring.network.modes[0], name="dark", watts=None)
    sites = tuple(
        msgspec.structs.replace(s, power_kw={"S2": 1.0, "S4": 0.07}.get(s.name))
        for s in ring.network.sites
    )
    network = msgspec.structs.replace(ring.network, modes=(*ring.network.modes, dark), sites=sites)
    plan = msgspec.structs.replace(ring, network=network)
    gate = gates(altered(plan, "lightpaths", "w1.1", mode="dark"))["power"]
    assert (gate.verdict, gate.note, gate.value) == ("refuted", "at S4", pytest.approx(0.08))
