"""A plan of a small US backbone, put together by hand: no engine is needed to test a page."""

import math

import pytest

from arterial.model.fibre import Fibre
from arterial.model.network import Network
from arterial.model.site import Campus, Market, Site
from arterial.plan.plan import Plan
from arterial.plan.rows import (
    BillItem,
    Demand,
    IpLink,
    Lightpath,
    LightpathHop,
    LitFibre,
    Replica,
    Tunnel,
    TunnelHop,
)
from arterial.plan.verdict import CutOff, Gate, Proof, WorstClass, WorstLink
from arterial.units import fibre_delay_ms, great_circle_km

CITIES = {
    "Seattle": (47.61, -122.33, ("junction", "edge"), 4.0e6),
    "San_Jose": (37.34, -121.89, ("junction", "edge", "market"), 6.6e6),
    "Los_Angeles": (34.05, -118.24, ("junction", "edge", "market"), 12.8e6),
    "Salt_Lake_City": (40.76, -111.89, ("junction",), 0.0),
    "Phoenix": (33.45, -112.07, ("junction", "candidate-edge", "market"), 5.1e6),
    "Denver": (39.74, -104.99, ("junction", "edge", "market"), 3.0e6),
    "Dallas": (32.78, -96.80, ("junction", "edge", "market"), 8.1e6),
    "Abilene_Campus": (32.50, -99.78, ("campus",), 0.0),
    "Kansas_City": (39.10, -94.58, ("junction",), 0.0),
    "Chicago": (41.88, -87.63, ("junction", "edge", "market"), 9.3e6),
    "Atlanta": (33.75, -84.39, ("junction", "edge", "market"), 6.3e6),
    "Miami": (25.76, -80.19, ("junction", "candidate-edge", "market"), 6.2e6),
    "Washington_DC": (38.91, -77.04, ("junction", "edge", "market"), 6.3e6),
    "New_York": (40.71, -74.01, ("junction", "edge", "market"), 19.5e6),
}
ROUTES = (
    ("Seattle", "San_Jose"), ("Seattle", "Salt_Lake_City"), ("San_Jose", "Los_Angeles"),
    ("San_Jose", "Salt_Lake_City"), ("Los_Angeles", "Phoenix"), ("Phoenix", "Dallas"),
    ("Salt_Lake_City", "Denver"), ("Denver", "Kansas_City"), ("Denver", "Dallas"),
    ("Dallas", "Abilene_Campus"), ("Phoenix", "Abilene_Campus"), ("Kansas_City", "Chicago"),
    ("Kansas_City", "Dallas"), ("Dallas", "Atlanta"), ("Chicago", "Atlanta"),
    ("Chicago", "New_York"), ("Atlanta", "Miami"), ("Atlanta", "Washington_DC"),
    ("Washington_DC", "New_York"), ("Chicago", "Washington_DC"), ("Dallas", "Miami"),
)  # fmt: skip
STATUSES = ("existing", "existing", "existing", "leasable")


def route_km(a, z):
    lat_a, lon_a, *_ = CITIES[a]
    lat_z, lon_z, *_ = CITIES[z]
    return round(1.2 * great_circle_km(lat_a, lon_a, lat_z, lon_z), 1)


def us_network(**changes):
    fibres = tuple(
        Fibre(name=f"{a}-{z}", a=a, z=z, length_km=route_km(a, z), status=STATUSES[i % 4],
              source="ASSUMPTION: 1.2 x great circle")
        for i, (a, z) in enumerate(ROUTES)
    )  # fmt: skip
    said = {
        "name": "us-small",
        "title": "A small US backbone",
        "sites": tuple(
            Site(name=name, lat=lat, lon=lon, roles=roles)
            for name, (lat, lon, roles, _) in CITIES.items()
        ),
        "fibres": fibres,
        "markets": tuple(
            Market(name=name, site=name, people=people)
            for name, (_, _, _, people) in CITIES.items()
            if people
        ),
        "campuses": (Campus(name="Abilene", site="Abilene_Campus", mw=295.0, mw_planned=2121.0),),
        "notes": ("Every length is a model: 1.2 x great circle.",),
    }
    return Network(**(said | changes))


