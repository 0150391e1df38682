"""A placement with its network: what both cost together, and what a change of answers would."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from arterial.design.choose import Chooser
from arterial.design.flows import Flow
from arterial.design.joint.offered import Offered, Pairs
from arterial.design.joint.traffic import Traffic
from arterial.design.run import Run
from arterial.design.search import Found, built_cost, cheapest, restored, searched_cost
from arterial.design.serving import Rooms
from arterial.design.state import State
from arterial.jobs.deadline import FOREVER, Deadline
from arterial.solve.program import BoolArray

__all__ = ["Stand", "Stands"]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A placement and a routing of its flows."""

    pairs: Pairs
    flows: tuple[Flow, ...]
    state: State = field(repr=False)
    """Not to be changed: copies are."""
    cost: float
    """Edges, replicas, waves, pairs and chassis, and the price on delay that the search counts."""
    bill: float
    """The same without that price."""
    crowded: bool = False
    """Its routes ask some edge for more replicas than it has room for."""

    @property
    def found(self) -> Found:
        """Its routing, as a search goes on from it."""
        bare = built_cost(self.state)
        return Found(0, searched_cost(self.state), bare, dict(self.state.placements))


@dataclass(frozen=True, kw_only=True)
class _Reached:
    """What a step came to, in numbers: all that a stand, and what is known of pairs, is made of."""

    pairs: Pairs | None
    """None where it came to nothing."""
    found: Found | None
    """Its routing; None where the stand is the one before."""
    allowed: bytes
    """Bits of (M, E, E) pairs not given up; empty where they are those before."""


class Stands:
    """Makes placements with their network, one from another; LateError ends that."""

    def __init__(
        self, chooser: Chooser, choices: Offered, load: str, deadline: Deadline = FOREVER
    ) -> None:
        self.chooser = chooser
        self.choices = choices
        self.allowed = choices.allowed.copy()
        """(M, E, E) without pairs that were found to have no route."""
        self.traffic = Traffic(chooser.instance, load)
        serving = choices.serving
        self._rooms = None if serving is None else Rooms(chooser.instance, serving)
        self._deadline = deadline
        self._open = np.zeros(len(chooser.instance.routes), dtype=np.bool_)

    def of(self, pairs: Pairs, found: Found) -> Stand:
        """A placement whose flows are routed as a search found."""
        flows = self.traffic.flows(self.choices.replicas(pairs))
        return self._stand(pairs, flows, restored(self.chooser.instance, flows, found.placements))

    def among(self, market: int, opened: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pairs that may answer a market with these edges, least round trips first."""
        return self.choices.nearest_pairs(market, opened, self.allowed[market])

    def moved(self, stand: Stand, pairs: Pairs) -> Stand | None:
        """Other answers: flows that change are placed where they add least, others stay.

        None where a flow has no place: its pair, or its edge, is not tried again. None too where
        an edge has too little room for its replicas.

        Raises LateError when time is up.
        """
        self._deadline.check()
        if not self.choices.has_room(pairs):
            return None
        flows = self.traffic.flows(self.choices.replicas(pairs))
        kept = {id(flow) for flow in flows}
        state = stand.state.copy()
        for flow in stand.flows:
            if id(flow) not in kept:
                state.lift(flow)
        homeless = self._placed(state, flows)
        if homeless:
            self._give_up(homeless, pairs)
            return None
        found = self._stand(pairs, flows, state)
        return None if found.crowded else found

    def made(
        self, run: Run, name: str, before: Stand, make: Callable[[], Stand | None]
    ) -> Stand | None:
        """A step from one stand to the next, kept as it ends.

        What it comes to is made anew from its numbers, so that a search which goes on from these
        goes the same way in every bit: sums are added up in the same order.
        """

        def reached() -> _Reached:
            allowed = self.allowed.copy()
            return self._reached(make(), before, allowed)

        found = run.step(name, _Reached, reached)
        if found.allowed:
            bits = np.unpackbits(np.frombuffer(found.allowed, dtype=np.uint8))
            shape = self.allowed.shape
            self.allowed = bits[: self.allowed.size].reshape(shape).astype(np.bool_)
        if found.pairs is None:
            return None
        return before if found.found is None else self.of(found.pairs, found.found)

    def _reached(self, stand: Stand | None, before: Stand, allowed: BoolArray) -> _Reached:
        same = bool((self.allowed == allowed).all())
        return _Reached(
            pairs=None if stand is None else stand.pairs,
            found=None if stand is None or stand is before else stand.found,
            allowed=b"" if same else np.packbits(self.allowed).tobytes(),
        )

    def _placed(self, state: State, flows: Sequence[Flow]) -> list[Flow]:
        """Place what has no place; returns what finds none."""
        homeless: list[Flow] = []
        for flow in flows:
            if flow.name in state.placements:
                continue
            placement = cheapest(self.chooser, state, flow, self._open)
            if placement is None:
                homeless.append(flow)
            else:
                state.place(flow, placement)
        return homeless

    def _give_up(self, homeless: Sequence[Flow], pairs: Pairs) -> None:
        number = {offer.market: row for row, offer in enumerate(self.choices.offers)}
        sites = self.chooser.instance.ground.network.sites
        for flow in homeless:
            if flow.market:
                self.allowed[(number[flow.market], *pairs[number[flow.market]])] = False
            else:
                ends = {sites[flow.near].name, sites[flow.far].name}
                lost = [edge for edge, name in enumerate(self.choices.edges) if name in ends]
                self.allowed[:, lost, :] = False
                self.allowed[:, :, lost] = False

    def _stand(self, pairs: Pairs, flows: tuple[Flow, ...], state: State) -> Stand:
        edges, crowded = self.choices.edge_cost(pairs), False
        if self._rooms is not None:
            needed = self._rooms.needed(state, flows)
            edges += self._rooms.serving.cost(needed)
            crowded = bool(self._rooms.serving.over(needed).any())
        return Stand(
            pairs=pairs,
            flows=flows,
            state=state,
            cost=searched_cost(state) + edges,
            bill=built_cost(state) + edges,
            crowded=crowded,
        )
