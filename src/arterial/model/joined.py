"""Whether fibre reaches whom it must: sites that add traffic stand on one connected network.

Candidates count as fibre here: what could be built is the design's business, what could not be is
the description's.
"""

from collections.abc import Iterator

from arterial.errors import Problem
from arterial.model.draft import Draft
from arterial.model.record import Record

__all__ = ["joined_problems"]

_ADDING = ("campus", "edge", "candidate-edge", "market")
_NAMED = 5
"""Sites of an island that a message names."""


def joined_problems(draft: Draft) -> Iterator[Problem]:
    """Sites on no fibre and islands; nothing where a table that would join them was not read."""
    yield from _presence(draft)
    sites = {site.text("name"): site for site in draft.rows("sites")}
    ends = [(route.text("a"), route.text("z")) for route in draft.routes()]
    sound = all(a in sites and z in sites for a, z in ends)
    if draft.unread("sites", "fibres", "links") or not ends or not sound:
        return
    islands = _islands(list(sites), ends)
    adding = [_named(site for site in island if _adds(sites[site])) for island in islands]
    touched = {end for pair in ends for end in pair}
    for site in (site for island in adding for site in island if site not in touched):
        found = f"{_role(sites[site])} '{site}' is on no fibre and no link"
        yield sites[site].problem("name", found, "Add a fibre that ends there, or remove the site")
    apart = [island for island in adding if island and island[0] in touched]
    for island in sorted(apart, key=len, reverse=True)[1:]:
        others = f" and {len(island) - _NAMED} more" if len(island) > _NAMED else ""
        found = f"no fibre and no link joins {', '.join(island[:_NAMED])}{others} to the rest"
        expected = "Add one, a candidate perhaps, or describe two networks"
        yield sites[island[0]].problem("name", found, expected)


def _presence(draft: Draft) -> Iterator[Problem]:
    tables = draft.root.records("tables")
    if not tables:
        return
    if not draft.unread("sites") and not draft.rows("sites"):
        yield tables[0].problem("sites", "there is no site", "Add rows to the table of sites")
    if not draft.unread("fibres", "links") and not any(draft.routes()):
        found = "there is neither a fibre nor a link"
        yield tables[0].problem("fibres", found, "Add a table of fibres, or of links")


def _islands(sites: list[str], ends: list[tuple[str, str]]) -> list[list[str]]:
    """Connected components, sites in the order of their table."""
    parent = {site: site for site in sites}

    def root(site: str) -> str:
        while parent[site] != site:
            parent[site] = parent[parent[site]]
            site = parent[site]
        return site

    for a, z in ends:
        parent[root(a)] = root(z)
    islands: dict[str, list[str]] = {}
    for site in sites:
        islands.setdefault(root(site), []).append(site)
    return list(islands.values())


def _adds(site: Record) -> bool:
    return any(role in _ADDING for role in site.texts("roles"))


def _named(sites: Iterator[str]) -> list[str]:
    return [site for site in sites if site]


def _role(site: Record) -> str:
    return next(role for role in site.texts("roles") if role in _ADDING)
