"""One case: which cut waves come back, over which fibre, in which slots, on whose regenerators.

Waves are served by falling rate, then by name. Each takes, of all that a standing candidate route
can be lit with, the highest rate, then the fewest spare regenerators, then the least spectrum; the
first that finds room wins. Where something found no room the case is played again with the options
that take least spectrum for their rate first, and over the shortest routes that still have room;
the better of the two plays stands. No pair is lit, no standing wave is moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from arterial.optics.occupancy import Occupancy
from arterial.optics.restore_light import Standing
from arterial.optics.restore_options import OptionBook, Spares
from arterial.optics.restore_play import Back, Play
from arterial.optics.restore_ways import Why

__all__ = ["CasePlayer", "Played"]


@dataclass(frozen=True)
class Played:
    """What became of the waves that a case cut."""

    cut: tuple[int, ...]
    back: tuple[Back, ...]
    """In the order of the waves."""
    missing: tuple[tuple[int, Why], ...]

    @property
    def gbps(self) -> float:
        """What came back, Gb/s."""
        return sum(one.mode.rate_gbps for one in self.back)


class CasePlayer:
    """Plays cases on one plan's light; what was found for a kind of wave is kept."""

    def __init__(self, standing: Standing, options: OptionBook) -> None:
        self.standing = standing
        self.options = options
        self._room = Occupancy(standing.band, standing.pairs_lit, standing.taken)
        """Before any cut."""
        self._ways = tuple(options.ways(wave.kind) for wave in standing.waves)

    def equipped(self, spares: Spares) -> "CasePlayer":
        """A player of the same light with another stock; routes that are known are kept."""
        return CasePlayer(self.standing, OptionBook(self.standing, self.options.routes, spares))

    def played(self, down: frozenset[int]) -> Played:
        """What comes back while the fibres ``down`` are cut."""
        standing = self.standing
        cut = sorted({wave for m in down for wave in standing.riders.get(m, ())})
        if not cut:
            return Played((), (), ())
        closed = sum(1 << m for m in down)
        room = self.room(cut, closed)
        best = self._play(room.fork(), cut, closed, 0)
        if best.crowded or any(_lowered(standing, one) for one in best.back):
            again = self._play(room, cut, closed, 1)
            best = again if again.gbps > best.gbps else best
        missing: tuple[tuple[int, Why], ...] = tuple(
            (number, best.why(number)) for number in best.lost
        )
        return Played(tuple(cut), tuple(best.back), missing)

    def _play(self, room: Occupancy, cut: Sequence[int], closed: int, rank: int) -> Play:
        play = Play(
            self.standing, self._ways, self.options.spares, room.fork(), (cut, closed, rank)
        )
        play.run()
        return play

    def room(self, cut: Sequence[int], closed: int) -> Occupancy:
        """Spectrum of standing fibre without the cut waves."""
        room = self._room.fork(closed)
        for number in cut:
            for m, pair, slots in self.standing.waves[number].taken:
                if not closed >> m & 1:
                    room.free_bits(m, pair, slots)
        return room


def _lowered(standing: Standing, back: Back) -> bool:
    return back.mode.rate_gbps < standing.waves[back.wave].kind.rate_gbps
