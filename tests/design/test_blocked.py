import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from arterial.design.blocked import no_way
from arterial.design.search import search, stuck
from arterial.errors import InfeasibleError, SolverError
from arterial.model.fibre import Fibre
from arterial.model.policy import DEFAULT_CLASSES

SEEDS = st.integers(0, 2**32 - 1)


def told(tiny, posed, *fibres, **changes):
    """The error for the first flow that has no placement on some fibres."""
    here = tiny(4)
    network = structs.replace(
        here.network,
        fibres=tuple(
            Fibre(name=f"F{m}", a=f"S{a}", z=f"S{z}", length_km=km, risks=risks)
            for m, (a, z, km, risks) in enumerate(fibres)
        ),
        **changes,
    )
    here = posed(network, here.demands, here.replicas)
    flows = stuck(here.chooser, here.flows)
    return no_way(here.instance, flows[0])


def test_sites_that_nothing_joins_are_named(tiny, posed):
    error = told(tiny, posed, (0, 1, 50.0, ()), (1, 2, 50.0, ()), (0, 2, 50.0, ()), (4, 0, 9.0, ()))
    assert isinstance(error, InfeasibleError)
    assert str(error) == (
        "demand 'sync >': no fibre or link of known delay joins S3 and S4\n"
        "  would free it: a fibre that joins S3 and S4"
    )


def test_the_failure_that_cuts_a_flow_off_is_named(tiny, posed):
    ring = [(0, 1, 50.0, ()), (1, 2, 50.0, ()), (2, 4, 50.0, ()), (4, 0, 50.0, ())]
    error = told(tiny, posed, *ring, (3, 4, 50.0, ("duct",)), (3, 1, 50.0, ("duct",)))
    assert isinstance(error, InfeasibleError)
    assert error.demand == "demand 'sync >'"
    assert "after 'srlg duct'" in error.constraint
    assert error.remedies == ("a fibre to S3 that does not share 'srlg duct'",)


def test_a_bound_that_a_failure_breaks_is_named_with_its_remedies(tiny, posed):
    classes = tuple(
        structs.replace(c, rtt_ms=3.0 if c.name == "inference" else None) for c in DEFAULT_CLASSES
    )
    ring = [
        (0, 1, 50.0, ()),
        (1, 2, 600.0, ()),
        (2, 3, 500.0, ()),
        (3, 4, 50.0, ()),
        (4, 0, 9.0, ()),
    ]
    error = told(tiny, posed, *ring, classes=classes)
    assert isinstance(error, InfeasibleError)
    assert error.demand == "demand 'down M'"
    assert error.constraint == "after 'fibre F0' no path within the class's bound is left"
    assert error.remedies[1:] == (
        "an edge nearer to S0",
        "a bound of at least 7.6 ms round trip in the backbone (now 2.0 ms)",
    )


def test_what_no_single_failure_rules_out_is_unknown_not_impossible(tiny, posed):
    # Any one failure leaves S3 a way to S4, yet every two ways share a duct.
    square = [(3, 4, 50.0, ("x", "y")), (3, 4, 60.0, ("y", "z")), (3, 4, 70.0, ("z", "x"))]
    rest = [(0, 1, 50.0, ()), (1, 2, 50.0, ()), (2, 4, 50.0, ()), (4, 0, 50.0, ())]
    error = told(tiny, posed, *square, *rest)
    assert isinstance(error, SolverError)
    assert error.exit_code == 3
    assert "demand 'sync >' between S3 and S4" in str(error)


@given(SEEDS)
@settings(max_examples=40)
def test_impossible_is_said_only_where_no_placement_exists(tiny, placements_of, seed):
    here = tiny(seed)
    for flow in here.flows:
        if isinstance(no_way(here.instance, flow), InfeasibleError):
            assert not placements_of(here, flow)


def test_the_search_raises_it(tiny):
    here = tiny(9)
    with pytest.raises(InfeasibleError, match="demand 'sync >': after 'srlg duct'"):
        next(search(here.chooser, here.flows, rounds=1))
