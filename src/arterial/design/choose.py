"""The best place for one flow, given what the others book: a path and a backup, or two halves.

Paths are searched with what the flow would add to the bill on each arc as the weight; a light pull
towards short delay settles ties, so that traffic takes the most direct of equally dear paths.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import inf

import numpy as np

from arterial.design.flows import Flow
from arterial.design.instance import Instance
from arterial.design.kernels import NO_PAIR, arc_prices, grown
from arterial.design.state import Further, Placement, State, link_cost, links_dead
from arterial.paths.apart import risk_disjoint_pair
from arterial.paths.graph import Path
from arterial.paths.shortest import distances, k_shortest, path_weight
from arterial.paths.tree import Adjacency, lightest_path
from arterial.solve.program import BoolArray, FloatArray

__all__ = ["Chooser"]

DIRECT_PATHS = 12
"""Paths by delay that are tried for a bounded flow when the cheapest one is too slow."""
TWIN_TRIES = 64
"""Fast paths tried as the faster of two that fail apart."""

OTHER_ENDS = 3
"""Edges beside a market's own two that are tried for it after two cuts, nearest first."""

PULL_PER_MS = 1e-3
"""Cost units a millisecond: far below any wave, enough to settle ties."""

BOUNDED_PULL_PER_MS = 0.03
"""For flows with a round-trip bound: people wait for them (``search.DELAY_PER_MS``)."""


