import math
import xml.etree.ElementTree as ET

from msgspec import structs

from arterial.report.latency_chart import LatencyChart, Line, latency_svg

SVG = "{http://www.w3.org/2000/svg}"

CHART = LatencyChart(
    title="A <b> & c: people",
    legend="three markets",
    bounds_ms=(1.0, 1.2, 5.0, 20.0),
    curves=(
        Line(name="today", points=((2.0, 0.5), (8.0, 1.0)), mark=0),
        Line(name="after", points=((9.0, 0.5),), mark=1),
    ),
    costs_title="Least cost",
    costs=(Line(name="without failure", points=((0.5, 20.0), (1.0, 65.0)), mark=0),),
    today=(0.5, 60.0),
)


def drawn(chart):
    return ET.fromstring(latency_svg(chart))  # noqa: S314 - our own text


def test_every_curve_is_drawn_and_named_within_the_sheet():
    root = drawn(CHART)
    words = [node.text for node in root.iter(f"{SVG}text")]
    for name in ("today", "after", "without failure", "today's edges", CHART.title):
        assert name in words
    assert len(root.findall(f".//{SVG}circle")) == 2
    width, height = float(root.get("width")), float(root.get("height"))
    for node in root.iter(f"{SVG}text"):
        assert 0.0 <= float(node.get("x")) <= width
        assert 0.0 <= float(node.get("y")) <= height


def test_bounds_too_close_to_name_are_not_named_over_each_other():
    words = [node.text for node in drawn(CHART).iter(f"{SVG}text")]
    assert "1 ms" in words
    assert "1.2 ms" not in words


def test_nobody_reached_is_said_and_nothing_is_divided_by_nothing():
    empty = structs.replace(CHART, curves=(), costs=(), today=None)
    words = " ".join(drawn(empty).itertext())
    assert "nobody can be reached" in words
    free = structs.replace(
        CHART, costs=(Line(name="free", points=((0.0, 0.0),), mark=0),), today=None
    )
    assert not math.isnan(float(drawn(free).get("width")))
    assert "nan" not in latency_svg(free)
