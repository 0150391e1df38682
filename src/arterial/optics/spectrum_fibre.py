"""Occupied slots of one fibre's pairs, and where each width could still start."""

from collections.abc import Iterable, Sequence

from arterial.optics.spectrum_band import Band, span

__all__ = ["FibreSpectrum", "common_starts", "starts", "union"]


class FibreSpectrum:
    """Pairs of a fibre, each one integer of occupied slots.

    Starts are kept a width and pair, and a pair that changed is worked out again when a width next
    asks for it: with 24 pairs lit that takes a quarter of the time.
    """

    def __init__(self, pairs: int, band: Band, taken: Sequence[int] = ()) -> None:
        assert len(taken) <= pairs, "light stands on lit pairs only"
        self.used = [*taken, *([0] * (pairs - len(taken)))]
        self._band = band
        self.open = band.open
        self._starts: dict[int, list[int]] = {}
        self._stale: dict[int, set[int]] = {}
        """By width: pairs that changed since their starts were worked out."""
        self._room: dict[int, int] = {}

    def copy(self) -> "FibreSpectrum":
        """The same, to be changed apart."""
        twin = FibreSpectrum(0, self._band)
        twin.used = self.used.copy()
        twin._starts = {width: found.copy() for width, found in self._starts.items()}
        twin._stale = {width: stale.copy() for width, stale in self._stale.items()}
        return twin

    def take(self, pair: int, first: int, width: int) -> None:
        """Occupy free slots of a 1-based pair: what could begin before them or on them no more."""
        place = pair - 1
        self.used[place] |= span(first, width)
        self._room.clear()
        for other, found in self._starts.items():
            found[place] &= _LEFT.get((first, width, other)) or _left(first, width, other)

    def room(self, width: int) -> int:
        """Slots where ``width`` free ones begin on any pair."""
        if width not in self._room:
            self._room[width] = union(self.starts(width))
        return self._room[width]

    def starts(self, width: int) -> list[int]:
        """The same by pair."""
        if width not in self._starts:
            self._starts[width] = [0] * len(self.used)
            self._stale[width] = set(range(len(self.used)))
        found, stale = self._starts[width], self._stale[width]
        while stale:
            pair = stale.pop()
            found[pair] = starts(self.open & ~self.used[pair], width)
        return found

    def free(self, pair: int) -> int:
        """Free slots of a 1-based pair."""
        return self.open & ~self.used[pair - 1]

    def pair_with_room(self, first: int, width: int) -> int | None:
        """The first pair with room for ``width`` slots from ``first``, 1-based."""
        wanted = span(first, width)
        if self.open & wanted != wanted:
            return None
        for pair, used in enumerate(self.used, 1):  # a generator here takes twice as long
            if not used & wanted:
                return pair
        return None

    def settle(self, bits: int) -> int:
        """Occupy open slots on the first pair where they are free; its 1-based number."""
        for place, used in enumerate(self.used):
            if not used & bits:
                self.set(place + 1, used | bits)
                return place + 1
        raise AssertionError("a pair with room was found before")

    def set(self, pair: int, used: int) -> None:
        """Say anew which slots of a 1-based pair are occupied."""
        self.used[pair - 1] = used
        if self._starts:
            for stale in self._stale.values():
                stale.add(pair - 1)
            self._room.clear()

    def light(self) -> int:
        """Light one more pair, empty; its 1-based number."""
        self.used.append(0)
        for width, found in self._starts.items():
            found.append(0)
            self._stale[width].add(len(self.used) - 1)
        self._room.clear()
        return len(self.used)


def common_starts(hops: Sequence[FibreSpectrum], width: int) -> int:
    """Slots where ``width`` free ones begin on some pair of every fibre.

    Fibres of one pair are laid over each other before runs are looked for: one look for all.
    """
    common, free = -1, hops[0].open
    for spectrum in hops:
        if len(spectrum.used) == 1:
            free &= spectrum.open & ~spectrum.used[0]
        else:
            common &= spectrum.room(width)
    return common & starts(free, width) if common else 0


def union(masks: Iterable[int]) -> int:
    """Bits set in any mask."""
    found = 0
    for mask in masks:
        found |= mask
    return found


def starts(free: int, width: int) -> int:
    """Bits where ``width`` free slots begin: runs doubled until they are long enough.

    >>> bin(starts(0b0111_0110, 2))
    '0b110010'
    """
    for step in _STEPS.get(width) or _steps(width):
        free &= free >> step
    return free


_LEFT: dict[tuple[int, int, int], int] = {}
"""By channel (first slot, slots) and width: slots where the width may begin beside it."""


def _left(first: int, taken: int, width: int) -> int:
    low = max(first - width + 1, 0)
    _LEFT[first, taken, width] = ~span(low, first + taken - low)
    return _LEFT[first, taken, width]


_STEPS: dict[int, tuple[int, ...]] = {}
"""By width: by how much free slots are moved over themselves, so that runs of it are left."""


def _steps(width: int) -> tuple[int, ...]:
    reach, steps = 1, list[int]()
    while reach < width:
        steps.append(min(reach, width - reach))
        reach += steps[-1]
    _STEPS[width] = tuple(steps)
    return _STEPS[width]
