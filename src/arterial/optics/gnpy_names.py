"""Names that people read for the elements that GNPy is told, and the way a service takes over them.

``line_topology`` numbers what it draws; here sites, fibres, pairs and planes give the names.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from arterial.model.network import Network
from arterial.optics.gnpy_planes import Layout, PlaneLine, Ride
from arterial.optics.line_topology import span_uid, transceiver_uid

__all__ = ["Names", "hops", "stretch"]

Words = dict[str, Any]

_AMPLIFIER, _TO = "amplifier ", " to "


class Names:
    """Names that people read, for those that ``line_topology`` numbers."""

    def __init__(self, network: Network, layout: Layout) -> None:
        self._network = network
        self._several = layout.planes > 1
        sites = len(network.sites)
        self._words: dict[str, str] = {}
        self._places: dict[str, Words] = {}
        for number, (route, line) in enumerate(
            zip(layout.request.routes, layout.lines, strict=True)
        ):
            for place in (route.a, route.z):
                self._site(place, *divmod(place, sites))
            self._spans(number, line)

    def renamed(self, drawn: Words) -> Words:
        """A topology under these names, ROADMs and transceivers at their places."""
        elements = [
            {**element, "uid": self[element["uid"]], **self._places.get(element["uid"], {})}
            for element in drawn["elements"]
        ]
        connections = [
            {end: self[uid] for end, uid in connection.items()}
            for connection in drawn["connections"]
        ]
        return {
            "network_name": self._network.name,
            "elements": elements,
            "connections": connections,
        }

    def __getitem__(self, uid: str) -> str:
        if uid in self._words:
            return self._words[uid]
        return self._words.setdefault(uid, self._span(uid))

    def _site(self, place: int, plane: int, number: int) -> None:
        site = self._network.sites[number]
        where: Words = {"city": site.name, "region": ""}
        if site.lat is not None and site.lon is not None:
            where |= {"latitude": site.lat, "longitude": site.lon}
        for uid in (transceiver_uid(place), f"roadm {place}"):
            self._words[uid] = self._in_plane(f"{uid.split()[0]} {site.name}", plane)
            self._places[uid] = {"metadata": {"location": where}}

    def _spans(self, number: int, line: PlaneLine) -> None:
        fibre = self._network.fibres[line.fibre]
        for way, ends in enumerate((f"{fibre.a} to {fibre.z}", f"{fibre.z} to {fibre.a}")):
            words = f"fibre {fibre.name} pair {line.pair} {ends}"
            self._words[span_uid(number, way, 0).rsplit(" ", 1)[0]] = self._in_plane(
                words, line.plane
            )

    def _span(self, uid: str) -> str:
        if uid.startswith(_AMPLIFIER):
            ends = uid.removeprefix(_AMPLIFIER).split(_TO)
            return _AMPLIFIER + _TO.join(self[end] for end in ends)
        stem, span = uid.rsplit(" ", 1)
        return f"{self._words[stem]} span {int(span) + 1}"

    def _in_plane(self, words: str, plane: int) -> str:
        return f"{words} @{plane + 1}" if self._several else words


def hops(names: Names, layout: Layout, plane: int, ride: Ride) -> list[str]:
    """Transceiver, then a ROADM and the first span of each line, then ROADM and transceiver."""
    lines = {line: index for index, line in enumerate(layout.lines)}
    passed: list[str] = []
    place = -1
    for section, pair in zip(ride.route, ride.pairs, strict=True):
        fibre, way = divmod(section, 2)
        index = lines[PlaneLine(plane=plane, fibre=fibre, pair=pair)]
        route = layout.request.routes[index]
        source, place = (route.a, route.z) if way == 0 else (route.z, route.a)
        passed += [] if passed else [names[transceiver_uid(source)]]
        passed += [names[f"roadm {source}"], names[span_uid(index, way, 0)]]
    return [*passed, names[f"roadm {place}"], names[transceiver_uid(place)]]


def stretch(drawn: Words, on: Sequence[str]) -> Words:
    """The part of a topology that light passes one way over ``hops``, and nothing else."""
    elements = {element["uid"]: element for element in drawn["elements"]}
    ends = [(one["from_node"], one["to_node"]) for one in drawn["connections"]]
    # Between ROADMs each element has one before it and one after it.
    before = {target: source for source, target in ends if elements[target]["type"] != "Roadm"}
    after = {source: target for source, target in ends if elements[source]["type"] != "Roadm"}
    passed = [on[0]]
    for span in on[2:-2:2]:
        led = [before[span]]
        while elements[led[0]]["type"] != "Roadm":
            led.insert(0, before[led[0]])
        passed += [*led, span]
        while elements[after[passed[-1]]]["type"] != "Roadm":
            passed.append(after[passed[-1]])
    passed += on[-2:]
    return {
        "network_name": drawn["network_name"],
        "elements": [elements[uid] for uid in passed],
        "connections": [
            {"from_node": source, "to_node": target} for source, target in pairwise(passed)
        ],
    }
