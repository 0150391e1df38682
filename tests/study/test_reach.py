import math

import pytest

from arterial.errors import ModelError
from arterial.model.reader import load_network
from arterial.study.reach import reach
from arterial.units import fibre_delay_ms


@pytest.fixture(scope="module")
def found(drill):
    return reach(drill, "Hazel", "Dogwood")


def test_each_route_runs_from_end_to_end_and_its_length_is_its_fibres(drill, found):
    fibres = {fibre.name: fibre for fibre in load_network(drill).fibres}
    assert len(found.routes) == 3
    for route in found.routes:
        assert (route.sites[0], route.sites[-1]) == ("Hazel", "Dogwood")
        hops = zip(route.fibres, route.sites, route.sites[1:], strict=False)
        assert all({fibres[name].a, fibres[name].z} == {a, z} for name, a, z in hops)
        assert route.length_km == pytest.approx(sum(fibres[f].length_km for f in route.fibres))
        assert route.floor_ms == pytest.approx(fibre_delay_ms(route.length_km))
        assert route.planning_ms >= route.floor_ms


def test_routes_come_shortest_first(found):
    lengths = [route.length_km for route in found.routes]
    assert lengths == sorted(lengths)


def test_a_route_tells_every_risk_that_an_earlier_one_rides(drill, found):
    risks = {fibre.name: fibre.risks for fibre in load_network(drill).fibres}
    ridden = [
        {risk for name in route.fibres for risk in (f"fibre {name}", *risks[name])}
        for route in found.routes
    ]
    for number, route in enumerate(found.routes):
        earlier = set().union(*ridden[:number])
        assert set(route.shared_risks) == ridden[number] & earlier


def test_a_mode_that_reaches_has_its_margin_in_hand(found):
    rows = [row for route in found.routes for row in route.modes]
    yes = [row for row in rows if row.verdict == "yes"]
    assert yes
    assert {"yes", "no"} <= {row.verdict for row in rows}
    assert all(row.left_db >= 0 and not row.why for row in yes)
    assert all(row.why for row in rows if row.verdict != "yes")


def test_regenerators_stand_inside_the_route_and_only_where_they_help(found):
    for route in found.routes:
        for row in route.modes:
            assert len(row.regenerator_sites) == row.regenerators
            assert set(row.regenerator_sites) <= set(route.sites[1:-1])
            assert row.regenerators == 0 or row.verdict == "yes"
    assert any(row.regenerators for route in found.routes for row in route.modes)


def test_one_mode_can_be_asked_for(drill):
    found = reach(drill, "Hazel", "Juniper", mode="400ZR")
    assert {row.mode for route in found.routes for row in route.modes} == {"400ZR"}
    assert found.verdict == "no"


def test_an_unknown_length_leaves_every_mode_unknown(changed_drill):
    folder = changed_drill("fibres.csv", "Gorse-Hazel,Gorse,Hazel,287.6", "g,Gorse,Hazel,")
    folder = changed_drill("fibres.csv", "Elm-Hazel,Elm,Hazel,230.5", "e,Elm,Hazel,")
    folder = changed_drill("fibres.csv", "Hazel-Juniper,Hazel,Juniper,298.9", "h,Hazel,Juniper,")
    found = reach(folder, "Hazel", "Dogwood")
    assert found.verdict == "unknown"
    assert all(math.isnan(route.length_km) for route in found.routes)
    assert {row.verdict for route in found.routes for row in route.modes} == {"unknown"}


def test_every_name_that_is_not_known_is_told_with_the_nearest(drill):
    with pytest.raises(ModelError) as told:
        reach(drill, "Hazle", "Junper", mode="400 ZR")
    said = str(told.value)
    assert all(name in said for name in ("'Hazel'", "'Juniper'", "'400ZR'"))


def test_a_site_does_not_reach_itself(drill):
    with pytest.raises(ModelError, match="both ends"):
        reach(drill, "Hazel", "Hazel")


def test_each_mode_says_which_fibre_costs_most_and_what_is_in_hand_when(drill, found):
    margins = load_network(drill).margins
    assert (found.start_needed_db, found.margin_needed_db) == (margins.start_db, margins.total_db)
    for route in found.routes:
        for row in route.modes:
            if math.isnan(row.margin_db):
                continue
            assert row.dearest in route.fibres
            assert 0 < row.dearest_share <= 1
            assert row.start_db == pytest.approx(row.margin_db - margins.start_db)
            assert row.left_db == pytest.approx(row.margin_db - margins.total_db)
            assert row.margin_db == pytest.approx(row.gsnr_db - row.osnr_db - row.penalty_db)
            assert 0.0 <= row.penalty_db <= route.modes[0].penalty_db + 1e-9


def test_a_wet_fibre_is_regenerated_at_both_landings_and_tells_its_repair(changed_drill, drill):
    header = (drill / "fibres.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = (drill / "fibres.csv").read_text(encoding="utf-8").splitlines()[1:]
    wet = [f"{row},{'yes,Lake' if 'Hazel' in row else ','}" for row in rows]
    changed_drill(
        "fibres.csv", "\n".join([header, *rows]), "\n".join([f"{header},subsea,system", *wet])
    )
    last = (drill / "network.yaml").read_text(encoding="utf-8").splitlines()[-1]
    lake = "subsea: [{name: Lake, gsnr_db: 26, baud_gbd: 118, cd_ps_nm: 4000, pmd_ps: 2, "
    folder = changed_drill("network.yaml", last, f"{last}\n{lake}repair_weeks: 3}}]")
    found = reach(folder, "Hazel", "Dogwood", mode="400 ULH QPSK")
    assert found.verdict == "yes"
    for route in found.routes:
        assert (route.subsea, route.repair_weeks) == (("Lake",), 3.0)
        (row,) = route.modes
        assert row.regenerator_sites[0] == route.sites[1]