def us_plan(network=None, *, waves=3, **changes):
    """Waves on every fibre route but the last two, one IP link a route."""
    network = network or us_network()
    lit = network.fibres[:-2]
    count = {fibre.name: 1 + (i * 7 + waves) % (2 * waves) for i, fibre in enumerate(lit)}
    links = tuple(
        IpLink(name=f"{fibre.a}--{fibre.z}", a=fibre.a, z=fibre.z, waves=count[fibre.name],
               capacity_gbps=400.0 * count[fibre.name], length_km=fibre.length_km,
               latency_ms=1.37 * fibre_delay_ms(fibre.length_km) + 0.01,
               floor_ms=fibre_delay_ms(fibre.length_km))
        for fibre in lit
    )  # fmt: skip
    named = [(link, fibre, wave) for link, fibre in zip(links, lit, strict=True)
             for wave in range(1, link.waves + 1)]  # fmt: skip
    paths = tuple(
        Lightpath(name=f"{link.name}/{wave}", link=link.name, mode="OpenZR+ 400G", rate_gbps=400.0,
                  slot_ghz=75.0, router_a=1 + wave % 2, router_z=1 + wave % 2,
                  regenerators=(), gsnr_db=30.0 - fibre.length_km / 250, osnr_db=24.0,
                  margin_db=6.0 - fibre.length_km / 250, watts=47.0)
        for link, fibre, wave in named
    )  # fmt: skip
    rows = {
        "network": network,
        "load": "draft",
        "seed": 7,
        "input_hash": "0" * 64,
        "versions": {"arterial": "0.1.0", "highspy": "1.15.1"},
        "cost": 2.0 * sum(count.values()) + 60.0,
        "bound": 1.9 * sum(count.values()) + 55.0,
        "gap": 0.062,
        "bound_scope": "paths",
        "bound_note": "the candidate lightpaths over three diverse routes were fixed first",
        "status": "gap",
        "lightpaths": paths,
        "lightpath_hops": tuple(
            LightpathHop(lightpath=path.name, hop=1, fibre=fibre.name, forward=True, pair=1,
                         centre_ghz=191_400.0 + 75.0 * wave)
            for path, (_, fibre, wave) in zip(paths, named, strict=True)
        ),
        "ip_links": links,
        "lit_fibres": tuple(
            LitFibre(fibre=fibre.name, pairs=1, new_pairs=1, fill=count[fibre.name] * 75.0 / 4800.0)
            for fibre in lit
        ),
        "bill": (
            BillItem(item="pluggable", where="Dallas", kind="OpenZR+ 400G",
                     quantity=2.0 * len(paths), unit_cost=1.0, cost=2.0 * len(paths)),
            BillItem(item="edge site", where="New_York", kind="edge", quantity=1.0,
                     unit_cost=20.0, cost=20.0),
            BillItem(item="fibre pair", where="Dallas-Atlanta", kind="leasable", quantity=1.0,
                     unit_cost=40.0, cost=40.0),
        ),
        **served(network, links),
    }  # fmt: skip
    return Plan(**(rows | changes))


def served(network, links):
    """Each market with an edge is answered at home, and from the nearest edge one link away."""
    edges = {site.name for site in network.sites if {"edge", "candidate-edge"} & set(site.roles)}
    rows = [
        answered(market, min(near, key=lambda link: link.latency_ms))
        for market in network.markets
        for near in [[link for link in links if leads(link, market.site, edges)]]
        if near and market.site in edges
    ]
    return {
        "replicas": tuple(replica for replica, *_ in rows),
        "demands": tuple(demand for _, demand, *_ in rows),
        "tunnels": tuple(tunnel for *_, tunnels, _ in rows for tunnel in tunnels),
        "tunnel_hops": tuple(hop for *_, hop in rows),
    }


def leads(link, site, edges):
    return site in {link.a, link.z} and {link.a, link.z} - {site} <= edges


def answered(market, link):
    home, gbps = market.site, market.people / 1e6
    away = link.z if link.a == home else link.a
    near_ms, away_ms = 1.04, 2 * (link.latency_ms + 0.04 + 0.5)
    name = f"inference-down {market.name}"
    ends = {"demand": name, "target": home, "rate_gbps": gbps}
    replica = Replica(
        market=market.name,
        site=home,
        edge=home,
        failover=away,
        rtt_ms=near_ms,
        failover_rtt_ms=away_ms,
    )
    demand = Demand(
        name=name,
        traffic_class="inference",
        source=home,
        target=home,
        gbps=gbps,
        market=market.name,
        to_market=True,
        access_ms=0.5,
    )
    tunnels = (
        Tunnel(name=f"{name}/1", source=home, rtt_ms=near_ms, **ends),
        Tunnel(name=f"{name}/1b", source=away, rtt_ms=away_ms, protects=f"{name}/1", **ends),
    )
    hop = TunnelHop(tunnel=f"{name}/1b", hop=1, link=link.name, forward=link.a == away)
    return replica, demand, tunnels, hop


def gate(**changes):
    said = {"name": "inference keeps 100 %", "traffic_class": "inference", "load": "draft",
            "policy": "backup", "value": 1.0, "limit": 1.0, "unit": "share", "verdict": "proved",
            "worst_case": "fibre Dallas-Atlanta", "cases": 120}  # fmt: skip
    return Gate(**(said | changes))


def us_proof(plan=None, *, verdict="proved", gates=None, **changes):
    plan = plan or us_plan()
    said = {
        "verdict": verdict,
        "cases": 120,
        "plan_hash": "1" * 64,
        "gates": gates or (gate(), gate(name="in 20 ms", value=12.3, limit=20.0, unit="ms"),
                           gate(name="sync keeps 50 %", traffic_class="sync", policy="best_lp",
                                value=0.71, limit=0.5)),
        "worst_links": tuple(
            WorstLink(link=link.name, load_gbps=link.capacity_gbps * (0.04 + 0.055 * i),
                      utilisation=0.04 + 0.055 * i, worst_case="fibre Dallas-Atlanta",
                      normal_utilisation=0.02 + 0.03 * i)
            for i, link in enumerate(plan.ip_links)
        ),
        "worst_classes": (
            WorstClass(traffic_class="inference", kind="fibre", carried=1.0,
                       worst_case="fibre Dallas-Atlanta", demand="inference-down Dallas",
                       rtt_ms=12.3, rtt_case="fibre Dallas-Atlanta", dropped_gbps=0.0),
            WorstClass(traffic_class="sync", kind="srlg", carried=0.71, worst_case="srlg duct-1",
                       demand="sync a-b", rtt_ms=math.nan, rtt_case="", dropped_gbps=464.0),
        ),
        "cut_off": (CutOff(case="site Miami", demands=2, gbps=7.4),),
        "seconds": 1.5,
    }  # fmt: skip
    return Proof(**(said | changes))


@pytest.fixture
def plan():
    return us_plan()


@pytest.fixture
def proof(plan):
    return us_proof(plan)


@pytest.fixture(scope="session")
def builders():
    """Builders of networks, plans, gates and proofs with something changed."""
    return {"network": us_network, "plan": us_plan, "gate": gate, "proof": us_proof}
