import math

from arterial.report.light import bundles
from arterial.report.reach import ModeReach, ReachCurve, reach_rows


def curve(*modes):
    return ReachCurve(modes=modes, fibre="SSMF", span_km=80.0, longest_km=5120.0)


def mode(name, rate_gbps, reach_km, limit="gsnr"):
    return ModeReach(mode=name, rate_gbps=rate_gbps, slot_ghz=75.0, reach_km=reach_km, limit=limit)


def test_the_fastest_comes_first_and_what_is_unknown_is_left_out(plan):
    modes = [
        mode("slow", 100.0, 3000.0),
        mode("near", 400.0, 100.0),
        mode("far", 400.0, 900.0),
        mode("dark", 800.0, math.nan, "unknown"),
    ]
    rows = reach_rows(curve(*modes), plan, bundles(plan))
    assert [row.reach.mode for row in rows] == ["far", "near", "slow"]
    assert rows[0].efficiency == 400.0 / 75.0
    assert all(row.waves == 0 and row.used_km == () for row in rows)


def test_a_mode_in_use_shows_the_segments_it_lights(plan):
    (row,) = reach_rows(curve(mode("OpenZR+ 400G", 400.0, 500.0)), plan, bundles(plan))
    assert row.waves == len(plan.lightpaths)
    assert set(row.used_km) == {link.length_km for link in plan.ip_links}
