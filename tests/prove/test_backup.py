import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.prove.backup import installed, routed
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.tables import compile_tables


def wanted_by(plan, alive):
    """Rates of live primaries, and of live backups while their primary is dead."""
    wanted = {t.name: t.rate_gbps for t in plan.tunnels if not t.protects and alive(t)}
    for primary in plan.tunnels:
        if primary.protects or alive(primary):
            continue
        missing = primary.rate_gbps
        for backup in plan.tunnels:
            if backup.protects == primary.name and alive(backup):
                wanted[backup.name] = min(missing, backup.rate_gbps)
                missing -= wanted[backup.name]
    return wanted


def naive(plan, failure):
    """The installed routing in plain loops: what each tunnel carries."""
    policy = plan.network.policy
    lost = set(failure.fibres) if failure else set()
    gone = failure.site if failure and failure.kind == "site" else None
    left = {
        link.name: 0.0 if link.name in lost or gone in (link.a, link.z) else link.capacity_gbps
        for link in plan.ip_links
    }
    usable = policy.usable(failed=failure is not None)
    room = {(k, way): gbps * usable for k, gbps in left.items() for way in (True, False)}
    hops = {t.name: [h for h in plan.tunnel_hops if h.tunnel == t.name] for t in plan.tunnels}

    def alive(tunnel):
        return gone not in (tunnel.source, tunnel.target) and all(
            left[h.link] > 0 for h in hops[tunnel.name]
        )

    wanted = wanted_by(plan, alive)
    return shared(plan, hops, room, wanted)


def shared(plan, hops, room, wanted):
    """Priorities one after the other; within one, each tunnel keeps its tightest link's share."""
    priority = {c.name: c.priority for c in plan.network.classes}
    kind = {d.name: d.traffic_class for d in plan.demands}
    level = {t.name: priority[kind[t.demand]] for t in plan.tunnels}
    carried = {t.name: 0.0 for t in plan.tunnels}
    for number in sorted(set(priority.values())):
        own = [name for name in wanted if level[name] == number]
        load = dict.fromkeys(room, 0.0)
        for name in own:
            for h in hops[name]:
                load[h.link, h.forward] += wanted[name]
        for name in own:
            factors = [
                min(1.0, room[h.link, h.forward] / load[h.link, h.forward])
                for h in hops[name]
                if load[h.link, h.forward] > 0
            ]
            carried[name] = wanted[name] * min(factors, default=1.0)
        for name in own:
            for h in hops[name]:
                room[h.link, h.forward] -= carried[name]
        room = {key: max(value, 0.0) for key, value in room.items()}
    return carried


@given(data=st.data())
def test_the_arrays_route_as_plain_loops_do(meshes, data):
    plan = data.draw(meshes)
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    routing = routed(installed(tables), cases)
    for row, failure in enumerate(cases.failures):
        expected = naive(plan, failure)
        carried = dict(zip(tables.tunnels.names, routing.carried_gbps[row].tolist(), strict=True))
        assert carried == pytest.approx(expected, abs=1e-9)


@given(data=st.data())
def test_a_link_is_never_loaded_beyond_what_may_be_used(meshes, data):
    plan = data.draw(meshes)
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    routing = routed(installed(tables), cases)
    usable = [plan.network.policy.usable(failed=f is not None) for f in cases.failures]
    room = np.tile(cases.left_gbps, 2) * np.array(usable)[:, np.newaxis]
    assert (routing.load_gbps <= room + 1e-9).all()


def carried(plan, case):
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    row = routed(installed(tables), cases).carried_gbps[cases.names.index(case)]
    return dict(zip(tables.tunnels.names, row.tolist(), strict=True))


def test_a_backup_carries_its_own_rate_only_while_its_primary_is_dead(ring):
    assert carried(ring, "")["sync/b"] == 0.0
    assert carried(ring, "fibre F2")["sync/1"] == 0.0
    assert carried(ring, "fibre F2")["sync/b"] == 100.0


def test_a_market_moves_to_its_fail_over_when_its_edge_alone_is_lost(ring):
    rates = carried(ring, "edge S1")
    assert (rates["down/1"], rates["down/b"]) == (0.0, 60.0)
    assert carried(ring, "edge S4")["down/1"] == 60.0


def test_a_tunnel_inside_one_site_fails_only_with_that_site_or_its_replicas(ring, altered):
    plan = altered(ring, "replicas", None, edge="S0")
    plan = altered(plan, "demands", "people-down M", source="S0")
    plan = altered(plan, "tunnels", "down/1", source="S0")
    hops = tuple(hop for hop in plan.tunnel_hops if hop.tunnel != "down/1")
    plan = msgspec.structs.replace(plan, tunnel_hops=hops)
    tables = compile_tables(plan)
    names = compile_cases(tables, failures_of(tables)).names
    dead = {case for case in names if carried(plan, case)["down/1"] == 0.0}
    assert dead == {"site S0", "edge S0"}


def test_the_backups_of_one_primary_share_its_rate_in_the_order_of_the_table(ring):
    second = next(t for t in ring.tunnels if t.name == "sync/b")
    third = msgspec.structs.replace(second, name="sync/c", rate_gbps=200.0)
    hops = [h for h in ring.tunnel_hops if h.tunnel == "sync/b"]
    again = tuple(msgspec.structs.replace(h, tunnel="sync/c") for h in hops)
    plan = msgspec.structs.replace(
        ring, tunnels=(*ring.tunnels, third), tunnel_hops=(*ring.tunnel_hops, *again)
    )
    rates = carried(plan, "fibre F2")
    assert (rates["sync/b"], rates["sync/c"]) == (100.0, 100.0)
