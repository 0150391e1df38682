from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.plan.store import read_plan
from arterial.report.built import built, retuned
from arterial.report.moved import rerouted, served
from arterial.report.same_links import link_pairs, routes_of


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


def renamed(plan, names):
    """The plan with its IP links called otherwise, and turned round where the name asks for it."""

    def of(row, field):
        return msgspec.structs.replace(row, **{field: names[getattr(row, field)]})

    return msgspec.structs.replace(
        plan,
        ip_links=tuple(of(row, "name") for row in plan.ip_links),
        lightpaths=tuple(of(row, "link") for row in plan.lightpaths),
        tunnel_hops=tuple(of(row, "link") for row in plan.tunnel_hops),
    )


def without(plan, links):
    """The plan less some of its links, tunnels left as they are."""
    gone = {wave.name for wave in plan.lightpaths if wave.link in links}
    return msgspec.structs.replace(
        plan,
        ip_links=tuple(row for row in plan.ip_links if row.name not in links),
        lightpaths=tuple(row for row in plan.lightpaths if row.name not in gone),
        lightpath_hops=tuple(row for row in plan.lightpath_hops if row.lightpath not in gone),
        tunnels=(),
        tunnel_hops=(),
    )


@given(data=st.data())
def test_a_link_by_another_name_is_the_same_link(plan, data):
    old = [link.name for link in plan.ip_links]
    mixed = data.draw(st.permutations([*old, *(f"x{n}" for n in range(len(old)))]))
    other = renamed(plan, dict(zip(old, mixed, strict=False)))
    pairs = link_pairs(plan, other)
    assert {pair.fate for pair in pairs} == {"same"}
    assert built(plan, other, pairs) == ()
    assert retuned(plan, other, pairs) == 0
    assert rerouted(plan, other).primaries == rerouted(plan, other).backups == 0
    assert served(plan, other) == ()


@given(data=st.data())
def test_the_mirror_of_a_difference_is_the_difference_of_the_mirror(plan, data):
    names = [link.name for link in plan.ip_links]
    a, b = (without(plan, data.draw(st.sets(st.sampled_from(names)))) for _ in range(2))
    swap = {"built": "freed", "freed": "built", "same": "same", "moved": "moved"}
    there = {(p.a and p.a.name, p.b and p.b.name, p.fate) for p in link_pairs(a, b)}
    back = {(p.b and p.b.name, p.a and p.a.name, swap[p.fate]) for p in link_pairs(b, a)}
    assert there == back
    rows = {(r.thing, r.where, r.kind, r.a, r.b, r.fate) for r in built(a, b, link_pairs(a, b))}
    mirrored = {
        (r.thing, r.where, r.kind, r.b, r.a, swap[r.fate]) for r in built(b, a, link_pairs(b, a))
    }
    assert rows == mirrored


def test_a_link_of_the_same_ends_over_other_fibre_has_moved(plan):
    link, other = plan.ip_links[0], plan.ip_links[-1]
    wave = next(row for row in plan.lightpaths if row.link == link.name)
    hops = {hop.lightpath: hop for hop in plan.lightpath_hops}
    detour = hops[next(row for row in plan.lightpaths if row.link == other.name).name].fibre
    changed = msgspec.structs.replace(
        plan,
        lightpath_hops=tuple(
            msgspec.structs.replace(hop, fibre=detour) if hop.lightpath == wave.name else hop
            for hop in plan.lightpath_hops
        ),
    )
    pairs = link_pairs(plan, changed)
    assert [pair.name for pair in pairs if pair.fate == "moved"] == [link.name]
    rows = [row for row in built(plan, changed, pairs) if row.thing == "wave"]
    assert [(row.where, row.fate, row.a, row.b) for row in rows] == [(link.name, "moved", 1, 1)]
    riding = {hop.tunnel for hop in plan.tunnel_hops if hop.link == link.name}
    moved = rerouted(plan, changed)
    assert 0 < moved.primaries + moved.backups <= len(riding)


def test_routes_lead_from_end_to_end(plan):
    ends = {fibre.name: {fibre.a, fibre.z} for fibre in plan.network.fibres}
    for sides, fibres in routes_of(plan).values():
        assert sides == tuple(sorted(sides))
        assert sides[0] in ends[fibres[0]]
        assert sides[1] in ends[fibres[-1]]
        assert all(ends[one] & ends[other] for one, other in pairwise(fibres))
