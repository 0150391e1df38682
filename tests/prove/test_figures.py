import math

import msgspec
import pytest

from arterial.prove.tables import compile_tables

DOWN_MS = 2 * (1.37 * 0.49 + 0.01 + 2 * 0.02 + 0.5)
"""One span of 100 km, a coder, two routers and the access, both ways."""


def measured(ring, altered):
    """The ring with the round trips that it leaves out."""
    plan = altered(ring, "tunnels", "down/1", rtt_ms=DOWN_MS)
    replica = msgspec.structs.replace(plan.replicas[0], rtt_ms=DOWN_MS, failover_rtt_ms=DOWN_MS)
    return msgspec.structs.replace(plan, replicas=(replica,))


def test_figures_that_follow_from_other_rows_are_no_fault(ring, altered):
    assert compile_tables(measured(ring, altered)).faults == ()


@pytest.mark.parametrize(
    ("table", "name", "boast", "found"),
    [
        ("ip_links", "L2", {"length_km": 90.0}, "100"),
        ("ip_links", "L2", {"latency_ms": 0.5}, "0.6813"),
        ("ip_links", "L2", {"floor_ms": 0.4}, "0.49"),
        ("lightpaths", "w2.1", {"osnr_db": 19.0}, "20"),
        ("lightpaths", "w2.1", {"watts": 20.0}, "40"),
        ("lit_fibres", "F1", {"new_pairs": 0}, "1"),
        ("tunnels", "down/1", {"rtt_ms": 1.0}, "2.4426"),
    ],
)
def test_a_figure_that_other_rows_contradict_is_a_fault(ring, altered, table, name, boast, found):
    (fault,) = compile_tables(altered(measured(ring, altered), table, name, **boast)).faults
    ((column, said),) = boast.items()
    assert f"'{name}': {column} says {said:g} and is {found}" in fault


@pytest.mark.parametrize("column", ["rtt_ms", "failover_rtt_ms"])
def test_a_market_nearer_than_its_tunnels_is_a_fault(ring, altered, column):
    plan = measured(ring, altered)
    boast = msgspec.structs.replace(plan.replicas[0], **{column: 1.0})
    (fault,) = compile_tables(msgspec.structs.replace(plan, replicas=(boast,))).faults
    assert fault == f"market 'M': {column} says 1 and is 2.4426"


def test_what_nobody_knows_contradicts_nothing(ring, altered):
    plan = measured(ring, altered)
    fibres = tuple(msgspec.structs.replace(f, length_km=None) for f in plan.network.fibres)
    modes = tuple(msgspec.structs.replace(m, watts=None, osnr_db=None) for m in plan.network.modes)
    network = msgspec.structs.replace(plan.network, fibres=fibres, modes=modes)
    assert compile_tables(msgspec.structs.replace(plan, network=network)).faults == ()
    silent = altered(plan, "ip_links", "L2", latency_ms=math.nan)
    assert compile_tables(silent).faults == ()
