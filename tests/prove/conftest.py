import msgspec
import pytest
from hypothesis import strategies as st

from arterial.model.cost import Costs
from arterial.model.fibre import Fibre, Link
from arterial.model.network import DemandRow, Network
from arterial.model.pluggable import Mode
from arterial.model.policy import Policy, Rule, TrafficClass
from arterial.model.site import Market, Site
from arterial.model.workload import Inference, Load
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

MODE = Mode(
    name="m400",
    module="m",
    rate_gbps=400.0,
    slot_ghz=75.0,
    osnr_db=20.0,
    watts=20.0,
    cost=1.0,
    status="ASSUMPTION",
    source="a test",
)
RING = 5
DOWN, UP = "people-down M", "people-up M"
SYNC, SAVE = "given sync S2 > S3", "given checkpoint S2 > S4"
NAN = float("nan")
COSTS = Costs(
    years=2.0,
    pair_km_year=0.005,
    amplifier_hut=1.5,
    roadm_degree=0.25,
    router_port=0.5,
    chassis=2.0,
    edge_site_year=3.0,
    watt_year=0.005,
)
RING_COST = RING * (4.0 + 2.0 + 4.0 + 0.8 + 1.0 + 1.5 + 0.5) + 2 * 6.0
"""Pluggables, ports, chassis, power, fibre, huts and ROADMs of each span and site; two edges."""


def _tunnel(name, demand, source, target, rate, protects=""):
    return Tunnel(
        name=name,
        demand=demand,
        source=source,
        target=target,
        rate_gbps=rate,
        protects=protects,
        rtt_ms=NAN,
    )


def _round(name, start, steps):
    """Hops round the ring from site ``start``: ``steps`` links, clockwise when positive."""
    way = [(start + i) % RING for i in range(steps)] if steps > 0 else []
    way = way or [(start - 1 - i) % RING for i in range(-steps)]
    return [
        TunnelHop(tunnel=name, hop=hop, link=f"L{link}", forward=steps > 0)
        for hop, link in enumerate(way)
    ]


def _ring_network():
    roles = ("junction", "campus", "edge")
    sites = tuple(
        Site(name=f"S{i}", roles=roles, ports=8, power_kw=1.0, slots=2) for i in range(RING)
    )
    fibres = tuple(
        Fibre(
            name=f"F{i}",
            a=f"S{i}",
            z=f"S{(i + 1) % RING}",
            length_km=100.0,
            risks=(f"duct {i}",),
        )
        for i in range(RING)
    )
    market = Market(name="M", site="S0", people=1e6)
    people = Inference(  # ten requests a second, 750 MB down and 75 MB up each
        name="people",
        traffic_class="inference",
        requests_per_person_day=0.864,
        megabytes_down=750.0,
        megabytes_up=75.0,
        peak_to_mean=1.0,
    )
    rows = (
        DemandRow(traffic_class="sync", source="S2", target="S3", gbps=200.0),
        DemandRow(traffic_class="checkpoint", source="S2", target="S4", gbps=100.0, transfer_h=0.5),
    )
    return Network(
        name="ring",
        sites=sites,
        fibres=fibres,
        markets=(market,),
        modes=(MODE,),
        costs=COSTS,
        workloads=(people,),
        loads=(Load(name="draft", workloads=("people",)),),
        demands={"draft": rows},
    )


def _ring_bill():
    """Every line that the ring needs, worked out by hand."""
    lines = [("pluggable", f"L{i}", "m400", 4.0, 1.0) for i in range(RING)]
    lines += [("router port", f"S{i}", "", 4.0, 0.5) for i in range(RING)]
    lines += [("chassis", f"S{i}", "", 2.0, 2.0) for i in range(RING)]
    lines += [("power", f"L{i}", "", 80.0, 0.01) for i in range(RING)]
    lines += [("fibre pair", f"F{i}", "existing", 1.0, 1.0) for i in range(RING)]
    lines += [("amplifier hut", f"F{i}", "existing", 1.0, 1.5) for i in range(RING)]
    lines += [("roadm degree", f"F{i}", "existing", 2.0, 0.25) for i in range(RING)]
    lines += [("edge site", edge, "existing", 2.0, 3.0) for edge in ("S1", "S4")]
    return tuple(
        BillItem(item=item, where=where, kind=kind, quantity=n, unit_cost=unit, cost=n * unit)
        for item, where, kind, n, unit in lines
    )


