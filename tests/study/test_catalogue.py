import math

import pytest

from arterial.errors import ModelError
from arterial.model.catalogue import load_catalogue
from arterial.model.pluggable import Mode
from arterial.study.catalogue import BLOCKS, catalogue

VENDOR = """pluggables:
  - name: V 400
    module: V
    rate_gbps: 400
    baud_gbd: 63
    slot_ghz: 75
    osnr_db: 22
    watts: 20
    status: datasheet
    source: V sheet
"""


@pytest.fixture
def vendor(tmp_path):
    path = tmp_path / "vendor.yaml"
    path.write_text(VENDOR, encoding="utf-8")
    return path


def test_the_package_s_modes_are_listed_in_order_with_what_follows_from_them():
    found = catalogue()
    assert [row.mode for row in found.rows] == list(load_catalogue())
    assert {row.origin for row in found.rows} == {"package"}
    for row in found.rows:
        mode = row.mode
        if mode.slot_ghz:
            assert row.bit_per_s_hz == mode.rate_gbps / mode.slot_ghz
        if mode.watts:
            assert row.watts_per_gbps == mode.watts / mode.rate_gbps
        assert math.isnan(row.reach_km)


def test_every_absent_figure_that_a_check_needs_is_told_once_with_that_check():
    for row in catalogue().rows:
        told = [name for gap in row.gaps for name in gap.missing]
        assert sorted(told) == sorted(name for name in BLOCKS if getattr(row.mode, name) is None)
        assert all(BLOCKS[name] == gap.blocks for gap in row.gaps for name in gap.missing)


def test_a_network_s_own_modes_are_marked_and_its_own_price_makes_none(changed_drill, drill):
    said = (drill / "network.yaml").read_text(encoding="utf-8")
    last = said.splitlines()[-1]
    assert "pluggables:" not in said
    folder = changed_drill("network.yaml", last, f"{last}\n{VENDOR}")
    rows = {row.mode.name: row.origin for row in catalogue(folder).rows}
    assert rows.pop("V 400") == "network"
    assert set(rows.values()) == {"package"}


def test_a_vendor_s_file_is_listed_alone(vendor):
    (row,) = catalogue(file=vendor).rows
    assert (row.mode.name, row.origin) == ("V 400", "file")
    assert {gap.blocks for gap in row.gaps} >= {"reach", "design and bill"}


def test_a_wrong_file_is_told_by_line(vendor):
    vendor.write_text(VENDOR.replace("osnr_db: 22", "osnr_db: 12"), encoding="utf-8")
    with pytest.raises(ModelError, match=r"vendor\.yaml:7: pluggables\[V 400\]\.osnr_db: 12 dB"):
        catalogue(file=vendor)
    with pytest.raises(ModelError, match="no such file"):
        catalogue(file=vendor.parent / "none.yaml")


def test_one_mode_is_explained_field_by_field_with_its_source():
    found = catalogue(mode="800ZR")
    figures = {figure.name: figure for figure in found.figures}
    assert {*Mode.__struct_fields__} - {*figures} == {"name", "status", "source", "cost_source"}
    assert figures["baud_gbd"].value == "118.2"
    assert "OIF" in figures["baud_gbd"].source
    assert figures["osnr_db"].value == figures["osnr_db"].source == ""
    assert "blocks reach" in figures["osnr_db"].says
    assert "blocks design" in figures["cost"].says


def test_an_unknown_mode_is_told_with_the_nearest():
    with pytest.raises(ModelError, match=r"no mode is called '400 ZR'\. Did you mean '400ZR'"):
        catalogue(mode="400 ZR")


def test_nominal_reach_is_on_the_network_s_own_line(drill):
    found = catalogue(drill, reach=True)
    far = {row.mode.name: row.reach_km for row in found.rows}
    assert far["OpenZR+ 400"] < far["OpenZR+ 300"] < far["OpenZR+ 200"]
    assert all(km % found.span_km == 0 for km in far.values() if not math.isnan(km))
