import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.plan.rows import BillItem
from arterial.report.bill import bill_rows, slices

ITEMS = st.lists(
    st.builds(
        BillItem,
        item=st.sampled_from(["pluggable", "chassis", "power"]),
        where=st.sampled_from(["Dallas", "Miami", "Boston"]),
        kind=st.sampled_from(["", "400G", "800G"]),
        quantity=st.floats(0.0, 100.0),
        unit_cost=st.sampled_from([1.0, 2.0]),
        cost=st.floats(0.0, 1000.0),
    ),
    max_size=20,
)


@given(items=ITEMS)
def test_rows_and_slices_add_up_to_the_bill(builders, items):
    plan = builders["plan"](bill=tuple(items))
    total = math.fsum(item.cost for item in items)
    assert sum(row.cost for row in bill_rows(plan)) == pytest.approx(total)
    parts = slices(plan, lambda row: row.where)
    assert sum(part.cost for part in parts) == pytest.approx(total)
    assert sum(part.share for part in parts) == pytest.approx(1.0 if total else 0.0)
    assert [part.cost for part in parts] == sorted((part.cost for part in parts), reverse=True)
    assert slices(plan, lambda row: row.where, most=1) == parts[:1]


@given(items=ITEMS)
def test_a_unit_cost_is_told_only_where_it_is_one(builders, items):
    for row in bill_rows(builders["plan"](bill=tuple(items))):
        units = {item.unit_cost for item in items if (item.item, item.kind) == (row.item, row.kind)}
        assert (row.unit_cost is None) == (len(units) > 1)
