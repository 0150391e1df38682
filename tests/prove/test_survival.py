import pytest
from msgspec import structs

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


def test_double_cuts_are_counted_where_a_rule_speaks_of_them(doubled_plan, plan):
    """With a wave that leads astray, so many are outlived as the proof leaves over."""
    whole = read_plan(doubled_plan)
    first, *rest = whole.lightpath_hops
    astray = structs.replace(first, forward=not first.forward)
    for told in (whole, structs.replace(whole, lightpath_hops=(astray, *rest))):
        (row,) = (row for row in survived(compile_tables(told)) if row.kind == "fibre2")
        gates = {gate.name: gate for gate in prove(told).gates}
        gate = gates["runs: inference after fibre2"]
        lost = 0 if gate.verdict == "proved" else int(gate.note.split()[-2])
        assert row.cases == gate.cases
        assert row.kept == row.cases - lost
        assert (row.kept == row.cases) == (gate.verdict == "proved")
    assert row.kept < row.cases
    assert all(row.kind != "fibre2" for row in survived(compile_tables(plan)))
