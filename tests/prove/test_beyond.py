import math

import msgspec
import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.prove import beyond as module
from arterial.prove.beyond import WORST, beyond, summaries, worst_cases
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.doubles import doubles_of
from arterial.prove.igp import spreads
from arterial.prove.keeping import engines_of
from arterial.prove.promised import promises_of
from arterial.prove.proof import prove
from arterial.prove.register import register
from arterial.prove.spread import verify_spreads
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables


def found_in(plan):
    tables, book = compile_tables(plan), register(plan)
    pairs = doubles_of(tables, compile_cases(tables, failures_of(tables)))
    return beyond(engines_of(tables), pairs, book, promises_of(plan), silent)


@pytest.fixture(scope="module")
def found(ring):
    return found_in(ring)


@pytest.fixture(scope="module")
def verified(ring, found):
    """Every pair's shares by the verifiers, float (F, K) by moment; and demands cut off."""
    tables, book = found.engines.tables, register(ring)
    cases = found.doubles.cases(np.arange(len(found.doubles)))
    swept = sweep(tables, book, cases, silent)
    anew = np.zeros_like(swept.share)
    for case, out in enumerate(cases.outages):
        told = spreads(found.engines.igp, cases.only(case))
        check = verify_spreads(book, out, told, failed=True)
        assert check.violations == ()
        anew[case] = [check.share[name] for name in tables.demands.names]
    assert swept.refused == {}
    return {"backup": swept.share, "ecmp": anew}, swept.cut_off


def expected(ring, found, verified, row):
    """(case, least share, promise, dropped) of every case that a row is about."""
    shares, cut_off = verified
    demands, doubles = ring.demands, found.doubles
    keeps = {
        kind: rule.keep
        for rule in ring.network.policy.rules
        if row.traffic_class in rule.classes
        for kind in rule.after
    }
    for case in range(len(doubles)):
        failure = doubles.singles.failures[doubles.second[case]]
        own = [
            k
            for k, demand in enumerate(demands)
            if demand.traffic_class == row.traffic_class and not cut_off[case, k]
        ]
        if doubles.kind(case) == row.kind and failure.kind in keeps and own:
            share = shares[row.policy][case, own]
            gbps = np.array([demands[k].gbps for k in own])
            yield case, share.min(), keeps[failure.kind], (gbps * (1.0 - share)).sum()


def test_every_figure_of_the_ring_is_what_the_verifiers_find_in_every_case(ring, found, verified):
    rows = list(summaries(found))
    assert len(rows) == 2 * 3 * 2
    for row in rows:
        said = list(expected(ring, found, verified, row))
        assert row.cases == len(said)
        assert row.keeps_all == sum(share >= 1.0 - 1e-6 for _, share, _, _ in said)
        assert row.keeps_share == sum(share >= keep - 1e-6 for _, share, keep, _ in said)
        assert row.carried == pytest.approx(min(share for _, share, _, _ in said))
        worst = [lost for _, share, _, lost in said if share <= row.carried + 1e-9]
        assert row.dropped_gbps == pytest.approx(max(worst))
        names = {found.doubles.name(case): share for case, share, _, _ in said}
        assert names[row.worst_case] == pytest.approx(row.carried)
        assert 0 < row.verified <= row.cases
        assert row.refused == 0


def test_the_worst_cases_are_told_worst_first_and_are_verified(found):
    told = list(worst_cases(found))
    for row in summaries(found):
        own = [
            one
            for one in told
            if (one.kind, one.traffic_class, one.policy)
            == (row.kind, row.traffic_class, row.policy)
        ]
        assert 0 < len(own) <= WORST
        assert (own[0].case, own[0].carried) == (row.worst_case, row.carried)
        assert [one.carried for one in own] == sorted(one.carried for one in own)
        assert all(one.verified for one in own)


def test_two_cuts_of_a_ring_leave_somebody_no_way(found):
    rows = {(r.kind, r.traffic_class): r for r in summaries(found) if r.policy == "ecmp"}
    # Sync from S2 to S3 has no way when F2 is cut and any other span with it; the market when it is
    # parted from both S1 and S4: F0 and F4.
    assert rows["fibre2", "sync"].no_way == 4
    assert rows["fibre2", "inference"].no_way == 1


def test_a_wrong_engine_is_refused_and_its_figures_are_not_verified(ring, monkeypatch):
    right = module.kept

    def wrong(engines, cases, into, rows):
        right(engines, cases, into, rows)
        into.least[:, rows] = np.minimum(into.least[:, rows], 0.5) + 0.25

    monkeypatch.setattr(module, "kept", wrong)
    rows = list(summaries(found_in(ring)))
    assert all(row.verified == 0 and row.refused > 0 for row in rows)


def test_a_proof_tells_it_on_demand_and_the_verdict_stays(ring, margin_db):
    plain = prove(ring, margin_db=margin_db)
    told = prove(ring, margin_db=margin_db, two_losses=True)
    assert plain.beyond == plain.beyond_worst == plain.no_way == ()
    assert (told.verdict, told.gates) == (plain.verdict, plain.gates)
    assert len(told.beyond) == 12
    again = prove(ring, margin_db=margin_db, two_losses=True)
    assert msgspec.json.encode(again) == msgspec.json.encode(told)
    assert not any(math.isnan(row.carried) for row in told.beyond)


def test_a_plan_that_carries_nothing_has_nothing_to_tell(ring):
    empty = msgspec.structs.replace(ring, demands=(), tunnels=(), tunnel_hops=(), replicas=())
    assert prove(empty, two_losses=True).beyond == ()


def test_a_missing_length_keeps_nothing_of_a_class_with_a_bound(ring):
    fibres = tuple(msgspec.structs.replace(f, length_km=None) for f in ring.network.fibres)
    plan = msgspec.structs.replace(
        ring, network=msgspec.structs.replace(ring.network, fibres=fibres)
    )
    rows = prove(plan, two_losses=True).beyond
    assert {row.keeps_all for row in rows if row.traffic_class == "inference"} == {0}
    assert any(row.keeps_all for row in rows if row.traffic_class == "sync")
    assert sum(row.refused for row in rows) == 0
