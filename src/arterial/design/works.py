"""The plan of an upgrade while the work goes on: waves lit, changed and taken down, step by step.

Every step says what its link carries meanwhile: what is being worked on carries nothing. Which step
comes when is decided elsewhere; here it is done and written down.
"""

from collections.abc import Sequence
from itertools import count, islice
from typing import Literal

from msgspec import Struct

from arterial.design.meanwhile import Meanwhile
from arterial.design.parts import module_of, wave_parts
from arterial.design.seats import Ends, Seat, Seats
from arterial.design.standing import Standing, Wave
from arterial.design.stock import Stock
from arterial.design.ways import Way, sites_of_chain
from arterial.fabric.failures import router_count
from arterial.optics.modes import RouteOption
from arterial.plan.rows import Lightpath, LightpathHop

__all__ = ["Step", "What", "Works"]

What = Literal["light", "light for a while", "set", "replace", "take down"]

_SMALL = 1e-9


class Step(Struct, frozen=True, kw_only=True):
    """One piece of work, and what its link carries meanwhile."""

    number: int
    what: What
    """``set``: the same pluggables get another mode; ``replace``: others take their place."""
    wave: str
    link: str
    before: str
    """Mode and slot; empty for a wave that is lit."""
    after: str
    """Mode and slot; empty for a wave that is taken down."""
    capacity_gbps: float
    """Of the link while the work is done: what is being worked on carries nothing."""
    usable_gbps: float
    """Of it, what the policy lets traffic take."""
    load_gbps: float
    """Primary tunnels installed on the link, the fuller direction."""
    holds: bool
    effect: str
    """What happens to the traffic."""
    holds_failed: bool
    """Were the worst single failure to hit meanwhile, demands would keep what the policy asks."""
    failed_case: str
    """That failure; empty where none puts anything on the link."""
    failed_load_gbps: float
    """What tunnels and backups would want of the link then."""
    failed_usable_gbps: float
    """What the policy lets traffic take of it then."""


