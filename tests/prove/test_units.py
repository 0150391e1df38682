import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import DamagedError
from arterial.model.fibre import Link
from arterial.model.site import Site
from arterial.plan.rows import BoughtUnit
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.register import left_gbps, register
from arterial.prove.tables import compile_tables
from arterial.prove.units import ready_gbps, ready_share, unit_faults

replace = msgspec.structs.replace
ROUTERS = 2


def sold(plan, picks):
    """The same plan with some links for sale, and units of them bought on routers of two."""
    links, rows, units = [], [], []
    for link, row, (standing, ends) in zip(plan.network.links, plan.ip_links, picks, strict=False):
        status, kind = ("existing" if standing else "available"), "leased-wave"
        most = max(standing + len(ends), 1)
        one = replace(link, status=status, kind=kind, most=most, cost_year=1.0)
        links.append(one)
        gbps = one.capacity_gbps * (standing + len(ends))
        if gbps:
            rows.append(replace(row, capacity_gbps=gbps, kind=kind, units=len(ends)))
        units += [
            BoughtUnit(link=link.name, unit=number, router_a=a, router_z=z)
            for number, (a, z) in enumerate(ends, 1)
        ]
    sites = tuple(Site(name=site.name, routers=ROUTERS) for site in plan.network.sites)
    return replace(
        plan,
        network=replace(plan.network, links=tuple(links), sites=sites),
        ip_links=tuple(rows),
        bought_units=tuple(units),
        demands=(),
        tunnels=(),
        tunnel_hops=(),
    )


ENDS = st.lists(st.tuples(st.integers(1, ROUTERS), st.integers(1, ROUTERS)), max_size=3)


@given(data=st.data())
def test_sweep_and_verifier_agree_on_what_is_left_of_units(meshes, data):
    plan = data.draw(meshes)
    count = len(plan.network.links)
    picks = data.draw(st.lists(st.tuples(st.integers(0, 1), ENDS), min_size=count, max_size=count))
    plan = sold(plan, picks)
    tables, book = compile_tables(plan), register(plan)
    assert list(unit_faults(plan)) == []
    cases = compile_cases(tables, failures_of(tables))
    for case, outage in enumerate(cases.outages):
        expected = [left_gbps(book, name, outage) for name in tables.links]
        assert cases.left_gbps[case].tolist() == pytest.approx(expected)


@pytest.fixture
def pair(ring):
    """A link of three units between two sites of two routers."""
    given_link = ring.ip_links[0]
    link = Link(name="k", a=given_link.a, z=given_link.z, capacity_gbps=10.0)
    network = replace(
        ring.network,
        links=(replace(link, kind="peering", status="available", most=3, cost_year=1.0),),
        fibres=(),
        markets=(),
        sites=tuple(replace(site, routers=ROUTERS) for site in ring.network.sites),
    )
    row = replace(given_link, name="k", waves=0, capacity_gbps=30.0, kind="peering", units=3)
    units = tuple(
        BoughtUnit(link="k", unit=number, router_a=a, router_z=z)
        for number, (a, z) in enumerate(((1, 1), (1, 2), (2, 2)), 1)
    )
    bare = {"lightpaths": (), "lightpath_hops": (), "lit_fibres": (), "replicas": ()}
    none = {"demands": (), "tunnels": (), "tunnel_hops": ()}
    return replace(ring, network=network, ip_links=(row,), bought_units=units, **bare, **none)


def test_a_unit_is_lost_with_either_of_its_routers(pair):
    (link,) = pair.ip_links
    lost = [frozenset({("router", site, n)}) for site in (link.a, link.z) for n in (1, 2)]
    share = ready_share(pair, [frozenset(), *lost])[:, 0]
    assert share.tolist() == pytest.approx([1.0, 1 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert ready_gbps(pair) == {"k": 30.0}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"units": 2}, "says 2 units and has 3"),
        ({"kind": "on-ramp"}, "says kind 'on-ramp' and is 'peering'"),
    ],
)
def test_a_row_that_says_other_than_its_units_is_a_fault(pair, row, fault):
    (told,) = unit_faults(replace(pair, ip_links=(replace(pair.ip_links[0], **row),)))
    assert fault in told


def test_units_beyond_what_is_for_sale_or_on_no_router_are_faults(pair):
    network = replace(pair.network, links=(replace(pair.network.links[0], most=2),))
    assert any("2 are for sale" in told for told in unit_faults(replace(pair, network=network)))
    assert ready_gbps(replace(pair, network=network)) == {"k": 20.0}
    astray = (replace(pair.bought_units[0], router_a=3), *pair.bought_units[1:])
    (told,) = unit_faults(replace(pair, bought_units=astray))
    assert "a router that is not there" in told
    none = (replace(pair.ip_links[0], units=0),)
    (told,) = unit_faults(replace(pair, bought_units=(), ip_links=none))
    assert "no unit of it is bought" in told


def test_a_unit_of_no_link_breaks_the_plan(pair):
    lost = (replace(pair.bought_units[0], link="nowhere"),)
    with pytest.raises(DamagedError, match="nowhere"):
        compile_tables(replace(pair, bought_units=lost))
