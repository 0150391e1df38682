import pytest

from arterial.prove.proof import prove


def test_each_link_names_the_case_that_fills_it(ring):
    links = {row.link: row for row in prove(ring).worst_links}
    assert set(links) == {f"L{i}" for i in range(5)}
    assert links["L2"].utilisation == pytest.approx(300 / 400)
    assert links["L2"].worst_case == "router S2/1"
    assert links["L2"].normal_utilisation == pytest.approx(300 / 800)
    # F2 cut: sync's 100 and save's 50 go the other way round over L1.
    assert links["L1"].worst_case == "fibre F2"
    assert links["L1"].load_gbps == pytest.approx(150.0)


def test_each_class_names_its_worst_hit_demand_and_what_is_dropped(ring):
    classes = {(row.traffic_class, row.kind): row for row in prove(ring).worst_classes}
    sync = classes["sync", "fibre"]
    assert (sync.carried, sync.worst_case, sync.demand) == (0.5, "fibre F2", "given sync S2 > S3")
    assert sync.dropped_gbps == pytest.approx(100.0)
    assert sync.rtt_case == "fibre F2", "the long way round is the late one"
    assert classes["inference", "site"].carried == 1.0


def test_a_kind_that_nothing_promises_is_told_too(ring):
    kinds = {row.kind for row in prove(ring).worst_classes if row.traffic_class == "sync"}
    assert kinds == {"fibre", "srlg", "router", "site", "edge"}
