"""Two sites have two ways that share no risk once the trenches are dug."""

from arterial.model.fibre import Fibre
from arterial.study.populate.trenches import own_trenches

PLACES = {"a": (48.0, 10.0), "b": (49.0, 12.0), "c": (47.0, 12.0), "z": (48.0, 14.0)}


def fibre(name, *risks):
    return Fibre(name=name, a=name[0], z=name[1], length_km=300.0, risks=risks)


def test_where_two_ways_share_nothing_nothing_is_dug():
    fibres = [fibre("ab"), fibre("bz"), fibre("ac"), fibre("cz")]
    assert own_trenches(fibres, PLACES, [("a", "z")]) == ()


def test_where_each_risk_leaves_a_way_but_no_two_ways_fail_apart_a_trench_is_dug():
    # Either way survives either risk only in part: ab with cz, ac with bz.
    fibres = [fibre("ab", "x"), fibre("bz", "y"), fibre("ac", "y"), fibre("cz", "x"), fibre("bc")]
    (dug,) = own_trenches(fibres, PLACES, [("a", "z")])
    assert dug.risks == ()
    assert dug.status == "candidate"
    assert "ASSUMPTION" in dug.source
    assert own_trenches([*fibres, dug], PLACES, [("a", "z")]) == ()


def test_a_site_and_itself_need_no_way():
    assert own_trenches([fibre("ab")], PLACES, [("a", "a")]) == ()


def test_a_shared_risk_that_leaves_an_absurd_detour_gets_a_trench_beside():
    far = Fibre(name="cz", a="c", z="z", length_km=9000.0)
    fibres = [fibre("ab", "x"), fibre("bz", "x"), fibre("ac"), far]
    dug = own_trenches(fibres, PLACES, [("a", "z")])
    assert {one.a + one.z for one in dug} == {"ab", "bz"}
    assert all(one.risks == () for one in dug)
