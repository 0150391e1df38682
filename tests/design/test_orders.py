import numpy as np
import pytest

from arterial.design.horizon import horizon_of, loads_asked
from arterial.design.orders import orders_of


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
