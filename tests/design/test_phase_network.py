import msgspec
import pytest

from arterial.design.phase_network import discount, fibre_opens, phase_network, with_edges


def test_a_phase_without_words_is_the_network(drill):
    plain = msgspec.structs.replace(drill.phases[0], campuses_mw={}, fibres=(), risks=(), scale={})
    alone = msgspec.structs.replace(drill, phases=(plain,))
    assert phase_network(alone, 0) == msgspec.structs.replace(drill, phases=())


def test_what_has_come_stays(drill):
    opens = fibre_opens(drill)
    before = set()
    for number in range(len(drill.phases)):
        names = {fibre.name for fibre in phase_network(drill, number).fibres}
        assert before <= names
        assert names == {f.name for f, n in zip(drill.fibres, opens, strict=True) if n <= number}
        before = names


def test_a_campus_draws_nothing_before_it_comes(drill):
    mw = [
        {campus.name: campus.mw_planned for campus in phase_network(drill, number).campuses}
        for number in range(3)
    ]
    assert [row["Larch campus"] for row in mw] == [0.0, 150.0, 150.0]
    assert [row["Juniper campus"] for row in mw] == [200.0, 200.0, 700.0]


def test_scales_multiply_and_leave_other_loads_alone(drill):
    here = phase_network(drill, 2)
    base, heavy = here.loads[0], here.loads[1]
    assert base.scale == {**drill.phases[2].scale}
    assert heavy == drill.loads[1]


def test_risks_hold_back_their_fibres(drill):
    phases = list(drill.phases)
    phases[1] = msgspec.structs.replace(phases[1], risks=("elm-duct",))
    opens = fibre_opens(msgspec.structs.replace(drill, phases=tuple(phases)))
    held = [f.name for f, n in zip(drill.fibres, opens, strict=True) if n == 1]
    assert held == ["Alder-Elm", "Elm-Gorse", "Fir-Larch"] or set(held) == {
        "Alder-Elm",
        "Elm-Gorse",
        "Fir-Larch",
    }


def test_prices_of_equipment_fall_with_the_years_and_rent_does_not(drill):
    later = phase_network(drill, 1)
    assert later.costs.chassis == pytest.approx(drill.costs.chassis * 0.9**2)
    assert later.costs.pair_km_year == drill.costs.pair_km_year
    own = msgspec.structs.replace(drill.horizon, price_factors={drill.modes[0].name: 0.5})
    mode = phase_network(msgspec.structs.replace(drill, horizon=own), 1).modes[0]
    assert mode.cost == pytest.approx(drill.modes[0].cost * 0.25)


def test_later_money_counts_less(drill):
    assert [round(discount(drill, n), 6) for n in range(3)] == [1.0, 0.857339, 0.73503]


def test_a_built_edge_is_an_edge(drill):
    sites = {site.name: site for site in with_edges(drill, {"Cedar"}).sites}
    assert "edge" in sites["Cedar"].roles
    assert "candidate-edge" not in sites["Cedar"].roles
