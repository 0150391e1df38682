from itertools import combinations

import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.fabric.ip_cases import CaseSet, Listed, cases_of_kinds
from arterial.fabric.ip_elements import elements_of
from arterial.fabric.odds import (
    CUTS_PER_KM_YEAR,
    REPAIR_H,
    Rates,
    case_odds,
    none_down,
    published_rates,
    rates_of,
)
from arterial.model.fibre import Fibre, Link
from arterial.model.network import Network
from arterial.model.subsea import SubseaSystem


def written(folder, text):
    path = folder / "rates.csv"
    path.write_text(f"element,failures_per_year,repair_h\n{text}", encoding="utf-8")
    return path


def test_an_element_is_down_for_its_repair_out_of_each_round(square, tmp_path):
    rates = rates_of(written(tmp_path, "AB,2,12\nsite C,0,5\nA/1,1,0\n"), elements_of(square))
    down = rates.down
    assert down[0] == pytest.approx(12.0 / (12.0 + 8760.0 / 2.0))
    assert sorted(down[~np.isnan(down)][1:].tolist()) == [0.0, 0.0]
    assert np.isnan(down).sum() == len(down) - 3


def test_all_states_of_the_elements_together_are_certain(square):
    elements = elements_of(square)
    pool = elements.of_kind("fibre").tolist()
    often, hours = np.full(len(elements), np.nan), np.full(len(elements), np.nan)
    often[pool], hours[pool] = [3.0, 80.0, 200.0, 1.0, 900.0], [12.0, 4.0, 24.0, 8.0, 6.0]
    rates = Rates(failures_per_year=often, repair_h=hours)
    states = [case for size in range(1, 6) for case in combinations(pool, size)]
    part = Listed(
        np.cumsum([0, *map(len, states)]).astype(np.int64),
        np.array([one for case in states for one in case], dtype=np.int64),
    )
    cases = CaseSet(ip=square, elements=elements, parts=(part,))
    odds = case_odds(cases, rates, 0, len(cases))
    assert none_down(rates) + odds.sum() == pytest.approx(1.0, abs=1e-12)
    down = rates.down[pool]
    expected = [
        np.prod([down[n] if pool[n] in case else 1.0 - down[n] for n in range(5)])
        for case in states
    ]
    assert np.allclose(odds, expected, rtol=1e-12)


def test_a_case_with_an_element_of_unknown_rate_is_unknown(square, tmp_path):
    elements = elements_of(square)
    rates = rates_of(written(tmp_path, "AB,2,12\n"), elements)
    odds = case_odds(cases_of_kinds(square, elements, ("fibre",)), rates, 0, 5)
    assert np.isnan(odds).tolist() == [False, True, True, True, True]


def test_published_rates_follow_the_length(square):
    lengths = {"AB": 100.0, "BC": 1609.344, "CD": 50.0, "DA": 10.0}
    fibres = tuple(
        Fibre(name=name, a=name[0], z=name[1], length_km=lengths.get(name))
        for name, _ in square.fibres
    )
    rates = published_rates(Network(name="n", sites=(), fibres=fibres), elements_of(square))
    assert rates.failures_per_year[1] == pytest.approx(4.39)
    assert rates.failures_per_year[0] == pytest.approx(100.0 * CUTS_PER_KM_YEAR)
    assert rates.repair_h[0] == REPAIR_H
    assert np.isnan(rates.failures_per_year[4:]).all()
    assert any("ASSUMPTION" in note for note in rates.notes)
    assert any("1 of 5 fibres" in note for note in rates.notes)


def test_a_wet_fibre_is_repaired_in_the_weeks_of_its_system(square):
    lake = SubseaSystem(
        name="Lake", gsnr_db=26.0, baud_gbd=118.0, cd_ps_nm=1.0, pmd_ps=1.0, repair_weeks=3.0
    )
    fibres = tuple(
        Fibre(
            name=name,
            a=name[0],
            z=name[1],
            length_km=100.0,
            subsea=name in {"AB", "BC", "DA"},
            system="Lake" if name in {"AB", "DA"} else None,
            repair_h={"CD": 30.0, "DA": 100.0}.get(name),
        )
        for name, _ in square.fibres
    )
    network = Network(name="n", sites=(), fibres=fibres, subsea=(lake,))
    rates = published_rates(network, elements_of(square))
    assert rates.repair_h[:4].tolist() == [3 * 7 * 24, REPAIR_H, 30.0, 100.0]
    assert any("2 fibres and links" in note for note in rates.notes)
    assert any("1 subsea fibres" in note for note in rates.notes)


def test_what_is_wrong_in_a_table_of_rates_is_told_with_its_line(square, tmp_path):
    path = written(tmp_path, "AB,2,12\nAX,1,1\nfibre AB,1,1\n")
    with pytest.raises(ModelError) as told:
        rates_of(path, elements_of(square))
    assert [problem.line for problem in told.value.problems] == [3, 4]
    assert "Did you mean" in str(told.value)


def promised(square):
    """The square of ready-made links, one of which is mended in three weeks."""
    links = tuple(
        Link(
            name=name,
            a=name[0],
            z=name[1],
            capacity_gbps=100.0,
            length_km=100.0,
            repair_h=504.0 if name == "AB" else None,
        )
        for name, _ in square.fibres
    )
    return Network(name="n", sites=(), links=links)


def test_a_link_is_down_for_as_long_as_whoever_sells_it_promises_to_mend(square):
    """Closed form: of two states of one link, m / (m + 8760 / r) is the one that is down."""
    elements = elements_of(square)
    rates = published_rates(promised(square), elements)
    often = 100.0 * CUTS_PER_KM_YEAR
    down = [504.0 / (504.0 + 8760.0 / often), *[REPAIR_H / (REPAIR_H + 8760.0 / often)] * 4]
    assert rates.down[:5] == pytest.approx(down)
    odds = case_odds(cases_of_kinds(square, elements, ("fibre",)), rates, 0, 5)
    for case in range(5):
        up = np.prod([1.0 - share for other, share in enumerate(down) if other != case])
        assert odds[case] == pytest.approx(down[case] * up)
    assert any("1 fibres and links are repaired" in note for note in rates.notes)


def test_a_row_that_says_nothing_of_repair_has_what_the_network_says(square, tmp_path):
    elements = elements_of(square)
    rates = rates_of(written(tmp_path, "AB,2,\nfibre BC,2,5\n"), elements, promised(square))
    assert rates.repair_h[:2].tolist() == [504.0, 5.0]
    with pytest.raises(ModelError, match=r"rates.csv:3.*how long 'BC' takes to mend"):
        rates_of(written(tmp_path, "fibre AB,2,\nBC,2,\n"), elements, promised(square))
    with pytest.raises(ModelError, match="how long 'AB' takes to mend"):
        rates_of(written(tmp_path, "AB,2,\n"), elements)


@pytest.mark.parametrize("cell", ["-1,2", "nan,2", "1,inf", "1,-0.5", "x,1"])
def test_a_rate_that_is_none_is_refused(square, tmp_path, cell):
    with pytest.raises(ModelError, match=r"rates.csv:2"):
        rates_of(written(tmp_path, f"AB,{cell}\n"), elements_of(square))
