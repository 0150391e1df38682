"""One case: which cut waves come back, over which fibre, in which slots, on whose regenerators.

Waves are served by falling rate, then by name. Each takes, of all that a standing candidate route
can be lit with, the highest rate, then the fewest spare regenerators, then the least spectrum; the
first that finds room wins. Where something found no room the case is played again with the options
that take least spectrum for their rate first, and over the shortest routes that still have room;
the better of the two plays stands. No pair is lit, no standing wave is moved.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from arterial.optics.occupancy import Occupancy
from arterial.optics.restore_light import End, Kind, Standing
from arterial.optics.restore_routes import Chain, LitRoute, ModuleMode, RouteBook
from arterial.optics.spectrum_band import span
from arterial.optics.spectrum_fibre import starts

__all__ = ["Back", "CasePlayer", "Placed", "Played", "Spares", "Why"]

Why = Literal["fibre", "add/drop", "reach", "regenerators", "spectrum", "unknown"]
"""No lit fibre joins the ends; add/drop ties the wave to what is cut; no mode of its module gets
there; it would, with regenerators that are not there; no room; or a figure is missing."""

ANY = ""
"""Module of a spare regenerator that takes pluggables of any."""

_DETOURS = 3
"""Routes round full fibres that are tried for a wave."""


@dataclass(frozen=True)
class Spares:
    """Spare regenerators by (site, module), ``ANY`` those of any module; None: as many as asked."""

    count: Mapping[tuple[int, str], int] | None

    def sites(self, module: str) -> frozenset[int] | None:
        """Where one of a module stands; None everywhere."""
        if self.count is None:
            return None
        return frozenset(
            site for (site, kind), count in self.count.items() if count and kind in (ANY, module)
        )


@dataclass(frozen=True)
class Placed:
    """Light of one transparent segment."""

    first: int
    slots: int
    pairs: tuple[int, ...]


@dataclass(frozen=True)
class Back:
    """A wave that came back."""

    wave: int
    route: LitRoute
    mode: ModuleMode
    chain: Chain
    placed: tuple[Placed, ...]


@dataclass(frozen=True)
class Played:
    """What became of the waves that a case cut."""

    cut: tuple[int, ...]
    back: tuple[Back, ...]
    """In the order of the waves."""
    missing: tuple[tuple[int, Why], ...]

    @property
    def gbps(self) -> float:
        """What came back."""
        return sum(one.mode.rate_gbps for one in self.back)


@dataclass(frozen=True)
class _Option:
    """One mode over one route; its chain hangs on which regenerators are left."""

    route: LitRoute
    mode: ModuleMode
    own: int
    """Places of the wave's regenerators."""
    spare: int
    """Places at which a spare one may stand, if it is there."""
    ranks: tuple[tuple[float, ...], tuple[float, ...]]
    """What the two plays go by."""


