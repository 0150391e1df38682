"""Nominal reach: how many equal spans of standard fibre a mode gets over on a line, one section.

GNPy works out sections of 1, 2, 4, ... 64 spans on a network made for it, kept like any other; what
lies between is read off a straight line, for equal spans add equal noise. The answer is a length by
which modes are compared: no ROADM stands within it, and no fibre of the network is like it.
"""

from dataclasses import replace

import msgspec
import numpy as np

from arterial.jobs.progress import Report
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem, Margins
from arterial.model.network import Network
from arterial.model.pluggable import Mode
from arterial.model.site import Site
from arterial.optics.mode_table import mode_table
from arterial.optics.reach import route_segments
from arterial.optics.sections import FloatArray, Sections, load_sections

__all__ = ["MOST_SPANS", "nominal_reach_km", "spanned"]

WORKED_OUT = (1, 2, 4, 8, 16, 32, 64)
MOST_SPANS = WORKED_OUT[-1]
"""Where counting ends: a mode that gets so far may get further."""


def nominal_reach_km(
    modes: tuple[Mode, ...], line: LineSystem, margins: Margins, report: Report
) -> FloatArray:
    """The longest whole number of spans that each mode gets over with all margins in hand.

    Returns
    -------
    float (Q,)
        Kilometres, a multiple of ``line.span_km``, at most ``MOST_SPANS`` spans; 0 where one span
        is too much, NaN where a figure of the mode is missing or the light of a span is unknown.
    """
    network = _network(modes, line, margins)
    worked_out = load_sections(network, report)
    if not worked_out.known[0]:
        return np.full(len(modes), np.nan)
    sections = spanned(worked_out)
    table = mode_table(network, sections)
    gets = np.array(
        [
            route_segments(network, sections, table, (2 * (spans - 1),)).feasible[:, 0, 1]
            for spans in range(1, MOST_SPANS + 1)
        ]
    )
    spans = np.logical_and.accumulate(gets, axis=0).sum(axis=0)
    missing = np.array([bool(absent) for absent in table.missing], dtype=np.bool_)
    return np.where(missing, np.nan, spans * line.span_km)


def spanned(sections: Sections) -> Sections:
    """Sections of 1, 2, 3, ... ``MOST_SPANS`` spans from those that were worked out, both ways."""
    return replace(
        sections,
        noise=tuple(_between(values) for values in sections.noise),
        log_noise=tuple(np.log1p(_between(values)) for values in sections.noise),
        cd_ps_nm=_between(sections.cd_ps_nm[:, None])[:, 0],
        pmd_ps=np.sqrt(_between(sections.pmd_ps[:, None] ** 2)[:, 0]),
        known=np.ones(MOST_SPANS, dtype=np.bool_),
        dark=("",) * MOST_SPANS,
    )


def _between(values: FloatArray) -> FloatArray:
    """(2 x worked out, channels) to (2 x MOST_SPANS, channels), straight lines between."""
    wanted, given = np.arange(1, MOST_SPANS + 1), np.array(WORKED_OUT)
    spread = np.empty((2 * MOST_SPANS, values.shape[1]))
    for channel in range(values.shape[1]):
        line = np.interp(wanted, given, values[0::2, channel])
        spread[0::2, channel] = spread[1::2, channel] = line
    return spread


def _network(modes: tuple[Mode, ...], line: LineSystem, margins: Margins) -> Network:
    """A fibre of each length that is worked out, apart from each other."""
    fibres = tuple(
        Fibre(name=f"{n} spans", a=f"a{n}", z=f"z{n}", length_km=n * line.span_km)
        for n in WORKED_OUT
    )
    bare = msgspec.structs.replace(line, sources={})
    return Network(
        name="nominal",
        sites=tuple(Site(name=end) for fibre in fibres for end in (fibre.a, fibre.z)),
        fibres=fibres,
        modes=modes,
        line=bare,
        margins=margins,
    )
