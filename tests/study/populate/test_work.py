"""Work follows campuses and markets: who trains with whom, who stores, who rolls out."""

from arterial.model.site import Campus, Market
from arterial.study.populate.work import hubs_of, work_of

PLACES = {
    "big": (33.0, -97.0),
    "close": (33.0, -96.0),
    "apart": (36.0, -90.0),
    "far": (45.0, -120.0),
    "NY": (40.7, -74.0),
    "Tokyo": (35.7, 139.7),
    "Dallas": (32.8, -96.8),
}
CAMPUSES = tuple(
    Campus(name=name, site=name, mw=100.0, mw_planned=planned)
    for name, planned in (("close", 900.0), ("big", 2000.0), ("apart", 500.0), ("far", 400.0))
)
MARKETS = tuple(
    Market(name=name, site=name, people=people)
    for name, people in (("Tokyo", 3e7), ("NY", 2e7), ("Dallas", 8e6))
)


def test_the_largest_campus_trains_with_the_nearest_beyond_500_km():
    work, loads = work_of(MARKETS, CAMPUSES, PLACES)
    by_name = {entry.name: entry for entry in work}
    assert by_name["sync"].sites == ("big", "apart")
    assert by_name["ingest"].hubs == ("NY", "Dallas")
    assert by_name["rollout"].origin == "big"
    assert by_name["checkpoint"].apart_km == 500.0
    assert [load.name for load in loads] == ["draft", "stress"]
    assert set(loads[0].workloads) == set(by_name)
    assert loads[1].scale == {"inference": 50.0}
    assert all("ASSUMPTION" in entry.source for entry in (*work, *loads))


def test_without_campuses_people_ask_and_without_people_campuses_train():
    work, _ = work_of(MARKETS, (), PLACES)
    assert [entry.name for entry in work] == ["inference"]
    work, loads = work_of((), CAMPUSES[:2], PLACES)
    assert [entry.name for entry in work] == ["sync", "checkpoint"]
    assert work[0].sites == ("big", "close")
    assert work[1].apart_km == 0.0
    assert loads[1].scale == {}
    assert work_of((), (), PLACES) == ((), ())


def test_hubs_are_the_largest_near_or_the_largest_of_all():
    assert hubs_of(["Tokyo"], "big", PLACES) == ("Tokyo",)
    assert hubs_of(["Tokyo", "NY", "Dallas"], "big", PLACES, 1) == ("NY",)
