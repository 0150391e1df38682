"""Fibres that leave the same way share a risk, unless that would cut somebody off."""

from arterial.model.fibre import Fibre
from arterial.study.populate.exits import exits, same_way

PLACES = {
    "hub": (48.0, 10.0),
    "east": (48.0, 12.0),
    "far east": (48.1, 14.0),
    "north": (50.0, 10.0),
    "south": (46.0, 10.0),
}


def fibre(a, z, *, subsea=False):
    return Fibre(name=f"{a}-{z}", a=a, z=z, length_km=500.0, subsea=subsea)


RING = [
    fibre("hub", "east"),
    fibre("hub", "far east"),
    fibre("hub", "north"),
    fibre("hub", "south"),
    fibre("far east", "north"),
    fibre("east", "south"),
]


def test_two_that_leave_within_the_angle_share_a_risk_and_others_do_not():
    found = exits(RING, PLACES, PLACES)
    risks = {one.name: one.risks for one in found.fibres}
    shared = set(risks["hub-east"]) & set(risks["hub-far east"])
    assert {name[:9] for name in shared} == {"exit hub "}
    assert risks["hub-north"] == ()
    assert found.dropped == ()
    assert shared == {risk.name for risk in found.risks if risk.name.startswith("exit hub")}


def test_a_risk_that_would_cut_a_site_off_is_told_and_not_kept():
    fibres = [one for one in RING if one.name not in {"east-south", "far east-north"}]
    fibres.append(fibre("east", "far east"))
    found = exits(fibres, PLACES, PLACES)
    assert [one for one in found.risks if one.name.startswith("exit hub")] == []
    assert any(line.startswith("exit hub") and "east, far east" in line for line in found.dropped)


def test_fibres_in_one_risk_already_and_wet_ones_get_none():
    known = [
        Fibre(name=one.name, a=one.a, z=one.z, length_km=9.0, risks=("duct",)) for one in RING[:2]
    ]
    assert exits([*known, *RING[2:]], PLACES, PLACES).fibres[0].risks == ("duct",)
    assert (
        same_way("hub", [fibre("hub", "east"), fibre("hub", "far east", subsea=True)], PLACES) == []
    )


def test_a_risk_that_leaves_an_absurd_detour_is_told_and_not_kept():
    long = Fibre(name="far east-north", a="far east", z="north", length_km=9000.0)
    fibres = [long if one.name == long.name else one for one in RING]
    found = exits(fibres, PLACES, PLACES)
    assert [one for one in found.risks if one.name.startswith("exit hub")] == []
    assert any("km from hub to far east" in line for line in found.dropped)


def test_bearings_close_around_north():
    places = {"hub": (48.0, 10.0), "left": (52.0, 9.7), "right": (52.0, 10.3)}
    groups = same_way("hub", [fibre("hub", "left"), fibre("hub", "right")], places)
    assert [sorted(group) for group, _ in groups] == [["hub-left", "hub-right"]]
