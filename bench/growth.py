"""``python -m bench.growth ecmp|throughput FILE.svg``: how work grows with the network, drawn.

Networks of the Topology Zoo, all pairs, CPU seconds: an ECMP sweep over every single link failure
on one thread, or the most traffic over four diverse paths a pair.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from arterial.routing.ecmp import base_of
from arterial.routing.pathset import PathSet
from bench.ecmp import question, sweep
from bench.engineered import case_of, highs_s, paths_of, solved
from bench.peers import asked, installed
from bench.plot import Point, drawn
from bench.zoo import NAMES, routed, zoo

__all__ = ["main"]

TRIED = 3
"""Cases of the slower two, scaled to all."""
PEER_SITES = 200
GAP = 1e-3


def main() -> int:
    """Measure, tell and draw."""
    asked_for = dict(enumerate(sys.argv))
    if asked_for.get(1) not in SUBJECTS or len(sys.argv) != len(("module", "subject", "file")):
        sys.exit(f"usage: python -m bench.growth {'|'.join(SUBJECTS)} FILE.svg")
    title, series, taken = SUBJECTS[sys.argv[1]]
    taken(min(NAMES, key=lambda name: zoo(name).sites))
    points: list[Point] = []
    for name in sorted(NAMES, key=lambda name: zoo(name).sites):
        point = Point(name, zoo(name).sites, taken(name))
        points.append(point)
        print(name, point.sites, *(f"{s:.3g} s" for s in point.seconds), flush=True)
    Path(sys.argv[2]).write_text(drawn(title, series, points), encoding="utf-8")
    return 0


def _ecmp(name: str) -> tuple[float, ...]:
    network = zoo(name)
    ip, _ = routed(network)
    cases = len(network.ends)
    own_s = min(_cpu_s(lambda: sweep(network)) for _ in range(3))
    anew_s = _cpu_s(lambda: [base_of(ip, network.offered) for _ in range(TRIED)])
    peer_s = np.nan
    if installed() and network.sites <= PEER_SITES:
        said = asked("ecmp", question(network, "netgraph-core", np.arange(TRIED)))
        peer_s = float(said["cpu_s"])
    return own_s, anew_s * cases / TRIED, peer_s * cases / TRIED


def _throughput(name: str) -> tuple[float, ...]:
    case = case_of(name)
    paths = paths_of(case)
    found_s = _cpu_s(lambda: paths_of(case))
    given = PathSet(start=paths.start, arc=paths.arc, demand=paths.pair)
    own_s = min(_cpu_s(lambda: solved(given, case, GAP)) for _ in range(2))
    peer_s = highs_s(given, case) if zoo(name).sites <= PEER_SITES else np.nan
    return own_s, found_s, peer_s


def _cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


SUBJECTS: dict[str, tuple[str, tuple[str, ...], Callable[[str], tuple[float, ...]]]] = {
    "ecmp": (
        "ECMP, every single link failure, all pairs: CPU seconds",
        ("this engine", "the same kernel, each case anew", "netgraph-core"),
        _ecmp,
    ),
    "throughput": (
        "Most traffic over 4 paths a pair, all pairs: CPU seconds",
        ("own solver, gap 0.1 %", "finding the paths", "HiGHS PDLP, 1e-4"),
        _throughput,
    ),
}


if __name__ == "__main__":
    sys.exit(main())
