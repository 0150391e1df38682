"""Spectrum of a plan as its rows say it, and waves in service as today's physics sees them."""

import math

import pytest

from arterial.design.ground import pair_cost
from arterial.errors import ModelError
from arterial.plan.store import read_plan
from arterial.study.spectrum import spectrum


def test_every_lit_pair_of_a_plan_stands_there_with_the_fill_of_its_row(designed):
    folder, _ = designed
    plan = read_plan(folder)
    found = spectrum(folder, repack=True)
    fullest = {}
    for row in found.pairs:
        fullest[row.fibre] = max(fullest.get(row.fibre, 0.0), row.fill)
    assert {row.fibre: row.fill for row in plan.lit_fibres}.items() <= fullest.items()
    assert found.verdict == "yes"
    assert found.repack.bound <= found.repack.packed <= found.repack.now


def test_a_further_pair_costs_what_the_design_would_pay(designed):
    folder, _ = designed
    network = read_plan(folder).network
    known = {fibre.name: fibre for fibre in network.fibres}
    rows = spectrum(folder).further
    assert [row.room[-1] for row in rows] == sorted(row.room[-1] for row in rows)
    for row in rows:
        fibre = known[row.fibre]
        assert math.isnan(row.cost) == (row.lit_pairs == fibre.pairs)
        assert math.isnan(row.cost) or row.cost == pair_cost(network, fibre)
        assert row.cost_per_wave == pytest.approx(row.cost / row.admits[-1], nan_ok=True)


def test_one_fibre_is_shown_alone_and_an_unknown_one_is_told(designed):
    folder, _ = designed
    name = spectrum(folder).pairs[0].fibre
    assert {row.fibre for row in spectrum(folder, fibre=name).pairs} == {name}
    with pytest.raises(ModelError, match="no fibre is called"):
        spectrum(folder, fibre=name[:-1])


@pytest.fixture
def in_service(changed_drill):
    """The drill with waves that stand on its first fibre, one pair lit there."""
    changed_drill("network.yaml", "risks: risks.csv", "risks: risks.csv\n  waves: waves.csv")

    def made(*rows):
        folder = changed_drill("fibres.csv", "302.5,existing,4,1", "302.5,existing,4,1")
        text = "name,a,fibres,pairs,centre_ghz,slot_ghz,mode\n" + "\n".join(rows) + "\n"
        (folder / "waves.csv").write_text(text, encoding="utf-8")
        return folder

    return made


def test_a_wave_beyond_today_s_physics_is_kept_and_flagged(in_service):
    folder = in_service(
        "good,Alder,Alder-Birch,1,191400,75,OpenZR+ 400",
        "far,Alder,Alder-Birch,1,191600,75,400ZR",
        "who,Alder,Alder-Birch,1,191800,75,",
    )
    found = spectrum(folder)
    assert {row.wave: row.flag for row in found.installed} == {
        "good": "",
        "far": "infeasible by today's physics",
        "who": "unknown",
    }
    assert found.verdict == "no"
    (row,) = (row for row in found.pairs if row.fibre == "Alder-Birch")
    assert row.used_slots == 18


def test_waves_in_service_are_not_repacked(drill):
    with pytest.raises(ModelError, match="needs a plan"):
        spectrum(drill, repack=True)


def test_what_nobody_knows_is_unknown(in_service):
    assert spectrum(in_service("who,Alder,Alder-Birch,1,191800,75,")).verdict == "unknown"
