import math

import msgspec
import pytest

from arterial.design.bill import bill_of
from arterial.plan.rows import IpLink, LitFibre
from arterial.plan.store import read_plan
from arterial.report.phase import next_phase


@pytest.fixture(scope="module")
def plan(reference_plan):
    return read_plan(reference_plan)


def total(rows):
    return math.fsum(row.cost for row in rows)


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


def test_pluggables_of_one_module_are_set_to_another_mode_and_not_bought(plan):
    """At other prices too: what the phase costs is the difference of the plans."""
    wave = next(wave for wave in plan.lightpaths if wave.mode == "OpenZR+ 100")
    faster = msgspec.structs.replace(
        plan,
        lightpaths=tuple(
            msgspec.structs.replace(one, mode="400ZR") if one is wave else one
            for one in plan.lightpaths
        ),
    )
    faster = msgspec.structs.replace(
        faster,
        bill=bill_of(faster.network, faster.ip_links, faster.lightpaths, faster.lit_fibres, ()),
    )
    before = msgspec.structs.replace(
        plan, bill=bill_of(plan.network, plan.ip_links, plan.lightpaths, plan.lit_fibres, ())
    )
    rows = [row for row in next_phase(faster, before) if row.item == "pluggable"]
    assert {row.change for row in rows} == {"set"}
    assert sum(row.quantity for row in rows) == 2 * (1 + len(wave.regenerators))
    assert all("set to 400ZR, was OpenZR+ 100" in row.description for row in rows)
    assert all(math.isnan(row.lead_time_months) for row in rows)
    costs = [line.cost for line in faster.bill] + [-line.cost for line in before.bill]
    assert total(next_phase(faster, before)) == pytest.approx(math.fsum(costs))
