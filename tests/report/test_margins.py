from hypothesis import given
from hypothesis import strategies as st

from arterial.model.line import Margins
from arterial.report.margins import margin_parts

DB = st.floats(0.0, 3.0)


@given(model=DB, mixed=DB, ageing=DB)
def test_parts_stack_without_a_gap_up_to_the_whole(model, mixed, ageing):
    margins = Margins(model_db=model, mixed_comb_db=mixed, ageing_db=ageing)
    parts = margin_parts(margins)
    assert [part.from_db for part in parts] == [0.0, *(part.to_db for part in parts)][: len(parts)]
    assert abs((parts[-1].to_db if parts else 0.0) - margins.total_db) < 1e-12


def test_what_the_years_bring_is_stacked_last():
    assert [part.later for part in margin_parts(Margins())] == [False, False, True]
