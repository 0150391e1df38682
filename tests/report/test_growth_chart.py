import xml.etree.ElementTree as ET

from arterial.report.growth_chart import Level, Panel, growth_svg


def panel(**changes):
    told = {
        "title": "<A> - B",
        "from_year": 2026,
        "demand_gbps": (100.0, 200.0, 400.0),
        "planned_gbps": (),
        "levels": (
            Level(name="C", gbps=150.0, runs_out=2027, mark=1),
            Level(name="C+L", gbps=151.0, runs_out=2027, mark=3),
        ),
    }
    return Panel(**{**told, **changes})


def words(svg):
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    return [node.text for node in root.iter() if node.tag.endswith("text")]


def test_each_level_says_what_it_carries_and_the_year_that_it_is_too_little():
    told = words(growth_svg("T", "L", [panel()]))
    assert {"C: 150 Gb/s", "C+L: 151 Gb/s", "2027", "<A> - B"} <= set(told)


def test_words_of_levels_close_together_stand_apart():
    root = ET.fromstring(growth_svg("T", "L", [panel()]))  # noqa: S314 - our own text
    heights = [
        float(node.get("y")) for node in root.iter() if (node.text or "").startswith(("C:", "C+L:"))
    ]
    assert abs(heights[0] - heights[1]) >= 15.0


def test_a_pair_that_asks_nothing_is_drawn_without_a_curve():
    told = words(growth_svg("T", "L", [panel(demand_gbps=())]))
    assert "nothing is asked" in told
    assert growth_svg("T", "L", [])


def test_a_year_near_the_right_end_stands_before_the_words_of_levels():
    levels = tuple(Level(name="C", gbps=gbps, runs_out=2028, mark=1) for gbps in (250.0,))
    root = ET.fromstring(growth_svg("T", "L", [panel(levels=levels)]))  # noqa: S314 - our own text
    years = [node for node in root.iter() if node.text == "2028"]
    ring = next(node for node in root.iter() if node.get("class") == "cross")
    assert any(
        node.get("text-anchor") == "end" and float(node.get("x")) < float(ring.get("cx"))
        for node in years
    )
