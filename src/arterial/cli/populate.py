"""``arterial populate``."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from arterial.cli.options import Count, Json, Limit, Network, Output, answer
from arterial.cli.show import facts, heading, lines
from arterial.study.populate.answer import Choice, Populated
from arterial.study.populate.answer import populate as study

__all__ = ["populate"]

_RULE = Choice()


def populate(
    network: Network,
    /,
    *,
    output: Annotated[Output, Parameter(help="Folder for the network; empty or new.")],
    people: Annotated[
        Path | None,
        Parameter(help="Table of towns (CSV: name, lat, lon, people) in place of the package's."),
    ] = None,
    from_people: Annotated[Limit, Parameter(help="Least people of a market.")] = _RULE.from_people,
    within_km: Annotated[
        Limit, Parameter(help="A town farther than this from every site is left out.")
    ] = _RULE.within_km,
    edges: Annotated[Count, Parameter(help="How many of the largest markets are edges.")] = (
        _RULE.edges
    ),
    candidates: Annotated[
        Count, Parameter(help="How many of the next largest may become edges.")
    ] = _RULE.candidates,
    campuses: Annotated[
        Count, Parameter(help="How many campuses a rule places where fewer than two are known.")
    ] = _RULE.campuses,
    json: Json = False,
) -> int:
    """Put people, edges, campuses, work and candidate fibres on a bare network.

    Whatever it adds is marked ASSUMPTION, with its rule. Exits 0 when it is written, 2 when the
    network or a table is wrong.
    """
    choice = Choice(
        within_km=within_km,
        from_people=from_people,
        edges=edges,
        candidates=candidates,
        campuses=campuses,
    )
    answer(study(network, output, people=people, choice=choice), _page, as_json=json)
    return 0


def _page(done: Populated) -> None:
    heading(f"{done.name}: written to {done.network}")
    facts(
        [
            ("sites", str(done.sites)),
            ("fibres", f"{done.fibres}, {done.candidate_fibres} of them candidates"),
            ("risks", f"{done.shared_risks} shared"),
            ("subsea", f"{done.subsea} systems"),
            ("markets", f"{done.markets}, {done.people / 1e6:,.1f} million people"),
            ("edges", f"{done.edges}, and {done.candidate_edges} candidates"),
            ("campuses", str(done.campuses)),
            ("loads", ", ".join(done.loads)),
        ]
    )
    lines(done.notes)
