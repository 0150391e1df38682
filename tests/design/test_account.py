import pytest
from msgspec import structs

from arterial.design.account import exchanged
from arterial.design.ground import ground_of
from arterial.design.stock import Stock
from arterial.plan.store import read_plan


def test_the_first_pair_of_a_dark_fibre_is_charged_and_a_further_one_is_not(drill_plan):
    plan = read_plan(drill_plan)
    new = next(row for row in plan.lit_fibres if row.new_pairs and row.pairs == row.new_pairs)
    fibres = tuple(
        structs.replace(row, status="candidate", setup_cost=90.0) if row.name == new.fibre else row
        for row in plan.network.fibres
    )
    plan = structs.replace(plan, network=structs.replace(plan.network, fibres=fibres))
    others = tuple(row for row in plan.lit_fibres if row is not new)
    dark = structs.replace(
        plan,
        lit_fibres=others,
        lightpath_hops=tuple(hop for hop in plan.lightpath_hops if hop.fibre != new.fibre),
    )
    further = structs.replace(new, pairs=new.pairs + 1, new_pairs=new.new_pairs + 1)
    fuller = structs.replace(plan, lit_fibres=(*others, further))
    number = next(n for n, row in enumerate(fibres) if row.name == new.fibre)
    pair = float(ground_of(plan.network).pair_cost[number])
    rows = {row.item: row for row in exchanged(dark, plan, Stock(plan)) if row.where == new.fibre}
    assert rows["fibre setup"].cost == 90.0
    assert rows["fibre pair"].cost == pytest.approx(pair * new.pairs)
    rows = {row.item: row for row in exchanged(plan, fuller, Stock(plan)) if row.where == new.fibre}
    assert [(row.item, row.bought) for row in rows.values()] == [("fibre pair", 1)]
