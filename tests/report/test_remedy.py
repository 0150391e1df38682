import math

import pytest

from arterial.report.remedy import remedy


def test_what_another_routing_keeps_needs_no_purchase(builders):
    runs = builders["gate"](name="runs: x", value=0.9, verdict="refuted")
    feasible = builders["gate"](name="feasible: x", policy="best_lp", verdict="proved")
    assert "Buy: nothing; another routing" in remedy(runs, (runs, feasible))


def test_what_no_routing_keeps_needs_capacity(builders):
    runs = builders["gate"](name="runs: x", value=0.93, verdict="refuted")
    feasible = builders["gate"](name="feasible: x", policy="best_lp", value=0.95, verdict="refuted")
    words = remedy(runs, (runs, feasible))
    assert "capacity or a diverse route for the 7 % that is left behind" in words
    assert "no routing over this plan keeps it" in words
    assert "Or relax: a limit of 93 %" in words


def test_an_undecided_twin_proves_nothing_either_way(builders):
    runs = builders["gate"](name="runs: x", value=0.93, verdict="refuted")
    other = builders["gate"](name="feasible: x", policy="best_lp", verdict="unknown")
    words = remedy(runs, (runs, other))
    assert "nothing" not in words
    assert "no routing" not in words


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unit": "ms", "value": 24.5, "limit": 20.0}, "Or relax: a limit of 24.5 ms."),
        ({"unit": "h", "value": 5.0, "limit": 2.5}, "2 times the capacity on what is full then"),
        ({"unit": "share", "value": 0.95, "limit": 0.76}, "1.25 times the capacity"),
        ({"unit": "dB", "value": 1.2, "limit": 2.0}, "regenerators"),
        ({"unit": "ports", "value": 40.0, "limit": 36.0}, "room for 4 ports more"),
        ({"unit": "faults", "value": 1.0, "limit": 0.0}, "Design the plan again."),
    ],
)  # fmt: skip
def test_each_unit_has_its_own_purchase(builders, changes, expected):
    gate = builders["gate"](name="gate", verdict="refuted", **changes)
    assert expected in remedy(gate, (gate,))


def test_a_transfer_that_never_ends_can_not_be_relaxed_to(builders):
    gate = builders["gate"](unit="h", value=math.inf, limit=2.5, verdict="refuted")
    words = remedy(gate, (gate,))
    assert "∞ h against 2.5 h" in words
    assert "relax" not in words
