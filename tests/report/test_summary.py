from arterial.report.summary import compare, key_figures


def test_plans_stand_side_by_side_in_the_order_given(plan, proof):
    rows = compare([("draft", plan, proof), ("stress", plan, None)])
    assert [(row.name, row.verdict) for row in rows] == [("draft", "proved"), ("stress", "unknown")]
    assert rows[0].waves == len(plan.lightpaths)


def test_a_proof_without_cases_compares_as_unknown(plan, builders):
    assert compare([("x", plan, builders["proof"](cases=0))])[0].verdict == "unknown"


def test_the_head_figures_name_the_bound_s_scope(plan):
    said = {figure.label: figure for figure in key_figures(plan, None)}
    assert said["Lower bound"].note == "bound over the candidate paths"
    assert said["Waves"].value == str(len(plan.lightpaths))
    assert said["Failure cases"].value == "none"
