import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.solve.program import Rows

ENTRIES = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 5)), st.integers(-9, 9), max_size=20
)


def entries_of(rows):
    return {
        (row, int(column)): value
        for row, (start, end) in enumerate(zip(rows.start[:-1], rows.start[1:], strict=True))
        for column, value in zip(rows.column[start:end], rows.value[start:end], strict=True)
    }


@given(ENTRIES)
def test_gathered_rows_hold_every_entry_in_its_place(entries):
    rows = Rows.gathered(
        np.array([row for row, _ in entries], dtype=np.int64),
        np.array([column for _, column in entries], dtype=np.int64),
        np.array(list(entries.values()), dtype=np.float64),
        low=np.zeros(5),
        high=np.ones(5),
    )
    assert len(rows) == 5
    assert entries_of(rows) == entries


@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_joined_rows_follow_one_another(parts):
    each = [
        Rows.of(
            [
                (
                    [column for at, column in entries if at == row],
                    [float(value) for (at, _), value in entries.items() if at == row],
                    float(row),
                    9.0,
                )
                for row in range(5)
            ]
        )
        for entries in parts
    ]
    whole = Rows.joined(each)
    assert entries_of(whole) == {
        (5 * part + row, column): value
        for part, entries in enumerate(parts)
        for (row, column), value in entries.items()
    }
    assert whole.low.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0] * len(parts)
