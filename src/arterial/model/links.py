"""Rows of links.csv that contradict themselves: nothing to buy, no price, faster than light.

Delay is held against light in fibre over the great circle, 4.9 us/km. A link of one's own that
names no floor is not: radio in air is faster than fibre.
"""

from collections.abc import Iterator, Mapping

from arterial.errors import Problem
from arterial.model.draft import Draft
from arterial.model.record import Record
from arterial.units import fibre_delay_ms, great_circle_km

__all__ = ["link_problems"]

_ROUNDED = 0.01
"""Figures are rounded: a delay below light by no more than 1 % is believed."""

Places = Mapping[str, tuple[float, float]]


def link_problems(draft: Draft) -> Iterator[Problem]:
    """Every contradiction inside a row of the table of ready-made links."""
    places = _places(draft)
    for link in draft.rows("links"):
        yield from _sale(link)
        yield from _light(link, places)


def _sale(link: Record) -> Iterator[Problem]:
    """What can be bought has a price, and is not one's own already."""
    available, most = link.text("status") == "available", link.number("most") or 1.0
    priced = {"setup_cost", "cost_year"} & set(link.lines)
    if (available or most > 1) and not priced:
        found = "units are for sale and have no price"
        expected = "Give setup_cost, cost_year or both; 0 where a unit costs nothing but its ports"
        yield link.problem("cost_year", found, expected)
    if link.text("kind") == "own" and (available or most > 1):
        found = "more of a link of your own cannot be bought"
        expected = "Say what it is: leased-wave, on-ramp or peering; or give fibre, and light it"
        yield link.problem("kind", found, expected)


def _light(link: Record, places: Places) -> Iterator[Problem]:
    """Nothing is faster than light in fibre over the great circle, nor than its own floor."""
    light_ms, floor_ms = _light_rtt_ms(link, places), link.number("floor_rtt_ms")
    if floor_ms is not None and light_ms > floor_ms * (1.0 + _ROUNDED):
        yield link.problem("floor_rtt_ms", f"{floor_ms:g} ms {_beyond(light_ms)}", _SLOWER)
    one_way_ms = link.number("latency_ms")
    if one_way_ms is None or (floor_ms is None and link.text("kind") == "own"):
        return
    told = f"{2.0 * one_way_ms:g} ms there and back"
    if light_ms > 2.0 * one_way_ms * (1.0 + _ROUNDED):
        yield link.problem("latency_ms", f"{told} {_beyond(light_ms)}", _SLOWER)
    elif floor_ms is not None and floor_ms > 2.0 * one_way_ms * (1.0 + _ROUNDED):
        expected = "Correct one of the two: latency_ms is one way, floor_rtt_ms there and back"
        yield link.problem("latency_ms", f"{told} is below its floor of {floor_ms:g} ms", expected)


_SLOWER = "Correct the delay (ms, not us) or the coordinates of its ends"


def _beyond(light_ms: float) -> str:
    return f"asks for more than light: over the great circle it takes {light_ms:.1f} ms"


def _light_rtt_ms(link: Record, places: Places) -> float:
    """Round trip of light in fibre over the great circle; 0 where a place is unknown."""
    a, z = places.get(link.text("a")), places.get(link.text("z"))
    if a is None or z is None:
        return 0.0
    return 2.0 * fibre_delay_ms(great_circle_km(*a, *z))


def _places(draft: Draft) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for site in draft.rows("sites"):
        lat, lon = site.number("lat"), site.number("lon")
        if lat is not None and lon is not None:
            found[site.text("name")] = (lat, lon)
    return found
