"""The order of an upgrade: make before break, so that no step drops traffic.

A wave is taken down only while the rest of its link carries the tunnels installed on it within the
policy's normal ceiling. Where the rest does not, a wave is lit first: one that the upgrade adds to
the link, else the new wave in a slot of its own, else one for a while, of the old mode. Nothing is
assumed to be retuned without a break.
"""

from collections import Counter
from collections.abc import Sequence

from arterial.design.exchange import gain_gbps, needs_bridge
from arterial.design.parts import module_of
from arterial.design.standing import Wave
from arterial.design.ways import Action, regenerated_after
from arterial.design.works import Works
from arterial.optics.modes import RouteOption

__all__ = ["NoOrderError", "worked"]


class NoOrderError(Exception):
    """An action that finds no room or no order; the choice is made again with less of it."""

    def __init__(self, action: int, why: str) -> None:
        self.action = action
        self.why = why
        super().__init__(why)


def worked(works: Works, actions: Sequence[Action], counts: Sequence[int]) -> Works:
    """Do the work of a choice in an order that drops nothing; the works that it leaves.

    Exchanges of waves that can be missed come first, since what they free is used again; then those
    that want a wave lit before; then the waves that are added.

    Raises NoOrderError for an action that finds no room or no order.
    """
    order = _Order(works, actions, counts)
    order.run()
    return order.works


class _Order:
    """One choice on its way to steps."""

    def __init__(self, works: Works, actions: Sequence[Action], counts: Sequence[int]) -> None:
        self.works = works
        self._base = works.base
        self._actions = actions
        self._left = Counter({number: count for number, count in enumerate(counts) if count})
        self._standing = {wave.row.name for bundle in works.base.bundles for wave in bundle.waves}

    def run(self) -> None:
        """Every action as often as it was chosen."""
        for number in self._exchanges():
            for _ in range(self._left[number]):
                self._exchange(number)
        for number, action in enumerate(self._actions):
            while action.new and self._left[number]:
                self._add(number)

    def _exchanges(self) -> list[int]:
        chosen = [n for n in self._left if not self._actions[n].new]
        ways = self.works.ways

        def rank(number: int) -> tuple[bool, float, int]:
            action = self._actions[number]
            late = needs_bridge(self._base, ways[action.way])
            return late, -gain_gbps(self._base, action), number

        return sorted(chosen, key=rank)

    def _add(self, number: int) -> None:
        action = self._actions[number]
        if self.works.light(action.way, action.option) is None:
            raise NoOrderError(number, self._full(action))
        self._left[number] -= 1

    def _exchange(self, number: int) -> None:
        """Change one wave that stands."""
        works, action = self.works, self._actions[number]
        place, wave = action.way, self._next_wave(action)
        rate_gbps, ends = wave.row.rate_gbps, works.ends(action.way, wave.row)
        before = self._added_before(action, wave)
        gained_gbps = sum(self._actions[other].option.rate_gbps for other in before)
        while before and not works.bears(place, rate_gbps):
            if not works.bears(place, rate_gbps - gained_gbps):
                break  # they would not do, and can use what the exchange frees
            gained_gbps -= self._actions[before[0]].option.rate_gbps
            self._add(before.pop(0))
        seat = works.seats.same(wave, action.option, ends)
        if seat is not None and works.bears(place, rate_gbps):
            works.replace(place, wave, action.option, seat)
            return
        if not works.seats.fixed(ends) and self._moved(place, wave, action.option):
            return
        if seat is None:
            raise NoOrderError(number, self._stuck(wave, action, fixed=works.seats.fixed(ends)))
        self._bridged(number, wave)

    def _moved(self, place: int, wave: Wave, option: RouteOption) -> bool:
        """Light the new wave beside the old one, then take that down; False where none fits."""
        if self.works.light(place, option, beside=wave.row) is None:
            return False
        self.works.take_down(place, wave, "the new wave beside it carries the load")
        return True

    def _bridged(self, number: int, wave: Wave) -> None:
        """Change a wave in its place while another one carries the load."""
        works, action = self.works, self._actions[number]
        prices = {mode.name: mode.cost for mode in self._base.plan.network.modes}
        if prices[wave.row.mode] is None:
            raise NoOrderError(number, f"mode '{wave.row.mode}' has no price for a second wave")
        lent = works.light(action.way, self._as_it_is(wave), "light for a while", beside=wave.row)
        if lent is None:
            raise NoOrderError(number, self._full(action))
        seat = works.seats.same(wave, action.option, works.ends(action.way, wave.row))
        if seat is None:
            raise NoOrderError(number, self._stuck(wave, action, fixed=False))
        works.replace(action.way, wave, action.option, seat)
        works.take_down(action.way, lent, "the wave that was changed carries the load again")

    def _next_wave(self, action: Action) -> Wave:
        """A wave of the kind that the action exchanges, of those that stood before."""
        link, arcs = self.works.link_of[action.way], self.works.ways[action.way].arcs
        return next(
            wave
            for wave in self.works.waves[link]
            if wave.row.name in self._standing
            and (wave.row.mode, regenerated_after(self._base, arcs, wave.row.regenerators))
            == action.old
        )

    def _added_before(self, action: Action, wave: Wave) -> list[int]:
        """Waves to add to the way, one by one, that want nothing of what the exchange frees."""
        network = self._base.plan.network
        old, new = (module_of(network, mode) for mode in (wave.row.mode, action.option.mode))
        return [
            number
            for number, other in enumerate(self._actions)
            if other.new and other.way == action.way
            if old == new or module_of(network, other.option.mode) != old
            for _ in range(self._left[number])
        ]

    def _as_it_is(self, wave: Wave) -> RouteOption:
        """A second wave like one that stands."""
        row = wave.row
        arcs = tuple(2 * self._fibre(hop.fibre) + (not hop.forward) for hop in wave.hops)
        return RouteOption(
            mode=row.mode,
            rate_gbps=row.rate_gbps,
            slot_ghz=row.slot_ghz,
            regenerator_hops=regenerated_after(self._base, arcs, row.regenerators),
            cost=0.0,
            watts=row.watts,
            gsnr_db=row.gsnr_db,
            osnr_db=row.osnr_db,
            margin_db=row.margin_db,
        )

    def _fibre(self, name: str) -> int:
        fibres = self._base.plan.network.fibres
        return next(number for number, fibre in enumerate(fibres) if fibre.name == name)

    def _full(self, action: Action) -> str:
        """Why no wave can be lit on a way."""
        fibres = self._base.plan.network.fibres
        names = [fibres[arc // 2].name for arc in self.works.ways[action.way].arcs]
        return (
            f"no {action.option.slot_ghz:g} GHz stand free side by side along"
            f" {', '.join(names)}, and no pair is left to light"
        )

    def _stuck(self, wave: Wave, action: Action, *, fixed: bool) -> str:
        """Why a wave can be changed neither in its place nor beside it."""
        held = "its add/drop is fixed, so that it keeps its frequency" if fixed else ""
        return (
            f"'{wave.row.name}' cannot be widened from {wave.row.slot_ghz:g} to"
            f" {action.option.slot_ghz:g} GHz between its neighbours, and "
            + (held or self._full(action))
        )
