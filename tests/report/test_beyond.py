import msgspec
import pytest

from arterial.plan.verdict import Beyond, NoWay, Parting
from arterial.report.beyond import beyond_rows, no_way_rows
from arterial.report.page import render

ROW = Beyond(
    kind="fibre2",
    traffic_class="inference",
    policy="ecmp",
    cases=6105,
    keeps_all=5955,
    keeps_share=6000,
    carried=0.25,
    carried_mean=0.9994,
    worst_case="fibre Dallas-Miami + fibre Atlanta-Miami",
    demand="inference-down Miami",
    dropped_gbps=18.3,
    no_way=51,
    verified=44,
    refused=0,
)
PARTINGS = (
    Parting(fibres=("Dallas-Miami", "Atlanta-Miami"), sites=("Miami",), markets=("Miami",)),
    Parting(fibres=("Seattle-Salt_Lake_City",), sites=("Seattle",), markets=()),
)
LOST = NoWay(
    kind="maintenance",
    case="work on fibre Dallas-Miami, then router Atlanta/1",
    demands=2,
    gbps=66.0,
    markets=("Miami",),
)


@pytest.fixture
def asked(proof):
    return msgspec.structs.replace(proof, beyond=(ROW,), no_way=(LOST,), partings=PARTINGS)


def test_counts_of_cases_are_told_as_shares_of_them(asked):
    (row,) = beyond_rows(asked)
    assert (row.out, row.way, row.known) == ("two fibres", "shortest paths (ECMP)", True)
    assert row.keeps_all == pytest.approx(5955 / 6105)
    assert row.keeps_share == pytest.approx(6000 / 6105)
    assert [out for out, _ in no_way_rows(asked)] == ["work, then a failure"]


def test_the_page_tells_every_case_by_name(plan, asked):
    html = render(plan, asked)
    for words in (
        "fibre Dallas-Miami + fibre Atlanta-Miami",
        "97.5 %",
        "inference-down Miami; the class loses 18.3 Gb/s",
        "work on fibre Dallas-Miami, then router Atlanta/1",
        "Dallas-Miami + Atlanta-Miami",
        "All 2 by name",
    ):
        assert words in html
    assert "arterial prove PLAN --beyond" not in html


def test_a_refused_figure_is_unknown_on_the_page(plan, proof):
    refused = msgspec.structs.replace(ROW, verified=40, refused=4)
    html = render(plan, msgspec.structs.replace(proof, beyond=(refused,)))
    assert "4 refused" in html
    assert '<td class="n" data-v="0.25">unknown</td>' in html


def test_what_was_not_asked_is_told_with_how_to_ask(plan, proof):
    assert "arterial prove PLAN --beyond" in render(plan, proof)
    # A proof of the first version has no such table: that is no word that nothing parts it.
    assert "part the network" not in render(plan, proof)
    assert "Without a proof nothing is known of them" in render(plan, None)
    assert beyond_rows(None) == no_way_rows(None) == ()
