import re

from arterial.report.evolution_chart import Built, Curve, evolution_svg


def drawn(**changes):
    terms = {
        "title": "Years & more",
        "phases": ("open 2027", "grow 2029"),
        "years": (2027, 2029),
        "curves": (
            Curve(name="whole horizon", spent=(10.0, 5.0)),
            Curve(name="year by year", spent=(9.0, 7.5)),
        ),
        "bound": 14.0,
        "built": tuple(Built(name=f"A--B{n}", gbps=(400.0, 100.0 * n)) for n in range(20)),
    }
    return evolution_svg(**(terms | changes))


def words(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_every_way_the_bound_and_every_year_are_told():
    told = words(drawn())
    assert "whole horizon: 15" in told
    assert "year by year: 16.5" in told
    assert "bound of the whole horizon: 14" in told
    assert {"2027", "2029"} <= set(told)


def test_links_beyond_the_room_are_counted():
    told = words(drawn())
    assert "and 6 more links" in told
    assert "A--B19" in told
    assert "A--B0" not in told


def test_a_piece_of_no_capacity_is_not_drawn():
    svg = drawn(built=(Built(name="A--B", gbps=(400.0, 0.0)),))
    assert len(re.findall(r'<rect [^>]*height="14"', svg)) == 1


def test_nothing_built_is_no_error():
    assert "open 2027" in words(drawn(built=()))
