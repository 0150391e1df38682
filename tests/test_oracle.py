"""An oracle for what runs after a loss: plain Python over the plan's files, naive and its own.

It reads `plan.json` and the Parquet tables itself, lists the failures itself, routes them as the
decision on installed backups says; of the package it imports only what it judges.
"""

import itertools
import json
import math
import random
import shutil
from collections import defaultdict
from functools import cache, partial

import duckdb
import networkx as nx
import numpy as np
import pytest

from arterial.jobs.progress import silent
from arterial.plan.store import read_plan
from arterial.prove.cases import compile_cases, failures_of
from arterial.prove.critical import critical, elements
from arterial.prove.doubles import doubles_of
from arterial.prove.gates import runs_gates
from arterial.prove.keeping import engines_of, shares
from arterial.prove.outage import outage_named
from arterial.prove.promised import promises_of
from arterial.prove.register import register
from arterial.prove.sweep import sweep
from arterial.prove.tables import compile_tables
from arterial.study.prove import prove

WAVES = ("lightpaths", "lightpath_hops")
TABLES = (*WAVES, "ip_links", "tunnels", "tunnel_hops", "replicas", "demands")
SLACK, LIGHT_MS_PER_KM = 1e-6, 0.0049
LARGE = pytest.param("reference_plan", marks=pytest.mark.long)


