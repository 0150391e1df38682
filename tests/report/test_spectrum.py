import msgspec
import pytest

from arterial.model.line import LineSystem, Reserved
from arterial.model.wave import Wave
from arterial.optics.occupancy import occupancy_of
from arterial.optics.spectrum_band import span
from arterial.report.spectrum import mode_colours, pair_spectra


@pytest.fixture
def crowded(builders):
    """Waves over two bands, some off the grid, on pairs of their own, beside a wave in service."""
    line = LineSystem(bands="C+L", reserved=(Reserved(low_ghz=193_000.0, high_ghz=193_200.0),))
    network = builders["network"](line=line)
    stands = Wave(name="old", a=network.fibres[0].a, fibres=(network.fibres[0].name,), pairs=(1,),
                  centre_ghz=195_000.0, slot_ghz=50.0)  # fmt: skip
    plan = builders["plan"](msgspec.structs.replace(network, waves=(stands,)), waves=9)
    hops = [
        msgspec.structs.replace(hop, centre_ghz=186_700.0 + 31.0 * (97 * i % 280), pair=2)
        for i, hop in enumerate(plan.lightpath_hops)
    ]
    lit = [msgspec.structs.replace(row, pairs=3, new_pairs=2) for row in plan.lit_fibres]
    return msgspec.structs.replace(plan, lightpath_hops=tuple(hops), lit_fibres=tuple(lit))


def masks(rows, names):
    """Slots under the bars, by fibre index and pair."""
    found = {}
    for row in rows:
        bits = 0
        for bar in row.bars:
            bits |= span(bar.first_slot, bar.slots)
        found[names.index(row.fibre), row.pair] = bits
    return found


def test_bars_cover_exactly_the_slots_that_the_plan_s_hops_take(crowded):
    names = [fibre.name for fibre in crowded.network.fibres]
    taken = occupancy_of(crowded).masks()
    expected = {(m, pair): bits for m, used in taken.items() for pair, bits in enumerate(used, 1)}
    assert masks(pair_spectra(crowded), names) == expected
    assert any(expected.values())


def test_every_hop_is_one_bar_and_every_lit_pair_one_row(crowded):
    rows = pair_spectra(crowded)
    bars = [bar for row in rows for bar in row.bars]
    assert sum(not bar.installed for bar in bars) == len(crowded.lightpath_hops)
    assert [bar.name for bar in bars if bar.installed] == ["old"]
    assert len(rows) == sum(row.pairs for row in crowded.lit_fibres)
    assert {(row.pair, row.new) for row in rows} == {(1, False), (2, True), (3, True)}


def test_the_fullest_pair_comes_first_and_free_adds_up(crowded):
    rows = pair_spectra(crowded)
    assert [row.fill for row in rows] == sorted((row.fill for row in rows), reverse=True)
    for row in rows:
        assert 0.0 <= row.fragmentation < 1.0
        assert row.fragmentation == pytest.approx(1.0 - row.widest_ghz / row.free_ghz)
        assert row.widest_ghz <= row.free_ghz


def test_an_empty_pair_is_free_in_one_block(builders):
    plan = builders["plan"]()
    bare = msgspec.structs.replace(plan, lightpaths=(), lightpath_hops=())
    row = pair_spectra(bare)[0]
    assert (row.fill, row.fragmentation, row.free_ghz) == (0.0, 0.0, 4800.0)


def test_a_band_that_is_closed_whole_has_nothing_free(builders):
    line = LineSystem(reserved=(Reserved(low_ghz=1.0, high_ghz=300_000.0),))
    rows = pair_spectra(builders["plan"](builders["network"](line=line)))
    assert {(row.fill, row.free_ghz, row.fragmentation) for row in rows} == {(0.0, 0.0, 0.0)}


def test_the_mode_with_most_waves_has_the_first_colour_and_the_last_is_shared(plan):
    paths = [
        msgspec.structs.replace(path, mode=f"m{i % 9 if i % 2 else 0}")
        for i, path in enumerate(plan.lightpaths)
    ]
    modes = mode_colours(msgspec.structs.replace(plan, lightpaths=tuple(paths)))
    assert modes[0][:2] == ("m0", 0)
    assert [colour for _, colour, _ in modes] == [min(i, 5) for i in range(len(modes))]
    assert sum(waves for *_, waves in modes) == len(paths)
