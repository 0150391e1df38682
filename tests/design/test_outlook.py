import numpy as np
import pytest

from arterial.design.outlook import outlook
from arterial.design.phase_network import fibre_opens


@pytest.fixture(scope="module")
def seen(drill):
    return outlook(drill)


def test_a_link_can_be_used_once_all_its_fibres_have_come(drill, seen):
    opens = np.array(fibre_opens(drill))
    for number, stage in enumerate(seen.stages):
        late = seen.instance.link_fibre[:, opens > number].any(axis=1)
        assert (stage.usable == ~late).all()
    assert not seen.stages[0].usable.all()
    assert seen.stages[-1].usable.all()


def test_prices_fall_and_are_discounted(drill, seen):
    first, last = seen.stages[0], seen.stages[-1]
    years = last.phase.year - first.phase.year
    horizon = drill.horizon
    both = (horizon.price_factor / (1.0 + horizon.discount_rate)) ** years
    assert last.chassis_cost == pytest.approx(first.chassis_cost * both)
    real = first.wave_cost > 0.0
    assert (last.wave_cost[real] < first.wave_cost[real]).all()
    assert (last.wave_cost[real] >= first.wave_cost[real] * both * (1 - 1e-12)).all()  # but power


def test_an_edge_is_paid_once(seen):
    assert seen.stages[0].edge_cost > 0.0
    assert [stage.edge_cost for stage in seen.stages[1:]] == [0.0, 0.0]


def test_further_loads_join_where_they_are_asked_for(drill):
    assert [len(stage.flows) for stage in outlook(drill, robust=True).stages] == [1, 1, 2]
