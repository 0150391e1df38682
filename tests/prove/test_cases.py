import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.fibre import Link
from arterial.model.site import Site
from arterial.prove.cases import compile_cases, failures_of, without
from arterial.prove.outage import outage_named
from arterial.prove.register import left_gbps, register
from arterial.prove.tables import compile_tables


def left(plan, case):
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    return cases.left_gbps[cases.names.index(case)].tolist()


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("", [800, 800, 800, 800, 800]),
        ("fibre F1", [800, 0, 800, 800, 800]),
        ("srlg duct 1", [800, 0, 800, 800, 800]),
        ("router S1/1", [400, 400, 800, 800, 800]),
        ("site S1", [0, 0, 800, 800, 800]),
        ("edge S1", [800, 800, 800, 800, 800]),
    ],
)
def test_a_case_takes_down_what_rides_on_it(ring, case, expected):
    assert left(ring, case) == expected


def express(ring, regenerators=()):
    """The ring with L0's waves led on from S1 to S2: they pass S1 as light."""
    links = (msgspec.structs.replace(ring.ip_links[0], z="S2"), *ring.ip_links[1:])
    more = tuple(
        msgspec.structs.replace(hop, hop=1, fibre="F1", centre_ghz=hop.centre_ghz + 300.0)
        for hop in ring.lightpath_hops
        if hop.fibre == "F0"
    )
    waves = tuple(
        msgspec.structs.replace(w, regenerators=regenerators) if w.link == "L0" else w
        for w in ring.lightpaths
    )
    return msgspec.structs.replace(
        ring, ip_links=links, lightpath_hops=(*ring.lightpath_hops, *more), lightpaths=waves
    )


@pytest.mark.parametrize("regenerators", [(), ("S1",)])
def test_an_express_wave_survives_a_router_and_not_a_site(ring, regenerators):
    plan = express(ring, regenerators)
    assert left(plan, "router S1/1")[0] == 800
    assert left(plan, "router S2/1")[0] == 400
    assert left(plan, "site S1")[0] == 0
    assert left(plan, "fibre F1")[0] == 0


@given(data=st.data())
def test_arrays_and_plain_rows_agree_on_what_is_left(ring, data):
    plan = data.draw(st.sampled_from([ring, express(ring), express(ring, ("S1",))]))
    names = ["F0", "F1", "F1#1", "L2", "w0.1", "w3.2", "S1", "S4", "S2/1", "S0/2", "duct 3"]
    out = outage_named(plan, data.draw(st.lists(st.sampled_from(names), max_size=3)))
    tables, book = compile_tables(plan), register(plan)
    cases = compile_cases(tables, failures_of(tables), out)
    for case, outage in enumerate(cases.outages):
        expected = [left_gbps(book, name, outage) for name in tables.links]
        assert cases.left_gbps[case].tolist() == expected


@given(data=st.data())
def test_taking_elements_out_one_after_the_other_is_taking_out_all(ring, data):
    names = st.lists(st.sampled_from(["F0", "F1#1", "S1", "S2/1", "w0.1", "edge S4"]), max_size=2)
    first, second = (outage_named(ring, data.draw(names)) for _ in range(2))
    tables = compile_tables(ring)
    failures = failures_of(tables)
    once = compile_cases(tables, failures, first | second)
    twice = without(tables, compile_cases(tables, failures, first), second)
    assert once.outages == twice.outages
    for field in ("left_gbps", "site_down", "edge_down", "wave_down"):
        assert np.array_equal(getattr(once, field), getattr(twice, field))


@given(data=st.data())
def test_ready_made_links_agree_too(meshes, data):
    plan = data.draw(meshes)
    tables, book = compile_tables(plan), register(plan)
    cases = compile_cases(tables, failures_of(tables))
    for case, outage in enumerate(cases.outages):
        expected = [left_gbps(book, name, outage) for name in tables.links]
        assert cases.left_gbps[case].tolist() == pytest.approx(expected)


def test_a_ready_made_link_is_spread_over_the_routers_of_its_sites(ring):
    sites = (Site(name="a", roles=("campus",)), Site(name="z", roles=("edge",), routers=4))
    link = Link(name="k", a="a", z="z", capacity_gbps=80.0)
    network = msgspec.structs.replace(
        ring.network, sites=sites, fibres=(), links=(link,), markets=()
    )
    row = msgspec.structs.replace(
        ring.ip_links[0], name="k", a="a", z="z", waves=0, capacity_gbps=80.0
    )
    bare = {"lightpaths": (), "lightpath_hops": (), "lit_fibres": (), "replicas": ()}
    plan = msgspec.structs.replace(
        ring, network=network, ip_links=(row,), demands=(), tunnels=(), tunnel_hops=(), **bare
    )
    assert left(plan, "router a/1") == [40.0]
    assert left(plan, "router z/3") == [60.0]
    assert left(plan, "fibre k") == [0.0]


@pytest.mark.parametrize("least", [1, 2, 3])
def test_a_bundle_with_fewer_waves_left_than_the_policy_asks_carries_nothing(ring, least):
    policy = msgspec.structs.replace(ring.network.policy, min_links=least)
    plan = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, policy=policy)
    )
    tables, book = compile_tables(plan), register(plan)
    cases = compile_cases(tables, failures_of(tables))
    before = compile_cases(compile_tables(ring), failures_of(tables))
    own = [tables.waves.link == link for link in range(len(tables.links))]
    up = np.stack([(~cases.wave_down[:, waves]).sum(axis=1) for waves in own], axis=1)
    assert cases.left_gbps.tolist() == np.where(up >= least, before.left_gbps, 0.0).tolist()
    for row, out in enumerate(cases.outages):
        assert [left_gbps(book, link, out) for link in tables.links] == (
            cases.left_gbps[row].tolist()
        )
