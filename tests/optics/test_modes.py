import math
from itertools import chain as joined
from itertools import combinations, pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.cost import Costs
from arterial.optics.mode_table import mode_table
from arterial.optics.modes import NEVER, fewest_regenerators, options_of_routes
from arterial.optics.reach import Segments, route_segments


def options_of(network, sections, route):
    """The options of one route."""
    return options_of_routes(network, sections, [route])[0]


def chains(size):
    """Every way to cut a route of ``size`` ROADMs into transparent segments."""
    inner = range(1, size - 1)
    for stops in joined.from_iterable(combinations(inner, count) for count in range(size)):
        yield list(pairwise((0, *stops, size - 1)))


def best_by_brute_force(feasible, margin_db):
    """(fewest regenerators, best worst margin) over all subsets of regenerators, or None."""
    found = [
        (len(cut) - 1, -min(margin_db[segment] for segment in cut))
        for cut in chains(len(feasible))
        if all(feasible[segment] for segment in cut)
    ]
    return min(found, default=None)


@given(hops=st.integers(1, 7), share=st.floats(0.1, 1.0), seed=st.integers(0, 2**32 - 1))
def test_regenerators_are_the_fewest_of_all_subsets_and_of_those_the_safest(hops, share, seed):
    rng = np.random.default_rng(seed)
    shape = (3, hops + 1, hops + 1)
    ahead = np.triu(np.ones(shape[1:], dtype=bool), 1)
    margin = np.where(ahead, rng.integers(0, 6, shape) / 2, np.nan)  # ties are common
    segments = Segments(
        gsnr_db=margin,
        margin_db=margin,
        cd_ps_nm=np.zeros(shape[1:]),
        pmd_ps=np.zeros(shape[1:]),
        feasible=(rng.random(shape) < share) & ahead,
    )
    count, worst, before = fewest_regenerators(segments)
    for mode in range(3):
        expected = best_by_brute_force(segments.feasible[mode], margin[mode])
        if expected is None:
            assert count[mode] >= NEVER - 1
            continue
        assert (count[mode], -worst[mode]) == expected
        stops = [hops]
        while stops[0] > 0:
            stops.insert(0, int(before[mode, stops[0]]))
        cut = list(pairwise(stops))
        assert len(cut) - 1 == count[mode]
        assert all(segments.feasible[mode][segment] for segment in cut)
        assert min(margin[mode][segment] for segment in cut) == worst[mode]


def every_option(network, sections, route):
    """(rate, slot, regenerators, cost, watts) of every mode that gets there, by brute force."""
    segments = route_segments(network, sections, mode_table(network, sections), route)
    for number, mode in enumerate(network.modes):
        best = best_by_brute_force(segments.feasible[number], segments.margin_db[number])
        if best is None or mode.cost is None or mode.watts is None:
            continue
        count = best[0]
        yield (
            mode.rate_gbps,
            mode.slot_ghz,
            count,
            pytest.approx((2 + 2 * count) * mode.cost + count * network.costs.regenerator),
            pytest.approx((2 + 2 * count) * mode.watts),
        )


def figures(option):
    return (
        option.rate_gbps,
        option.slot_ghz,
        option.regenerators,
        option.cost,
        option.watts,
    )


def no_worse(one, other):
    return one[0] >= other[0] and all(a <= b for a, b in zip(one[1:], other[1:], strict=True))


@given(hops=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_options_are_the_pareto_set_of_all_modes(hops, seed, chain, drawn):
    network = chain([100.0] * hops)
    priced = tuple(mode for mode in network.modes if mode.cost and mode.watts)
    network = msgspec.structs.replace(network, modes=priced)
    sections = drawn(network, seed)
    route = tuple(range(0, 2 * hops, 2))
    options = [figures(option) for option in options_of(network, sections, route)]
    every = list(every_option(network, sections, route))
    assert all(option in every for option in options)
    for option in options:
        assert not any(no_worse(other, option) for other in options if other is not option)
    for one in every:
        rate, slot, count, cost, watts = one
        assert any(
            option == one or no_worse(option, (rate, slot, count, cost.expected, watts.expected))
            for option in options
        )


def test_a_mode_without_a_price_or_power_neither_beats_nor_is_beaten(chain, drawn):
    network = chain([50.0])
    mode = next(mode for mode in network.modes if mode.name == "OpenZR+ 400")
    unpriced = msgspec.structs.replace(mode, name="unpriced", cost=None)
    unpowered = msgspec.structs.replace(mode, name="unpowered", watts=None)
    network = msgspec.structs.replace(network, modes=(mode, unpriced, unpowered))
    options = options_of(network, drawn(network, 1, worst=1e-5), (0,))
    assert {option.mode for option in options} == {mode.name, "unpriced", "unpowered"}
    assert math.isnan(next(o.cost for o in options if o.mode == "unpriced"))
    assert math.isnan(next(o.watts for o in options if o.mode == "unpowered"))


@pytest.mark.parametrize("figure", ["baud_gbd", "slot_ghz", "osnr_db", "cd_ps_nm", "pmd_ps"])
def test_a_mode_with_a_missing_figure_offers_nothing(figure, chain, drawn):
    network = chain([50.0])
    known = network.modes[1]
    blind = msgspec.structs.replace(known, name="blind", rate_gbps=9_999.0, **{figure: None})
    network = msgspec.structs.replace(network, modes=(known, blind))
    options = options_of(network, drawn(network, 1, worst=1e-5), (0,))
    assert [option.mode for option in options] == [known.name]


def test_a_dark_fibre_leaves_no_option(chain, drawn):
    network = chain([50.0, None])
    sections = drawn(network, 1, worst=1e-5)
    assert options_of(network, sections, (0,)) != ()
    assert options_of_routes(network, sections, [(0, 2), (2,)]) == ((), ())


def test_a_fibre_offers_the_same_both_ways(conus, conus_sections):
    for section in range(0, 2 * len(conus.fibres), 2):
        one, other = options_of_routes(conus, conus_sections, [(section,), (section + 1,)])
        assert [repr(figures(option)) for option in one] == [repr(figures(o)) for o in other]


def test_a_dearer_regenerator_is_paid_once_a_regenerator(chain, drawn):
    network = chain([500.0] * 12)
    dear = msgspec.structs.replace(network, costs=Costs(regenerator=100.3))
    route, sections = tuple(range(0, 24, 2)), drawn(network, 3, worst=0.004)
    cheap, paid = (options_of(n, sections, route) for n in (network, dear))
    before = {option.mode: option for option in cheap if option.cost > 0}
    regenerated = [option for option in paid if option.mode in before and option.regenerators]
    assert regenerated
    for option in regenerated:
        extra = option.cost - before[option.mode].cost
        assert extra == pytest.approx(100.0 * option.regenerators)


def test_published_reach_is_of_the_right_size(conus, conus_sections):
    # Smartoptics quotes 450, 1,000 and 2,000 km for OpenZR+ 400, 200 and 100 over amplified line.
    # Full load, 2 dB of margin and 80 km spans must come within a factor of 2.5 of that.
    reach_km = dict.fromkeys((mode.name for mode in conus.modes), 0.0)
    for index, fibre in enumerate(conus.fibres):
        for option in options_of(conus, conus_sections, (2 * index,)):
            if not option.regenerators:
                reach_km[option.mode] = max(reach_km[option.mode], fibre.length_km)
    assert 450 / 2.5 < reach_km["OpenZR+ 400"] < 450
    assert reach_km["OpenZR+ 200"] > 1_000
    assert reach_km["400 ULH QPSK"] > 1_000