def _ring_waves():
    waves, hops = [], []
    for i in range(RING):
        for k in (1, 2):
            name = f"w{i}.{k}"
            waves.append(
                Lightpath(
                    name=name,
                    link=f"L{i}",
                    mode="m400",
                    rate_gbps=400.0,
                    slot_ghz=75.0,
                    router_a=k,
                    router_z=k,
                    regenerators=(),
                    gsnr_db=25.0,
                    osnr_db=20.0,
                    margin_db=5.0,
                    watts=40.0,
                )
            )
            hops.append(
                LightpathHop(
                    lightpath=name,
                    hop=0,
                    fibre=f"F{i}",
                    forward=True,
                    pair=1,
                    centre_ghz=191_300.0 + 75.0 * k,
                )
            )
    return tuple(waves), tuple(hops)


def _ring_traffic():
    users = {"traffic_class": "inference", "market": "M", "access_ms": 0.5}
    demands = (
        Demand(name=DOWN, source="S1", target="S0", gbps=60.0, to_market=True, **users),
        Demand(name=UP, source="S0", target="S1", gbps=6.0, **users),
        Demand(name=SYNC, traffic_class="sync", source="S2", target="S3", gbps=200.0),
        Demand(
            name=SAVE,
            traffic_class="checkpoint",
            source="S2",
            target="S4",
            gbps=100.0,
            transfer_h=0.5,
        ),
    )
    tunnels = (
        _tunnel("down/1", DOWN, "S1", "S0", 60.0),
        _tunnel("down/b", DOWN, "S4", "S0", 60.0, "down/1"),
        _tunnel("up/1", UP, "S0", "S1", 6.0),
        _tunnel("up/b", UP, "S0", "S4", 6.0, "up/1"),
        _tunnel("sync/1", SYNC, "S2", "S3", 200.0),
        _tunnel("sync/b", SYNC, "S2", "S3", 100.0, "sync/1"),
        _tunnel("save/1", SAVE, "S2", "S4", 100.0),
        _tunnel("save/b", SAVE, "S2", "S4", 50.0, "save/1"),
    )
    hops = (
        *_round("down/1", 1, -1),
        *_round("down/b", 4, 1),
        *_round("up/1", 0, 1),
        *_round("up/b", 0, -1),
        *_round("sync/1", 2, 1),
        *_round("sync/b", 2, -4),
        *_round("save/1", 2, 2),
        *_round("save/b", 2, -3),
    )
    return demands, tunnels, hops


def build_ring():
    """Five sites in a ring, 2 x 400 Gb/s a span, a market at S0 served from S1, else from S4."""
    waves, wave_hops = _ring_waves()
    demands, tunnels, tunnel_hops = _ring_traffic()
    links = tuple(
        IpLink(
            name=f"L{i}",
            a=f"S{i}",
            z=f"S{(i + 1) % RING}",
            waves=2,
            capacity_gbps=800.0,
            length_km=100.0,
            latency_ms=1.37 * 0.49 + 0.01,
            floor_ms=0.49,
        )
        for i in range(RING)
    )
    return Plan(
        network=_ring_network(),
        load="draft",
        seed=0,
        input_hash="",
        versions={},
        cost=RING_COST,
        bound=RING_COST,
        gap=0.0,
        bound_scope="network",
        status="gap",
        lightpaths=waves,
        lightpath_hops=wave_hops,
        ip_links=links,
        lit_fibres=tuple(
            LitFibre(fibre=f"F{i}", pairs=1, new_pairs=1, fill=0.1) for i in range(RING)
        ),
        replicas=(
            Replica(
                market="M", site="S0", edge="S1", failover="S4", rtt_ms=NAN, failover_rtt_ms=NAN
            ),
        ),
        demands=demands,
        tunnels=tunnels,
        tunnel_hops=tunnel_hops,
        bill=_ring_bill(),
    )


@pytest.fixture(scope="session")
def ring():
    return build_ring()


@pytest.fixture(scope="session")
def altered():
    """Change rows of a table: altered(plan, "ip_links", "L0", capacity_gbps=1.0)."""

    def change(plan, table, name, /, **fields):
        key = {"lightpath_hops": "lightpath", "tunnel_hops": "tunnel", "lit_fibres": "fibre"}
        rows = tuple(
            msgspec.structs.replace(row, **fields)
            if getattr(row, key.get(table, "name"), None) == name
            else row
            for row in getattr(plan, table)
        )
        assert rows != getattr(plan, table), f"{table} has no row '{name}' to change"
        return msgspec.structs.replace(plan, **{table: rows})

    return change


