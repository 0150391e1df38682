import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.line import LineSystem
from arterial.optics.line_request import line_request
from arterial.optics.line_topology import equipment_library, topology


@given(
    lengths=st.lists(st.floats(0.1, 3_000.0), min_size=1, max_size=4),
    span_km=st.floats(20.0, 150.0),
)
def test_spans_are_even_no_longer_than_asked_and_add_up(lengths, span_km, chain):
    request = line_request(chain(lengths, line=LineSystem(span_km=span_km)))
    spans = [e for e in topology(request)["elements"] if e["type"] == "Fiber"]
    for number, length_km in enumerate(lengths):
        for way in (0, 1):
            cut = [
                e["params"]["length"] for e in spans if e["uid"].startswith(f"span {number} {way} ")
            ]
            assert len(cut) == math.ceil(length_km / span_km)
            assert max(cut) <= span_km * (1 + 1e-12)
            assert sum(cut) == pytest.approx(length_km)


def test_every_route_is_a_string_of_elements_each_way(chain):
    drawn = topology(line_request(chain([200.0, 90.0])))
    follows = {}
    for connection in drawn["connections"]:
        follows.setdefault(connection["from_node"], []).append(connection["to_node"])
    spans = [e["uid"] for e in drawn["elements"] if e["type"] == "Fiber"]
    assert len(spans) == 2 * (3 + 2)
    assert all(len(follows[uid]) == 1 for uid in spans)
    assert sorted(follows["roadm 1"]) == ["span 0 1 0", "span 1 0 0", "trx 1"]
    assert follows["span 0 0 2"] == ["roadm 1"]
    assert follows["span 0 1 2"] == ["roadm 0"]


def test_only_the_named_amplifier_is_used_and_the_example_stays_whole(chain):
    example = {
        "SI": [{"f_min": 1.0}],
        "Span": [{"padding": 10}],
        "Roadm": [],
        "Edfa": [{"type_variety": name, "allowed_for_design": True} for name in ("one", "two")],
    }
    request = line_request(chain([200.0], line=LineSystem(amplifier="two")))
    library = equipment_library(request, example, {"Edfa": []})
    assert [amplifier["allowed_for_design"] for amplifier in library["Edfa"]] == [False, True]
    assert [amplifier["allowed_for_design"] for amplifier in example["Edfa"]] == [True, True]
    assert library["SI"][0]["f_max"] == 196.1e12
    assert library["Span"][0] == {"padding": 10, "max_length": 81}
