import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.line import LineSystem, Margins
from arterial.optics.gsnr import gsnr_db, route_log_noise
from arterial.optics.mode_table import NEEDED, mode_table
from arterial.optics.reach import route_segments, segment_reach


@given(hops=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_every_segment_of_a_route_has_the_figures_of_its_own_route(hops, seed, chain, drawn):
    network = chain([100.0] * hops)
    sections = drawn(network, seed)
    table = mode_table(network, sections)
    route = list(range(0, 2 * hops, 2))
    segments = route_segments(network, sections, table, route)
    known = [number for number, missing in enumerate(table.missing) if not missing]
    assert known
    for start in range(hops):
        for end in range(start + 1, hops + 1):
            alone = route[start:end]
            assert segments.cd_ps_nm[start, end] == pytest.approx(sections.cd_ps_nm[alone].sum())
            assert segments.pmd_ps[start, end] == pytest.approx(math.hypot(*sections.pmd_ps[alone]))
            for number in known:
                worst = gsnr_db(
                    route_log_noise(sections, int(table.comb[number]), [alone]).max(),
                    table.baud_gbd[number],
                    add_drop_osnr_db=network.line.add_drop_osnr_db,
                    tx_osnr_db=table.tx_osnr_db[number],
                )
                assert segments.gsnr_db[number, start, end] == pytest.approx(worst)
                margin = worst - table.osnr_db[number] - network.line.filter_db * (end - start - 1)
                assert segments.margin_db[number, start, end] == pytest.approx(margin)
    behind = np.tril(np.ones((hops + 1, hops + 1), dtype=bool))
    assert not segments.feasible[:, behind].any()


@given(seed=st.integers(0, 2**32 - 1))
def test_a_verdict_follows_from_its_figures(seed, chain, drawn):
    network = chain([100.0] * 4)
    limits = {mode.name: mode for mode in network.modes}
    for reach in segment_reach(network, drawn(network, seed, worst=0.004), (0, 2, 4, 6)):
        mode = limits[reach.mode]
        if any(getattr(mode, figure) is None for figure in NEEDED):
            assert reach.verdict != "yes"
            continue
        assert reach.left_db == pytest.approx(reach.margin_db - network.margins.total_db)
        fine = reach.left_db >= 0, reach.cd_ps_nm <= mode.cd_ps_nm, reach.pmd_ps <= mode.pmd_ps
        assert reach.verdict == ("yes" if all(fine) else "no")
        named = zip(("gsnr", "cd", "pmd"), fine, strict=True)
        assert reach.why == tuple(name for name, good in named if not good)


@pytest.mark.parametrize("figure", NEEDED)
def test_a_missing_figure_is_unknown_by_name(figure, chain, drawn):
    network = chain([50.0])
    mode = next(mode for mode in network.modes if mode.name == "OpenZR+ 400")
    blind = msgspec.structs.replace(mode, name="blind", **{figure: None})
    network = msgspec.structs.replace(network, modes=(mode, blind))
    seen, unseen = segment_reach(network, drawn(network, 1, worst=1e-5), (0,))
    assert (seen.verdict, seen.why) == ("yes", ())
    assert (unseen.verdict, unseen.why) == ("unknown", (figure,))


def test_what_fails_anyway_is_no_whatever_is_missing(chain, drawn):
    network = chain([50.0])
    mode = msgspec.structs.replace(network.modes[0], osnr_db=60.0, pmd_ps=None)
    network = msgspec.structs.replace(network, modes=(mode,))
    (reach,) = segment_reach(network, drawn(network, 1, worst=1e-5), (0,))
    assert reach.verdict == "no"
    assert "gsnr" in reach.why


def test_a_slot_that_the_band_cannot_hold_is_unknown(chain, drawn):
    network = chain([50.0], line=LineSystem(f_max_thz=191.4))
    found = segment_reach(network, drawn(network, 1, worst=1e-5), (0,))
    assert all(reach.verdict != "yes" for reach in found if reach.mode == "400 ULH QPSK")
    assert any(reach.verdict == "yes" for reach in found)


def test_a_dark_fibre_is_unknown_by_name(chain, drawn):
    network = chain([50.0, None])
    found = segment_reach(network, drawn(network, 1, worst=1e-5), (0, 2))
    assert {reach.verdict for reach in found} == {"unknown"}
    assert all("light of fibre 'f1': its length is unknown" in reach.why for reach in found)


def test_margins_turn_a_yes_into_a_no_and_leave_start_of_life_alone(chain, drawn):
    network = chain([50.0])
    sections = drawn(network, 1, worst=1e-5)
    strict = msgspec.structs.replace(network, margins=Margins(ageing_db=40.0))
    for usual, aged in zip(
        segment_reach(network, sections, (0,)), segment_reach(strict, sections, (0,)), strict=True
    ):
        assert repr(usual.margin_db) == repr(aged.margin_db)
        assert aged.verdict != "yes"


@given(hops=st.integers(1, 5), pdl=st.floats(0.1, 3.0))
def test_pdl_adds_by_squares_over_all_roadms_and_costs_in_proportion(hops, pdl, chain, drawn):
    network = chain([100.0] * hops)
    sections = drawn(network, 1, worst=1e-5)
    lossy = msgspec.structs.replace(network, line=LineSystem(pdl_db=pdl))
    total = math.sqrt(sum(pdl**2 for _ in range(hops + 1)))
    route = tuple(range(0, 2 * hops, 2))
    for plain, row in zip(
        segment_reach(network, sections, route), segment_reach(lossy, sections, route), strict=True
    ):
        mode = next(mode for mode in network.modes if mode.name == row.mode)
        if mode.pdl_db is None or mode.pdl_penalty_db is None:
            assert row.verdict != "yes"
            continue
        more = total / mode.pdl_db * mode.pdl_penalty_db
        assert row.penalty_db == pytest.approx(plain.penalty_db + more)
        assert row.margin_db == pytest.approx(plain.margin_db - more)
        assert ("pdl" in row.why) == (total > mode.pdl_db)


def test_a_mode_s_own_filter_penalty_counts_in_place_of_the_line_s(chain, drawn):
    network = chain([50.0] * 4)
    own = msgspec.structs.replace(network.modes[1], name="own", filter_db=0.3)
    network = msgspec.structs.replace(network, modes=(network.modes[1], own))
    usual, ours = segment_reach(network, drawn(network, 1, worst=1e-5), (0, 2, 4, 6))
    assert usual.penalty_db == pytest.approx(3 * 0.05)
    assert ours.penalty_db == pytest.approx(3 * 0.3)
    assert usual.margin_db - ours.margin_db == pytest.approx(3 * 0.25)


def test_what_ages_is_not_asked_for_on_the_first_day(chain, drawn):
    margins = Margins(model_db=1.0, mixed_comb_db=0.25, connectors_db=0.5, ageing_db=2.0)
    network = chain([50.0], margins=margins)
    assert (margins.start_db, margins.total_db) == (1.75, 3.75)
    for row in segment_reach(network, drawn(network, 1, worst=1e-5), (0,)):
        if not math.isnan(row.margin_db):
            assert row.start_db == pytest.approx(row.margin_db - 1.75)
            assert row.left_db == pytest.approx(row.start_db - 2.0)
