"""The map of what changes between two plans: each lit fibre, or IP link, coloured by its fate.

It is the newer plan's map with what the older one alone lights; a network of ready-made links shows
its links. Widths are the larger rate of the two.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from arterial.plan.plan import Plan
from arterial.report.legend import LineFate
from arterial.report.map import draw_map
from arterial.report.view import FibreView, LinkView, map_view

__all__ = ["diff_svg", "line_fates"]


def diff_svg(a: Plan, b: Plan) -> str:
    """A picture of its own, light or dark as its viewer prefers."""
    before, after = map_view(a), map_view(b)
    fibres = _fibres(before.fibres, after.fibres)
    links = _links(before.links, after.links)
    seen = {site.name for site in after.sites}
    view = replace(
        after,
        title=f"{after.title}: what changes",
        sites=(*after.sites, *(site for site in before.sites if site.name not in seen)),
        fibres=fibres,
        links=() if fibres else links,
    )
    layers = ("fibres",) if fibres else ("links",)
    return draw_map(view, layers=layers, alone=True, fates=line_fates(a, b))


def line_fates(a: Plan, b: Plan) -> dict[str, LineFate]:
    """By fibre and by IP link: built, freed, changed (pairs or rate) or kept."""
    before, after = map_view(a), map_view(b)
    lit = [
        {row.name: (row.pairs, row.rate_gbps) for row in view.fibres if row.pairs}
        for view in (before, after)
    ]
    linked = [
        {row.name: (row.waves, row.capacity_gbps) for row in v.links} for v in (before, after)
    ]
    return {
        name: _fate(had.get(name), has.get(name))
        for had, has in (linked, lit)
        for name in {**had, **has}
    }


def _fate(had: tuple[int, float] | None, has: tuple[int, float] | None) -> LineFate:
    if had is None or has is None:
        return "built" if had is None else "freed"
    return "kept" if had == has else "changed"


def _fibres(before: Sequence[FibreView], after: Sequence[FibreView]) -> tuple[FibreView, ...]:
    had = {row.name: row for row in before}
    has = {row.name: row for row in after}
    rows = [row if row.pairs else had.get(row.name, row) for row in after]
    rows += [row for row in before if row.name not in has]
    return tuple(
        replace(row, rate_gbps=max(row.rate_gbps, had[row.name].rate_gbps))
        if row.name in had
        else row
        for row in rows
    )


def _links(before: Sequence[LinkView], after: Sequence[LinkView]) -> tuple[LinkView, ...]:
    has = {row.name for row in after}
    return (*after, *(row for row in before if row.name not in has))
