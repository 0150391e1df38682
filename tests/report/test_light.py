import math

import msgspec
import pytest

from arterial.report.light import bundles, fills, margin_bins


def test_bundles_hold_every_wave_once(plan):
    rows = bundles(plan)
    assert sum(row.waves for row in rows) == len(plan.lightpaths)
    assert sum(row.rate_gbps for row in rows) == sum(row.rate_gbps for row in plan.lightpaths)
    assert sum(waves for _, waves in margin_bins(rows)) == len(plan.lightpaths)


def test_a_route_runs_from_the_link_s_one_end_to_the_other(plan):
    assert {row.route for row in bundles(plan)} == {(row.a, row.z) for row in plan.ip_links}


def test_the_worst_margin_comes_first_and_an_unknown_one_before_it(plan):
    lost = msgspec.structs.replace(plan.lightpaths[-1], margin_db=math.nan)
    rows = bundles(msgspec.structs.replace(plan, lightpaths=(*plan.lightpaths[:-1], lost)))
    assert rows[0].link == lost.link
    assert math.isnan(rows[0].margin_db)
    known = [row.margin_db for row in rows[1:]]
    assert known == sorted(known)


def test_a_route_over_a_fibre_of_unknown_length_has_no_length(builders):
    network = builders["network"]()
    fibre = network.fibres[0]
    plan = builders["plan"](network)
    blind = msgspec.structs.replace(
        network,
        fibres=(msgspec.structs.replace(fibre, length_km=None), *network.fibres[1:]),
    )
    rows = bundles(msgspec.structs.replace(plan, network=blind))
    assert [row.link for row in rows if row.length_km is None] == [f"{fibre.a}--{fibre.z}"]


def test_waves_on_a_fibre_are_the_hops_there(plan):
    rows = fills(plan)
    assert sum(row.waves for row in rows) == len(plan.lightpath_hops)
    assert [row.fill for row in rows] == pytest.approx(
        sorted((row.fill for row in plan.lit_fibres), reverse=True)
    )
