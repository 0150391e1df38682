import msgspec
import pytest

from arterial.model.reader import load_network
from arterial.model.subsea import SubseaSystem
from arterial.optics.routes import route_sites
from arterial.optics.sections import load_sections
from arterial.plan.store import read_plan
from arterial.study.gnpy_services import plan_services, reach_services
from arterial.study.reach import reach


def test_segments_lead_from_end_to_end_over_the_regenerators(designed):
    plan = read_plan(designed[0])
    asked = plan_services(plan, load_sections(plan.network))
    assert asked.unknown == ()
    links = {link.name: link for link in plan.ip_links}
    for wave in plan.lightpaths:
        own = [one for one in asked.services if one.name.rsplit(" / ", 1)[0] == wave.name]
        ends = [route_sites(plan.network, one.ride.route) for one in own]
        link = links[wave.link]
        assert [sites[0] for sites in ends] == [link.a, *wave.regenerators]
        assert [sites[-1] for sites in ends] == [*wave.regenerators, link.z]
        assert min(one.gsnr_db for one in own) >= wave.gsnr_db - 1e-9
        assert all(one.mode.name == wave.mode for one in own)


def test_every_mode_that_gets_there_is_asked_about_piece_by_piece(drill):
    network, found = load_network(drill), reach(drill, "Hazel", "Dogwood")
    asked = reach_services(network, load_sections(network), found)
    pieces = sum(
        1 + row.regenerators
        for route in found.routes
        for row in route.modes
        if row.verdict == "yes"
    )
    assert len(asked.services) == pieces
    worst = {}
    for one in asked.services:
        name = one.name.rsplit(" / ", 1)[0]
        margin_db = one.gsnr_db - one.mode.osnr_db - one.penalty_db
        worst[name] = min(worst.get(name, margin_db), margin_db)
    for count, route in enumerate(found.routes, 1):
        for row in route.modes:
            if row.verdict == "yes":
                assert worst[f"route {count} {row.mode}"] == pytest.approx(row.margin_db, abs=1e-5)


def under_water(plan, *fibres):
    """The same plan with some of its fibres on the floor of the sea, their system described."""
    system = SubseaSystem(name="deep", gsnr_db=25.0, baud_gbd=60.0, cd_ps_nm=1_000.0, pmd_ps=1.0)
    wet = tuple(
        msgspec.structs.replace(fibre, subsea=True, system="deep")
        if fibre.name in fibres
        else fibre
        for fibre in plan.network.fibres
    )
    network = msgspec.structs.replace(plan.network, fibres=wet, subsea=(system,))
    return msgspec.structs.replace(plan, network=network)


def test_segments_under_water_are_skipped_by_name(designed):
    plan = read_plan(designed[0])
    hop = plan.lightpath_hops[0]
    wet = under_water(plan, hop.fibre)
    asked = plan_services(wet, load_sections(wet.network))
    whole = plan_services(plan, load_sections(plan.network))
    ridden = {one.lightpath for one in plan.lightpath_hops if one.fibre == hop.fibre}
    assert {words.rsplit(" / ", 1)[0] for words in asked.skipped} == ridden
    assert all(f"subsea fibre '{hop.fibre}' (deep)" in words for words in asked.skipped)
    assert asked.unknown == ()
    assert len(asked.services) + len(asked.skipped) == len(whole.services)
