"""Links that hang together."""

import numpy as np

from arterial.design.capacity.spread import spread

CHAIN = np.array([(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)], dtype=np.int64)


def test_links_around_a_site_come_first_and_then_those_they_lead_to():
    assert set(spread(CHAIN, 2, 2, np.random.default_rng(0))) == {1, 2}
    assert set(spread(CHAIN, 2, 4, np.random.default_rng(0))) >= {1, 2, 3}


def test_it_ends_where_no_link_is_left():
    assert sorted(spread(CHAIN, 0, 99, np.random.default_rng(0))) == [0, 1, 2, 3, 4]