class Chooser:
    """Candidate placements of a flow; remembers the paths by delay, which do not change."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._delay_ms = np.repeat(instance.latency_ms + instance.hop_ms, 2)
        self._delay: list[float] = self._delay_ms.tolist()
        self._adjacency = Adjacency.of(instance.graph)
        self._direct: dict[tuple[int, int, float], list[Path]] = {}
        self._apart: dict[tuple[int, int, bytes], tuple[Path, ...]] = {}
        self._fars: dict[tuple[int, tuple[int, ...]], tuple[int, ...]] = {}
        self._first_pair = _first_pair_price(instance)
        self._rides = instance.link_fibre.astype(np.float64)

    def placements(
        self, state: State, flow: Flow, closed: BoolArray, *, alone: bool = False
    ) -> Iterator[Placement]:
        """Placements worth trying, best first; none when nothing survives what the policy asks.

        Parameters
        ----------
        closed : bool (L,)
            Links that must not be used.
        alone
            Price primaries as if nothing were lit: where what is lit draws every primary that is
            tried onto fibre that its partner needs, another way round may leave it room.
        """
        spread = 0.5 if flow.halves else 1.0
        peak = float(flow.weight.max(initial=0.0)) * spread
        worst = state.worst + peak * flow.up_gbps, state.worst + peak * flow.down_gbps
        price = self._price(state, flow, worst, spread, closed)
        if alone:
            price = price + np.repeat(self._lighting_price(np.zeros_like(closed)), 2)
        for primary in self._paths(flow, flow.far, price):
            placement = self._completed(state, flow, primary, closed)
            if placement is not None:
                placement = self.furthered(state, flow, placement, closed)
            if placement is not None:
                yield placement

    def furthered(
        self, state: State, flow: Flow, placement: Placement, closed: BoolArray
    ) -> Placement | None:
        """The same with ways for the cuts that take both of its; None where there are none."""
        left = state.path_dead(flow, placement.paths[0]) & flow.must & self.instance.double
        if placement.backup is not None:
            left = left & links_dead(self.instance, placement.backup)
        ways: list[Further] = []
        while left.any():
            way = self._further(state, flow, left, closed)
            if way is None:
                return None
            ways.append(way)
            left = left & links_dead(self.instance, way.path)
        return replace(placement, further=tuple(ways))

    def _further(
        self, state: State, flow: Flow, left: BoolArray, closed: BoolArray
    ) -> Further | None:
        """The cheapest way that outlives the first of some cases, and as many others as it may."""
        cases = np.flatnonzero(left)
        up, down = (
            grown(state.failed, state.worst, cases, flow.weight[cases], gbps)
            for gbps in (flow.up_gbps, flow.down_gbps)
        )
        price = self._price(state, flow, (up, down), 0.0, closed)
        dead = self.instance.dead
        all_of_them: BoolArray = dead[cases]
        best = self._outliving(flow, price, all_of_them.any(axis=0).reshape(-1))
        if best is not None:
            return best
        shut = dead[cases[0]]
        best = self._outliving(flow, price, shut)
        for case in cases[1:].tolist():
            if best is None:
                break
            more = self._outliving(flow, price, shut | dead[case])
            if more is not None:
                best, shut = more, shut | dead[case]
        return best

    def _outliving(self, flow: Flow, price: FloatArray, shut: BoolArray) -> Further | None:
        """The cheapest way to any of a flow's far ends over what is not shut."""
        open_ = np.where(np.repeat(shut, 2), np.inf, price)
        best: tuple[float, Further] | None = None
        for far in self._nearest(flow):
            path = next(self._paths(flow, far, open_), None)
            if path is not None:
                weight = float(open_[list(path)].sum())
                if best is None or weight < best[0]:
                    best = (weight, Further(path, far))
        return None if best is None else best[1]

    def _nearest(self, flow: Flow) -> tuple[int, ...]:
        """A flow's own far ends, and of the others those that light reaches first."""
        key = (flow.near, flow.fars)
        if key not in self._fars:
            own = dict.fromkeys((flow.far, flow.backup_far))
            reached = distances(self.instance.graph, self._delay, flow.near)
            others = sorted((far for far in flow.fars if far not in own), key=reached.__getitem__)
            self._fars[key] = (*own, *others[:OTHER_ENDS])
        return self._fars[key]

    def _completed(
        self, state: State, flow: Flow, primary: Path, closed: BoolArray
    ) -> Placement | None:
        """The primary with its other half or its backup; None when there is none."""
        lost = state.path_dead(flow, primary) & flow.must & ~self.instance.double
        if not lost.any():
            return Placement((primary, primary) if flow.halves else (primary,), None)
        shut = closed | self.instance.dead[lost].any(axis=0)
        spread = 0.5 if flow.halves else 0.0
        cases = np.flatnonzero(flow.weight if flow.halves else lost)
        extra = flow.weight[cases] * (spread or 1.0)
        up, down = (
            grown(state.failed, state.worst, cases, extra, gbps)
            for gbps in (flow.up_gbps, flow.down_gbps)
        )
        price = self._price(state, flow, (up, down), spread, shut)
        others = self._paths(flow, flow.far if flow.halves else flow.backup_far, price)
        other = next((path for path in others if path != primary or not path), None)
        if other is None:
            return None
        return Placement((primary, other), None) if flow.halves else Placement((primary,), other)

    def within(self, flow: Flow, path: Path) -> bool:
        """Whether a path keeps the flow's round trip."""
        return path_weight(self._delay, path) + self.instance.hop_ms <= flow.limit_ms

    def _price(
        self,
        state: State,
        flow: Flow,
        worst: tuple[FloatArray, FloatArray],
        spread: float,
        closed: BoolArray,
    ) -> FloatArray:
        """(2L,) what booking the flow on an arc adds to the bill; inf where closed.

        ``worst`` (2L,) twice: the fullest case of each arc were it to carry the flow's way up, and
        its way down.
        """
        instance = self.instance
        up, down = flow.up_gbps * spread, flow.down_gbps * spread
        before, _, _ = link_cost(instance, state.required_gbps())
        price = arc_prices(
            (state.normal, state.guarded, *worst),
            (up, down, up * flow.guarded, down * flow.guarded),
            closed,
            instance.tariff,
        )
        base = np.where(before == 0, self._lighting_price(before > 0), 0.0) - before
        pull = PULL_PER_MS if np.isinf(flow.limit_ms) else BOUNDED_PULL_PER_MS
        return price + np.repeat(base, 2) + pull * self._delay_ms

    def _lighting_price(self, used: BoolArray) -> FloatArray:
        """(L,) what a link not in use asks of fibre: nothing of one that others light."""
        lit = self.instance.link_fibre[used].any(axis=0)
        return self._rides @ np.where(lit, 0.0, self._first_pair)

    def _paths(self, flow: Flow, far: int, price: FloatArray) -> Iterator[Path]:
        """The cheapest path within the bound, then fast ones by price, then two that fail apart."""
        cheapest = lightest_path(self._adjacency, price, flow.near, far)
        if cheapest is None:
            return
        if self.within(flow, cheapest):
            yield cheapest
        seen = {cheapest}
        for known in (self._fast, self._fastest, self._twins):
            fresh = [
                (float(price[list(path)].sum()), path)
                for path in known(flow, far, price)
                if path not in seen and self.within(flow, path)
            ]
            seen.update(path for _, path in fresh)
            yield from (path for weight, path in sorted(fresh) if weight < inf)

    def _fastest(self, flow: Flow, far: int, price: FloatArray) -> tuple[Path, ...]:
        """The fastest path over what is open: if it is too slow, every path is."""
        delay = np.where(np.isinf(price), np.inf, self._delay_ms)
        path = lightest_path(self._adjacency, delay, flow.near, far)
        return () if path is None else (path,)

    def _fast(self, flow: Flow, far: int, _price: FloatArray) -> list[Path]:
        limit = flow.limit_ms - self.instance.hop_ms
        key = (flow.near, far, limit)
        if key not in self._direct:
            self._direct[key] = k_shortest(
                self.instance.graph, self._delay, flow.near, far, DIRECT_PATHS, limit
            )
        return self._direct[key]

    def _twins(self, flow: Flow, far: int, _price: FloatArray) -> tuple[Path, ...]:
        """The fastest two paths of which every case that the policy asks about leaves one."""
        single = flow.must & ~self.instance.double
        key = (flow.near, far, single.tobytes())
        if key not in self._apart:
            cases = self.instance.dead[single]
            risks = [np.flatnonzero(cases[:, link]).tolist() for link in range(cases.shape[1])]
            pair = risk_disjoint_pair(
                self.instance.graph, self._delay, risks, flow.near, far, TWIN_TRIES
            )
            self._apart[key] = () if pair is None else pair[:2]
        return self._apart[key]


def _first_pair_price(instance: Instance) -> FloatArray:
    """(M,) of a fibre's next pair, with what its first one costs once; 0 where there is room."""
    ground = instance.ground
    pair = ground.pair_cost + np.where(ground.lit < ground.pairs, 0.0, NO_PAIR)
    setup = np.where(instance.charged, ground.setup_cost, 0.0)
    return np.where(instance.dark, pair + setup, 0.0)
