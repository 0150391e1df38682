"""Tiny networks whose light is told instead of worked out, small enough to be enumerated."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from arterial.design.build import settled
from arterial.design.candidates import candidate_routes
from arterial.design.choose import Chooser
from arterial.design.doubles import Asked, covered
from arterial.design.flows import flows_of
from arterial.design.ground import ground_of
from arterial.design.instance import instance_of
from arterial.design.meanwhile import Meanwhile
from arterial.design.offers import with_offers
from arterial.design.opening import opened
from arterial.design.outlook import Outlook, Sited, stage_of
from arterial.design.phase_network import phase_network
from arterial.design.run import Run
from arterial.design.standing import standing
from arterial.design.state import Placement, State, chassis_count, new_pairs, path_dead
from arterial.design.stock import Stock
from arterial.design.ways import Terms, ways_of
from arterial.design.works import Works
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.phase import Horizon, Phase
from arterial.model.pluggable import Mode
from arterial.model.reader import load_network
from arterial.model.site import Market, Site
from arterial.optics.modes import RouteOption
from arterial.optics.sections import load_sections
from arterial.paths.shortest import k_shortest
from arterial.plan.rows import Demand, Replica
from arterial.plan.store import read_plan

DRILL = Path(__file__).parents[2] / "networks" / "drill"
ROLES = (
    ("junction", "market"),
    ("junction", "edge"),
    ("junction", "edge"),
    ("campus",),
    ("junction", "campus"),
)
MODES = tuple(
    Mode(
        name=f"m{rate}",
        module="told",
        rate_gbps=float(rate),
        slot_ghz=slot,
        watts=20.0,
        cost=cost,
        fec_us=fec_us,
        status="ASSUMPTION",
        source="a test",
    )
    for rate, slot, cost, fec_us in ((100, 600.0, 0.6, None), (400, 1200.0, 1.0, 3.0))
)
LONG_HOPS = 2
"""Routes of more hops need a regenerator."""


@dataclass(frozen=True, repr=False)
class Tiny:
    """A design problem of a few sites."""

    network: object
    instance: object
    demands: tuple
    replicas: tuple
    flows: tuple

    def __repr__(self):
        return f"{len(self.instance.routes)} links for {len(self.flows)} flows"

    @property
    def chooser(self):
        return Chooser(self.instance)


def told_options(network, route):
    """Each mode once; one regenerator half way where the route is long."""
    hops = (len(route.arcs) // 2 - 1,) if len(route.arcs) > LONG_HOPS else ()
    return tuple(
        RouteOption(
            mode=mode.name,
            rate_gbps=mode.rate_gbps,
            slot_ghz=mode.slot_ghz,
            regenerator_hops=hops,
            cost=2 * mode.cost + len(hops) * (2 * mode.cost + network.costs.regenerator),
            watts=2 * mode.watts * (1 + len(hops)),
            gsnr_db=25.0,
            osnr_db=20.0,
            margin_db=5.0,
        )
        for mode in MODES
    )


def tiny_network(random, **changes):
    """A ring of five sites in random order, chords, shared ducts, some pairs lit."""
    ring = random.permutation(5).tolist()
    ends = [(ring[n], ring[(n + 1) % 5]) for n in range(5)]
    ends += [
        tuple(random.choice(5, 2, replace=False).tolist()) for _ in range(random.integers(1, 3))
    ]
    ducts = [(), (), (), (), ("duct",)]
    return Network(
        name="tiny",
        sites=tuple(Site(name=f"S{n}", roles=roles) for n, roles in enumerate(ROLES)),
        fibres=tuple(
            Fibre(
                name=f"F{m}",
                a=f"S{a}",
                z=f"S{z}",
                length_km=float(random.integers(40, 400)),
                lit_pairs=int(random.integers(2)),
                risks=ducts[random.integers(len(ducts))],
            )
            for m, (a, z) in enumerate(ends)
        ),
        markets=(Market(name="M", site="S0", people=1e6),),
        modes=MODES,
        line=LineSystem(f_min_thz=191.3, f_max_thz=196.1),
        **changes,
    )


def tiny_demands(random):
    """One market with its edge and fail-over, one synchronous pair, one way of checkpoints."""
    rate = random.integers(5, 400, 4).astype(float).tolist()
    rows = [
        ("down M", "inference", "S1", "S0", rate[0], "M"),
        ("up M", "inference", "S0", "S1", rate[0] / 5, "M"),
        ("sync >", "sync", "S3", "S4", rate[1], ""),
        ("sync <", "sync", "S4", "S3", rate[2], ""),
        ("save", "checkpoint", "S4", "S2", rate[3] / 4, ""),
    ]
    replica = Replica(
        market="M", site="S0", edge="S1", failover="S2", rtt_ms=1.0, failover_rtt_ms=1.0
    )
    return tuple(
        Demand(
            name=name,
            traffic_class=kind,
            source=source,
            target=target,
            gbps=gbps,
            market=market,
            to_market=name.startswith("down"),
            access_ms=0.5 if market else 0.0,
        )
        for name, kind, source, target, gbps, market in rows
    ), (replica,)


def problem(network, demands, replicas):
    """Candidates, told options and flows of a network."""
    ground = ground_of(network)
    sites = {
        ground.site_index[site] for demand in demands for site in (demand.source, demand.target)
    }
    sites |= {ground.site_index[row.failover] for row in replicas}
    routes = tuple(dict.fromkeys(with_offers(ground, candidate_routes(ground, sites, demands))))
    edges = [site for row in replicas for site in (row.edge, row.failover)]
    instance = instance_of(ground, routes, [told_options(network, r) for r in routes], edges)
    return Tiny(network, instance, demands, replicas, flows_of(instance, demands, replicas))


@pytest.fixture(scope="session")
def tiny():
    """By seed: a design problem on five sites."""

    def made(seed, **changes):
        random = np.random.default_rng(seed)
        network = tiny_network(random, **changes)
        return problem(network, *tiny_demands(random))

    return made


@pytest.fixture(scope="session")
def charged():
    """By seed: the same where the first pair of most fibres costs something once."""

    def made(seed):
        random = np.random.default_rng(seed)
        network, asked = tiny_network(random), tiny_demands(random)
        fibres = tuple(
            structs.replace(
                fibre,
                lit_pairs=fibre.lit_pairs if random.integers(3) == 0 else 0,
                status="candidate",
                setup_cost=float(random.integers(0, 80)),
            )
            for fibre in network.fibres
        )
        return problem(structs.replace(network, fibres=fibres), *asked)

    return made


@pytest.fixture(scope="session")
def posed():
    """A design problem of a network and demands of one's own."""
    return problem


