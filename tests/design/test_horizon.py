from dataclasses import replace

import numpy as np
import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.model.fibre import Link


@pytest.fixture(scope="module")
def horizon(years):
    outlook = years(0, growth=(1.0, 2.0, 4.0), when=(2027, 2028, 2030))
    return horizon_of(outlook, loads_asked(outlook))


def test_every_phase_can_buy_the_same_pieces(horizon):
    kinds = [
        {
            (link, option, fibre, site)
            for stage, link, option, fibre, site in zip(*_table(horizon.bought), strict=True)
            if stage == number
        }
        for number in range(3)
    ]
    assert kinds[0] == kinds[1] == kinds[2]


def _table(bought):
    return bought.stage, bought.link, bought.option, bought.fibre, bought.site


def test_nothing_is_torn_out(horizon):
    """What is bought is not negative, and counts in its phase and in all later ones."""
    problem = horizon.problem
    assert (problem.program.low >= 0.0).all()
    columns = np.arange(len(problem.program.cost), dtype=np.float64)
    first = {stage: int(np.argmax(problem.cases.stage == stage)) for stage in range(3)}
    alive = problem.cases.alive[first[0]]
    assert alive[: len(horizon.outlook.instance.routes)].all()
    usable = [problem.capacity_gbps(columns, first[stage])[alive] for stage in range(3)]
    assert (usable[0] <= usable[1]).all()
    assert (usable[1] <= usable[2]).all()


def test_costs_and_capacity_add_up_by_phase(horizon):
    random = np.random.default_rng(1)
    columns = random.integers(0, 3, len(horizon.bought.stage)).astype(float)
    assert horizon.spent(columns).sum() == pytest.approx(horizon.problem.program.cost @ columns)
    links = horizon.problem.links
    assert horizon.added_gbps(columns).sum(axis=0) == pytest.approx(links.supply @ columns)


def test_a_piece_costs_less_in_a_later_phase(horizon):
    cost, bought = horizon.problem.program.cost, horizon.bought
    sites = [cost[(bought.stage == number) & (bought.site == 0)].item() for number in range(3)]
    assert sites[0] > sites[1] > sites[2] > 0.0


def test_the_first_case_of_every_phase_is_the_one_without_failure(horizon):
    cases = horizon.problem.cases
    for stage in range(3):
        assert cases.names[int(np.argmax(cases.stage == stage))] == f"p{stage}: no failure"


def test_a_later_phase_asks_for_what_its_load_does(horizon):
    cases = horizon.problem.cases
    totals = [cases.gbps[int(np.argmax(cases.stage == stage))].sum() for stage in range(3)]
    assert totals == pytest.approx([totals[0], 2.0 * totals[0], 4.0 * totals[0]])


def test_a_first_pair_is_paid_by_the_time_that_it_is_lit_and_once(years):
    outlook = years(0)
    ground = outlook.instance.ground
    once = np.where(ground.lit == 0, 30.0, 0.0)
    instance = replace(outlook.instance, ground=replace(ground, setup_cost=once))
    stages = tuple(
        replace(stage, setup_cost=once / (1 + n)) for n, stage in enumerate(outlook.stages)
    )
    horizon = horizon_of(replace(outlook, instance=instance, stages=stages), loads_asked(outlook))
    program, bought = horizon.problem.program, horizon.bought
    m = int(np.flatnonzero(instance.charged)[0])
    pairs, setup = np.flatnonzero(bought.fibre == m), np.flatnonzero(bought.setup == m)
    assert program.cost[setup].tolist() == [30.0, 15.0]

    def stands(lit, paid):
        """Rows that tell of the charge."""
        columns = np.zeros(len(program.cost))
        columns[pairs], columns[setup] = lit, paid
        rows = program.rows
        of = np.repeat(np.arange(len(rows)), np.diff(rows.start))
        has = np.bincount(of, weights=rows.value * columns[rows.column], minlength=len(rows))
        asked = np.unique(of[np.isin(rows.column, setup)])
        return bool((has[asked] <= rows.high[asked]).all())

    assert stands((1, 1), (1, 0))
    assert stands((0, 2), (0, 1))
    assert stands((0, 0), (0, 0))
    assert not stands((1, 0), (0, 1))
    assert not stands((0, 1), (0, 0))


@pytest.mark.parametrize("status", ["existing", "available"])
def test_units_of_a_link_are_bought_at_their_price_while_there_are_any(years, status):
    link = Link(
        name="lease",
        a="S3",
        z="S4",
        capacity_gbps=100.0,
        latency_ms=1.0,
        kind="leased-wave",
        status=status,
        most=3,
        cost_year=1.0,
    )
    outlook = years(0, links=(link,))
    horizon = horizon_of(outlook, loads_asked(outlook))
    program, bought = horizon.problem.program, horizon.bought
    last = len(outlook.instance.routes) - 1
    units = np.flatnonzero(bought.link == last)
    costs = outlook.network.costs
    assert bought.stage[units].tolist() == [0, 1]
    assert program.cost[units[0]] == pytest.approx(costs.years + 2 * costs.router_port)
    assert 0.0 < program.cost[units[1]] < program.cost[units[0]]
    assert horizon.problem.links.base_gbps[last] == 100.0 * link.standing

    def fits(number):
        """Rows about this link's units alone."""
        start, rows = program.rows.start, program.rows
        for row in range(len(rows.low)):
            entries = slice(start[row], start[row + 1])
            if rows.column[entries].tolist() == units.tolist():
                return number <= rows.high[row]
        return True

    assert fits(link.for_sale)
    assert not fits(link.for_sale + 1)
