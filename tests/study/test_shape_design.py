"""Shapes under a rule on two cuts: what their links can keep is kept, and nothing else breaks."""

import pytest

from arterial.design.engine import Ask
from arterial.design.ground import ground_of
from arterial.jobs.progress import silent
from arterial.model.reader import load_network
from arterial.prove.proof import prove
from arterial.study.shape_design import design_shape
from arterial.study.shape_set import ShapeSet


@pytest.fixture(scope="module")
def network(doubled_drill):
    return load_network(doubled_drill)


def shapes(network):
    ground = ground_of(network)
    made = ShapeSet(ground, "base", [ground.site_index[name] for name in ("Birch", "Fir")])
    found = dict(made.spokes(made.hubs(3, "people")))
    return found | {"ring": lambda: made.rings(1, 3)[1].shape}


@pytest.mark.parametrize("name", ["dual-homed", "ring"])
def test_two_cuts_break_what_links_cannot_keep_and_no_more(network, name):
    """As installed, so many double cuts break the rule as no waves on these links could outlive."""
    ask = Ask(load="base", gap=0.1, rounds=1)
    built = design_shape(network, ask, shapes(network)[name](), bare=False, report=silent)
    assert built.designed_for == "what its links can keep"
    assert built.plan.bound <= built.plan.cost
    assert built.cannot.lost > 0
    gates = {gate.name: gate for gate in prove(built.plan).gates}
    runs = gates["runs: inference after fibre2"]
    assert runs.verdict == "refuted"
    assert runs.note.endswith(f"so in {built.cannot.lost} cases")
    broken = {name for name, gate in gates.items() if gate.verdict == "refuted"}
    assert broken == {"runs: inference after fibre2", "feasible: inference after fibre2"}
