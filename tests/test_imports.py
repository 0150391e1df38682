"""What each way in loads: a verb pays only for the libraries that it uses.

import-linter reads our own imports; only a fresh interpreter shows what the libraries bring along.
"""

import json
import subprocess
import sys

import pytest

HEAVY = {"duckdb", "gnpy", "highspy", "matplotlib", "numba", "numpy", "pandas", "scipy"}

REPORT = """
import json, sys
{statement}
print("loaded:" + json.dumps(sorted(sys.modules)))
"""

HELP = """
from arterial.cli import main
sys.argv = ["arterial", "--help"]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
assert not code, f"--help ended with {code}"
"""

ALL_OF = """
import importlib, pkgutil
package = importlib.import_module("arterial.PACKAGE")
inside = list(pkgutil.walk_packages(package.__path__, package.__name__ + "."))
assert inside, f"{package.__name__} holds no module"
for module in inside:
    importlib.import_module(module.name)
"""


def loaded(statement):
    """Every module that a fresh interpreter holds after ``statement``."""
    command = [sys.executable, "-c", REPORT.format(statement=statement)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if run.returncode:
        pytest.fail(f"{statement.strip()}\n\nended with:\n{run.stderr}", pytrace=False)
    return set(json.loads(run.stdout.rpartition("loaded:")[2]))


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import arterial", HEAVY | {"cyclopts", "msgspec", "rich", "yaml"}),
        ("import arterial.cli", HEAVY | {"rich"}),
        (HELP, HEAVY),  # the page itself is drawn by rich
    ],
    ids=["arterial", "cli", "help"],
)
def test_a_way_in_loads_no_more_than_it_needs(statement, unwanted):
    assert loaded(statement) & unwanted == set()


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("model", HEAVY | {"rich"}),
        ("design", {"gnpy", "matplotlib", "pandas", "rich"}),
        (
            "prove",
            {"gnpy", "matplotlib", "pandas", "rich", "arterial.design", "arterial.placement"},
        ),
    ],
    ids=["model", "design", "prove"],
)
def test_a_package_loads_no_more_than_it_needs(package, unwanted):
    assert loaded(ALL_OF.replace("PACKAGE", package)) & unwanted == set()


def test_importing_arterial_loads_nothing_below_it():
    assert {name for name in loaded("import arterial") if name.startswith("arterial.")} == set()
