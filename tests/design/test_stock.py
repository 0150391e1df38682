"""Pieces balance whatever is done in whatever order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from arterial.design.stock import Stock

MODES = ("OpenZR+ 400", "400 ULH QPSK", "800G PCS ASSUMPTION")
ACTS = st.lists(
    st.tuples(st.sampled_from(("light", "down")), st.integers(0, 2), st.integers(1, 2)),
    max_size=12,
)


def played(plan, acts):
    """A stock and the waves that stand, by mode."""
    network, stock, stand = plan.network, Stock(plan), Counter()
    modules = {mode.name: mode.module for mode in network.modes}
    for what, number, router in acts:
        mode = MODES[number]
        parts = Counter({("Fir", modules[mode]): 1, ("Larch", modules[mode]): 1})
        ends = (("Fir", router), ("Larch", 1))
        if what == "light":
            stock.take(parts, mode)
            stock.plug(ends)
            stand[mode, router] += 1
        elif stand[mode, router]:
            stock.free(parts)
            stock.unplug(ends)
            stand[mode, router] -= 1
    return stock, stand


@given(ACTS)
def test_before_and_bought_are_after_and_freed_less_those_used_again(ground_floor, acts):
    stock, _ = played(ground_floor.plan, acts)
    for row in stock.rows():
        assert row.before + row.bought == row.after + row.freed - row.reused
        assert 0 <= row.reused <= row.freed
        assert row.bought >= 0


@given(ACTS)
def test_what_is_bought_is_the_peak_beyond_what_stood(ground_floor, acts):
    """Freed pieces are always taken up first, so no more is bought than is ever in use at once."""
    costs = {mode.name: mode.cost for mode in ground_floor.plan.network.modes}
    modules = {mode.name: mode.module for mode in ground_floor.plan.network.modes}
    peak = Counter()
    for end in range(1, len(acts) + 1):
        _, stand = played(ground_floor.plan, acts[:end])
        for mode in MODES:
            now = sum(count for (name, _), count in stand.items() if name == mode)
            peak[mode] = max(peak[mode], now)
    rows = {(row.where, row.kind): row for row in played(ground_floor.plan, acts)[0].rows()}
    for mode in MODES:
        row = rows.get(("Fir", modules[mode]))
        assert (0 if row is None else row.bought) == peak[mode]
        assert row is None or abs(row.cost - peak[mode] * costs[mode]) < 1e-9


@given(ACTS, ACTS)
def test_a_copy_is_its_own(ground_floor, acts, more):
    stock, _ = played(ground_floor.plan, acts)
    before, other = stock.rows(), stock.copy()
    modules = {mode.name: mode.module for mode in ground_floor.plan.network.modes}
    for _, number, router in more:
        other.take(Counter({("Fir", modules[MODES[number]]): 1}), MODES[number])
        other.plug((("Fir", router),))
    assert stock.rows() == before
    assert other.free_ports("Fir") <= stock.free_ports("Fir")
