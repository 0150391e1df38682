"""Tables after an upgrade agree with each other and with the light."""

import pytest

from arterial.design.renewed import renewed
from arterial.optics.occupancy import occupancy_of
from arterial.prove.integrity import check_integrity
from arterial.prove.tables import compile_tables
from arterial.report.sited import shares


@pytest.fixture(scope="module")
def after(ground_floor):
    """Fir to Gorse with a wave of another mode beside the one that stands."""
    base, ways, works = ground_floor.works("Fir", "Larch")
    for mode in ("OpenZR+ 400", "800G PCS ASSUMPTION"):
        works.light(0, next(one for one in ways[0].options if one.mode == mode))
    return works, renewed(base, works, ground_floor.sections)


def test_nothing_done_changes_nothing_but_restored_light(ground_floor):
    base, _, works = ground_floor.works("Fir", "Larch")
    plan = renewed(base, works, ground_floor.sections)
    for table in ("ip_links", "lit_fibres", "tunnels", "replicas", "spares"):
        assert getattr(plan, table) == getattr(ground_floor.plan, table)
    assert sorted(plan.bill, key=str) == sorted(ground_floor.plan.bill, key=str)
    assert plan.restored_waves == plan.restored_hops == ()


def test_the_provers_tables_find_no_fault(after):
    _, plan = after
    check_integrity(plan)
    assert compile_tables(plan).faults == ()


def test_the_occupancy_is_that_of_the_works(after):
    works, plan = after
    assert occupancy_of(plan).masks() == works.seats.occupancy.masks()


def test_a_link_of_several_modes_has_one_line_of_power_placed_once(after):
    _, plan = after
    modes = {row.mode for row in plan.lightpaths if row.link == "Fir--Larch"}
    assert len(modes) > 1
    lines = [row for row in plan.bill if row.where == "Fir--Larch"]
    assert sum(row.item == "pluggable" for row in lines) == len(modes)
    (power,) = (row for row in lines if row.item == "power")
    drawn = sum(row.watts for row in plan.lightpaths if row.link == "Fir--Larch")
    assert power.quantity == pytest.approx(drawn)
    for line in lines:
        placed = shares(plan, line)
        assert sum(one.quantity for one in placed) == pytest.approx(line.quantity)
        assert all(one.site and one.quantity > 0 for one in placed)


def test_new_waves_say_which_fibre_costs_most(after):
    _, plan = after
    ridden = {(hop.lightpath, hop.fibre) for hop in plan.lightpath_hops}
    assert all((row.name, row.dearest_fibre) in ridden for row in plan.lightpaths)