class CasePlayer:
    """Plays cases on one plan's light; what was found for a kind of wave is kept."""

    def __init__(self, standing: Standing, book: RouteBook, spares: Spares) -> None:
        self.standing = standing
        self.book = book
        self._spares = spares
        self._turnable = frozenset(
            number
            for number, site in enumerate(standing.plan.network.sites)
            if site.directionless
        )
        self._known: dict[tuple[Kind, tuple[int, ...]], tuple[_Option, ...]] = {}
        self._ranked: dict[tuple[Kind, int], tuple[_Option, ...]] = {}
        self._ties: dict[Kind, int] = {}
        self._modes: dict[tuple[str, float], tuple[ModuleMode, ...]] = {}

    def played(self, down: frozenset[int]) -> Played:
        """What comes back while the fibres ``down`` are cut."""
        standing = self.standing
        cut = sorted({wave for m in down for wave in standing.riders.get(m, ())})
        if not cut:
            return Played((), (), ())
        closed = sum(1 << m for m in down)
        found = _Play(self, cut, closed, 0).result()
        if any(why == "spectrum" for _, why in found.missing) or _lowered(standing, found):
            again = _Play(self, cut, closed, 1).result()
            if again.gbps > found.gbps:
                found = again
        self.book.forget()
        return found

    def ranked(self, kind: Kind, play: int) -> tuple[_Option, ...]:
        """Options of a kind over its candidates, best first; alive or not."""
        key = (kind, play)
        if key not in self._ranked:
            options = [
                option
                for route in self.book.candidates(kind.a, kind.z)
                for option in self.options(kind, route)
            ]
            self._ranked[key] = tuple(sorted(options, key=lambda option: option.ranks[play]))
        return self._ranked[key]

    def options(self, kind: Kind, route: LitRoute) -> tuple[_Option, ...]:
        """What a route can be lit with for a kind, with the regenerators that there are."""
        key = (kind, route.arcs)
        if key not in self._known:
            self._known[key] = self._options(kind, route)
        return self._known[key]

    def _options(self, kind: Kind, route: LitRoute) -> tuple[_Option, ...]:
        if not _tied(kind, route):
            return ()
        own = route.places(kind.own)
        turnable = route.places(self._turnable)
        sites = self._spares.sites(kind.module)
        spare = turnable if sites is None else turnable & route.places(sites)
        found: list[_Option] = []
        for mode in self.modes(kind):
            chain = route.chain(mode.number, own, spare)
            if chain is None:
                continue
            load = mode.slots * len(route.fibres)
            few, short = float(len(chain.spare)), route.length_km
            ranks = (
                (-mode.rate_gbps, few, float(load), short, float(mode.number)),
                (load / mode.rate_gbps, few, -mode.rate_gbps, short, float(mode.number)),
            )
            found.append(_Option(route, mode, own, spare, ranks))
        return tuple(found)

    def modes(self, kind: Kind) -> tuple[ModuleMode, ...]:
        """Modes that a wave may come back in: of its module, and not above its rate."""
        key = (kind.module, kind.rate_gbps)
        if key not in self._modes:
            self._modes[key] = tuple(
                mode
                for mode in self.book.modes
                if mode.module == kind.module and mode.rate_gbps <= kind.rate_gbps
            )
        return self._modes[key]

    def ties(self, kind: Kind) -> int:
        """Fibres at its ends that add/drop cannot send a kind over, as bits."""
        if kind not in self._ties:
            graph, shut = self.book.graph, 0
            for end, site in zip(kind.tied, (kind.a, kind.z), strict=True):
                if end is not None:
                    around = {arc // 2 for arc in graph.leaving[site]} - {end.fibre}
                    shut |= sum(1 << m for m in around)
            self._ties[kind] = shut
        return self._ties[kind]

    def why(self, kind: Kind, closed: int) -> Why:
        """What keeps a kind from coming back where it was not for want of room."""
        routes = [r for r in self.book.candidates(kind.a, kind.z) if not r.mask & closed]
        found = [self.book.around(kind.a, kind.z, shut | closed) for shut in (0, self.ties(kind))]
        routes += [route for route in found if route is not None]
        if not self.modes(kind):
            return "unknown"
        if not routes:
            return "unknown" if self.book.dark and self._dark(kind, closed) else "fibre"
        fit = [route for route in routes if _tied(kind, route)]
        if not fit:
            return "add/drop"
        everywhere = [
            route.chain(mode.number, route.places(kind.own), route.places(self._turnable))
            for route in fit
            for mode in self.modes(kind)
        ]
        return "regenerators" if any(everywhere) else "reach"

    def _dark(self, kind: Kind, closed: int) -> bool:
        """Whether fibre of unknown light would join the ends."""
        graph = self.book.graph
        passable = set(self.standing.pairs_lit)
        reached, waiting = {kind.a}, [kind.a]
        while waiting:
            for arc in graph.leaving[waiting.pop()]:
                there = graph.arc_target[arc]
                shut = closed >> (arc // 2) & 1 or arc // 2 not in passable
                if not shut and there not in reached:
                    reached.add(there)
                    waiting.append(there)
        return kind.z in reached

    def room(self, cut: Sequence[int], closed: int) -> Occupancy:
        """Spectrum of standing fibre without the cut waves."""
        standing = self.standing
        freed: dict[int, list[int]] = {}
        for number in cut:
            for m, pair, slots in standing.waves[number].taken:
                if m not in freed:
                    freed[m] = list(standing.taken[m])
                freed[m][pair - 1] &= ~slots
        alive = {m: pairs for m, pairs in standing.pairs_lit.items() if not closed >> m & 1}
        taken = {m: freed.get(m, standing.taken[m]) for m in alive}
        return Occupancy(standing.band, alive, taken)

    def stock(self) -> Counter[tuple[int, str]] | None:
        """Spare regenerators at the start of a case."""
        return None if self._spares.count is None else Counter(self._spares.count)


class _Play:
    """One pass over the cut waves."""

    def __init__(self, player: CasePlayer, cut: Sequence[int], closed: int, play: int) -> None:
        self._player = player
        self._standing = player.standing
        self._cut = cut
        self._closed = closed
        self._play = play
        self._room = player.room(cut, closed)
        self._stock = player.stock()
        self._tried: dict[Kind, int] = {}
        """Options that are known to have no room any more: room only shrinks."""
        self._groups = self._contended()
        self._rooms: dict[int, dict[int, int]] = {}
        """By width and fibre: where it could begin; of fibres that did not change since."""
        self._full: dict[int, int] = {}
        """By width: fibres that have no room for it any more, as bits."""
        self._short = False

    def result(self) -> Played:
        back: list[Back] = []
        missing: list[tuple[int, Why]] = []
        for number in self._cut:
            kind = self._standing.waves[number].kind
            found = self._back(number, kind)
            if found is None:
                missing.append((number, self._why(kind)))
            else:
                back.append(found)
        return Played(tuple(self._cut), tuple(back), tuple(missing))

    def _why(self, kind: Kind) -> Why:
        alive = any(not o.route.mask & self._closed for o in self._player.ranked(kind, self._play))
        if not alive:
            closed = self._closed | self._player.ties(kind)
            route = self._player.book.around(kind.a, kind.z, closed)
            alive = route is not None and bool(self._player.options(kind, route))
        if alive:
            return "regenerators" if self._short else "spectrum"
        return self._player.why(kind, self._closed)

    def _back(self, number: int, kind: Kind) -> Back | None:
        options = self._player.ranked(kind, self._play)
        self._short = False
        place = self._tried.get(kind, 0)
        stood = False
        while place < len(options):
            option = options[place]
            if not option.route.mask & self._closed:
                stood = True
                found = self._placed(number, kind, option)
                if found is not None:
                    self._tried[kind] = place
                    return found
            place += 1
        self._tried[kind] = place
        return self._detour(number, kind, stood=stood)

    def _detour(self, number: int, kind: Kind, *, stood: bool) -> Back | None:
        """Over the shortest routes off the candidates: what stands, and then what has room."""
        if stood and not self._play:
            return None
        closed = self._closed | self._player.ties(kind)
        widths = {mode.slots for mode in self._player.modes(kind)}
        for _ in range(_DETOURS):
            route = self._player.book.around(kind.a, kind.z, closed)
            if route is None:
                return None
            options = self._player.options(kind, route)
            for option in sorted(options, key=lambda option: option.ranks[self._play]):
                found = self._placed(number, kind, option)
                if found is not None:
                    return found
            if not widths:
                return None
            full = [m for m in route.fibres if not self._room.room(m, min(widths))]
            if not full:
                return None
            closed |= sum(1 << m for m in full)
        return None

    def _placed(self, number: int, kind: Kind, option: _Option) -> Back | None:
        route, mode = option.route, option.mode
        if route.mask & self._full.get(mode.slots, 0):
            return None
        chain = route.chain(mode.number, option.own, self._left(kind, option))
        if chain is None:
            self._short = True
            return None
        ends = [0, *chain.stops, len(route.fibres)]
        placed: list[Placed] = []
        for first, last in zip(ends[:-1], ends[1:], strict=True):
            light = self._segment(kind, route, (first, last), mode.slots)
            if light is None:
                return None
            placed.append(light)
        for (first, last), light in zip(zip(ends[:-1], ends[1:], strict=True), placed, strict=True):
            for m, pair in zip(route.fibres[first:last], light.pairs, strict=True):
                self._room.take(m, pair, light.first, light.slots)
                for rooms in self._rooms.values():
                    rooms.pop(m, None)
        self._use(kind, route, chain, placed)
        return Back(number, route, mode, chain, tuple(placed))

    def _left(self, kind: Kind, option: _Option) -> int:
        """Places of an option where a spare regenerator is left."""
        if self._stock is None or not option.spare:
            return option.spare
        left, places = 0, option.spare
        while places:
            low = places & -places
            site = option.route.sites[low.bit_length() - 1]
            if self._stock[site, kind.module] > 0 or self._stock[site, ANY] > 0:
                left |= low
            places ^= low
        return left

    def _use(self, kind: Kind, route: LitRoute, chain: Chain, placed: Sequence[Placed]) -> None:
        if self._stock is not None:
            for place in chain.spare:
                own = (route.sites[place], kind.module)
                self._stock[own if self._stock[own] > 0 else (own[0], ANY)] -= 1
        for group, end in zip(kind.groups, kind.grouped_ends, strict=True):
            light = placed[-end]
            self._groups[group] = self._groups.get(group, 0) | span(light.first, light.slots)

    def _segment(
        self, kind: Kind, route: LitRoute, part: tuple[int, int], width: int
    ) -> Placed | None:
        first, last = part
        fibres = route.fibres[first:last]
        among, tied = self._bound_to(kind, route, part, width) if kind.bound else (-1, {})
        rooms = self._rooms.setdefault(width, {})
        for m in fibres:
            room = rooms.get(m)
            if room is None:
                room = rooms[m] = self._room.room(m, width)
                if not room:
                    self._full[width] = self._full.get(width, 0) | 1 << m
            among &= room
            if not among:
                return None
        start = (among & -among).bit_length() - 1
        pairs = self._room.pairs_at(fibres, start, width)
        assert pairs is not None, "every fibre has room there"
        if tied:
            pairs = tuple(tied.get(hop, pair) for hop, pair in enumerate(pairs))
        return Placed(start, width, pairs)

    def _bound_to(
        self, kind: Kind, route: LitRoute, part: tuple[int, int], width: int
    ) -> tuple[int, dict[int, int]]:
        """Slots at which add/drop lets a segment begin, and the pairs that it must ride, by hop."""
        first, last = part
        among = -1
        tied: dict[int, int] = {}
        at_end = (first == 0, last == len(route.fibres))
        for end, here, hop in zip(kind.tied, at_end, (0, last - first - 1), strict=True):
            if end is not None and here:
                among &= self._tied_starts(end, width) if tied.get(hop, end.pair) == end.pair else 0
                tied[hop] = end.pair
        for group, end in zip(kind.groups, kind.grouped_ends, strict=True):
            if at_end[end]:
                taken = self._groups.get(group, 0)
                among &= starts(self._standing.band.open & ~taken, width)
        return among, tied

    def _tied_starts(self, end: End, width: int) -> int:
        free = starts(self._room.free(end.fibre, end.pair), width)
        if end.tunable:
            return free
        return free & (1 << end.first) if width == end.slots else 0

    def _contended(self) -> dict[tuple[str, int], int]:
        """What standing waves take of add/drop groups."""
        if not self._standing.contended:
            return {}
        cut = set(self._cut)
        found: dict[tuple[str, int], int] = {}
        for number, wave in enumerate(self._standing.waves):
            if number not in cut:
                for group, slots in wave.contends:
                    found[group] = found.get(group, 0) | slots
        return found


def _tied(kind: Kind, route: LitRoute) -> bool:
    """Whether a route leaves both ends as add/drop there allows."""
    first, last = kind.tied
    return (first is None or first.fibre == route.fibres[0]) and (
        last is None or last.fibre == route.fibres[-1]
    )


def _lowered(standing: Standing, played: Played) -> bool:
    return any(
        one.mode.rate_gbps < standing.waves[one.wave].kind.rate_gbps for one in played.back
    )
