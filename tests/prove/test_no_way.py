import pytest

from arterial.prove.no_way import LISTED
from arterial.prove.proof import prove


@pytest.fixture(scope="module")
def told(ring):
    return prove(ring, two_losses=True).no_way


def test_a_market_parted_from_both_its_edges_is_told(told):
    parted = next(row for row in told if row.case == "fibre F0 + fibre F4")
    assert (parted.demands, parted.gbps, parted.markets) == (2, 66.0, ("M",))


def test_traffic_between_campuses_is_told_without_a_market(told):
    parted = next(row for row in told if row.case == "fibre F2 + fibre F3")
    # S3 is alone: sync to it has no way; the checkpoint goes on, the other way round.
    assert (parted.demands, parted.gbps, parted.markets) == (1, 200.0, ())


def test_the_worst_of_each_kind_come_first(told):
    for kind in ("fibre2", "maintenance"):
        own = [row.gbps for row in told if row.kind == kind]
        assert own == sorted(own, reverse=True)
        assert 0 < len(own) <= LISTED


def test_a_fibre_and_the_other_edge_s_site_leave_a_market_no_way(ring, monkeypatch):
    monkeypatch.setattr("arterial.prove.no_way.LISTED", 1000)
    told = prove(ring, two_losses=True).no_way
    lost = next(row for row in told if row.case == "work on fibre F0, then site S4")
    assert lost.markets == ("M",)
