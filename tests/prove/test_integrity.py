import msgspec
import pytest

from arterial.errors import DamagedError
from arterial.prove.integrity import check_integrity
from arterial.prove.proof import prove


def test_a_sound_plan_passes(ring):
    assert check_integrity(ring) is None


@pytest.mark.parametrize(
    ("table", "name", "fields", "told"),
    [
        ("ip_links", "L2", {"a": "S9"}, "ip_links: row 3: no site is called 'S9'"),
        ("ip_links", "L2", {"name": "L1"}, "ip_links: row 3: 'L1' stands twice"),
        ("ip_links", "L2", {"capacity_gbps": float("nan")}, "capacity_gbps is nan"),
        ("ip_links", "L2", {"capacity_gbps": -1.0}, "capacity_gbps is -1.0"),
        ("ip_links", "L2", {"waves": 0}, "no ready-made link is called 'L2'"),
        ("lightpaths", "w1.1", {"link": "L9"}, "lightpaths: row 3: no link is called 'L9'"),
        ("lightpaths", "w1.1", {"mode": "m9"}, "no mode is called 'm9'"),
        ("lightpaths", "w1.1", {"regenerators": ("X",)}, "no site is called 'X'"),
        ("lightpaths", "w1.1", {"rate_gbps": float("inf")}, "rate_gbps is inf"),
        ("lightpath_hops", "w1.1", {"fibre": "F9"}, "no fibre is called 'F9'"),
        ("lightpath_hops", "w1.1", {"lightpath": "w9"}, "no lightpath is called 'w1.1'"),
        ("lightpath_hops", "w1.1", {"pair": 0}, "pair is 0"),
        ("lightpath_hops", "w1.1", {"hop": 3}, "hops of 'w1.1' are not numbered"),
        ("lit_fibres", "F1", {"fibre": "F9"}, "lit_fibres: row 2: no fibre is called 'F9'"),
        ("replicas", None, {"market": "Q"}, "no market is called 'Q'"),
        ("replicas", None, {"edge": "S9"}, "no site is called 'S9'"),
        (
            "demands",
            "given sync S2 > S3",
            {"traffic_class": "x"},
            "demands: row 3: no class is called 'x'",
        ),
        ("demands", "given sync S2 > S3", {"target": "S9"}, "no site is called 'S9'"),
        ("demands", "given sync S2 > S3", {"gbps": -1.0}, "gbps is -1.0"),
        ("demands", "people-down M", {"market": "Q"}, "no market with a replica is called 'Q'"),
        ("tunnels", "sync/b", {"demand": "x"}, "no demand is called 'x'"),
        ("tunnels", "sync/b", {"protects": "x"}, "no primary tunnel is called 'x'"),
        ("tunnels", "sync/b", {"protects": "save/1"}, "protects another demand's tunnel"),
        ("tunnels", "sync/b", {"protects": "save/b"}, "no primary tunnel is called 'save/b'"),
        ("tunnel_hops", "sync/b", {"link": "L9"}, "no link is called 'L9'"),
        ("tunnel_hops", "sync/b", {"tunnel": "x"}, "no tunnel is called 'x'"),
        ("tunnel_hops", "sync/b", {"hop": 0}, "hops of 'sync/b' are not numbered one by one"),
    ],
)
def test_a_broken_promise_is_told_by_table_and_row(ring, altered, table, name, fields, told):
    with pytest.raises(DamagedError) as error:
        check_integrity(altered(ring, table, name, **fields))
    assert told in str(error.value)
    assert f"plan, table {table}" in str(error.value) or told == "no lightpath is called 'w1.1'"


def test_a_lost_hop_is_told(ring):
    hops = tuple(h for h in ring.tunnel_hops if not (h.tunnel == "sync/b" and h.hop == 2))
    with pytest.raises(DamagedError, match="not numbered one by one"):
        check_integrity(msgspec.structs.replace(ring, tunnel_hops=hops))


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("ip_links", "capacity_gbps"),
        ("lightpaths", "rate_gbps"),
        ("lightpaths", "slot_ghz"),
        ("demands", "gbps"),
        ("demands", "access_ms"),
        ("demands", "transfer_h"),
        ("tunnels", "rate_gbps"),
    ],
)
@pytest.mark.parametrize("figure", [-1.0, float("nan"), float("inf")])
def test_a_figure_that_is_none_is_refused_as_damage_by_the_proof(ring, table, field, figure):
    first, *others = getattr(ring, table)
    rows = (msgspec.structs.replace(first, **{field: figure}), *others)
    with pytest.raises(DamagedError, match=field):
        prove(msgspec.structs.replace(ring, **{table: rows}))
