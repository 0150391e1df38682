"""What each mode of the catalogue does on a route that is regenerated at given places, and why not.

Light goes both ways, through other amplifiers: a mode is judged by the worse direction of its worst
transparent segment. A refusal names the section that costs most, by how many dB it misses, and what
would free it.
"""

import math
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from arterial.design.standing import transparent
from arterial.model.network import Network
from arterial.optics.dearest import dearest_section
from arterial.optics.mode_table import mode_table
from arterial.optics.modes import NEVER, RouteOption, fewest_regenerators
from arterial.optics.reach import Reach, route_segments, segment_reach
from arterial.optics.sections import Sections

__all__ = ["Carried", "carried", "chains", "option_of"]

Chain = tuple[int, ...]
"""Light is regenerated after these hops of a route."""


class Carried(Struct, frozen=True, kw_only=True):
    """One mode on one route; figures are NaN where unknown."""

    mode: str
    rate_gbps: float
    verdict: Literal["yes", "no", "unknown"]
    gsnr_db: float
    osnr_db: float
    margin_db: float
    """Start of life, of the worst segment and direction, before the margins of the network."""
    short_db: float
    """How many dB it misses the network's margins by; 0 where it has them."""
    dearest_fibre: str
    """The section that adds most noise on that segment; empty where unknown."""
    dearest_share: float
    """Its share of the noise of the segment's sections."""
    why: tuple[str, ...]
    """What fails (gsnr, cd, pmd), or which figure is missing."""


def carried(
    network: Network, sections: Sections, route: Sequence[int], chain: Chain
) -> tuple[Carried, ...]:
    """Every mode of the catalogue on a route of directed sections, in catalogue order."""
    segments = [tuple(route[first:end]) for first, end in transparent(chain, len(route))]
    both = [way for one in segments for way in (one, tuple(s ^ 1 for s in reversed(one)))]
    reached = [segment_reach(network, sections, segment) for segment in both]
    table = mode_table(network, sections)
    rows: list[Carried] = []
    for number, mode in enumerate(network.modes):
        found = [row[number] for row in reached]
        worst = min(range(len(found)), key=lambda place: _rank(found[place]))
        row = found[worst]
        dearest = dearest_section(sections, table, number, both[worst])
        rows.append(
            Carried(
                mode=mode.name,
                rate_gbps=mode.rate_gbps,
                verdict=row.verdict,
                gsnr_db=row.gsnr_db,
                osnr_db=row.osnr_db,
                margin_db=row.margin_db,
                short_db=max(0.0, -row.left_db) if not math.isnan(row.left_db) else math.nan,
                dearest_fibre="" if dearest is None else network.fibres[dearest[0]].name,
                dearest_share=math.nan if dearest is None else dearest[1],
                why=row.why,
            )
        )
    return tuple(rows)


def chains(network: Network, sections: Sections, route: Sequence[int]) -> dict[str, Chain]:
    """By mode: after which hops it is regenerated, as seldom as can be; absent where never."""
    if not all(sections.known[section // 2] for section in route):
        return {}
    table = mode_table(network, sections)
    fewest, _, before = fewest_regenerators(route_segments(network, sections, table, route))
    found: dict[str, Chain] = {}
    for number, mode in enumerate(table.modes):
        if fewest[number] < NEVER - 1 and not table.missing[number]:
            stops: list[int] = []
            here = int(before[number, -1])
            while here > 0:
                stops.insert(0, here - 1)
                here = int(before[number, here])
            found[mode.name] = tuple(stops)
    return found


def option_of(network: Network, row: Carried, chain: Chain) -> RouteOption | None:
    """A mode that gets there as a wave that can be bought; None where it does not or has no price.

    A price that nobody gave would leave the plan's bill unknown.
    """
    mode = next(mode for mode in network.modes if mode.name == row.mode)
    if row.verdict != "yes" or mode.cost is None or mode.slot_ghz is None:
        return None
    return RouteOption(
        mode=mode.name,
        rate_gbps=mode.rate_gbps,
        slot_ghz=mode.slot_ghz,
        regenerator_hops=chain,
        cost=2 * mode.cost * (1 + len(chain)) + network.costs.regenerator * len(chain),
        watts=math.nan if mode.watts is None else 2 * (1 + len(chain)) * mode.watts,
        gsnr_db=row.gsnr_db,
        osnr_db=row.osnr_db,
        margin_db=row.margin_db,
    )


def _rank(row: Reach) -> tuple[int, float]:
    """Worst first: what fails, then what is unknown, then the least margin."""
    known = math.inf if math.isnan(row.margin_db) else row.margin_db
    return {"no": 0, "unknown": 1, "yes": 2}[row.verdict], known
