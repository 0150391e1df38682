import math
import re

import msgspec

from arterial.model.pluggable import Mode
from arterial.plan.rows import RestoredHop, RestoredWave
from arterial.report.light_section import FIRST_ROWS, light_context
from arterial.report.page import render
from arterial.report.reach import ModeReach, ReachCurve

EVIL = "</section><script>alert(1)</script>\"'"
MODE = Mode(name=EVIL, module=EVIL, rate_gbps=400.0, status="ASSUMPTION", source="test")


def hostile(builders, **changes):
    """Every name of the light is one that would break out, and half of the light comes back."""
    network = builders["network"](modes=(MODE,))
    fibres = tuple(
        msgspec.structs.replace(fibre, name=f"{EVIL}{i}") for i, fibre in enumerate(network.fibres)
    )
    plan = builders["plan"](msgspec.structs.replace(network, fibres=fibres))
    paths = tuple(
        msgspec.structs.replace(path, name=f"{EVIL}{i}", mode=EVIL, dearest_fibre=EVIL, **changes)
        for i, path in enumerate(plan.lightpaths)
    )
    hops = tuple(
        msgspec.structs.replace(hop, lightpath=path.name)
        for hop, path in zip(plan.lightpath_hops, paths, strict=True)
    )
    back = [(f"fibre {hop.fibre}", hop.lightpath) for hop in hops[::2]]
    return msgspec.structs.replace(
        plan,
        lightpaths=paths,
        lightpath_hops=hops,
        restored_waves=tuple(
            RestoredWave(case=case, lightpath=wave, mode=EVIL, rate_gbps=400.0, slot_ghz=75.0,
                         regenerators=(), gsnr_db=math.nan, osnr_db=24.0, margin_db=math.nan)
            for case, wave in back
        ),
        restored_hops=tuple(
            RestoredHop(case=case, lightpath=wave, hop=1, fibre=fibres[-1].name, forward=True,
                        pair=1, centre_ghz=193_000.0)
            for case, wave in back
        ),
    )  # fmt: skip


CURVE = ReachCurve(
    modes=(
        ModeReach(mode=EVIL, rate_gbps=400.0, slot_ghz=None, reach_km=900.0, limit="gsnr"),
        ModeReach(mode=EVIL, rate_gbps=800.0, slot_ghz=75.0, reach_km=math.nan, limit="unknown",
                  missing=(EVIL,)),
    ),
    fibre="SSMF", span_km=80.0, longest_km=5120.0,
)  # fmt: skip


def test_no_name_in_the_light_breaks_out_of_its_place(builders):
    plan = hostile(builders)
    html = render(plan, builders["proof"](plan), reach=CURVE)
    assert html.count("<script") == 1
    assert html.count("</section>") == html.count("<section")
    assert "cuts get all their light back" in html


def test_no_unknown_margin_is_shown_as_a_number_or_nan(builders):
    plan = hostile(builders, margin_db=math.nan, gsnr_db=math.nan, dearest_share=math.nan)
    html = re.sub(r'data-v="[^"]*"', "", render(plan, None, reach=CURVE))
    assert re.findall(r">[^<]*\b(?:nan|None|inf)\b", html) == []
    assert re.findall(r'="[^"]*\bnan\b', html) == []


def test_what_was_not_worked_out_is_told_as_unknown(plan):
    html = render(plan, None)
    assert "How far the modes go was not worked out for this page" in html
    assert "What light comes back after a cut was not worked out for this plan" in html
    assert "signal was not worked out for this plan" in html


def test_a_chart_says_what_it_shows_and_is_hidden_from_a_screen_reader(builders):
    plan = hostile(builders)
    html = render(plan, None, reach=CURVE)
    for chart in re.findall(r'<svg class="chart [^>]*>', html):
        assert 'aria-hidden="true"' in chart
    for box in re.findall(r'<figure class="chartbox">.*?</figure>', html, re.DOTALL):
        assert "<figcaption>" in box


def test_long_lists_are_folded_and_lose_nothing(builders):
    plan = builders["plan"](waves=9)
    lit = tuple(msgspec.structs.replace(row, pairs=4) for row in plan.lit_fibres)
    said = light_context(msgspec.structs.replace(plan, lit_fibres=lit), None)
    assert said["spectrum_more"] == 4 * len(lit) - FIRST_ROWS
    drawn = f"{said['spectrum_first']}{said['spectrum_rest']}"
    assert len(re.findall(r">[^<]* · \d<", drawn)) == 4 * len(lit)


def test_a_plan_that_lights_nothing_says_so(plan):
    bare = {"lightpaths": (), "lightpath_hops": (), "lit_fibres": ()}
    links = tuple(msgspec.structs.replace(link, waves=0) for link in plan.ip_links)
    html = render(msgspec.structs.replace(plan, ip_links=links, **bare), None)
    assert "The plan lights nothing" in html
