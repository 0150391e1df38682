"""Margins of lightpaths worked out again from fibres and modes, for the prover to compare."""

import math

from arterial.jobs.progress import Report
from arterial.model.network import Network
from arterial.optics.reach import MENDED_BY_MARGIN, Reach, segment_reach
from arterial.optics.sections import load_sections
from arterial.prove.light import SegmentMargin

__all__ = ["segment_margins"]

Hops = tuple[tuple[str, bool], ...]


def segment_margins(network: Network, report: Report) -> SegmentMargin:
    """A function (mode, hops) -> margin at start of life, dB.

    NaN where a figure is missing; minus infinity where dispersion is beyond the mode's tolerance or
    something else fails that no margin mends, whatever the noise.
    """
    sections = load_sections(network, report)
    number = {fibre.name: index for index, fibre in enumerate(network.fibres)}
    known: dict[Hops, dict[str, Reach]] = {}

    def margin_db(mode: str, hops: Hops) -> float:
        if hops not in known:
            route = [2 * number[fibre] + (not forward) for fibre, forward in hops]
            known[hops] = {row.mode: row for row in segment_reach(network, sections, route)}
        row = known[hops][mode]
        if row.verdict == "unknown":
            return math.nan
        beyond = row.verdict == "no" and {*row.why} - {MENDED_BY_MARGIN}
        return -math.inf if beyond else row.margin_db

    return margin_db
