from arterial.prove.table_gate import fault_gate, table_gate


def test_no_fault_is_proved_and_the_first_of_many_is_told(ring):
    assert fault_gate(ring, "tables", []).verdict == "proved"
    gate = fault_gate(ring, "tables", ["one", "two"])
    assert (gate.verdict, gate.value, gate.limit, gate.note) == ("refuted", 2.0, 0.0, "one")


def test_a_table_is_one_case_under_no_routing(ring):
    gate = table_gate(ring, "power", "kW", (3.0, 4.0), "proved", "at S0")
    assert (gate.policy, gate.cases, gate.load, gate.worst_case) == ("table", 1, "draft", "")
    assert (gate.value, gate.limit, gate.unit, gate.note) == (3.0, 4.0, "kW", "at S0")
