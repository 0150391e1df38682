"""Replicas that markets keep busy: requests at the peak over what one replica answers."""

import pytest
from msgspec import structs

from arterial.demand.flows import demands
from arterial.demand.serving import answers_name, busy_replicas, gpu_prices, models_of
from arterial.model.network import Network
from arterial.model.reader import load_network
from arterial.model.site import Market, Site
from arterial.model.workload import Inference, Load, ReplicaNeed
from arterial.plan.rows import Replica

NEED = ReplicaNeed(model="large", gpus=8, kw=10.0, requests_per_s=20.0)


def people(name, **said):
    return Inference(
        name=name,
        traffic_class="inference",
        requests_per_person_day=8.64,
        megabytes_down=1.0,
        megabytes_up=1.0,
        peak_to_mean=2.0,
        **said,
    )


@pytest.fixture
def network():
    return Network(
        name="two",
        sites=(Site(name="A"),),
        markets=(Market(name="town", site="A", people=1e6),),
        workloads=(
            people("chat", replica=NEED),
            people("code", replica=structs.replace(NEED, requests_per_s=40.0)),
            people("mail"),
        ),
        loads=(Load(name="all", workloads=("chat", "code", "mail"), scale={"code": 3.0}),),
    )


def test_a_market_keeps_its_peak_over_a_replica_s_rate_busy(network):
    # 8.64 requests a day and person are 100 a second for a million, 200 at the peak.
    found = {row.workload: row.replicas for row in busy_replicas(network, "all")}
    assert found == {"chat": pytest.approx(10.0), "code": pytest.approx(15.0)}


def test_workloads_of_one_model_share_it_and_others_are_not_counted(network):
    assert models_of(network, "all") == (NEED,)
    bare = structs.replace(network, workloads=(people("chat"), people("code"), people("mail")))
    assert (models_of(bare, "all"), busy_replicas(bare, "all")) == ((), ())


def test_answers_are_found_by_the_name_of_their_demand(drill):
    network = load_network(drill)
    rows = [
        Replica(
            market=one.name,
            site=one.site,
            edge="Fir",
            failover="Birch",
            rtt_ms=1.0,
            failover_rtt_ms=1.0,
        )
        for one in network.markets
    ]
    names = {row.name: row for row in demands(network, "base", rows)}
    for one in network.markets:
        row = names[answers_name("people", one.name)]
        assert (row.market, row.to_market) == (one.name, True)


def test_a_site_s_own_price_counts_before_the_network_s(network):
    priced = structs.replace(network, costs=structs.replace(network.costs, gpu_year=2.0, years=3.0))
    assert gpu_prices(priced, Site(name="A")) == (6.0, 0.0)
    assert gpu_prices(priced, Site(name="A", gpu_year=0.0, gpu_kw_year=1.0)) == (0.0, 3.0)
