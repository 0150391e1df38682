import numpy as np
import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.orders import orders_of
from arterial.model.fibre import Link


def test_every_piece_is_ordered_once_with_the_lead_time_of_its_kind(years):
    outlook = years(0)
    horizon = horizon_of(outlook, loads_asked(outlook))
    columns = np.random.default_rng(0).integers(0, 3, len(horizon.bought.stage)).astype(float)
    rows = orders_of(horizon, columns)
    assert sum(row.quantity for row in rows) == columns.sum()
    assert sum(row.cost for row in rows) == pytest.approx(horizon.spent(columns).sum())
    times = outlook.network.lead_times
    months = {row.item: row.lead_months for row in rows}
    assert months == {"waves": times.router, "fibre pairs": 7.0, "chassis": times.router}


def test_units_for_sale_are_ordered_by_name_and_wait_for_ports_too(years):
    link = Link(
        name="lease",
        a="S3",
        z="S4",
        capacity_gbps=100.0,
        latency_ms=1.0,
        kind="leased-wave",
        status="available",
        cost_year=1.0,
        lead_time_months=1.0,
    )
    outlook = years(0, links=(link,))
    horizon = horizon_of(outlook, loads_asked(outlook))
    rows = orders_of(horizon, np.ones(len(horizon.bought.stage)))
    leased = [row for row in rows if row.item == "units"]
    assert [(row.stage, row.where, row.kind) for row in leased] == [
        (0, "lease", "leased-wave"),
        (1, "lease", "leased-wave"),
    ]
    assert {row.lead_months for row in leased} == {outlook.network.lead_times.router}
