import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.model.demands import read_demands
from arterial.model.network import DemandRow
from arterial.model.record import Record, built
from arterial.model.tables import read_table

SITES = frozenset(["Ash", "Beech", "Old Oak"])
CLASSES = frozenset(["video", "bulk"])
HEAD = "traffic_class,source,target,gbps,transfer_h\n"

numbers = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "nan", "inf", "1_0", "1e19", "1e18", "0x1", "1" * 41, "+.5", " 7 ", "१"]
    ),
    st.floats(0.0, 1e6).map(str),
)
names = st.sampled_from(["Ash", "Beech", " Old Oak", "Oak", "", "a\tb", '"Ash"'])
classes = st.sampled_from(["video", "bulk", "vidoe", ""])
rows = st.tuples(classes, names, names, numbers, numbers).map(",".join)
strange = st.sampled_from(
    ["", ",,,,", "video,Ash", "video,Ash,Beech,1,,,x", '"', "video,Ash,Beech,1"]
)
tables = st.lists(st.one_of(rows, rows, strange), max_size=8).map("\n".join)
heads = st.sampled_from(
    [
        HEAD,
        "gbps,target,source,traffic_class\n",
        "source,target,gbps\n",
        "source,source,target,gbps,traffic_class\n",
        "",
    ]
)


def both(text):
    """What the fast and the slow way make of a table, each with its problems."""
    fast_problems, slow_problems = [], []
    fast = read_demands(text, "d.csv", SITES, CLASSES, fast_problems)
    slow = read_table(text, "d.csv", DemandRow, slow_problems)
    return (fast, fast_problems), (slow, slow_problems)


@given(heads, tables)
def test_the_fast_way_tells_the_same_problems_as_the_slow_one(head, table):
    (fast, fast_problems), (slow, slow_problems) = both(head + table)
    assert fast_problems == slow_problems
    assert (fast is None) == (slow is None)
    if fast is not None and not fast_problems:
        assert built(fast) == built(slow)


@given(tables)
def test_a_row_that_is_built_at_once_needs_no_further_look(table):
    rows = read_demands(HEAD + table, "d.csv", SITES, CLASSES, [])
    for row in rows or ():
        if isinstance(row, DemandRow):
            assert {row.source, row.target} <= SITES
            assert row.source != row.target
            assert row.traffic_class in CLASSES
            assert 0.0 < row.gbps <= 1e18


def test_a_sound_table_makes_no_record():
    text = HEAD + "video,Ash,Beech,1.5,\nbulk,Old Oak,Ash,2,0.5\n"
    assert read_demands(text, "d.csv", SITES, CLASSES, []) == (
        DemandRow(traffic_class="video", source="Ash", target="Beech", gbps=1.5),
        DemandRow(traffic_class="bulk", source="Old Oak", target="Ash", gbps=2.0, transfer_h=0.5),
    )


def test_names_that_are_not_known_are_left_for_the_checks_that_know_them():
    rows = read_demands(HEAD + "video,Ash,Elm,1,\n", "d.csv", SITES, CLASSES, [])
    assert [type(row) for row in rows] == [Record]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("inference,Birch,Birchh,1", "no site is called 'Birchh'. Did you mean 'Birch'?"),
        ("infrence,Birch,Cedar,1", "no class is called 'infrence'. Did you mean 'inference'?"),
        ("inference,Birch,Birch,1", "from 'Birch' to itself. It must go from one site to another"),
        ("inference,Birch,Cedar,0", "found '0'. Give a number above 0"),
        ("inference,Birch,Cedar,nan", "found 'nan'. Give a number above 0"),
    ],
)
def test_one_bad_row_among_thousands_is_told_with_its_line(drill, row, words):
    good = "inference,Birch,Cedar,1\n" * 5000
    text = f"traffic_class,source,target,gbps\n{good}{row}\n{good}"
    (drill.path / "demands.csv").write_text(text, encoding="utf-8")
    (told,) = drill.told()
    assert told.startswith("demands.csv:5002: ")
    assert words in told
