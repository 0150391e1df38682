from collections import Counter

import pytest

from arterial.plan.rows import BillItem
from arterial.plan.store import read_plan
from arterial.report.sited import line_cards, shares


@pytest.fixture(scope="module")
def plan(reference_plan):
    return read_plan(reference_plan)


def test_shares_add_up_to_their_line_and_stand_at_sites(plan):
    sites = {site.name for site in plan.network.sites}
    for line in plan.bill:
        found = shares(plan, line)
        assert sum(share.quantity for share in found) == pytest.approx(line.quantity)
        assert {share.site for share in found} <= sites


def test_pluggables_stand_at_both_ends_and_twice_at_regenerators(plan):
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    expected = Counter()
    for wave in plan.lightpaths:
        expected.update(ends[wave.link])
        expected.update([*wave.regenerators, *wave.regenerators])
    found = Counter()
    for line in plan.bill:
        if line.item == "pluggable":
            found.update({share.site: share.quantity for share in shares(plan, line)})
    assert found == expected
    assert any(wave.regenerators for wave in plan.lightpaths)


def test_huts_belong_to_the_nearer_end_and_degrees_to_both(plan):
    fibres = {fibre.name: fibre for fibre in plan.network.fibres}
    for line in plan.bill:
        found = shares(plan, line)
        if line.item == "amplifier hut":
            fibre = fibres[line.where]
            for share in found:
                assert share.site in {fibre.a, fibre.z}
                words = share.place.removeprefix(f"fibre {fibre.name} ")
                places = [float(km) for km in words.partition(" km from ")[0].split()]
                assert max(places) <= fibre.length_km / 2 + 0.1
        if line.item == "roadm degree":
            fibre = fibres[line.where]
            own = {share.site: share.quantity for share in found}
            assert own == {fibre.a: line.quantity / 2, fibre.z: line.quantity / 2}


def test_what_the_tables_do_not_place_keeps_no_site_and_is_not_lost(plan):
    line = next(line for line in plan.bill if line.item == "pluggable")
    more = BillItem(
        item=line.item,
        where=line.where,
        kind=line.kind,
        quantity=line.quantity + 3,
        unit_cost=1.0,
        cost=0.0,
    )
    assert {share.site: share.quantity for share in shares(plan, more)}[""] == 3
    strange = BillItem(
        item="chassis", where="nowhere", kind="", quantity=2.0, unit_cost=1.0, cost=2.0
    )
    assert [(share.site, share.quantity) for share in shares(plan, strange)] == [("", 2.0)]


def test_line_cards_hold_every_port_of_their_router(plan):
    ports = Counter()
    for line in plan.bill:
        if line.item == "router port":
            ports[line.where] += int(line.quantity)
    cards = line_cards(plan)
    assert set(cards) == set(ports)
    each = plan.network.costs.line_card_ports
    assert all(cards[site] * each >= count for site, count in ports.items())