def every_placement(tiny, flow):
    """All placements of a flow over simple paths that outlive what the policy asks about."""
    instance = tiny.instance
    delay = np.repeat(instance.latency_ms + instance.hop_ms, 2).tolist()
    limit = flow.limit_ms - instance.hop_ms
    here = k_shortest(instance.graph, delay, flow.near, flow.far, 1000, limit)
    if flow.halves:
        return [
            Placement((one, other), None)
            for one, other in product(here, here)
            if not (down(instance, flow, one) & down(instance, flow, other)).any()
        ]
    there = k_shortest(instance.graph, delay, flow.near, flow.backup_far, 1000, limit)
    alone = [Placement((path,), None) for path in here if not (down(instance, flow, path)).any()]
    return alone + [
        Placement((path,), backup)
        for path in here
        for backup in there
        if down(instance, flow, path).any()
        and not (down(instance, flow, path) & cut(instance, backup)).any()
    ]


def down(instance, flow, path):
    """Cases the policy asks about that take a primary."""
    return path_dead(instance, flow, path) & flow.must


def cut(instance, path):
    """Cases that take a link of a path."""
    return instance.dead[:, [arc >> 1 for arc in path]].any(axis=1)


@pytest.fixture(scope="session")
def placements_of():
    """All placements of a flow that the policy allows, by brute force."""
    return every_placement


@pytest.fixture(scope="session")
def designs_of():
    """Random feasible designs of a problem as states; none where a flow has no placement."""

    def drawn(tiny, random, count):
        ways = [every_placement(tiny, flow) for flow in tiny.flows]
        if not all(ways):
            return
        for _ in range(count):
            state = State(tiny.instance)
            for flow, placements in zip(tiny.flows, ways, strict=True):
                state.place(flow, placements[random.integers(len(placements))])
            yield state

    return drawn


