from xml.etree import ElementTree as ET

from arterial.report.shapes import Bar, Bars, ShapeLinkMark, ShapePanel, ShapeSite, shapes_svg

SITES = (
    ShapeSite(name="<A>", lat=40.0, lon=-90.0, lost=0.5, people=0.2),
    ShapeSite(name="B", lat=41.0, lon=-91.0, lost=0.1, people=0.0),
    ShapeSite(name="C", lat=42.0, lon=-90.0, lost=0.0, people=0.0),
)


def drawn(sites=SITES):
    panel = ShapePanel(
        title="ring & <star>",
        verdict="refuted",
        lines=("one", "two"),
        sites=sites,
        links=(ShapeLinkMark(a="<A>", z="B", gbps=400.0), ShapeLinkMark(a="B", z="D", gbps=1.0)),
    )
    bars = Bars(
        title="Cost",
        bars=(
            Bar(name="ring", value=2.0, high=4.0, words="2 to 4"),
            Bar(name="star", value=float("nan"), high=float("nan"), words="unknown"),
        ),
    )
    return ET.fromstring(shapes_svg("T & T", [panel, panel], [bars]))  # noqa: S314 - ours


def named(root, tag, class_):
    return [e for e in root.iter() if e.tag.endswith(f"}}{tag}") and e.get("class") == class_]


def test_a_site_is_red_for_people_amber_for_traffic_and_as_large_as_its_loss():
    root = drawn()
    hot, warm, calm = (named(root, "circle", class_) for class_ in ("hot", "warm", "calm"))
    assert [len(marks) for marks in (hot, warm, calm)] == [2, 2, 2]
    radius = [float(marks[0].get("r")) for marks in (hot, warm, calm)]
    assert radius == sorted(radius, reverse=True)


def test_links_to_places_unknown_are_left_out_and_words_are_escaped():
    root = drawn()
    assert len(named(root, "path", "link")) == 2
    assert "ring & <star>" in "".join(root.itertext())


def test_what_is_open_is_drawn_behind_what_is_sure_and_unknown_not_at_all():
    root = drawn()
    (sure,), (open_,) = named(root, "rect", "bar"), named(root, "rect", "open")
    assert float(open_.get("width")) == 2.0 * float(sure.get("width"))
    assert "unknown" in "".join(root.itertext())


def test_a_network_off_the_backdrop_has_no_coast():
    far = (ShapeSite(name="X", lat=50.0, lon=8.0, lost=0.0, people=0.0),)
    assert not [e for e in drawn(far).iter() if e.tag.endswith("}use")]
    assert [e for e in drawn().iter() if e.tag.endswith("}use")]


def test_two_maps_share_the_sheet_without_a_hole():
    first, second = (
        e for e in drawn().iter() if e.tag.endswith("}svg") and e.get("class") != "shapes"
    )
    assert first.get("width") == second.get("width")
    assert 2.0 * float(first.get("width")) > 0.9 * float(drawn().get("width"))
