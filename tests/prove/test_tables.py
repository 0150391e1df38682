import msgspec
import pytest

from arterial.prove.register import register
from arterial.prove.tables import compile_tables


def test_a_sound_plan_has_no_faults(ring):
    assert compile_tables(ring).faults == ()


@pytest.mark.parametrize(
    ("table", "name", "fields", "told"),
    [
        ("ip_links", "L2", {"capacity_gbps": 900.0}, "'L2' says 900 Gb/s and has 800"),
        ("ip_links", "L2", {"waves": 3}, "'L2' says 3 waves and has 2"),
        ("lightpaths", "w2.1", {"router_z": 3}, "'w2.1' ends on S3/3, which is not there"),
        ("lightpaths", "w2.1", {"regenerators": ("S0",)}, "'w2.1' is not regenerated in order"),
        ("lightpath_hops", "w2.1", {"forward": False}, "'w2.1' does not lead from S2 to S3"),
        (
            "tunnels",
            "sync/1",
            {"rate_gbps": 150.0},
            "'given sync S2 > S3' asks 200 Gb/s; its tunnels have 150",
        ),
        (
            "tunnels",
            "sync/1",
            {"target": "S4"},
            "'sync/1' does not join the ends of 'given sync S2 > S3'",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told(ring, altered, table, name, fields, told):
    faults = compile_tables(altered(ring, table, name, **fields)).faults
    assert any(told in fault for fault in faults), faults


def test_delays_come_from_lengths_and_agree_with_those_of_the_plain_rows(ring, altered):
    plan = altered(ring, "ip_links", "L2", latency_ms=0.0)
    modes = tuple(msgspec.structs.replace(m, fec_us=30.0) for m in ring.network.modes)
    for network in (ring.network, msgspec.structs.replace(ring.network, modes=modes)):
        changed = msgspec.structs.replace(plan, network=network)
        tables, book = compile_tables(changed), register(changed)
        fec_ms = 0.01 if network is ring.network else 0.03
        assert tables.link_ms.tolist() == pytest.approx([1.37 * 0.49 + fec_ms] * 5)
        assert [book.delays_ms[name] for name in tables.links] == pytest.approx(tables.link_ms)
