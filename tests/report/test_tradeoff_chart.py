"""The picture of a trade-off: one dot a plan, one bar a change of price, words escaped."""

import xml.etree.ElementTree as ET

from arterial.report.tradeoff_chart import Bar, Dot, Series, tradeoff_svg


def dot(share, cost, *, stands=True):
    return Dot(share=share, cost=cost, bound=0.9 * cost, stands=stands, sure=stands)


SERIES = (
    Series(name="training <100> %", across="people", dots=(dot(0.5, 90.0), dot(0.9, 120.0))),
    Series(name="training 0 %", across="people", dots=(dot(0.5, 95.0, stands=False),)),
)
BARS = (Bar(name="edges & more", changes=(("-50 %", -0.2, -0.1), ("+50 %", 0.1, 0.2))),)


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own


def count(svg, tag, class_=""):
    found = parsed(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return sum(class_ in one.get("class", "").split() if class_ else True for one in found)


def test_every_plan_is_a_dot_and_what_is_beaten_looks_so():
    svg = tradeoff_svg("a < b", SERIES, BARS)
    assert count(svg, "circle") == 3
    assert count(svg, "circle", "beaten") == 1
    assert count(svg, "path", "whisker") == 3
    assert count(svg, "path", "line") == 1
    assert "training &lt;100&gt; %" in svg


def test_every_change_of_price_is_a_bar_with_an_outline():
    svg = tradeoff_svg("title", (), BARS)
    assert count(svg, "rect", "bar") == count(svg, "rect", "kept") == 2
    assert count(svg, "circle") == 0


def test_without_figures_a_title_is_left():
    assert count(tradeoff_svg("title", (), ()), "rect") == 0


def test_one_plan_alone_has_axes_of_its_own():
    assert (
        count(
            tradeoff_svg("t", (Series(name="", across="x", dots=(dot(1.0, 5.0),)),), ()), "circle"
        )
        == 1
    )


def test_whiskers_of_levels_at_one_share_stand_beside_each_other():
    starts = {
        one.get("d").split()[0]
        for one in parsed(tradeoff_svg("t", SERIES, ())).iter()
        if "whisker" in one.get("class", "")
    }
    assert len(starts) == 3
    assert count(tradeoff_svg("t", SERIES, ()), "path", "foot") == 3
