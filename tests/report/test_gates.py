import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.report.gates import gate_rows, headline
from arterial.report.words import apart


def test_a_proved_plan_says_how_much_was_tried(plan, proof):
    head = headline(plan, proof)
    assert head.verdict == "proved"
    words = "Proved: the plan carries load 'draft' through 120 cases of failure; all 3 gates hold."
    assert head.words == words
    assert head.remedies == ()


def test_a_refuted_plan_says_how_many_gates_fail_and_what_would_mend_each(plan, builders):
    gate = builders["gate"](value=0.93, verdict="refuted", worst_case="site Jacksonville")
    head = headline(plan, builders["proof"](verdict="refuted", gates=(gate,)))
    assert head.words == "Refuted: of 1 gates over 120 cases of failure, 1 do not hold."
    assert len(head.remedies) == 1
    assert "93 % against 100 % after site Jacksonville" in head.remedies[0]


def test_an_unknown_gate_says_why_and_offers_no_limit(plan, builders):
    gate = builders["gate"](value=math.nan, verdict="unknown", note="no OSNR for mode X")
    proof = builders["proof"](verdict="unknown", gates=(gate,))
    head = headline(plan, proof)
    assert head.verdict == "unknown"
    assert "1 could not be decided" in head.words
    assert "because no OSNR for mode X" in head.remedies[0]
    assert gate_rows(proof)[0].value == "unknown"


def test_nothing_tried_is_unknown_whatever_the_proof_says(plan, builders):
    assert headline(plan, None).verdict == "unknown"
    assert headline(plan, builders["proof"](cases=0)).verdict == "unknown"


def test_what_does_not_hold_comes_first(builders):
    gates = tuple(
        builders["gate"](name=verdict, verdict=verdict, value=math.nan)
        for verdict in ("proved", "unknown", "refuted")
    )
    rows = gate_rows(builders["proof"](verdict="refuted", gates=gates))
    assert [row.verdict for row in rows] == ["refuted", "unknown", "proved"]


@pytest.mark.parametrize("unit", ["share", "ms"])
@given(value=st.floats(0.0, 1.0), limit=st.floats(0.0, 1.0))
def test_a_value_that_misses_its_limit_never_rounds_onto_it(unit, value, limit):
    if abs(value - limit) > 1e-5:
        shown, bound = apart(value, limit, unit)
        assert shown != bound


def test_figures_that_no_digit_tells_apart_stay_short_and_counts_are_whole():
    assert apart(0.85499999999999, 0.855, "share") == ("85.5 %", "85.5 %")
    assert apart(0.0, 0.0, "conflicts") == ("0 conflicts", "0 conflicts")
    assert apart(4.0, 72.0, "ports") == ("4 ports", "72 ports")
