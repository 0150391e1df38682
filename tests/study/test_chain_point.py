"""What a chain of plans buys is a point of the horizon's problem, at the same price."""

from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from arterial.design.horizon_last import holds
from arterial.design.horizon_ways import Way
from arterial.plan.store import read_plan
from arterial.study.chain_point import chain_point, with_chain


@pytest.fixture(scope="module")
def plans(chains):
    _, found = chains
    return [read_plan(Path(row.plan)) for row in found.plans]


def test_it_carries_every_case_and_costs_what_the_chain_adds(horizon, plans, chains):
    columns = chain_point(horizon, plans)
    assert holds(horizon.problem, columns)
    spent = horizon.spent(columns) + [stage.edge_cost for stage in horizon.outlook.stages]
    assert spent == pytest.approx([row.added_discounted for row in chains[1].plans])


def test_a_dearer_way_gives_place_and_a_cheaper_one_stays(horizon, plans):
    none = np.zeros(0)
    dear = Way("whole horizon", inf, 100.0, none)
    found, known = with_chain(horizon, dear, plans)
    assert known
    assert found.cost == pytest.approx(float(horizon.spent(found.columns).sum()))
    assert found.bound == 100.0
    cheap = replace(dear, cost=1.0)
    assert with_chain(horizon, cheap, plans) == (cheap, True)


def test_light_that_is_no_candidate_makes_no_point(horizon, plans):
    first, *others = plans
    strange = structs.replace(first.lightpaths[0], mode="of nobody")
    changed = structs.replace(first, lightpaths=(strange, *first.lightpaths[1:]))
    assert chain_point(horizon, [changed, *others]) is None
    way = Way("whole horizon", inf, 100.0, np.zeros(0))
    assert with_chain(horizon, way, [changed, *others]) == (way, False)
