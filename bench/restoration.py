"""How fast light comes back: every cut of a thousand waves on CORONET CONUS, and every two cuts.

The waves run between random pairs of sites over their shortest routes, each in the option that
costs least for its rate, first fit on as many pairs as that takes. What is done once a plan (routes
between the ends of all waves and what reaches over them) is told apart from the cases. Both spare
regenerators as they stand (none) and as many as are asked.
"""

import random
import time

import msgspec

from arterial.jobs.processes import in_processes
from arterial.jobs.progress import Report, silent
from arterial.optics.modes import RouteOption, options_of_routes
from arterial.optics.restore import installed_spares, player_of, restored
from arterial.optics.restore_bound import bounds_of
from arterial.optics.restore_cuts import Cut, cuts_of
from arterial.optics.restore_options import Spares
from arterial.optics.sections import Sections, load_sections
from arterial.optics.spectrum import Assignment, SpectrumRequest, assign, grid_band
from arterial.paths.graph import Graph, Path
from arterial.paths.shortest import shortest_path
from arterial.plan.plan import Plan
from arterial.plan.rows import IpLink, Lightpath, LightpathHop, LitFibre
from bench.optics import conus
from bench.row import Row

__all__ = ["conus_plan", "run"]

WAVES = 1_000
SEED = 2
SINGLES_S = 1.0
DOUBLES_S = 60.0
SAMPLE = 40
"""Without --long every so many-th double cut is played."""

Chosen = tuple[tuple[int, int], Path, RouteOption]


def run(*, long: bool = False) -> list[Row]:
    """Rows; with ``long`` all 4,851 double cuts, in two processes."""
    plan, sections = conus_plan()
    rows: list[Row] = []
    for words, spares in (
        ("no spares", installed_spares(plan)),
        ("spares as asked", Spares(None)),
    ):
        rows += _singles(plan, sections, spares, words)
        rows.append(_doubles(plan, sections, spares, words, long=long))
    return rows


def _singles(plan: Plan, sections: Sections, spares: Spares, words: str) -> list[Row]:
    cuts = cuts_of(plan, ("fibre",))
    start = time.perf_counter()
    player = player_of(plan, sections, spares)
    ready = time.perf_counter()
    found = restored(player, cuts)
    done = time.perf_counter()
    bounds = bounds_of(found, player.options, sections)
    bounded = time.perf_counter()
    cut = sum(case.cut_gbps for case in found.cases)
    share = sum(case.restored_gbps for case in found.cases) / cut
    most = sum(bound.gbps for bound in bounds) / cut
    note = f"{100 * share:.1f} % of {cut / 1000:,.0f} Tb/s back, at most {100 * most:.1f} %"
    return [
        Row(name=f"{WAVES} waves: routes and reach, once, {words}", own_s=ready - start),
        Row(
            name=f"all {len(cuts)} cuts, {words}",
            own_s=done - ready,
            goal=f"<= {SINGLES_S:g} s",
            met=done - ready <= SINGLES_S,
            note=note,
        ),
        Row(name=f"a bound for each, {words}", own_s=bounded - done),
    ]


def _doubles(plan: Plan, sections: Sections, spares: Spares, words: str, *, long: bool) -> Row:
    cuts = cuts_of(plan, ("fibre2",))
    part = cuts if long else cuts[::SAMPLE]
    tasks = [(plan, sections, spares, part[half::2]) for half in range(2)]
    start = time.perf_counter()
    taken = in_processes(_played, tasks, at_once=2, report=silent)
    whole_s = time.perf_counter() - start
    cases_s = max(taken) * len(cuts) / len(part)
    sampled = "" if long else f", from {len(part)} of them"
    return Row(
        name=f"all {len(cuts):,} double cuts, two processes, {words}{sampled}",
        own_s=cases_s,
        goal=f"<= {DOUBLES_S:g} s",
        met=cases_s <= DOUBLES_S,
        note=f"with start and routes of both processes {whole_s:.1f} s",
    )


def _played(task: tuple[Plan, Sections, Spares, tuple[Cut, ...]], report: Report) -> float:
    """Seconds of a process's cases, routes and reach apart."""
    plan, sections, spares, cuts = task
    player = player_of(plan, sections, spares)
    start = time.perf_counter()
    restored(player, cuts, report)
    return time.perf_counter() - start


