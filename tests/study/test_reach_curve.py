import math

import msgspec
import pytest

from arterial.model.fibre import Fibre
from arterial.model.reader import load_network
from arterial.optics.reach import segment_reach
from arterial.optics.sections import load_sections
from arterial.study.reach_curve import reach_curve


@pytest.fixture(scope="module")
def network(drill):
    return load_network(drill)


@pytest.fixture(scope="module")
def curve(network):
    found = reach_curve(network)
    assert found is not None
    return found


def test_a_mode_reaches_as_far_as_it_is_said_to_and_no_further(network, curve):
    """GNPy over lines of these very lengths: whole spans within the reach, and one beyond."""
    span = network.line.span_km
    known = [mode for mode in curve.modes if mode.limit in {"gsnr", "cd", "pmd"}]
    assert len(known) > 8
    spans = sorted({int(mode.reach_km // span) + more for mode in known for more in (0, 1)} - {0})
    lines = tuple(Fibre(name=f"{count}", a="a", z="z", length_km=count * span) for count in spans)
    sites = tuple(msgspec.structs.replace(network.sites[0], name=name) for name in "az")
    straight = msgspec.structs.replace(
        network, sites=sites, fibres=lines, links=(), markets=(), campuses=()
    )
    sections = load_sections(straight)
    verdict = {
        (count, row.mode): row.verdict
        for place, count in enumerate(spans)
        for row in segment_reach(straight, sections, [2 * place])
    }
    for mode in known:
        within = int(mode.reach_km // span)
        near_an_edge = min(mode.reach_km % span, span - mode.reach_km % span) < 0.02 * mode.reach_km
        if within and not near_an_edge:
            assert verdict[within, mode.mode] == "yes", mode
        if not near_an_edge:
            assert verdict[within + 1, mode.mode] == "no", mode


def test_every_mode_is_there_and_what_lacks_a_figure_is_unknown_by_name(network, curve):
    assert [row.mode for row in curve.modes] == [mode.name for mode in network.modes]
    for row, mode in zip(curve.modes, network.modes, strict=True):
        lacks = None in (mode.baud_gbd, mode.slot_ghz, mode.osnr_db, mode.cd_ps_nm, mode.pmd_ps)
        assert (row.limit == "unknown") == lacks
        assert math.isnan(row.reach_km) == lacks
        assert bool(row.missing) == lacks


def test_more_margin_never_reaches_further(network, curve):
    margins = msgspec.structs.replace(network.margins, model_db=network.margins.model_db + 1.0)
    wary = reach_curve(msgspec.structs.replace(network, margins=margins))
    assert wary is not None
    for less, more in zip(wary.modes, curve.modes, strict=True):
        assert not less.reach_km > more.reach_km
    assert any(
        less.reach_km < more.reach_km for less, more in zip(wary.modes, curve.modes, strict=True)
    )


def test_where_gnpy_fails_there_is_no_curve_and_a_warning(network):
    line = msgspec.structs.replace(network.line, amplifier="no such amplifier")
    told = []
    broken = msgspec.structs.replace(network, line=line)
    assert reach_curve(broken, lambda stage, *_: told.append(stage)) is None
    warnings = [stage for stage in told if stage.startswith("warning")]
    assert len(warnings) == 1
    assert "GNPy" in warnings[0]


def test_a_network_without_modes_has_no_curve(network):
    assert reach_curve(msgspec.structs.replace(network, modes=())) is None
