"""Every design of every placement is a point of the one problem that bounds them all."""

import numpy as np
import pytest

from arterial.design.capacity.flow import Flows
from arterial.design.joint.asked import asked
from arterial.design.joint.program import joint_layers, placement_columns
from arterial.design.state import chassis_count, link_cost, new_pairs


def point_of(stands, stand, program):
    """Waves, pairs, chassis, open edges and answers."""
    instance, choices = stands.chooser.instance, stands.choices
    _, option, waves = link_cost(instance, stand.state.required_gbps())
    table = np.zeros(instance.rate_gbps.shape)
    table[np.arange(len(option)), option] = waves
    pairs, chassis = new_pairs(instance, waves, option), chassis_count(instance, waves)
    built = np.concatenate([table.reshape(-1), pairs, chassis]).astype(np.float64)
    columns = placement_columns(choices, len(built))
    opened = np.isin(np.arange(columns.edges), choices.opened(stand.pairs))
    answers = [
        float(edge in stand.pairs[market])
        for market, edge in zip(columns.market, columns.edge, strict=True)
    ]
    point = np.concatenate([built, opened.astype(np.float64), answers])
    assert len(point) == len(program.cost)
    return point


def broken(program, point):
    rows = program.rows
    spans = zip(rows.start[:-1], rows.start[1:], strict=True)
    value = np.array([rows.value[a:z] @ point[rows.column[a:z]] for a, z in spans])
    return ((value < rows.low - 1e-6) | (value > rows.high + 1e-6)).any()


def test_designs_of_drawn_placements_hold_in_both_layers(start, drawn_stand, seed):
    draw = np.random.default_rng(seed)
    stands = start.stands
    wanted = asked(stands.chooser.instance, stands.choices, stands.traffic)
    layers = joint_layers(stands.chooser.instance, stands.choices, wanted)
    drawn = [drawn_stand(start, draw) for _ in range(5)]
    for stand in (start.stand, *(one for one in drawn if one is not None)):
        program = layers.underlay.program
        point = point_of(stands, stand, program)
        assert program.cost @ point == pytest.approx(stand.bill)
        assert (point >= program.low - 1e-9).all()
        assert (point <= program.high + 1e-9).all()
        assert not broken(program, point)
        for layer in (layers.underlay, layers.plant):
            flows = Flows(layer)
            cases = range(len(layer.cases.names))
            assert [case for case in cases if flows.short(point, case) is not None] == []