def settled_cost(tiny, state):
    """Waves, fibres, pairs and chassis of a design once routers may fail as well."""
    instance, build = tiny.instance, settled(tiny.instance, tiny.flows, state)
    fresh, boxes = (
        new_pairs(instance, build.waves, build.option),
        chassis_count(instance, build.waves),
    )
    price = instance.wave_cost[np.arange(len(build.option)), build.option]
    box = tiny.network.costs.chassis
    pairs = fresh @ instance.ground.pair_cost
    once = instance.ground.setup_cost[(fresh > 0) & (instance.ground.lit == 0)].sum()
    return float(build.waves @ price + pairs + once + boxes.sum() * box)


@pytest.fixture(scope="session")
def cost_of():
    """What a design costs, waves for the loss of routers in."""
    return settled_cost


@pytest.fixture(scope="session")
def drill():
    return load_network(DRILL)


@pytest.fixture(scope="session")
def doubled():
    """The drill whose people outlive two cuts: its opening, what is asked, what was found."""
    network = load_network(DRILL)
    rules = tuple(
        structs.replace(rule, after=(*rule.after, "fibre2"))
        if "inference" in rule.classes
        else rule
        for rule in network.policy.rules
    )
    network = structs.replace(network, policy=structs.replace(network.policy, rules=rules))
    start = opened(network, "base", Run())
    first = Asked(start.chooser, start.flows, start.demands, start.sited.replicas)
    return start, *covered(first, start.first, rounds=1, run=Run())


@pytest.fixture
def check_fill():
    """An independent look at an assignment: every slot free before, none given twice."""
    return _checked_fill


def _checked_fill(plant, columns, found):
    left = [list(masks) for masks in plant.free]
    waves = {}
    for block in found.blocks:
        kind = columns[block.column]
        slots = range(block.first, block.first + block.waves * kind.width)
        for fibre, pair in zip(kind.segments[block.segment], block.pairs, strict=True):
            for slot in slots:
                assert left[fibre][pair - 1] >> slot & 1, "a slot is taken twice, or closed"
                left[fibre][pair - 1] &= ~(1 << slot)
        by_segment = waves.setdefault(block.column, [0] * len(kind.segments))
        by_segment[block.segment] += block.waves
    assert all(len(set(counts)) == 1 for counts in waves.values()), "a wave has all its segments"
    assert found.waves == sum(counts[0] for counts in waves.values())
    assert found.gbps == sum(columns[n].gbps * counts[0] for n, counts in waves.items())


@dataclass(frozen=True, repr=False)
class Drill:
    """The designed drill network, where upgrades start."""

    plan: object
    sections: object

    def __repr__(self):
        return f"a plan of {len(self.plan.ip_links)} links"

    def works(self, a, z, **terms):
        """(base, ways, works) of two sites; routes beside them left out unless asked for."""
        base = standing(self.plan, a, z)
        ways = ways_of(base, self.sections, Terms(**terms))
        return base, ways, Works(base, ways, Stock(self.plan), Meanwhile(self.plan))


@pytest.fixture(scope="session")
def ground_floor(sparse_plan):
    """A plan of the sparse drill with its light."""
    plan = read_plan(sparse_plan)
    return Drill(plan, load_sections(plan.network))


def years_to_come(random, growth, years, links=(), **phase):
    """Phases on five sites: the same demands, grown; prices fall by a tenth a year."""
    phases = tuple(
        Phase(name=f"p{n}", year=year, load="told", **phase) for n, year in enumerate(years)
    )
    network = tiny_network(random, phases=phases, links=links, horizon=Horizon(price_factor=0.9))
    rows, replicas = tiny_demands(random)
    found = [
        Sited(
            network=phase_network(network, number),
            replicas=(replicas,),
            demands=(tuple(structs.replace(row, gbps=row.gbps * grown) for row in rows),),
            fresh=frozenset({"S1", "S2"} if number == 0 else ()),
        )
        for number, grown in enumerate(growth)
    ]
    instance = problem(network, found[-1].demands[0], replicas).instance
    stages = [stage_of(network, instance, number, one) for number, one in enumerate(found)]
    return Outlook(network=network, instance=instance, stages=tuple(stages))


@pytest.fixture(scope="session")
def years():
    """By seed: phases of a design problem on five sites."""

    def made(seed, growth=(1.0, 4.0), when=(2027, 2030), **phase):
        return years_to_come(np.random.default_rng(seed), growth, when, **phase)

    return made
