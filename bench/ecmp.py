"""Every single link failure under ECMP, all pairs: beside ngraph, and beside routing each anew.

CPU seconds, but for the sweep on two threads, which is told in seconds of the wall. Loads of the
peers are compared in ``crosscheck``; here the twin's are, and what ngraph carries.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from arterial.routing.ecmp import base_of
from arterial.routing.repair import play
from arterial.solve.program import FloatArray, IntArray
from bench.peers import ABSENT, asked, installed
from bench.row import Row
from bench.zoo import Zoo, routed, single_failures, zoo

__all__ = ["question", "run", "sweep"]

THREADS = 2
AT_LEAST = 1000.0
WITHIN_S = 5.0
CLOSE = 1e-9


def run(*, long: bool = False) -> list[Row]:
    """UsCarrier, then Kdl; peers on a few failures unless ``long``, and scaled to all."""
    return [*_carrier(long=long), *_kdl(long=long)]


def sweep(network: Zoo, threads: int = 1) -> tuple[FloatArray, FloatArray]:
    """Loads (F, E, C) and dropped traffic (F, C) of all single failures, from the network on."""
    ip, base = routed(network)
    (first, links), sites = single_failures(network)

    def played(part: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        cases = first[: len(part) + 1], part
        return play(ip, base, network.offered, cases, sites[: len(part)])

    if threads == 1:
        return played(links)[:2]
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(played, np.array_split(links, threads)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _carrier(*, long: bool) -> list[Row]:
    network = zoo("UsCarrier")
    links = len(network.ends)
    load, dropped = sweep(network)
    own_s = _best_s(lambda: sweep(network), 5)
    name = f"ECMP, UsCarrier, {links} failures"
    goal = f">= {AT_LEAST:,.0f} x"
    rows = [_twin_row(name, network, load, np.arange(links), own_s)]
    if not installed():
        return [*rows, Row(name=name, own_s=own_s, goal=goal, note=ABSENT)]
    lost = np.arange(links) if long else np.linspace(0, links - 1, 5).astype(np.int64)
    carried = network.offered.sum() - dropped[lost]
    for tool, ours in (("ngraph", carried), ("netgraph-core", load[lost, :, 0])):
        said = asked("ecmp", question(network, tool, lost))
        assert np.allclose(said["load"], ours, rtol=CLOSE, atol=CLOSE), f"{tool} routes as we do"
        peer_s = float(said["cpu_s"]) * links / len(lost)
        row = Row(
            name=name,
            own_s=own_s,
            peer_s=peer_s,
            note=f"CPU s; peer: {tool}{_scaled(len(lost), links)}",
        )
        if tool == "ngraph":
            row = replace(row, goal=goal, met=own_s * AT_LEAST <= peer_s)
        rows.append(row)
    return rows


def _kdl(*, long: bool) -> list[Row]:
    network = zoo("Kdl")
    links = len(network.ends)
    name = f"ECMP, Kdl, {links} failures"
    load, _ = sweep(network)
    own_s = _best_s(lambda: sweep(network), 2)
    lost = np.arange(links) if long else np.linspace(0, links - 1, 20).astype(np.int64)
    start = time.perf_counter()
    again, _ = sweep(network, THREADS)
    wall_s = time.perf_counter() - start
    assert again.tobytes() == load.tobytes(), "threads change no bit"
    pairs = network.sites * (network.sites - 1)
    return [
        _twin_row(name, network, load, lost, own_s),
        Row(
            name=f"{name}, {THREADS} threads",
            own_s=wall_s,
            goal=f"<= {WITHIN_S:g} s",
            met=wall_s <= WITHIN_S,
            note=f"{pairs:,} pairs; seconds of the wall",
        ),
    ]


def question(network: Zoo, tool: str, lost: IntArray) -> dict[str, ArrayLike]:
    """What ``peer/ecmp.py`` is asked: one case a link of ``lost``, -1 for none."""
    return {
        "tool": tool,
        "ends": network.ends,
        "sites": network.sites,
        "metric": network.metric,
        "offered": network.offered[:, :, 0],
        "lost": lost,
    }


def _twin_row(name: str, network: Zoo, load: FloatArray, lost: IntArray, own_s: float) -> Row:
    """The same kernel, each case from nothing."""
    ip, _ = routed(network)
    anew = np.empty((len(lost), *load.shape[1:]))
    start = time.process_time()
    for case, link in enumerate(lost):
        metric = ip.metric.copy()
        metric[2 * link : 2 * link + 2] = np.inf
        anew[case] = base_of(ip._replace(metric=metric), network.offered).load
    twin_s = (time.process_time() - start) * len(load) / len(lost)
    assert np.allclose(load[lost], anew, rtol=CLOSE, atol=CLOSE), "mended is routed anew"
    note = f"CPU s; peer: our own kernel, each case anew{_scaled(len(lost), len(load))}"
    return Row(name=name, own_s=own_s, peer_s=twin_s, note=note)


def _scaled(played: int, cases: int) -> str:
    return "" if played == cases else f", {played} cases scaled to {cases}"


def _best_s(work: Callable[[], object], times: int) -> float:
    """Fewest CPU seconds of this process: others share the machine."""
    taken: list[float] = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)
