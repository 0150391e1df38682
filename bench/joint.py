"""What designing edges, replicas and network together saves beside placement first, with its bound.

Drill, and a backbone of the Topology Zoo populated by ``arterial populate``; with ``--long`` the
reference network too. Each under the default policy, rounds as the command line has them.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.row import Row

__all__ = ["run"]

ROOT = Path(__file__).parents[1]
ZOO = ROOT / "bench" / "data" / "topology-zoo" / "Internetmci.graphml"
ROUNDS = 4


def run(*, long: bool = False) -> list[Row]:
    """A row for each network: CPU seconds of the whole design, saving, bound and gap."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        asked = [("drill", ROOT / "networks" / "drill", "base")]
        asked.append(("InternetMCI populated", _populated(folder), "draft"))
        if long:
            asked.append(("US AI backbone", ROOT / "networks" / "us-ai-backbone", "draft"))
        return [row for name, network, load in asked for row in _rows(folder, name, network, load)]


def _populated(folder: Path) -> Path:
    bare, whole = folder / "bare", folder / "populated"
    _said("import", "graphml", str(ZOO), "-o", str(bare))
    _said("populate", str(bare), "-o", str(whole))
    return whole


def _rows(folder: Path, name: str, network: Path, load: str) -> Iterator[Row]:
    before = os.times()
    plan = folder / f"plan-{load}-{network.name}"
    options = ("--joint-rounds", str(ROUNDS), "--load", load, "--json")
    told = json.loads(_said("design", str(network), "-o", str(plan), *options))["joint"]
    after = os.times()
    yield Row(
        name=f"placement and network together, {name}, load {load}",
        own_s=after.children_user - before.children_user,
        goal="no dearer than placement first",
        met=told["cost"] <= told["apart_cost"] + 1e-6,
        note=(
            f"saves {100.0 * told['saving']:.1f} %: {told['apart_cost']:.1f} to {told['cost']:.1f},"
            f" bound {told['bound']:.1f}, gap {100.0 * told['gap']:.1f} %; CPU s"
        ),
    )


def _said(*words: str) -> str:
    """Standard output of a command."""
    code = "import sys; from arterial.cli import main; sys.exit(main())"
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    return done.stdout
