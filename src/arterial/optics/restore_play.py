"""One pass over the waves that a case cut: each takes the first option that finds room."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from arterial.optics.occupancy import Occupancy
from arterial.optics.restore_light import End, Kind, Standing
from arterial.optics.restore_options import ANY, Spares
from arterial.optics.restore_routes import Chain, LitRoute, ModuleMode
from arterial.optics.restore_ways import Option, Part, Ways, Why, parts_of
from arterial.optics.spectrum_band import span
from arterial.optics.spectrum_fibre import starts

__all__ = ["Back", "Placed", "Play"]

_DETOURS = 3
"""Routes round full fibres that are tried for a wave."""


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


class Play:
    """One pass over the cut waves."""

    def __init__(
        self,
        standing: Standing,
        ways: Sequence[Ways],
        spares: Spares,
        room: Occupancy,
        asked: tuple[Sequence[int], int, int],
    ) -> None:
        self._standing = standing
        self._ways = ways
        self._room = room
        self._cut, self._closed, self._rank = asked
        count = spares.count
        self._stock = None if count is None else Counter(count)
        self._tried: dict[Ways, int] = {}
        """Options that are known to have no room any more: room only shrinks."""
        self._groups = self._contended()
        self._rooms: dict[int, dict[int, int]] = {}
        """By width and fibre: where it could begin; of fibres that did not change since."""
        self._full: dict[int, int] = {}
        """By width: fibres that have no room for it any more, as bits."""
        self._changed: dict[int, set[int]] = {}
        """By width: fibres that were lit since all full ones were looked for."""
        self._crowded: set[tuple[int, int, int, int]] = set()
        """Segments (route, from, to) and widths that found no room: room only shrinks."""
        self._stopped: dict[int, Why] = {}
        """Waves that reached and were stopped by something else."""
        self._first_lost: dict[Ways, int] = {}
        """What stops a kind is told by its first wave: for the next its options are known."""
        self.back: list[Back] = []
        self.lost: list[int] = []

    @property
    def gbps(self) -> float:
        """What came back."""
        return sum(one.mode.rate_gbps for one in self.back)

    @property
    def crowded(self) -> bool:
        """Whether something reached and found no room."""
        return any(why == "spectrum" for why in self._stopped.values())

    def run(self) -> None:
        """Serve the waves, in their order."""
        for number in self._cut:
            ways = self._ways[number]
            found = self._back(number, ways)
            if found is None:
                self.lost.append(number)
                self._first_lost.setdefault(ways, number)
            else:
                self.back.append(found)

    def why(self, number: int) -> Why:
        """What kept a wave that was lost."""
        ways = self._ways[number]
        stopped = self._stopped.get(self._first_lost[ways])
        return ways.why(self._closed) if stopped is None else stopped

    def _back(self, number: int, ways: Ways) -> Back | None:
        options, closed = ways.ranked(self._rank), self._closed
        stood = False
        for place in range(self._tried.get(ways, 0), len(options)):
            option = options[place]
            if not option.route.mask & closed:
                stood = True
                found = self._placed(number, ways.kind, option)
                if found is not None:
                    self._tried[ways] = place
                    return found
        self._tried[ways] = len(options)
        if stood:
            self._stopped.setdefault(number, "spectrum")
            if not self._rank:
                return None  # other fibre is the second play's
        return self._detour(number, ways)

    def _detour(self, number: int, ways: Ways) -> Back | None:
        """Over other routes than the candidates.

        Where none of them reaches, the wave's own regenerators may lie on a way that does, or the
        shortest way is one; where none has room, other fibre has.
        """
        closed = self._closed | ways.ties
        for route in ways.through(closed) if self._stock is not None else ():
            found = self._over(number, ways, route)
            if found is not None:
                return found
        for _ in range(_DETOURS if ways.narrowest else 0):
            route = ways.around(closed)
            if route is None:
                return None
            found = self._over(number, ways, route)
            full = route.mask & self._full_for(ways.narrowest)
            if found is not None or not full:
                return found
            closed |= full
        return None

    def _over(self, number: int, ways: Ways, route: LitRoute) -> Back | None:
        for option in ways.over(route, self._rank):
            found = self._placed(number, ways.kind, option)
            if found is not None:
                return found
        return None

    def _full_for(self, width: int) -> int:
        """Fibres that have no room for a channel, as bits."""
        changed = self._changed.pop(width, None)
        if changed is None:
            changed = self._room.fibres()
        full = self._full.get(width, 0)
        for m in changed:
            if not self._room.room(m, width):
                full |= 1 << m
        self._full[width] = full
        self._changed[width] = set()
        return full

    def _placed(self, number: int, kind: Kind, option: Option) -> Back | None:
        route, mode = option.route, option.mode
        if route.mask & self._full.get(mode.slots, 0):
            self._stopped[number] = "spectrum"
            return None
        chain, parts = option.chain, option.parts
        left = self._left(kind, option)
        if left != option.spare:
            kept = route.chain(mode.number, option.own, left)
            if kept is None:
                self._stopped[number] = "regenerators"
                return None
            chain, parts = kept, parts_of(route, kept)
        starts_at: list[int] = []
        for part in parts:
            first = self._start(kind, route, part, mode.slots)
            if first is None:
                self._stopped[number] = "spectrum"
                return None
            starts_at.append(first)
        placed = tuple(
            self._taken(kind, route, part, first, mode.slots)
            for part, first in zip(parts, starts_at, strict=True)
        )
        self._use(kind, route, chain, placed)
        return Back(number, route, mode, chain, placed)

    def _taken(self, kind: Kind, route: LitRoute, part: Part, first: int, width: int) -> Placed:
        """Light a segment, on the first pairs with room or on those that add/drop ties it to."""
        fibres = part[2]
        if kind.bound:
            pairs = self._taken_bound(kind, route, part, first, width)
        else:
            pairs = self._room.light_on(fibres, first, width)
        for rooms in self._rooms.values():
            for m in fibres:
                rooms.pop(m, None)
        for changed in self._changed.values():
            changed.update(fibres)
        return Placed(first, width, pairs)

    def _taken_bound(
        self, kind: Kind, route: LitRoute, part: Part, first: int, width: int
    ) -> tuple[int, ...]:
        pairs = self._room.pairs_at(part[2], first, width)
        assert pairs is not None, "every fibre has room there"
        _, tied = self._bound_to(kind, route, part, width)
        pairs = tuple(tied.get(hop, pair) for hop, pair in enumerate(pairs))
        for m, pair in zip(part[2], pairs, strict=True):
            self._room.take(m, pair, first, width)
        return pairs

    def _left(self, kind: Kind, option: Option) -> int:
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

    def _start(self, kind: Kind, route: LitRoute, part: Part, width: int) -> int | None:
        """Lowest slot at which a segment has room all along; None without one."""
        key = (id(route), part[0], part[1], width)
        if key in self._crowded:
            return None
        among = self._bound_to(kind, route, part, width)[0] if kind.bound else -1
        rooms = self._rooms.setdefault(width, {})
        for m in part[2]:
            room = rooms.get(m)
            if room is None:
                room = rooms[m] = self._room.room(m, width)
                if not room:
                    self._full[width] = self._full.get(width, 0) | 1 << m
            among &= room
            if not among:
                if not kind.bound:
                    self._crowded.add(key)
                return None
        return (among & -among).bit_length() - 1

    def _bound_to(
        self, kind: Kind, route: LitRoute, part: Part, width: int
    ) -> tuple[int, dict[int, int]]:
        """Slots at which add/drop lets a segment begin, and the pairs that it must ride, by hop."""
        first, last, _ = part
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
        found = dict(self._standing.kept)
        cut = set(self._cut) if self._standing.contending else set[int]()
        for number in self._standing.contending:
            if number not in cut:
                for group, slots in self._standing.waves[number].contends:
                    found[group] = found.get(group, 0) | slots
        return found
