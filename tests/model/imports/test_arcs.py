from hypothesis import given
from hypothesis import strategies as st

from arterial.model.imports.arcs import Arc, joined_arcs, joined_links

figures = st.tuples(
    st.sampled_from("ABC"), st.sampled_from("ABC"), st.sampled_from([1.0, 2.0]), st.integers(1, 3)
).filter(lambda figure: figure[0] != figure[1])
arcs = st.lists(figures, max_size=12).map(
    lambda rows: [
        Arc(name=f"e{n}", source=a, target=z, capacity_gbps=gbps, igp_metric=metric)
        for n, (a, z, gbps, metric) in enumerate(rows)
    ]
)


@given(arcs)
def test_every_arc_is_in_one_joint_and_opposites_are_joined_while_there_are_any(given_arcs):
    joints = joined_arcs(given_arcs)
    placed = [arc for joint in joints for arc in joint.arcs]
    assert sorted(placed, key=lambda arc: int(arc.name[1:])) == given_arcs
    for joint in joints:
        if joint.back is not None:
            assert (joint.there.source, joint.there.target) == (
                joint.back.target,
                joint.back.source,
            )
    for a in "ABC":
        for z in "ABC":
            there = sum((arc.source, arc.target) == (a, z) for arc in given_arcs)
            back = sum((arc.source, arc.target) == (z, a) for arc in given_arcs)
            joined = sum(
                joint.back is not None and {joint.there.source, joint.there.target} == {a, z}
                for joint in joints
            )
            assert a == z or joined == min(there, back)


@given(arcs)
def test_a_link_never_promises_more_than_either_arc(given_arcs):
    joints = [joint for joint in joined_arcs(given_arcs) if joint.back is not None]
    for joint, link in zip(joints, joined_links(joints, "x"), strict=True):
        assert link.capacity_gbps == min(arc.capacity_gbps for arc in joint.arcs)


def test_parallel_arcs_that_agree_find_each_other():
    rows = [("A", "B", 1.0), ("A", "B", 9.0), ("B", "A", 9.0), ("B", "A", 1.0)]
    joints = joined_arcs(
        [
            Arc(name=f"e{n}", source=a, target=z, capacity_gbps=gbps)
            for n, (a, z, gbps) in enumerate(rows)
        ]
    )
    assert [(joint.there.name, joint.back.name) for joint in joints] == [("e0", "e3"), ("e1", "e2")]
