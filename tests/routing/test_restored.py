import numpy as np
import pytest

from arterial.model.restored_file import RestoredRow
from arterial.routing.restored import restored_as_told, restored_by_rule

# A triangle and a spur: links 0-1, 1-2, 0-2, 2-3.
ENDS = np.array([(0, 1), (1, 2), (0, 2), (2, 3)])
LATENCY_MS = np.repeat([1.0, 2.0, 4.0, np.nan], 2)


def test_a_share_returns_by_the_shortest_standing_way_where_there_is_one():
    down = np.zeros((4, 4), dtype=bool)
    down[1, 0] = down[2, 3] = down[3, 0] = down[3, 1] = True
    found = restored_by_rule(ENDS, 4, LATENCY_MS, down, 0.5)
    assert found.share.tolist() == [
        [0.0] * 4,
        [0.5, 0.0, 0.0, 0.0],  # round by 0-2-1
        [0.0] * 4,  # no other way to the spur
        [0.0] * 4,  # site 1 has lost both
    ]
    assert found.latency_ms[1, 0] == 6.0
    assert np.isnan(found.latency_ms).sum() == 15


def test_nothing_returns_where_nothing_is_asked():
    found = restored_by_rule(ENDS, 4, LATENCY_MS, np.ones((1, 4), dtype=bool), 0.0)
    assert found.share.sum() == 0.0


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_what_is_no_share_is_a_broken_promise(share):
    with pytest.raises(AssertionError, match="a share"):
        restored_by_rule(ENDS, 4, LATENCY_MS, np.zeros((1, 4), dtype=bool), share)


def test_a_row_of_a_case_comes_before_one_for_all():
    rows = [
        RestoredRow(case="one", link="b", share=0.25, latency_ms=3.0),
        RestoredRow(link="b", share=0.75),
        RestoredRow(case="elsewhere", link="a", share=1.0),
        RestoredRow(case="two", link="nobody", share=1.0),
    ]
    down = np.array([[True, True], [False, True], [True, False]])
    found = restored_as_told(("a", "b"), ("one", "two", "three"), down, rows)
    assert found.share.tolist() == [[0.0, 0.25], [0.0, 0.75], [0.0, 0.0]]
    assert found.latency_ms[0, 1] == 3.0
    assert np.isnan(found.latency_ms).sum() == 5