@pytest.fixture(scope="session")
def margin_db():
    """Light that reaches with 5 dB in hand everywhere."""
    return lambda _mode, _segment: 5.0


CLASSES = (
    TrafficClass(name="gold", priority=0, rtt_ms=8.0),
    TrafficClass(name="silver", priority=1),
    TrafficClass(name="bronze", priority=1),
)
RULES = (
    Rule(classes=("gold", "silver"), after=("fibre", "srlg", "site"), keep=0.5),
    Rule(classes=("bronze",), after=("fibre",), keep=0.25),
)


def _walk(draw, links, start):
    """A walk over random links, as hops, and where it ends."""
    place, hops = start, []
    for _ in range(draw(st.integers(0, 4))):
        ways = [
            (i, a == place, z if a == place else a)
            for i, (a, z) in enumerate(links)
            if place in (a, z)
        ]
        if not ways:
            break
        link, forward, place = draw(st.sampled_from(ways))
        hops.append((link, forward))
    return hops, place


def _routed_demand(draw, n, links, name):
    """A demand along a random walk, with other walks between the same ends as its backups."""
    start = draw(st.integers(0, n - 1))
    route, end = _walk(draw, links, start)
    others = [_walk(draw, links, start) for _ in range(draw(st.integers(0, 3)))]
    walks = [route, *(walk for walk, stop in others if stop == end)]
    rate = float(draw(st.integers(1, 12)))
    kind = draw(st.sampled_from([c.name for c in CLASSES]))
    source, target = f"s{start}", f"s{end}"
    demand = Demand(name=name, traffic_class=kind, source=source, target=target, gbps=rate)
    tunnels, hops = [], []
    for number, walk in enumerate(walks):
        own = min(rate, float(draw(st.integers(1, 12)))) if number else rate
        protects = f"{name}/0" if number else ""
        tunnels.append(_tunnel(f"{name}/{number}", name, source, target, own, protects))
        hops += [
            TunnelHop(tunnel=f"{name}/{number}", hop=hop, link=f"l{link}", forward=forward)
            for hop, (link, forward) in enumerate(walk)
        ]
    return demand, tunnels, hops


def _ready_links(draw, n):
    """Links that stand already, parallel ones among them, as (a, z) and as rows of the network."""
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    ends = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=7))
    rows = tuple(
        Link(
            name=f"l{i}",
            a=f"s{a}",
            z=f"s{z}",
            capacity_gbps=float(draw(st.integers(1, 20))),
            latency_ms=float(draw(st.integers(0, 2))),
            risks=(f"r{draw(st.integers(0, 2))}",),
        )
        for i, (a, z) in enumerate(ends)
    )
    return ends, rows


@st.composite
def _meshes(draw):
    """Small plans over ready-made links: random walks as primaries, other walks as backups."""
    n = draw(st.integers(2, 5))
    ends, links = _ready_links(draw, n)
    routed = [_routed_demand(draw, n, ends, f"d{d}") for d in range(draw(st.integers(1, 5)))]
    network = Network(
        name="mesh",
        sites=tuple(Site(name=f"s{i}") for i in range(n)),
        links=links,
        classes=CLASSES,
        policy=Policy(rules=RULES),
    )
    return Plan(
        network=network,
        load="own",
        seed=0,
        input_hash="",
        versions={},
        cost=0.0,
        bound=0.0,
        gap=0.0,
        bound_scope="network",
        status="fixed",
        ip_links=tuple(
            IpLink(
                name=link.name,
                a=link.a,
                z=link.z,
                waves=0,
                capacity_gbps=link.capacity_gbps,
                length_km=NAN,
                latency_ms=NAN,
                floor_ms=NAN,
            )
            for link in links
        ),
        demands=tuple(demand for demand, _, _ in routed),
        tunnels=tuple(tunnel for _, tunnels, _ in routed for tunnel in tunnels),
        tunnel_hops=tuple(hop for _, _, hops in routed for hop in hops),
    )


@pytest.fixture(scope="session")
def meshes():
    """A Hypothesis strategy of small plans."""
    return _meshes()
