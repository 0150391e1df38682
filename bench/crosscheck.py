"""Our ECMP loads beside those of netgraph-core and pyNTM, on networks of the Topology Zoo.

Each network without failure and with three single failures, twice: with kilometres as metric, where
equal costs are rare, and with hops, where they are the rule. All three split equally among the arcs
of equal cost that leave a site, parallel links included.
"""

from collections.abc import Iterator

import numpy as np

from arterial.routing.repair import play
from arterial.solve.program import FloatArray, IntArray
from bench.ecmp import question
from bench.peers import ABSENT, asked, installed
from bench.row import Row
from bench.zoo import NAMES, Zoo, routed, zoo

__all__ = ["run"]

LIMIT = 1e-9
FAILURES = 3
LARGEST = {"netgraph-core": 200, "pyNTM": 20}
"""Sites of the largest network that a tool is asked about: pyNTM lists every path of every pair."""


def run() -> list[Row]:
    """One row a tool: the largest difference, as a share of the network's largest load."""
    rows: list[Row] = []
    for tool, most in LARGEST.items():
        if not installed():
            rows.append(Row(name=f"ECMP as {tool}", own_s=np.nan, note=ABSENT))
            continue
        apart = {name: _apart(zoo(name), tool) for name in NAMES if zoo(name).sites <= most}
        worst = max(apart, key=lambda name: apart[name])
        rows.append(
            Row(
                name=f"ECMP as {tool}",
                own_s=np.nan,
                goal=f"<= {LIMIT:g}",
                met=apart[worst] <= LIMIT,
                note=f"{len(apart)} networks; farthest apart {apart[worst]:.1e}, {worst}",
            )
        )
    return rows


def _apart(given: Zoo, tool: str) -> float:
    return max(_difference(network, tool) for network in _metrics(given))


def _metrics(network: Zoo) -> Iterator[Zoo]:
    yield network
    yield network._replace(metric=np.ones(len(network.metric)))


def _difference(network: Zoo, tool: str) -> float:
    links = np.linspace(0, len(network.ends) - 1, FAILURES).astype(np.int64)
    ours = _loads(network, links)
    theirs = asked("ecmp", question(network, tool, np.append([-1], links)))["load"]
    return float(abs(ours - theirs).max() / ours.max())


def _loads(network: Zoo, links: IntArray) -> FloatArray:
    """(1 + F, E) without failure, and with each link lost."""
    ip, base = routed(network)
    sites = np.zeros((len(links), network.sites), dtype=np.bool_)
    load, _, _ = play(ip, base, network.offered, (np.arange(len(links) + 1), links), sites)
    return np.concatenate([base.load[np.newaxis], load])[:, :, 0]
