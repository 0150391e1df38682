import numpy as np
import pytest

from arterial.routing.candidates import candidates
from arterial.routing.churn import before_of
from arterial.routing.classes import route_classes
from arterial.routing.growth import Asked
from arterial.routing.realised import Limits, realised
from arterial.routing.segments import segment_counts
from arterial.routing.supply import Listed

SEEDS = range(12)


def made(world, objective, limits, *, k=0):
    task = world.task
    if k:
        task = world.over(Listed(candidates(world.ways, [], k), len(world.demand)))
    found = route_classes(task, objective)
    return found, realised(task, objective, found, limits, Asked(), igp=world.igp, ways=world.ways)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("objective", ["throughput", "mlu", "fair", "latency"])
@pytest.mark.parametrize("k", [0, 3])
def test_all_limits_are_kept_together_and_each_tells_what_is_left(
    world_of, checked, seed, objective, k
):
    world = world_of(seed, classes=2, bounded=0.3)
    limits = Limits(sids=2, tunnels=2, buckets=4)
    found, answer = made(world, objective, limits, k=k)
    checked(world, answer.paths, answer.rate_gbps, room=objective != "mlu")
    assert (segment_counts(world.igp, answer.paths) <= 2).all()
    assert np.bincount(answer.paths.demand).max(initial=0) <= 2
    sent = answer.paths.by_demand(answer.rate_gbps, len(world.demand))
    parts = 4.0 * answer.rate_gbps / sent[answer.paths.demand]
    assert parts == pytest.approx(np.round(parts), abs=1e-9)
    assert [step.name for step in answer.steps] == ["optimum", "sids 2", "tunnels 2", "buckets 4"]
    last = answer.steps[-1]
    assert last.carried_gbps == pytest.approx(answer.carried_gbps.sum())
    if objective == "throughput":
        assert answer.value <= found.bound + 1e-6
    if objective == "mlu" and len(np.unique(answer.paths.demand)) == len(
        np.unique(found.paths.demand)
    ):
        assert answer.value >= found.bound - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_without_limits_the_best_stays_as_it_is(world_of, seed):
    world = world_of(seed, classes=2)
    found, answer = made(world, "throughput", Limits())
    assert answer.rate_gbps.tolist() == found.rate_gbps.tolist()
    assert [step.name for step in answer.steps] == ["optimum"]
    assert np.isnan(answer.overload)
    assert np.isnan(answer.moved_gbps)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("churn", [0.0, 0.2, None])
def test_moves_stay_within_their_limit_or_it_is_told(world_of, checked, seed, churn):
    world = world_of(seed, classes=2)
    old = route_classes(world.task, "mlu")
    before = before_of(old.paths, old.rate_gbps, world.demand, world.room)
    limits = Limits(before=before, churn=churn, tunnels=2)
    _, answer = made(world, "throughput", limits)
    checked(world, answer.paths, answer.rate_gbps)
    if churn is not None and answer.within:
        assert answer.moved_gbps <= churn * before.total_gbps * (1 + 1e-5) + 1e-6
    assert np.bincount(answer.paths.demand).max(initial=0) <= 2
