import math

import msgspec
import pytest

from arterial.plan.rows import IpLink, LitFibre
from arterial.plan.store import read_plan
from arterial.report.materials import materials, next_phase


@pytest.fixture(scope="module")
def plan(reference_plan):
    return read_plan(reference_plan)


def total(rows):
    return math.fsum(row.cost for row in rows)


def test_rows_add_up_to_the_plan_s_cost(plan):
    rows = materials(plan)
    assert total(rows) == pytest.approx(plan.cost, abs=1e-6)
    assert all(row.cost == pytest.approx(row.quantity * row.unit_cost) for row in rows)
    assert [row.site for row in rows] == sorted(row.site for row in rows)


def test_every_piece_has_a_source_and_what_is_ordered_a_lead_time(plan):
    times = plan.network.lead_times
    months = {
        "pluggable": times.pluggable,
        "chassis": times.router,
        "line card": times.router,
        "roadm degree": times.line_system,
    }
    for row in materials(plan):
        assert row.cost_source
        assert math.isnan(row.lead_time_months) == (row.spend == "running")
        if row.item in months:
            assert row.lead_time_months == months[row.item]


def test_watts_are_told_once_where_they_are_drawn(plan):
    rows = materials(plan)
    drawn = math.fsum(row.watts for row in rows if row.item == "pluggable")
    billed = math.fsum(row.quantity for row in rows if row.item == "power")
    assert drawn == pytest.approx(billed)
    assert all(math.isnan(row.watts) for row in rows if row.item != "pluggable")


def test_a_fibre_s_own_lead_time_counts_for_its_pairs(plan):
    lit = next(row.fibre for row in plan.lit_fibres if row.new_pairs)
    fibres = tuple(
        msgspec.structs.replace(fibre, lead_time_months=17.0) if fibre.name == lit else fibre
        for fibre in plan.network.fibres
    )
    slow = msgspec.structs.replace(
        plan, network=msgspec.structs.replace(plan.network, fibres=fibres)
    )
    own = [row for row in materials(slow) if row.item == "fibre pair"]
    assert [row.lead_time_months == 17.0 for row in own].count(True) == 1


def test_nothing_is_bought_beyond_the_same_plan(plan):
    assert next_phase(plan, plan) == ()


def less(plan, link):
    """The plan without one of its links' waves, and their bill."""
    waves = tuple(wave for wave in plan.lightpaths if wave.link != link)
    gone = {wave.name for wave in plan.lightpaths if wave.link == link}
    return msgspec.structs.replace(
        plan,
        load="less",
        lightpaths=waves,
        lightpath_hops=tuple(hop for hop in plan.lightpath_hops if hop.lightpath not in gone),
        bill=tuple(line for line in plan.bill if line.where != link),
    )


def test_a_phase_buys_what_is_new_and_frees_what_is_gone(plan):
    link = plan.lightpaths[0].link
    smaller = less(plan, link)
    forth, back = next_phase(plan, smaller), next_phase(smaller, plan)
    assert {row.change for row in forth if row.item == "pluggable"} == {"bought"}
    assert {row.change for row in back} == {"freed"}
    assert total(forth) == pytest.approx(
        math.fsum(line.cost for line in plan.bill if line.where == link)
    )
    assert total(back) == pytest.approx(-total(forth))
    assert {row.phase for row in forth} == {f"less to {plan.load}"}
    ends = next((one.a, one.z) for one in plan.ip_links if one.name == link)
    assert set(ends) <= {row.site for row in forth}


def test_what_one_link_frees_another_of_the_site_takes(plan):
    """A link under another name needs no new pluggable."""
    old = plan.lightpaths[0].link
    renamed = msgspec.structs.replace(
        plan,
        ip_links=tuple(
            IpLink(**{**msgspec.structs.asdict(one), "name": "new"}) if one.name == old else one
            for one in plan.ip_links
        ),
        lightpaths=tuple(
            msgspec.structs.replace(one, link="new") if one.link == old else one
            for one in plan.lightpaths
        ),
        bill=tuple(
            msgspec.structs.replace(one, where="new") if one.where == old else one
            for one in plan.bill
        ),
    )
    assert next_phase(renamed, plan) == ()


def test_pairs_that_stand_in_the_newer_network_are_not_freed(plan):
    """An older plan, once built, is the ground of the newer one."""
    pairs = {row.fibre: row.pairs for row in plan.lit_fibres}
    fibres = tuple(
        msgspec.structs.replace(fibre, lit_pairs=max(fibre.lit_pairs, pairs.get(fibre.name, 0)))
        for fibre in plan.network.fibres
    )
    built = msgspec.structs.replace(
        plan,
        network=msgspec.structs.replace(plan.network, fibres=fibres),
        lit_fibres=tuple(
            LitFibre(fibre=row.fibre, pairs=row.pairs, new_pairs=0, fill=row.fill)
            for row in plan.lit_fibres
        ),
        bill=tuple(
            line
            for line in plan.bill
            if line.item not in {"fibre pair", "amplifier hut", "roadm degree"}
        ),
    )
    assert next_phase(built, plan) == ()
    first = built.lit_fibres[0]
    more = msgspec.structs.replace(first, pairs=first.pairs + 1, new_pairs=1)
    wider = msgspec.structs.replace(built, lit_fibres=(more, *built.lit_fibres[1:]))
    bought = next_phase(wider, plan)
    assert {row.item for row in bought} >= {"fibre pair", "roadm degree"}
    assert [row.quantity for row in bought if row.item == "fibre pair"] == [1.0]
