from arterial.model.figures import figures
from arterial.report.sources import source_rows


def test_assumptions_come_first_and_no_figure_is_left_out(plan):
    rows = source_rows(plan)
    assert [row.assumption for row in rows] == sorted(
        (row.assumption for row in rows), reverse=True
    )
    used = {path.mode for path in plan.lightpaths}
    assert sorted(row.name for row in rows) == sorted(f.name for f in figures(plan.network, used))
    fibres = [row for row in rows if row.name == "fibres"]
    assert [(row.assumption, row.source) for row in fibres] == [(True, "1.2 x great circle")]
