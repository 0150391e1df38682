"""SNDlib networks: links with what they have or may buy, demands, and what a model makes of them.

The two formats are told apart by how they begin. Numbers have no unit there: they are taken as Gb/s
times a factor that the user may give. Module lists and costs are kept in words, in each link's
source: nothing in Arterial reads them yet.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from arterial.model.fibre import Link
from arterial.model.imports.arcs import Arc, Joint, joined_arcs, joined_links, joint_notes
from arterial.model.imports.asked import Asked, demand_rows, left_out
from arterial.model.imports.found import (
    DATA,
    Found,
    content_of,
    joined_name,
    refused,
    tidy_name,
    unique,
)
from arterial.model.imports.metrics import HIGHEST_METRIC, with_metrics
from arterial.model.imports.places import Places, places_of
from arterial.model.imports.sndlib_file import SndFile, SndLink
from arterial.model.imports.sndlib_model import SndModel, read_model
from arterial.model.imports.sndlib_native import read_native
from arterial.model.imports.sndlib_xml import read_xml
from arterial.model.policy import Rule
from arterial.model.site import Site

__all__ = ["Capacity", "SndChoice", "read_sndlib", "snd_file"]

Capacity = Literal["auto", "preinstalled", "smallest-module", "largest-module"]

LENGTH_FACTOR = 1.3
SHORTEST_KM = 1.0
LISTED = 8
"""Modules that a source names."""

# META of SNDlib's dynamic traffic names its unit.
_UNIT_GBPS = {"KBITPERSEC": 1e-6, "MBITPERSEC": 1e-3, "GBITPERSEC": 1.0}


class SndChoice(Struct, frozen=True, kw_only=True):
    """What the user says where the file leaves it open."""

    capacity: Capacity | float = "auto"
    """A rule, or Gb/s for every link."""
    unit_gbps: float | None = None
    """Gb/s of the file's 1; None for the unit that the file names, else 1."""


_DEFAULT = SndChoice()


def read_sndlib(path: Path, model: Path | None = None, choice: SndChoice = _DEFAULT) -> Found:
    """The network in an SNDlib file, native or XML, read as a model file says.

    Raises ModelError when a file is none, or a link has no capacity under the chosen rule.
    """
    file = snd_file(path)
    said = SndModel({}) if model is None else read_model(model)
    return _Importer(path, file, said, choice).found()


def snd_file(path: Path) -> SndFile:
    """What an SNDlib file holds, native or XML. Raises ModelError when it is none."""
    begins = content_of(path).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return read_xml(path) if begins == b"<" else read_native(path)


