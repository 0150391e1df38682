import numpy as np
import pytest

from arterial.fabric.failures import Failure
from arterial.plan.store import read_plan
from arterial.prove.backup import installed, routed
from arterial.prove.cases import compile_cases, failures_of, without
from arterial.prove.criticality import Loss, any_delay, criticality, spread_of
from arterial.prove.in_time import share_in_time
from arterial.prove.outage import outage_of
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables


@pytest.fixture(scope="module")
def plan(drill_plan):
    return read_plan(drill_plan)


@pytest.fixture(scope="module")
def losses(plan):
    return {(loss.kind, loss.element): loss for loss in criticality(compile_tables(plan))}


def replayed(plan, out):
    """Gb/s lost and ended, people lost: the slow way, tunnel by tunnel, room left out."""
    book = register(plan)
    carried = dict.fromkeys(book.demands, 0.0)
    down = {site for kind, site, _ in out if kind == "site"}

    def stands(tunnel):
        sites = {tunnel.source, tunnel.target}
        for name, _ in book.routes[tunnel.name]:
            sites |= {book.links[name].a, book.links[name].z}
            if all(not book.needs[wave.name].isdisjoint(out) for wave in book.waves[name]):
                return False
        return down.isdisjoint(sites)

    for tunnel in plan.tunnels:
        if tunnel.protects and stands(book.tunnels[tunnel.protects]):
            continue
        if stands(tunnel):
            carried[tunnel.demand] += tunnel.rate_gbps
    homes = {row.market: row.site for row in plan.replicas}
    lost = ended = 0.0
    unanswered = {}
    for demand in plan.demands:
        own = {homes[demand.market]} if demand.market else {demand.source, demand.target}
        if not down.isdisjoint(own):
            ended += demand.gbps
        else:
            gone = 1.0 - carried[demand.name] / demand.gbps
            lost += gone * demand.gbps
            if demand.market:
                unanswered[demand.market] = max(unanswered.get(demand.market, 0.0), gone)
    people = {market.name: market.people for market in plan.network.markets}
    return lost, ended, sum(people[name] * share for name, share in unanswered.items())


def test_losses_are_those_of_a_naive_replay(plan, losses):
    for (kind, name), loss in losses.items():
        failure = (
            Failure(name=name, kind="site", site=name)
            if kind == "site"
            else Failure(name=name, kind="fibre", fibres=(name,))
        )
        lost, ended, people = replayed(plan, outage_of(failure))
        assert loss.ended_gbps == pytest.approx(ended)
        # Room is counted as well: what a link cannot take is lost on top.
        assert loss.lost_gbps >= lost - 1e-6
        assert loss.people_lost == pytest.approx(people, abs=1e-3)


def test_losses_agree_with_the_prover_case_by_case(plan, losses):
    tables = compile_tables(plan)
    cases = compile_cases(tables, failures_of(tables))
    swept = sweep(tables, register(plan), cases, lambda *_: None)
    seen = 0
    for case, failure in enumerate(cases.failures):
        if failure is None or failure.kind not in ("site", "fibre"):
            continue
        name = failure.site or failure.fibres[0]
        stands = ~swept.cut_off[case]
        lost = float(tables.demands.gbps[stands] @ (1.0 - swept.share[case][stands]))
        loss = losses.get((failure.kind, name))
        if loss is None:  # neither traffic nor light is there
            assert (stands.all(), lost) == (True, 0.0)
            continue
        assert loss.lost_gbps + loss.late_gbps == pytest.approx(lost, abs=1e-6)
        seen += 1
    assert seen > 10


def test_the_proof_tells_the_same_of_lost_ends(plan, losses):
    for row in prove(plan).cut_off:
        kind, _, name = row.case.partition(" ")
        if kind == "site":
            assert losses[kind, name].ended_gbps == pytest.approx(row.gbps)


def test_nobody_goes_without_answer_in_a_plan_that_is_proved(losses):
    assert max(loss.people_lost + loss.people_late for loss in losses.values()) < 1e-3


def lost(site, gbps):
    return Loss(
        kind="site", element=site, lost_gbps=gbps, late_gbps=0.0, ended_gbps=0.0, people_lost=gbps,
        people_late=0.0, people_ended=0.0,
    )  # fmt: skip


def test_one_that_loses_all_is_all_of_the_spread():
    one = spread_of([lost("a", 0.0), lost("b", 0.0), lost("c", 0.0), lost("d", 8.0)], 100.0)
    assert (one.critical, one.top, one.top_share, one.gini) == (1, "d", 1.0, 0.75)


def test_equal_losses_have_no_spread():
    even = spread_of([lost("a", 5.0), lost("b", 5.0)], 100.0)
    assert (even.critical, even.top_share, even.gini) == (2, 0.5, 0.0)


def test_nothing_lost_names_nobody():
    none = spread_of([lost("a", 0.0)], 100.0)
    assert (none.critical, none.top, none.top_gbps, none.gini) == (0, "", 0.0, 0.0)


@pytest.fixture(scope="module")
def doubled(doubled_plan):
    return read_plan(doubled_plan)


def test_with_a_further_cut_goes_what_a_replay_of_both_says(doubled):
    """Twin: every element and every further fibre by itself, through the sweep of single cases."""
    tables = compile_tables(doubled)
    free = any_delay(tables)
    found = criticality(tables)
    used = {hop.fibre for hop in doubled.lightpath_hops}
    failures = [
        Failure(name=one.element, kind="site", site=one.element)
        if one.kind == "site"
        else Failure(name=one.element, kind="fibre", fibres=(one.element,))
        for one in found
    ]
    cases, ready = compile_cases(tables, failures), installed(free)
    for row, loss in enumerate(found[::4]):
        others = sorted(used - {loss.element})
        told = {}
        for name in others:
            both = without(tables, cases.only(4 * row + 1), frozenset({("fibre", name, 0)}))
            share = np.minimum(share_in_time(free, routed(ready, both))[0], 1.0)
            share[(both.site_down @ tables.demands.own_end.T)[0]] = 1.0
            told[name] = float(tables.demands.gbps @ (1.0 - share))
        further = loss.further
        assert further.cuts == len(others)
        assert further.losing == sum(gbps > 1e-6 for gbps in told.values())
        assert further.worst_gbps == pytest.approx(max(told.values()))
        assert told[further.worst_cut] == pytest.approx(max(told.values()))
        assert further.worst_gbps >= loss.lost_gbps - 1e-6


def test_pairs_are_counted_once_and_the_proof_says_who_goes_without_answer(doubled):
    tables = compile_tables(doubled)
    losses = [loss for loss in criticality(tables) if loss.kind == "fibre"]
    spread = spread_of(losses, float(tables.demands.gbps.sum()))
    assert spread.pairs == len(losses) * (len(losses) - 1) // 2
    # People outlive any two cuts but those after which no network serves them.
    assert spread.pairs_unanswered <= len(prove(doubled).excepted)
    assert 0 < spread.pairs_losing < spread.pairs


def test_no_further_cut_is_tried_where_no_rule_speaks_of_two(losses):
    assert {loss.further for loss in losses.values()} == {None}
    assert spread_of(list(losses.values()), 1.0).pairs == 0