def conus_plan(waves: int = WAVES, seed: int = SEED) -> tuple[Plan, Sections]:
    """A plan of waves between random sites of CONUS, and its sections."""
    network = conus()
    sections = load_sections(network)
    index = {site.name: number for number, site in enumerate(network.sites)}
    ends = [(index[fibre.a], index[fibre.z]) for fibre in network.fibres]
    graph = Graph.of(len(index), [a for a, _ in ends], [z for _, z in ends])
    weight = [fibre.length_km or 0.0 for fibre in network.fibres for _ in range(2)]
    draw = random.Random(seed)  # noqa: S311 - waves, not secrets
    pairs = [tuple(draw.sample(range(len(index)), 2)) for _ in range(waves)]
    routes = {(a, z): shortest_path(graph, weight, a, z) or () for a, z in dict.fromkeys(pairs)}
    options = dict(
        zip(routes, options_of_routes(network, sections, list(routes.values())), strict=True)
    )
    chosen: list[Chosen] = [
        ((a, z), routes[a, z], min(options[a, z], key=_cost_of_rate)) for a, z in pairs
    ]
    lit = dict.fromkeys(range(len(network.fibres)), 1)
    while True:
        requests = [request for n, one in enumerate(chosen) for request in _requests(n, one)]
        assignment = assign(requests, lit, grid_band(network.line))
        if not assignment.unplaced:
            break
        for m in {entry.fibre for entry in assignment.unplaced}:
            lit[m] += 1
    fibres = tuple(
        msgspec.structs.replace(fibre, pairs=max(fibre.pairs, lit[m]))
        for m, fibre in enumerate(network.fibres)
    )
    network = msgspec.structs.replace(network, fibres=fibres)
    empty = Plan(
        network=network,
        load="",
        seed=seed,
        input_hash="",
        versions={},
        cost=0.0,
        bound=0.0,
        gap=0.0,
        bound_scope="paths",
        status="gap",
        lit_fibres=tuple(
            LitFibre(fibre=fibre.name, pairs=lit[m], new_pairs=lit[m], fill=assignment.fill(m))
            for m, fibre in enumerate(fibres)
        ),
    )
    return _with_waves(empty, graph, chosen, assignment), sections


def _cost_of_rate(option: RouteOption) -> tuple[float, str]:
    known = option.cost == option.cost
    return (option.cost / option.rate_gbps if known else float("inf"), option.mode)


def _parts(route: Path, option: RouteOption) -> list[tuple[int, int]]:
    ends = [hop + 1 for hop in option.regenerator_hops]
    return list(zip([0, *ends], [*ends, len(route)], strict=True))


def _requests(number: int, one: Chosen) -> list[SpectrumRequest]:
    _, route, option = one
    return [
        SpectrumRequest(
            name=f"{number}@{first}",
            fibres=tuple(arc // 2 for arc in route[first:last]),
            slot_ghz=option.slot_ghz,
        )
        for first, last in _parts(route, option)
    ]


def _with_waves(plan: Plan, graph: Graph, chosen: list[Chosen], assignment: Assignment) -> Plan:
    placed = {entry.name: entry for entry in assignment.placed}
    sites = [site.name for site in plan.network.sites]
    waves: list[Lightpath] = []
    hops: list[LightpathHop] = []
    links: dict[str, IpLink] = {}
    for number, ((a, z), route, option) in enumerate(chosen):
        name, link, passed = f"w{number:04}", f"{sites[a]}--{sites[z]}", graph.sites_of(route)
        before = links.get(link)
        links[link] = IpLink(
            name=link,
            a=sites[a],
            z=sites[z],
            waves=1 + (before.waves if before else 0),
            capacity_gbps=option.rate_gbps + (before.capacity_gbps if before else 0.0),
            length_km=0.0,
            latency_ms=0.0,
            floor_ms=0.0,
        )
        waves.append(
            Lightpath(
                name=name,
                link=link,
                mode=option.mode,
                rate_gbps=option.rate_gbps,
                slot_ghz=option.slot_ghz,
                router_a=1,
                router_z=1,
                regenerators=tuple(sites[passed[hop + 1]] for hop in option.regenerator_hops),
                gsnr_db=option.gsnr_db,
                osnr_db=option.osnr_db,
                margin_db=option.margin_db,
                watts=option.watts,
            )
        )
        for first, last in _parts(route, option):
            light = placed[f"{number}@{first}"]
            hops += [
                LightpathHop(
                    lightpath=name,
                    hop=hop,
                    fibre=plan.network.fibres[route[hop] // 2].name,
                    forward=route[hop] % 2 == 0,
                    pair=light.pairs[hop - first],
                    centre_ghz=light.centre_ghz,
                )
                for hop in range(first, last)
            ]
    return msgspec.structs.replace(
        plan,
        lightpaths=tuple(waves),
        lightpath_hops=tuple(hops),
        ip_links=tuple(links.values()),
    )
