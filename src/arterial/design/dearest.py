"""Which fibre costs each lightpath most, so that whoever plans knows where better glass would pay.

The worst transparent segment counts, in the worse of its two directions, on its worst channel.
"""

from collections.abc import Mapping, Sequence
from math import inf, isnan, nan

import msgspec

from arterial.model.network import Network
from arterial.optics.dearest import dearest_section
from arterial.optics.mode_table import ModeTable, mode_table
from arterial.optics.reach import route_segments
from arterial.optics.sections import Sections
from arterial.plan.rows import Lightpath, LightpathHop

__all__ = ["with_dearest"]

Segment = tuple[int, ...]
"""Directed sections of one transparent segment."""


def with_dearest(
    network: Network,
    sections: Sections,
    lightpaths: Sequence[Lightpath],
    hops: Sequence[LightpathHop],
) -> tuple[Lightpath, ...]:
    """Lightpaths with their dearest fibre and its share; empty and NaN where light is unknown."""
    table = mode_table(network, sections)
    number = {mode.name: place for place, mode in enumerate(table.modes)}
    ridden: dict[str, list[LightpathHop]] = {}
    for hop in sorted(hops, key=lambda hop: hop.hop):
        ridden.setdefault(hop.lightpath, []).append(hop)
    fibres = {fibre.name: place for place, fibre in enumerate(network.fibres)}
    known: dict[tuple[str, tuple[Segment, ...]], tuple[str, float]] = {}
    rows: list[Lightpath] = []
    for row in lightpaths:
        key = (row.mode, _segments(network, row, ridden[row.name], fibres))
        if key not in known:
            known[key] = _dearest(network, sections, table, number[row.mode], key[1])
        fibre, share = known[key]
        rows.append(msgspec.structs.replace(row, dearest_fibre=fibre, dearest_share=share))
    return tuple(rows)


def _dearest(
    network: Network,
    sections: Sections,
    table: ModeTable,
    mode: int,
    segments: Sequence[Segment],
) -> tuple[str, float]:
    """(fibre, share) of the worst of a wave's segments, both ways; empty and NaN where unknown."""
    both = [way for one in segments for way in (one, tuple(s ^ 1 for s in reversed(one)))]
    if any(not sections.known[section // 2] for segment in both for section in segment):
        return "", nan
    margins = [_margin_db(network, sections, table, mode, way) for way in both]
    found = dearest_section(sections, table, mode, both[margins.index(min(margins))])
    return ("", nan) if found is None else (network.fibres[found[0]].name, found[1])


def _segments(
    network: Network, row: Lightpath, hops: Sequence[LightpathHop], fibres: Mapping[str, int]
) -> tuple[Segment, ...]:
    """Transparent segments of a lightpath that rides these hops, in order."""
    found: list[list[int]] = [[]]
    for place, hop in enumerate(hops):
        fibre = network.fibres[fibres[hop.fibre]]
        found[-1].append(2 * fibres[hop.fibre] + (not hop.forward))
        ends = fibre.z if hop.forward else fibre.a
        if ends in row.regenerators and place + 1 < len(hops):
            found.append([])
    return tuple(tuple(segment) for segment in found)


def _margin_db(
    network: Network, sections: Sections, table: ModeTable, mode: int, segment: Segment
) -> float:
    """At start of life; what is unknown comes last."""
    margin = float(route_segments(network, sections, table, segment).margin_db[mode, 0, -1])
    return inf if isnan(margin) else margin
