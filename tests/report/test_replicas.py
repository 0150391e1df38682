from arterial.report.replicas import edges


def test_every_market_is_answered_first_and_on_fail_over_by_one_edge(plan):
    rows = edges(plan)
    answered = sorted(replica.market for replica in plan.replicas)
    assert sorted(market for row in rows for market in row.markets) == answered
    assert sorted(market for row in rows for market in row.failover_markets) == answered
    everybody = sum(m.people for m in plan.network.markets if m.name in answered)
    assert sum(row.people for row in rows) == everybody


def test_a_candidate_site_in_use_is_to_be_built(plan):
    standing = {row.edge: row.standing for row in edges(plan)}
    assert standing["Miami"] == "to be built"
    assert standing["Dallas"] == "stands"
