"""What stands before a cut: a plan's waves as integers, the slots that they take, their ends.

Indices: site n, fibre m (section ``2 m`` from a to z), wave w. A pair's slots are bits of one
integer. Rows that do not make a wave (a hop missing, a route that starts elsewhere) are left out:
they carry nothing, and the prover refutes them. Waves in service that are not the plan's keep their
slots whatever is cut: whose they are decides what becomes of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from arterial.model.site import Site
from arterial.optics.occupancy import installed_groups, installed_slots
from arterial.optics.spectrum import Band, Group
from arterial.optics.spectrum_band import slots_touched, span
from arterial.optics.wet import network_band
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop
from arterial.plan.transparent import fibre_ends

__all__ = ["End", "Kind", "Standing", "Wave", "standing_of"]


@dataclass(frozen=True)
class End:
    """What a wave's add/drop ties it to at one end."""

    fibre: int
    pair: int
    first: int
    """Lowest slot."""
    slots: int
    tunable: bool
    """Its frequency may change; else only light of the same slots will do."""


@dataclass(frozen=True)
class Kind:
    """All that decides how a wave can come back: waves of one kind are alike."""

    a: int
    z: int
    module: str
    rate_gbps: float
    """What it carries; it never comes back with more."""
    own: tuple[int, ...]
    """Sites of its own regenerators from a to z, where they can be turned to other fibres."""
    tied: tuple[End | None, End | None]
    """At a and z; None where add/drop is directionless and colourless."""
    groups: tuple[Group, ...] = ()
    """Add/drop groups that take a frequency once, in the order of the ends."""
    grouped_ends: tuple[int, ...] = ()
    """Which ends those are: 0 for a, 1 for z."""

    @cached_property
    def bound(self) -> bool:
        """Whether add/drop limits it at all."""
        return bool(self.groups) or self.tied != (None, None)


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One lightpath."""

    name: str
    link: str
    kind: Kind
    arcs: tuple[int, ...]
    """Directed sections from a to z."""
    taken: tuple[tuple[int, int, int], ...]
    """(fibre, 1-based pair, slots as bits) of every hop."""
    contends: tuple[tuple[Group, int], ...]
    """What it takes of the add/drop groups of its ends."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All waves of a plan with the spectrum that they stand in."""

    plan: Plan
    band: Band
    waves: tuple[Wave, ...]
    """By falling rate, then by name: the order in which they are served."""
    pairs_lit: dict[int, int]
    taken: dict[int, tuple[int, ...]]
    """By fibre: slots taken on each lit pair."""
    riders: dict[int, tuple[int, ...]]
    """By fibre: waves over it, in their order."""
    contending: tuple[int, ...]
    """Waves that take something of add/drop groups."""
    kept: dict[Group, int]
    """By add/drop group that takes a frequency once: what others' waves in service take."""


def standing_of(plan: Plan) -> Standing:
    """The light of a plan."""
    band = network_band(plan.network)
    waves = sorted(_waves(plan, band), key=lambda wave: (-wave.kind.rate_gbps, wave.name))
    fibre = {row.name: number for number, row in enumerate(plan.network.fibres)}
    lit = {number: row.lit_pairs for number, row in enumerate(plan.network.fibres)}
    for row in plan.lit_fibres:
        lit[fibre[row.fibre]] = max(row.pairs, lit[fibre[row.fibre]])
    stands = installed_slots(plan.network, band)
    masks = {number: [0] * pairs for number, pairs in lit.items()}
    for number, slots in stands.items():
        masks[number] = slots + masks[number][len(slots) :]
    riders: dict[int, list[int]] = {}
    for number, wave in enumerate(waves):
        for where, pair, slots in wave.taken:
            masks[where].extend([0] * (pair - len(masks[where])))
            masks[where][pair - 1] |= slots
            riders.setdefault(where, []).append(number)
    return Standing(
        plan=plan,
        band=band,
        waves=tuple(waves),
        pairs_lit={number: len(pairs) for number, pairs in masks.items() if pairs},
        taken={number: tuple(pairs) for number, pairs in masks.items() if pairs},
        riders={number: tuple(found) for number, found in riders.items()},
        contending=tuple(number for number, wave in enumerate(waves) if wave.contends),
        kept=installed_groups(plan.network, band),
    )


def _waves(plan: Plan, band: Band) -> Iterator[Wave]:
    hops: dict[str, list[LightpathHop]] = {}
    for hop in sorted(plan.lightpath_hops, key=lambda row: row.hop):
        hops.setdefault(hop.lightpath, []).append(hop)
    links = {link.name: link for link in plan.ip_links}
    fibre = {row.name: number for number, row in enumerate(plan.network.fibres)}
    module = {mode.name: mode.module for mode in plan.network.modes}
    site = {row.name: number for number, row in enumerate(plan.network.sites)}
    for row in plan.lightpaths:
        own = hops.get(row.name, [])
        link = links[row.link]
        arcs = tuple(2 * fibre[hop.fibre] + (not hop.forward) for hop in own)
        if not own or not _joins(plan, link, own):
            continue
        ends = (plan.network.sites[site[link.a]], plan.network.sites[site[link.z]])
        taken = tuple(
            (fibre[hop.fibre], hop.pair, span(*slots_touched(band, hop.centre_ghz, row.slot_ghz)))
            for hop in own
        )
        groups = ((link.a, row.router_a), (link.z, row.router_z))
        grouped = (not ends[0].contentionless, not ends[1].contentionless)
        contends = tuple(
            (group, taken[hop][2])
            for group, hop, asked in zip(groups, (0, -1), grouped, strict=True)
            if asked
        )
        yield Wave(
            name=row.name,
            link=row.link,
            kind=Kind(
                a=site[link.a],
                z=site[link.z],
                module=module[row.mode],
                rate_gbps=row.rate_gbps,
                own=_own(plan, row, site),
                tied=(_end(ends[0], taken[0]), _end(ends[1], taken[-1])),
                groups=tuple(group for group, _ in contends),
                grouped_ends=tuple(end for end, asked in enumerate(grouped) if asked),
            ),
            arcs=arcs,
            taken=taken,
            contends=contends,
        )


def _joins(plan: Plan, link: IpLink, hops: Sequence[LightpathHop]) -> bool:
    ends = fibre_ends(plan.network)
    place = link.a
    for hop in hops:
        start, end = ends[hop.fibre] if hop.forward else ends[hop.fibre][::-1]
        if start != place:
            return False
        place = end
    return place == link.z


def _own(plan: Plan, row: Lightpath, site: dict[str, int]) -> tuple[int, ...]:
    """ASSUMPTION: a regenerator can be turned to other fibres where add/drop is directionless."""
    numbers = (site[name] for name in row.regenerators)
    return tuple(n for n in numbers if plan.network.sites[n].directionless)


def _end(site: Site, taken: tuple[int, int, int]) -> End | None:
    if site.tunable and site.directionless:
        return None
    fibre, pair, slots = taken
    first = (slots & -slots).bit_length() - 1
    return End(fibre, pair, first, slots.bit_count(), site.tunable)