class _Importer:
    """One file on its way into our words."""

    def __init__(self, path: Path, file: SndFile, model: SndModel, choice: SndChoice) -> None:
        self._path, self._file, self._model, self._choice = path, file, model, choice
        self._source = tidy_name(path.name, "file")
        tidy = (tidy_name(node.name, f"node {n}") for n, node in enumerate(file.nodes))
        self._names = dict(zip((node.name for node in file.nodes), unique(tidy), strict=True))
        named = _UNIT_GBPS.get(file.unit.upper())
        self._unit = choice.unit_gbps or named or 1.0
        if file.pixels:
            self._places = Places({}, "coordinates are left out: the file says they are pixels")
        else:
            self._places = places_of({self._names[node.name]: node.point for node in file.nodes})
        opposite = {(one.source, one.target) for one in file.demands}
        both = any((target, source) in opposite for source, target in opposite if source != target)
        self._both_ways = (model.of("DEMAND_MODEL") or ("DIRECTED" if both else "UNDIRECTED")) == (
            "UNDIRECTED"
        )
        arcs = {(link.source, link.target) for link in file.links}
        paired = bool(arcs) and all((target, source) in arcs for source, target in arcs)
        self._link_model = model.of("LINK_MODEL") or ("DIRECTED" if paired else "BIDIRECTED")

    def found(self) -> Found:
        """All of it."""
        loops = [link for link in self._file.links if link.source == link.target]
        arcs = [self._arc(link) for link in self._file.links if link.source != link.target]
        joints: tuple[Joint, ...] = ()
        if self._link_model == "DIRECTED":
            joints = joined_arcs(arcs)
            links = joined_links(joints, self._source)
        else:
            links = self._links(arcs)
        links, remark = with_metrics(links)
        asked = [
            Asked(
                self._names[one.source],
                self._names[one.target],
                one.units * one.value * self._unit,
            )
            for one in self._file.demands
        ]
        notes = [
            *self._notes(),
            *joint_notes(joints),
            *left_out(asked),
            *([f"left out: {len(loops)} links from a node to itself"] if loops else []),
            *([remark] if remark else []),
        ]
        return Found(
            name=tidy_name(self._path.stem, "network"),
            title=f"SNDlib network {self._source}",
            sites=tuple(self._sites()),
            links=links,
            demands=demand_rows(asked, both_ways=self._both_ways),
            demands_source=f"{self._source}, DEMANDS",
            rules=self._rules(),
            notes=tuple(notes),
        )

    def _sites(self) -> Iterator[Site]:
        for name in self._names.values():
            lat, lon = self._places.of(name)
            yield Site(name=name, lat=lat, lon=lon, routers=1, source=self._source)

    def _links(self, arcs: Sequence[Arc]) -> tuple[Link, ...]:
        names = unique(joined_name(arc.source, arc.target) for arc in arcs)
        return tuple(
            Link(
                name=name,
                a=arc.source,
                z=arc.target,
                capacity_gbps=arc.capacity_gbps,
                igp_metric=arc.igp_metric,
                length_km=arc.length_km,
                source=f"{self._source}, {arc.name}{arc.remark}",
            )
            for name, arc in zip(names, arcs, strict=True)
        )

    def _arc(self, link: SndLink) -> Arc:
        a, z = self._names[link.source], self._names[link.target]
        direct_km = self._places.direct_km(a, z)
        length_km = None
        if direct_km is not None:
            length_km = max(round(direct_km * LENGTH_FACTOR, 1), SHORTEST_KM)
        capacity = self._capacity(link)
        return Arc(
            name=tidy_name(link.name, "link"),
            source=a,
            target=z,
            capacity_gbps=capacity / 2.0 if self._shared else capacity,
            igp_metric=int(link.routing_cost) if self._by_cost else None,
            length_km=length_km,
            remark=_costs(link),
        )

    @property
    def _shared(self) -> bool:
        """Directed demands over links whose two directions share one capacity."""
        return self._link_model == "UNDIRECTED" and not self._both_ways

    @property
    def _by_cost(self) -> bool:
        """Routing costs are metrics of an IGP, all of them."""
        costs = [link.routing_cost for link in self._file.links]
        return all(cost.is_integer() and 1.0 <= cost <= HIGHEST_METRIC for cost in costs)

    def _capacity(self, link: SndLink) -> float:
        """Gb/s of a link under the chosen rule."""
        rule = self._choice.capacity
        if not isinstance(rule, str):
            return rule
        sizes = sorted(module.capacity for module in link.modules)
        module = 0.0
        if sizes and rule == "smallest-module":
            module = sizes[0]
        elif sizes and (rule == "largest-module" or (rule == "auto" and not link.preinstalled)):
            module = sizes[-1]
        capacity = (link.preinstalled + module) * self._unit
        if capacity <= 0.0:
            found = f"link '{link.name}' has no capacity by the rule '{rule}'"
            expected = "Choose another rule, or give Gb/s for every link (--capacity)"
            raise refused(self._path, found, expected, line=link.line)
        return capacity

    def _rules(self) -> tuple[Rule, ...]:
        if not self._model.survives:
            return ()
        source = f"SNDlib model: {self._model.of('SURVIVABILITY_MODEL')}"
        return (Rule(classes=(DATA,), after=("fibre",), keep=1.0, source=source),)

    def _notes(self) -> Iterator[str]:
        yield self._unit_note()
        yield _capacity_note(self._choice.capacity)
        yield "ASSUMPTION: each node is one router; shared risks are not known"
        yield self._ways_note()
        if self._by_cost:
            yield "metrics are the file's routing costs"
        if self._places.note:
            yield self._places.note
        else:
            yield "ASSUMPTION: coordinates are degrees"
        if not all(direct is None for direct in self._places.lat_lon.values()):
            yield f"ASSUMPTION: link length is {LENGTH_FACTOR:g} x great circle"
        yield from self._unused()

    def _unit_note(self) -> str:
        if self._choice.unit_gbps is not None:
            return f"the file's 1 is {self._unit:g} Gb/s, as the import was told"
        if self._file.unit.upper() in _UNIT_GBPS:
            return f"the file's unit is {tidy_name(self._file.unit, '')}: 1 is {self._unit:g} Gb/s"
        return "ASSUMPTION: the file's 1 is 1 Gb/s, since SNDlib's numbers have no unit"

    def _ways_note(self) -> str:
        by = "by the model" if self._model.said else "ASSUMPTION, no model was given"
        ways = "both ways with the same rate" if self._both_ways else "one way"
        words = f"links are {self._link_model}, each demand goes {ways} ({by})"
        if self._shared:
            words += "; each direction of a link has half of the capacity that they share"
        return words

    def _unused(self) -> Iterator[str]:
        """What the files say and nothing here acts on."""
        limited = sum(demand.hops is not None for demand in self._file.demands)
        if limited and self._model.of("HOP_LIMIT_MODEL") != "IGNORE_HOP_LIMITS":
            yield f"not used: the longest path, in links, of {limited} demands"
        if self._file.restricted and self._model.of("ADMISSIBLE_PATH_MODEL") != "ALL_PATHS":
            yield f"not used: lists of admissible paths of {self._file.restricted} demands"
        if self._model.survives:
            model = self._model.of("SURVIVABILITY_MODEL")
            yield (
                f"{model} is taken as: all demands survive any single link (ASSUMPTION); "
                "how they do is not prescribed"
            )
        for key in ("ROUTING_MODEL", "LINK_CAPACITY_MODEL", "FIXED_CHARGE_MODEL", "NODE_MODEL"):
            said = self._model.of(key)
            if said not in ("", "CONTINUOUS", "NO", "NO_NODE_HARDWARE"):
                yield f"not used: {key} = {said}"


