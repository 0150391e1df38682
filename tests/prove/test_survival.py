import pytest

from arterial.plan.store import read_plan
from arterial.prove.proof import prove
from arterial.prove.survival import survived, survived_all
from arterial.prove.tables import compile_tables


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def tables(plan):
    return compile_tables(plan)


def test_a_class_keeps_what_is_asked_in_all_cases_where_its_gate_is_proved(plan, tables):
    gates = {gate.name: gate for gate in prove(plan).gates}
    rows = survived(tables)
    assert rows
    for row in rows:
        gate = gates[f"runs: {row.traffic_class} after {row.kind}"]
        assert (row.kept == row.cases) == (gate.verdict == "proved")
        assert row.cases <= gate.cases
        assert row.carried >= gate.value - 1e-6
    assert survived_all(tables) == 1.0