class Oracle:
    """A plan's rows, and what runs of it while elements, as (kind, name), are out."""

    def __init__(self, folder):
        document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        self.network = document["network"]
        self.rows = {}
        with duckdb.connect() as engine:
            for table in TABLES:
                path = folder / document["folder"] / f"{table}.parquet"
                found = engine.execute("SELECT * FROM read_parquet(?)", [str(path)])
                names = [column[0] for column in found.description]
                self.rows[table] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        self.fibre = {row["name"]: row for row in self.network["fibres"]}
        self.link = {row["name"]: row for row in self.rows["ip_links"]}
        self.demand = {row["name"]: row for row in self.rows["demands"]}
        self.classes = {row["name"]: row for row in self.network["classes"]}
        self.home = {row["market"]: row["site"] for row in self.rows["replicas"]}
        self.replica = {row["market"]: row for row in self.rows["replicas"]}
        self.route = grouped(self.rows["tunnel_hops"], "tunnel")
        self.wave_route = grouped(self.rows["lightpath_hops"], "lightpath")
        self.needs = {wave["name"]: self.wave_needs(wave) for wave in self.rows["lightpaths"]}
        self.delay_ms = defaultdict(float)
        for wave in self.rows["lightpaths"]:
            delay = self.wave_ms(wave)
            self.delay_ms[wave["link"]] = max(delay, self.delay_ms[wave["link"]])
        self.tunnels = [self.tunnel(row) for row in self.rows["tunnels"]]

    def wave_needs(self, wave):
        """Everything whose loss takes a wave down."""
        link = self.link[wave["link"]]
        needs, place = {("wave", wave["name"]), ("site", link["a"])}, link["a"]
        for hop in self.wave_route[wave["name"]]:
            ends = (self.fibre[hop["fibre"]]["a"], self.fibre[hop["fibre"]]["z"])
            start, end = ends if hop["forward"] else ends[::-1]
            assert start == place
            place = end
            needs |= {("fibre", hop["fibre"]), ("pair", f"{hop['fibre']}#{hop['pair']}")}
            needs.add(("site", place))
        assert place == link["z"]
        needs.add(("router", f"{link['a']}/{wave['router_a']}"))
        needs.add(("router", f"{link['z']}/{wave['router_z']}"))
        return needs

    def wave_ms(self, wave):
        latency = self.network["latency"]
        mode = next(row for row in self.network["modes"] if row["name"] == wave["mode"])
        fec_us = latency["fec_us"] if mode["fec_us"] is None else mode["fec_us"]
        km = sum(self.fibre[hop["fibre"]]["length_km"] for hop in self.wave_route[wave["name"]])
        coders = 1 + len(wave["regenerators"])
        return latency["route_factor"] * LIGHT_MS_PER_KM * km + fec_us / 1000 * coders

    def tunnel(self, row):
        """A tunnel with its hops, the sites it passes, the edge it needs, and its round trip."""
        demand, hops = self.demand[row["demand"]], self.route[row["name"]]
        sites, one_way = [row["source"]], demand["access_ms"]
        router_ms = self.network["latency"]["router_us"] / 1000
        for hop in hops:
            link = self.link[hop["link"]]
            sites.append(link["z"] if hop["forward"] else link["a"])
            one_way += self.delay_ms[hop["link"]] + router_ms
        assert sites[-1] == row["target"]
        edge = None
        if demand["market"]:
            home = self.home[demand["market"]]
            edge = next((end for end in (row["source"], row["target"]) if end != home), home)
        bound = self.classes[demand["traffic_class"]]["rtt_ms"]
        late = bound is not None and 2 * (one_way + router_ms) > bound * (1 + SLACK)
        directed = [(hop["link"], hop["forward"]) for hop in hops]
        needs = {("site", site) for site in sites} | ({("edge", edge)} if edge else set())
        return {**row, "hops": directed, "needs": needs, "late": late}

    def failures(self):
        """(kind, what is lost) of every single failure of what is in use."""
        used = {hop["fibre"] for hop in self.rows["lightpath_hops"]}
        for name in used:
            yield "fibre", {("fibre", name)}
        for risk in {risk for name in used for risk in self.fibre[name]["risks"]}:
            yield "srlg", {("fibre", name) for name in used if risk in self.fibre[name]["risks"]}
        ends = {link[end] for link in self.link.values() for end in ("a", "z")}
        for site in self.network["sites"]:
            adds = {"campus", "edge", "candidate-edge", "market"} & set(site["roles"])
            count = site["routers"] if site["routers"] is not None else 2 if adds else 0
            if site["name"] in ends:
                for number in range(1, count + 1):
                    yield "router", {("router", f"{site['name']}/{number}")}
            if "junction" in site["roles"]:
                yield "site", {("site", site["name"])}
        for edge in {row[end] for row in self.rows["replicas"] for end in ("edge", "failover")}:
            yield "edge", {("edge", edge)}

    def pairs(self):
        """(kind, what is lost) of two fibres cut, and of work while what still stands fails."""
        singles = list(self.failures())
        cut = [lost for kind, lost in singles if kind == "fibre"]
        yield from (("fibre2", one | other) for one, other in itertools.combinations(cut, 2))
        for work in (lost for kind, lost in singles if kind != "edge"):
            held = {name for kind, name in work if kind == "site"}
            left = (one for _, one in singles if held.isdisjoint(n.split("/")[0] for _, n in one))
            yield from (("maintenance", work | lost) for lost in left if not lost <= work)

    def left_gbps(self, lost):
        left = dict.fromkeys(self.link, 0.0)
        for wave in self.rows["lightpaths"]:
            if not self.needs[wave["name"]] & lost:
                left[wave["link"]] += wave["rate_gbps"]
        return left

    def shares(self, lost, *, failed):
        """Share of each demand that arrives in time, those apart whose own end is lost."""
        policy = self.network["policy"]
        ceiling = policy["ceiling_failed"] if failed else policy["ceiling_normal"]
        left = self.left_gbps(lost)
        room = {
            (link, forward): gbps * ceiling * (1 - policy["hash_inefficiency"])
            for link, gbps in left.items()
            for forward in (True, False)
        }
        arrived = dict.fromkeys(self.demand, 0.0)
        for level in self.wanted(lost, left):
            load = defaultdict(float)
            for tunnel, gbps in level:
                for hop in tunnel["hops"]:
                    load[hop] += gbps
            factor = {hop: min(1.0, room[hop] / gbps) for hop, gbps in load.items()}
            for tunnel, gbps in level:
                carried = gbps * min((factor[hop] for hop in tunnel["hops"]), default=1.0)
                arrived[tunnel["demand"]] += 0.0 if tunnel["late"] else carried
                for hop in tunnel["hops"]:
                    room[hop] = max(room[hop] - carried, 0.0)
        return {
            name: arrived[name] / row["gbps"]
            for name, row in self.demand.items()
            if not self.cut_off(row, lost)
        }

    def anew(self, lost):
        """The same where an IGP routes anew by delay: to the edge, else to the fail-over."""
        policy, left = self.network["policy"], self.left_gbps(lost)
        usable = policy["ceiling_failed"] * (1 - policy["hash_inefficiency"])
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(site["name"] for site in self.network["sites"])
        for name in (name for name, gbps in left.items() if gbps > 0):
            us, link = max(1, round(1000 * self.delay_ms[name])), self.link[name]
            graph.add_edge(link["a"], link["z"], key=(name, True), w=us)
            graph.add_edge(link["z"], link["a"], key=(name, False), w=us)
        far = cache(partial(nx.single_source_dijkstra_path_length, graph.reverse(), weight="w"))
        load, ways, kept, taken = defaultdict(float), {}, {}, defaultdict(float)
        for name, row in self.demand.items():
            level = self.classes[row["traffic_class"]]["priority"]
            for source, target in [e for e in self.ends(row, lost) if e[0] in far(e[1])][:1]:
                parts, late = self.spread(graph, far(target), source, target)
                bound = self.classes[row["traffic_class"]]["rtt_ms"] or math.inf
                in_time = 2 * (late + row["access_ms"]) <= bound * (1 + SLACK)
                ways[name] = [(level, arc) for arc in parts], in_time
                for arc, part in parts.items():
                    load[level, arc] += part * row["gbps"]
        for level, arc in sorted(load):
            room = max(left[arc[0]] * usable - taken[arc], 0.0)
            kept[level, arc] = min(1.0, room / load[level, arc])
            taken[arc] += load[level, arc]
        for name in (name for name, row in self.demand.items() if not self.cut_off(row, lost)):
            arcs, in_time = ways.get(name, ([], False))
            yield name, in_time * min((kept[arc] for arc in arcs), default=1.0)

    def ends(self, demand, lost):
        """Source and target of what is left to a demand, the first choice first."""
        places = [(demand["source"], demand["target"], None)]
        if demand["market"]:
            row = self.replica[demand["market"]]
            ways = [(row["site"], row[kind], row[kind]) for kind in ("edge", "failover")]
            places = [(z, a, e) for a, z, e in ways] if demand["to_market"] else ways
        for source, target, edge in places:
            if not {("site", source), ("site", target), ("edge", edge)} & lost:
                yield source, target

    def spread(self, graph, far, source, target):
        """Part of a demand on each arc, split evenly at each site, and its longest delay."""
        router_ms, parts = self.network["latency"]["router_us"] / 1000, {}
        held, late = {source: 1.0}, {source: router_ms}
        for site in sorted(far, key=far.get, reverse=True):
            if site in held and site != target:
                out = graph.out_edges(site, keys=True, data="w")
                hops = [(z, arc) for _, z, arc, us in out if far.get(z, -1) + us == far[site]]
                for there, arc in hops:
                    parts[arc], ms = held[site] / len(hops), self.delay_ms[arc[0]] + router_ms
                    held[there] = held.get(there, 0.0) + parts[arc]
                    late[there] = max(late.get(there, 0.0), late[site] + ms)
        return parts, late[target]

    def wanted(self, lost, left):
        """(tunnel, rate) of what would run, priority by priority: primaries, else their backups."""
        lost = lost | {("edge", name) for kind, name in lost if kind == "site"}
        missing, levels = {}, defaultdict(list)
        for tunnel in sorted(self.tunnels, key=lambda row: bool(row["protects"])):
            alive = not tunnel["needs"] & lost and all(left[link] > 0 for link, _ in tunnel["hops"])
            rate = tunnel["rate_gbps"]
            if not tunnel["protects"]:
                missing[tunnel["name"]] = 0.0 if alive else rate
            elif alive:
                rate = min(rate, missing[tunnel["protects"]])
                missing[tunnel["protects"]] -= rate
            if alive and rate > 0:
                kind = self.demand[tunnel["demand"]]["traffic_class"]
                levels[self.classes[kind]["priority"]].append((tunnel, rate))
        return [levels[priority] for priority in sorted(levels)]

    def cut_off(self, demand, lost):
        ends = [self.home[demand["market"]]] if demand["market"] else []
        ends = ends or [demand["source"], demand["target"]]
        return any(("site", end) in lost for end in ends)

    def verdicts(self, out):
        """(verdict, worst share) of every `runs` gate, while ``out`` is out for good."""
        worst = defaultdict(list)
        for kind, lost in [("", set()), *self.failures()]:
            by_class = defaultdict(list)
            for name, share in self.shares(lost | out, failed=bool(kind)).items():
                by_class[self.demand[name]["traffic_class"]].append(share)
            for name, found in by_class.items():
                worst[name, kind].append(min(found))
        return {
            f"runs: {name} {f'after {kind}' if kind else 'without failure'}": judged(
                worst[name, kind], keep
            )
            for (name, kind), keep in self.promised().items()
        }

    def promised(self):
        """Share that each class is promised after each kind of failure."""
        asked = {row["traffic_class"] for row in self.demand.values()}
        keeps = {(name, ""): 1.0 for name in asked}
        for rule in self.network["policy"]["rules"]:
            for name in asked & set(rule["classes"]):
                for kind in rule["after"]:
                    keeps[name, kind] = max(rule["keep"], keeps.get((name, kind), 0.0))
        return keeps