def _capacity_note(rule: Capacity | float) -> str:
    words: dict[str, str] = {
        "auto": "ASSUMPTION: a link has its pre-installed capacity; where that is 0, one module "
        "of the largest size",
        "preinstalled": "a link has its pre-installed capacity, and no module",
        "smallest-module": "ASSUMPTION: a link has its pre-installed capacity and one module of "
        "the smallest size",
        "largest-module": "ASSUMPTION: a link has its pre-installed capacity and one module of "
        "the largest size",
    }
    if isinstance(rule, str):
        return words[rule]
    return f"ASSUMPTION: every link has {rule:g} Gb/s, as the import was told"


def _costs(link: SndLink) -> str:
    """What the file asks for the link, in its own units."""
    parts: list[str] = []
    if link.preinstalled or link.preinstalled_cost:
        parts.append(f"pre-installed {link.preinstalled:g} at {link.preinstalled_cost:g}")
    if link.setup_cost:
        parts.append(f"setup {link.setup_cost:g}")
    if link.routing_cost:
        parts.append(f"routing {link.routing_cost:g}")
    if link.modules:
        listed = [f"{one.capacity:g} at {one.cost:g}" for one in link.modules[:LISTED]]
        more = f", {len(link.modules) - LISTED} more" if len(link.modules) > LISTED else ""
        parts.append(f"modules {', '.join(listed)}{more}")
    return f" ({'; '.join(parts)})" if parts else ""