class Works:
    """Waves, spectrum and parts of a plan while an upgrade goes on."""

    def __init__(
        self, base: Standing, ways: Sequence[Way], stock: Stock, meanwhile: Meanwhile
    ) -> None:
        self.base = base
        self.ways = ways
        self.seats = Seats(base)
        self.stock = stock.copy()
        self._meanwhile = meanwhile
        self.steps: list[Step] = []
        self.waves: dict[str, list[Wave]] = {
            bundle.link.name: list(bundle.waves) for bundle in base.bundles
        }
        """By link: waves that carry, in the order of the plan."""
        stands = len(base.bundles)
        self.link_of = [self._link(way, place - stands) for place, way in enumerate(ways)]
        """(R,) the link of each way, made up where none stands."""
        self._load = {bundle.link.name: bundle.load_gbps for bundle in base.bundles}
        self._used = {row.name for row in base.plan.lightpaths}

    def ends(self, place: int, row: Lightpath) -> Ends:
        """Sites and routers of a wave, in the order of its route."""
        a, z = self._sites(place)
        return (a, row.router_a), (z, row.router_z)

    def capacity_gbps(self, link: str) -> float:
        """Of a link now."""
        return sum(wave.row.rate_gbps for wave in self.waves.get(link, []))

    def bears(self, place: int, without_gbps: float) -> bool:
        """Whether a way's link carries its tunnels without some of its capacity."""
        link = self.link_of[place]
        left = (self.capacity_gbps(link) - without_gbps) * self.base.usable
        return left >= self._load.get(link, 0.0) - _SMALL

    def light(
        self,
        place: int,
        option: RouteOption,
        what: What = "light",
        *,
        beside: Lightpath | None = None,
    ) -> Wave | None:
        """Light a wave in a slot of its own; None where no fibre has room.

        It ends on the routers of the wave that it takes over from, or on those with fewest waves.
        """
        a, z = self._sites(place)
        ends = (self._quiet(a), self._quiet(z)) if beside is None else self.ends(place, beside)
        seat = self.seats.fresh(self.ways[place].arcs, option, ends)
        if seat is None:
            return None
        link = self.link_of[place]
        row = self._row(place, option, seat, self._name(link), (ends[0][1], ends[1][1]))
        wave = Wave(row, self._hops(place, row.name, seat))
        self.stock.take(wave_parts(self.base.plan.network, row, (a, z)), row.mode)
        self.stock.plug(ends)
        self.seats.take(seat, self.ways[place].arcs, ends)
        self._step(place, what, row.name, ("", _words(wave)), None, "nothing is touched")
        self.waves.setdefault(link, []).append(wave)
        return wave

    def take_down(self, place: int, wave: Wave, effect: str) -> None:
        """Take a wave out for good; its parts lie there."""
        ends, link = self.ends(place, wave.row), self.link_of[place]
        self._step(place, "take down", wave.row.name, (_words(wave), ""), wave, effect)
        self.waves[link].remove(wave)
        self.seats.release(wave, ends)
        self.stock.unplug(ends)
        self.stock.free(wave_parts(self.base.plan.network, wave.row, self._sites(place)))

    def replace(self, place: int, wave: Wave, option: RouteOption, seat: Seat) -> None:
        """Change a wave where it is, in its slot or that slot widened."""
        network, ends = self.base.plan.network, self.ends(place, wave.row)
        link, sites = self.link_of[place], self._sites(place)
        routers = (wave.row.router_a, wave.row.router_z)
        row = self._row(place, option, seat, wave.row.name, routers)
        new = Wave(row, self._hops(place, row.name, seat))
        need, freed = wave_parts(network, row, sites), wave_parts(network, wave.row, sites)
        kept = need & freed
        same = module_of(network, row.mode) == module_of(network, wave.row.mode)
        words = (_words(wave), _words(new))
        effect = "the rest of the link carries the load"
        self._step(place, "set" if same else "replace", row.name, words, wave, effect)
        self.stock.take(need - kept, row.mode)
        self.stock.free(freed - kept)
        self.seats.release(wave, ends)
        self.seats.take(seat, self.ways[place].arcs, ends)
        self.waves[link][self.waves[link].index(wave)] = new

    def _quiet(self, name: str) -> tuple[str, int]:
        """A site and the router there that ends fewest waves."""
        site = next(row for row in self.base.plan.network.sites if row.name == name)
        return name, self.stock.quietest(name, router_count(site))

    def _sites(self, place: int) -> tuple[str, str]:
        bundle = self.ways[place].bundle
        return (self.base.a, self.base.z) if bundle is None else (bundle.link.a, bundle.link.z)

    def _link(self, way: Way, number: int) -> str:
        """The name of a way's link; a new one is numbered after those that stand."""
        if way.bundle is not None:
            return way.bundle.link.name
        names = {link.name for link in self.base.plan.ip_links}
        stem = f"{self.base.a}--{self.base.z}"
        free = (name for n in count(1) if (name := _numbered(stem, n)) not in names)
        return next(islice(free, number, None))

    def _name(self, link: str) -> str:
        name = next(name for n in count(1) if (name := f"{link} w{n}") not in self._used)
        self._used.add(name)
        return name

    def _row(
        self, place: int, option: RouteOption, seat: Seat, name: str, routers: tuple[int, int]
    ) -> Lightpath:
        arcs = self.ways[place].arcs
        return Lightpath(
            name=name,
            link=self.link_of[place],
            mode=option.mode,
            rate_gbps=option.rate_gbps,
            slot_ghz=seat.slot_ghz,
            router_a=routers[0],
            router_z=routers[1],
            regenerators=tuple(sites_of_chain(self.base, arcs, option.regenerator_hops)),
            gsnr_db=option.gsnr_db,
            osnr_db=option.osnr_db,
            margin_db=option.margin_db,
            watts=option.watts,
        )

    def _hops(self, place: int, name: str, seat: Seat) -> tuple[LightpathHop, ...]:
        fibres = self.base.plan.network.fibres
        return tuple(
            LightpathHop(
                lightpath=name,
                hop=hop,
                fibre=fibres[arc // 2].name,
                forward=arc % 2 == 0,
                pair=seat.pairs[hop],
                centre_ghz=seat.centres_ghz[hop],
            )
            for hop, arc in enumerate(self.ways[place].arcs)
        )

    def _step(
        self,
        place: int,
        what: What,
        wave: str,
        words: tuple[str, str],
        out: Wave | None,
        effect: str,
    ) -> None:
        """Write a step down; ``out`` is the wave that carries nothing meanwhile."""
        link = self.link_of[place]
        carry = [one.row for one in self.waves.get(link, []) if one is not out]
        capacity, load = sum(row.rate_gbps for row in carry), self._load.get(link, 0.0)
        failed = self._meanwhile.worst(link, carry)
        self.steps.append(
            Step(
                number=len(self.steps) + 1,
                what=what,
                wave=wave,
                link=link,
                before=words[0],
                after=words[1],
                capacity_gbps=capacity,
                usable_gbps=capacity * self.base.usable,
                load_gbps=load,
                holds=capacity * self.base.usable >= load - _SMALL,
                effect=effect,
                holds_failed=failed.holds,
                failed_case=failed.case,
                failed_load_gbps=failed.load_gbps,
                failed_usable_gbps=failed.usable_gbps,
            )
        )


def _words(wave: Wave) -> str:
    """Mode and slot as people say them."""
    centres = list(dict.fromkeys(hop.centre_ghz / 1000.0 for hop in wave.hops))
    at = " and ".join(f"{centre:.5f}".rstrip("0").rstrip(".") for centre in centres)
    return f"{wave.row.mode} at {at} THz, {wave.row.slot_ghz:g} GHz wide"


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem} #{number}"