def grouped(rows, key):
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["hop"]):
        found[row[key]].append(row)
    return found


def judged(shares, keep):
    if not shares:
        return "unknown", math.nan
    return ("proved" if min(shares) >= keep - SLACK else "refuted"), min(shares)


def removals(oracle, draw, count):
    """Random elements to take out, all kinds in turn."""
    used = {hop["fibre"] for hop in oracle.rows["lightpath_hops"]}
    pools = [
        sorted(("wave", wave["name"]) for wave in oracle.rows["lightpaths"]),
        sorted({e for needs in oracle.needs.values() for e in needs if e[0] == "pair"}),
        sorted(("fibre", name) for name in used),
        sorted({e for needs in oracle.needs.values() for e in needs if e[0] == "router"}),
        sorted(("site", site["name"]) for site in oracle.network["sites"]),
    ]
    share = -(-count // len(pools))
    return [one for pool in pools for one in draw.sample(pool, min(len(pool), share))][:count]


@pytest.fixture(scope="module", params=["drill_plan", LARGE])
def folder(request, tmp_path_factory):
    """A copy: a proof is written beside it."""
    made = request.getfixturevalue(request.param)
    return shutil.copytree(made, tmp_path_factory.mktemp("oracle") / "plan")


@pytest.fixture(scope="module")
def oracle(folder):
    return Oracle(folder)


@pytest.fixture(scope="module")
def tried(folder):
    """Verdict of `prove --critical` for every wave and pair, by (kind, name)."""
    return {(row.kind, row.element): row.verdict for row in critical(read_plan(folder))}


@pytest.fixture(scope="module")
def runs(folder):
    """(verdict, worst share) of every `runs` gate without some elements: that part of `prove`."""
    plan = read_plan(folder)
    tables = compile_tables(plan)
    failures, book, promises = failures_of(tables), register(plan), promises_of(plan)

    def asked(out):
        lost = outage_named(plan, spoken(out))
        swept = sweep(tables, book, compile_cases(tables, failures, lost), silent)
        return {gate.name: (gate.verdict, gate.value) for gate in runs_gates(swept, promises)}

    return asked


def spoken(out):
    return [f"{kind} {name}" for kind, name in sorted(out)]


def agreed(said, expected):
    """Whether two say the same of every gate: the verdict and the share of the worst case."""
    assert said.keys() == expected.keys()
    for name, (verdict, share) in expected.items():
        assert said[name][0] == verdict, name
        assert said[name][1] == pytest.approx(share, abs=SLACK, nan_ok=True), name
    return "refuted" if "refuted" in {verdict for verdict, _ in said.values()} else "not refuted"


def test_the_oracle_lists_the_failures_and_agrees_on_the_plan_as_it_stands(oracle, folder, runs):
    proved = prove(folder)
    assert (proved.verdict, proved.cases) == ("proved", len(list(oracle.failures())))
    assert agreed(runs(set()), oracle.verdicts(set())) == "not refuted"


def test_twenty_random_removals_agree_and_those_critical_refute(oracle, runs, tried, seed):
    drawn = removals(oracle, random.Random(seed), 20)  # noqa: S311 - a sample, not a secret
    assert len(drawn) == 20
    found = {element: agreed(runs({element}), oracle.verdicts({element})) for element in drawn}
    listed = {element for element in drawn if element in tried}
    assert listed
    assert {e for e in listed if (found[e] == "refuted") != (tried[e] == "refuted")} == set()


def test_prove_without_says_the_same_as_the_oracle(oracle, folder, seed):
    drawn = removals(oracle, random.Random(seed), 10)  # noqa: S311 - a sample, not a secret
    for out in ({drawn[0]}, {drawn[4]}, {drawn[2], drawn[-1]}):
        proved = prove(folder, without=spoken(out))
        said = {g.name: (g.verdict, g.value) for g in proved.gates if g.name.startswith("runs: ")}
        assert (agreed(said, oracle.verdicts(out)) == "refuted") <= (proved.verdict == "refuted")


def test_what_is_critical_and_nothing_else_refutes_by_the_oracle(oracle, folder, tried, seed):
    assert [name for name, _ in elements(read_plan(folder))] == [name for _, name in tried]
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    spared = [element for element, verdict in tried.items() if verdict != "refuted"]
    for element in draw.sample(sorted(tried), 10) + draw.sample(spared, min(10, len(spared))):
        refuted = any(verdict == "refuted" for verdict, _ in oracle.verdicts({element}).values())
        assert refuted == (tried[element] == "refuted"), element


@pytest.mark.parametrize("kind", ["fibre2", "maintenance"])
def test_twenty_random_pairs_of_losses_agree_as_installed_and_as_routed_anew(
    oracle, folder, kind, seed
):
    tables = compile_tables(read_plan(folder))
    pairs = doubles_of(tables, compile_cases(tables, failures_of(tables)))
    cases = np.flatnonzero(pairs.maintenance == (kind == "maintenance"))
    assert len(cases) == sum(own == kind for own, _ in oracle.pairs())
    draw = random.Random(seed)  # noqa: S311 - a sample, not a secret
    drawn = pairs.cases(np.array(draw.sample(cases.tolist(), 20)))
    said, _ = shares(engines_of(tables), drawn)
    for row, outage in enumerate(drawn.outages):
        lost = {(what, f"{name}/{n}" if what == "router" else name) for what, name, n in outage}
        anew = {"backup": oracle.shares(lost, failed=True), "ecmp": dict(oracle.anew(lost))}
        for policy, expected in anew.items():
            told = dict(zip(tables.demands.names, said[policy][row].tolist(), strict=True))
            assert {name: told[name] for name in expected} == pytest.approx(expected, abs=SLACK)
