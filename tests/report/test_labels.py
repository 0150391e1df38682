from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from arterial.report.labels import Anchor, overlap, place_labels

ANCHORS = st.lists(
    st.builds(
        Anchor,
        words=st.text("abcdefgh ", min_size=1, max_size=14),
        x=st.floats(0.0, 400.0),
        y=st.floats(0.0, 300.0),
        radius=st.floats(2.0, 6.0),
        size=st.sampled_from([10.0, 12.0]),
        weight=st.floats(0.0, 10.0),
    ),
    max_size=40,
)


@given(ANCHORS)
def test_no_label_covers_another_or_a_mark_or_leaves_the_sheet(anchors):
    labels = place_labels(anchors, width=400.0, height=300.0)
    assert [pair for pair in combinations(labels, 2) if overlap(pair[0].box, pair[1].box)] == []
    for label in labels:
        left, top, right, bottom = label.box
        assert left >= 0
        assert top >= 0
        assert right <= 400.0
        assert bottom <= 300.0
        for one in anchors:
            box = (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
            assert not overlap(label.box, box)
    assert len({label.anchor for label in labels}) == len(labels)


def test_the_heavier_name_is_kept_where_only_one_fits():
    def mark(words, weight):
        return Anchor(words=words, x=6.0, y=12.0, radius=3.0, size=10.0, weight=weight)

    anchors = [mark("low", 1.0), mark("top", 2.0)]
    labels = place_labels(anchors, width=32.0, height=24.0)
    assert [anchors[label.anchor].words for label in labels] == ["top"]


def test_a_label_moves_off_a_line_when_it_can():
    lines = [(float(x), 50.0) for x in range(50, 200, 4)]
    anchor = Anchor(words="Denver", x=50.0, y=50.0, radius=3.0, size=10.0, weight=1.0)
    assert place_labels([anchor], width=200.0, height=100.0)[0].align == "start"
    assert place_labels([anchor], width=200.0, height=100.0, lines=lines)[0].align != "start"
