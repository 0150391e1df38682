"""A detour is absurd from a stated length on, and only where it matters."""

import math

from arterial.model.fibre import Fibre
from arterial.study.populate.detours import absurd_detours


def ring(last_km):
    lengths = {"ab": 100.0, "bc": 100.0, "ca": last_km}
    return [Fibre(name=name, a=name[0], z=name[1], length_km=km) for name, km in lengths.items()]


def test_what_is_left_is_a_way_up_to_the_limit():
    assert list(absurd_detours(ring(1800.0), {"ab"}, "a")) == []
    ((fibre, site, km),) = absurd_detours(ring(1900.0), {"ab"}, "a")
    assert (fibre.name, site, km) == ("ab", "a", 2000.0)


def test_only_lost_fibres_at_the_sites_count_and_no_way_is_the_longest_detour():
    fibres = ring(1900.0)
    assert list(absurd_detours(fibres, {"ab"}, "c")) == []
    assert [km for _, _, km in absurd_detours(fibres, {"ab", "ca"}, "a")] == [math.inf, math.inf]
    vague = [*fibres[:2], Fibre(name="ca", a="c", z="a")]
    assert [km for _, _, km in absurd_detours(vague, {"ab"}, "b")] == [math.inf]
