"""Metrics of links whose file gives none: delay where all have one, else each link is one hop.

Routing takes a link's delay for its metric where it has none; a hop here and a delay there would
not compare.
"""

from collections.abc import Sequence

from msgspec import structs

from arterial.model.fibre import Link

__all__ = ["HIGHEST_METRIC", "with_metrics"]

HIGHEST_METRIC = 2**24 - 1
"""Of IS-IS's wide metrics."""


def with_metrics(links: Sequence[Link]) -> tuple[tuple[Link, ...], str]:
    """The links, each with something to route by, and a remark where that is an assumption."""
    if all(_routable(link) for link in links):
        return tuple(links), ""
    hops = tuple(structs.replace(link, igp_metric=1) for link in links)
    return hops, "ASSUMPTION: each link has metric 1, since delay or length is not known of all"


def _routable(link: Link) -> bool:
    figures = (link.igp_metric, link.latency_ms, link.length_km)
    return any(figure is not None for figure in figures)
